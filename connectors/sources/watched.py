"""Files that are watched: what folders and web archives have in common."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from connectors.kit import Batch, Connector, Cursor, batched
from connectors.kit.article_line import Found, Refused
from connectors.kit.seen import Seen


class WatchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the files are."""

    path: Annotated[str, Meta(description="The folder; those below it are read too.", min_length=1)]
    settle: Annotated[
        float, Meta(description="Seconds for which a file must not have changed: it may still be written.", ge=0)
    ] = 5.0


W = TypeVar("W", bound=WatchSettings)


class Watched(Connector[W]):
    """Reads files that are new or changed since the cursor, long ones in parts.

    The cursor has a mark for each file: its stamp, and behind `@` the place in it where reading goes on.
    """

    needs_url = False

    @abstractmethod
    def files(self) -> Mapping[str, Path]:
        """The files that are there now, by a name that is short and stays. Raises `Permanent`."""

    @abstractmethod
    def parts(self, file: Path, stamp: str, done: int) -> Iterator[tuple[str, list[Found | Refused]]]:
        """What is in the file after the place `done`, in parts; with each the mark that holds once it is delivered."""

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """One look at the files."""
        seen, present = Seen(cursor.get("seen", {})), self.files()
        for name, file in present.items():
            stamp = self.stamp(file)
            known, _, done = seen.marks.get(name, "").partition("@")
            if stamp and (known != stamp or done):
                for mark, found in self.parts(file, stamp, int(done or 0) if known == stamp else 0):
                    if self.context.cancelled.is_set():
                        return
                    seen.add(name, mark)
                    yield batched(found, {"seen": seen.kept(present.keys())})
        yield Batch((), {"seen": seen.kept(present.keys())})

    def stamp(self, file: Path) -> str:
        """Changes when the file does; empty while it may still be written, and when it is gone by now."""
        try:
            status = file.stat()
        except OSError:
            return ""
        age = self.context.clock().timestamp() - status.st_mtime
        return f"{status.st_mtime_ns:x}-{status.st_size:x}" if age >= self.settings.settle else ""

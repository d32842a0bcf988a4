"""Watched files: what folders and web archives have in common."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from connectors.kit import Batch, Connector, Cursor, FoundArticle, RefusedItem, Seen, batched


class WatchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which files to read, and when."""

    path: Annotated[str, Meta(description="The folder; its subfolders are read too.", min_length=1)]
    settle: Annotated[
        float, Meta(description="Seconds since a file's last change before it is read: it may still be written.", ge=0)
    ] = 5.0


W = TypeVar("W", bound=WatchSettings)


class WatchedFiles(Connector[W]):
    """Reads files that are new or have changed since the cursor, long ones in parts.

    The cursor has a mark for each file: its stamp, and after `@` the position in the file where reading continues.
    """

    needs_url = False

    @abstractmethod
    def find_files(self) -> Mapping[str, Path]:
        """Returns the files that exist now, by a short and stable name. Raises `Permanent` if the path is wrong."""

    @abstractmethod
    def read_parts(self, file: Path, stamp: str, done: int) -> Iterator[tuple[str, list[FoundArticle | RefusedItem]]]:
        """Yields the content after the position `done` in parts, each with the mark to store after its delivery."""

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """Reads all new and changed files once."""
        seen, present = Seen(cursor.get("seen", {})), self.find_files()
        for name, file in present.items():
            stamp = self.stamp_file(file)
            known, _, done = seen.marks.get(name, "").partition("@")
            if stamp and (known != stamp or done):
                for mark, items in self.read_parts(file, stamp, int(done or 0) if known == stamp else 0):
                    if self.context.cancelled.is_set():
                        return
                    seen.add(name, mark)
                    yield batched(items, {"seen": seen.select_kept(present.keys())})
        yield Batch((), {"seen": seen.select_kept(present.keys())})

    def stamp_file(self, file: Path) -> str:
        """Returns a stamp that changes with the file; empty if it may still be written or no longer exists."""
        try:
            status = file.stat()
        except OSError:
            return ""
        age = self.context.clock().timestamp() - status.st_mtime
        return f"{status.st_mtime_ns:x}-{status.st_size:x}" if age >= self.settings.settle else ""

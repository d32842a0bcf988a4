"""Folders that are watched: new and changed .txt, .html, .eml and .jsonl files, each also as .gz."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from connectors.files import Found, Refused, files_below, read_file
from connectors.kit import Batch, Connector, Cursor, batched
from connectors.seen import Seen
from schemas.errors import Permanent
from schemas.identity import content_hash

BATCH = 200


class FolderSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `folder`."""

    path: Annotated[str, Meta(description="The folder; those below it are read too.", min_length=1)]
    pattern: Annotated[str, Meta(description="Only files whose path below the folder matches, such as `*.txt`.")] = "*"
    settle: Annotated[
        float, Meta(description="Seconds for which a file must not have changed: it may still be written.", ge=0)
    ] = 5.0


class Folder(Connector[FolderSettings]):
    """Reads files that are new or changed since the cursor, long ones in parts."""

    name: ClassVar[str] = "folder"
    about: ClassVar[str] = "A folder watched for new .txt, .html, .eml and .jsonl files (also .gz)"
    example: ClassVar[str] = (
        "drop:\n  connector: folder\n  interval: 1m\n  settings: {path: /srv/news, pattern: '*.jsonl'}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = FolderSettings
    needs_url: ClassVar[bool] = False

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """One look at the folder."""
        root = Path(self.settings.path).expanduser()
        if not root.is_dir():
            raise Permanent(f"{root} is no folder: correct `path`, or create it")
        seen, present = Seen(cursor.get("seen", {})), dict[str, Path]()
        for file in files_below(root):
            name = file.relative_to(root).as_posix()
            if fnmatch(name, self.settings.pattern):
                present[name] = file
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

    def parts(self, file: Path, stamp: str, done: int) -> Iterator[tuple[str, list[Found | Refused]]]:
        """What is in the file after so many articles, in parts; with each the mark that holds once it is delivered."""
        part: list[Found | Refused] = []
        for number, item in enumerate(read_file(file, self.context.feed, self.context.mode), 1):
            if number <= done:
                continue
            if len(part) == BATCH:
                yield f"{stamp}@{number - 1}", part
                part = []
            part.append(self.ours(item))
        yield stamp, part

    def ours(self, item: Found | Refused) -> Found | Refused:
        """The article as this feed's: our connector, and what the entry says where the file does not."""
        if isinstance(item, Refused):
            return item
        article, context = item.article, self.context
        extra = {**article.extra, "rights": context.rights} if context.rights else article.extra
        article = msgspec.structs.replace(
            article, connector=self.name, publisher=article.publisher or context.publisher,
            language=article.language or context.language, extra=extra,
        )  # fmt: skip
        return Found(item.place, msgspec.structs.replace(article, content_hash=content_hash(article)))

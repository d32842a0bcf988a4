"""Watched folders: new and changed .txt, .html, .eml and .jsonl files, each also as .gz."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from connectors.kit import FoundArticle, RefusedItem
from connectors.sources.files import find_files, read_file
from connectors.sources.watched import WatchedFiles, WatchSettings
from schemas.errors import Permanent
from schemas.identity import content_hash

BATCH = 200


class FolderSettings(WatchSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `folder`."""

    pattern: Annotated[
        str, Meta(description="Only files whose path below the folder matches this pattern, such as `*.txt`.")
    ] = "*"


class Folder(WatchedFiles[FolderSettings]):
    """Reads the articles of the files in a folder and its subfolders."""

    name: ClassVar[str] = "folder"
    about: ClassVar[str] = "A watched folder with .txt, .html, .eml and .jsonl files (also .gz)"
    example: ClassVar[str] = (
        "drop:\n  connector: folder\n  interval: 1m\n  settings: {path: /srv/news, pattern: '*.jsonl'}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = FolderSettings

    def find_files(self) -> dict[str, Path]:
        """Returns the files that match, by their path below the folder."""
        root = Path(self.settings.path).expanduser()
        if not root.is_dir():
            raise Permanent(f"{root} is not a folder: correct `path`, or create the folder")
        found = {file.relative_to(root).as_posix(): file for file in find_files(root)}
        return {name: file for name, file in found.items() if fnmatch(name, self.settings.pattern)}

    def read_parts(self, file: Path, stamp: str, done: int) -> Iterator[tuple[str, list[FoundArticle | RefusedItem]]]:
        """Yields the articles after the first `done` ones."""
        part: list[FoundArticle | RefusedItem] = []
        for number, item in enumerate(read_file(file, self.context.feed, self.context.mode), 1):
            if number <= done:
                continue
            if len(part) == BATCH:
                yield f"{stamp}@{number - 1}", part
                part = []
            part.append(self.adopt(item))
        yield stamp, part

    def adopt(self, item: FoundArticle | RefusedItem) -> FoundArticle | RefusedItem:
        """Makes the article one of this feed: sets our connector, and the feed's values for what the file lacks."""
        if isinstance(item, RefusedItem):
            return item
        article, context = item.article, self.context
        extra = {**article.extra, "rights": context.rights} if context.rights else article.extra
        article = msgspec.structs.replace(
            article, connector=self.name, publisher=article.publisher or context.publisher,
            language=article.language or context.language, extra=extra,
        )  # fmt: skip
        return FoundArticle(item.place, msgspec.structs.replace(article, content_hash=content_hash(article)))

"""Folders that are watched: new and changed .txt, .html, .eml and .jsonl files, each also as .gz."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from connectors.kit.article_line import Found, Refused
from connectors.sources.files import files_below, read_file
from connectors.sources.watched import Watched, WatchSettings
from schemas.errors import Permanent
from schemas.identity import content_hash

BATCH = 200


class FolderSettings(WatchSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `folder`."""

    pattern: Annotated[str, Meta(description="Only files whose path below the folder matches, such as `*.txt`.")] = "*"


class Folder(Watched[FolderSettings]):
    """Reads the articles of the files below a folder."""

    name: ClassVar[str] = "folder"
    about: ClassVar[str] = "A folder watched for new .txt, .html, .eml and .jsonl files (also .gz)"
    example: ClassVar[str] = (
        "drop:\n  connector: folder\n  interval: 1m\n  settings: {path: /srv/news, pattern: '*.jsonl'}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = FolderSettings

    def files(self) -> dict[str, Path]:
        """The files below the folder that match."""
        root = Path(self.settings.path).expanduser()
        if not root.is_dir():
            raise Permanent(f"{root} is no folder: correct `path`, or create it")
        found = {file.relative_to(root).as_posix(): file for file in files_below(root)}
        return {name: file for name, file in found.items() if fnmatch(name, self.settings.pattern)}

    def parts(self, file: Path, stamp: str, done: int) -> Iterator[tuple[str, list[Found | Refused]]]:
        """What is in the file after so many articles."""
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

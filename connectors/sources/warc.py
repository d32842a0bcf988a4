"""Web archives: WARC files such as those of CC-NEWS, .warc and .warc.gz."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from glob import has_magic, iglob
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from connectors.kit import FoundArticle, RefusedItem
from connectors.kit.article_line import ArticleOrigin, complete_line
from connectors.sources.warc_records import WarcRecord, read_records
from connectors.sources.watched import WatchedFiles, WatchSettings
from schemas.errors import Permanent

BATCH = 200
LARGEST = 10_000_000
"""Bytes of a page, unless the settings say otherwise."""
BATCH_TEXT = 30_000_000
"""Characters after which a batch is complete."""
MOST_REASONS = 8
"""Reasons for skipping records that are listed for a file, the most frequent first."""


class WarcSettings(WatchSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `warc`."""

    path: Annotated[
        str,
        Meta(description="A file, a folder (its subfolders are read too) or a glob such as `/srv/cc/**/*.warc.gz`.",
             min_length=1),
    ]  # fmt: skip
    largest: Annotated[int, Meta(description="Largest page in bytes, after decompression.", ge=1, le=64_000_000)] = (
        LARGEST
    )


class Warc(WatchedFiles[WarcSettings]):
    """Reads the pages of web archives: responses with status 200 that are HTML or plain text."""

    name: ClassVar[str] = "warc"
    about: ClassVar[str] = "Web archives (WARC, CC-NEWS): .warc and .warc.gz files, including new ones"
    example: ClassVar[str] = (
        "cc-news:\n  connector: warc\n  interval: 1h\n  settings: {path: '/srv/cc-news/**/*.warc.gz'}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = WarcSettings

    def find_files(self) -> dict[str, Path]:
        """Returns the archives of the path, by their path below the part of it that has no wildcards."""
        path = Path(self.settings.path).expanduser()
        if has_magic(str(path)):
            fixed = next(parent for parent in path.parents if not has_magic(str(parent)))
            found = {Path(name).relative_to(fixed).as_posix(): Path(name) for name in iglob(str(path), recursive=True)}
        elif path.is_dir():
            found = {file.relative_to(path).as_posix(): file for file in path.rglob("*")}
        elif path.is_file():
            return {path.name: path}
        else:
            raise Permanent(f"{path} does not exist: correct `path`, or create it")
        return {name: found[name] for name in sorted(found) if is_archive(found[name])}

    def read_parts(self, file: Path, stamp: str, done: int) -> Iterator[tuple[str, list[FoundArticle | RefusedItem]]]:
        """Yields the pages from byte `done` of the file on, and at its end the number of skipped records by reason."""
        part, length, skipped = list[FoundArticle | RefusedItem](), 0, Counter[str]()
        try:
            for record in read_records(file, done, self.settings.largest):
                if self.context.cancelled.is_set():
                    return
                if record.skipped:
                    skipped[record.skipped] += 1
                    continue
                part.append(self.read_page(record, file))
                length += len(record.line.body or "") if record.line else 0
                if len(part) == BATCH or length > BATCH_TEXT:
                    yield f"{stamp}@{record.end}", part
                    part, length = [], 0
        except OSError as error:
            part.append(RefusedItem(str(file), f"cannot be read: {error}"))
        if skipped:
            part.append(RefusedItem(str(file), summarize(skipped)))
        yield stamp, part

    def read_page(self, record: WarcRecord, file: Path) -> FoundArticle | RefusedItem:
        """Returns the article of a record, or what is broken."""
        place = f"{file}, byte {record.start:,}"
        return self.article(record.line, place) if record.line else RefusedItem(place, record.broken)


def read_pages(file: Path, feed: str) -> Iterator[FoundArticle | RefusedItem]:
    """Yields the pages of one archive as articles of a feed. Raises `OSError` if the file cannot be read."""
    origin = ArticleOrigin(feed, datetime.fromtimestamp(file.stat().st_mtime, UTC), connector=Warc.name)
    for record in read_records(file, 0, LARGEST):
        place = f"{file}, byte {record.start:,}"
        if record.line:
            yield complete_line(record.line, place, origin)
        elif record.broken:
            yield RefusedItem(place, record.broken)


def is_archive(file: Path) -> bool:
    """Whether the file has the suffix of a WARC file."""
    return file.name.lower().endswith((".warc", ".warc.gz")) and file.is_file()


def summarize(skipped: Counter[str]) -> str:
    """Says how many records are not articles, and why."""
    named = [f"{number:,} {reason}" for reason, number in skipped.most_common(MOST_REASONS)]
    more = [f"and {len(skipped) - MOST_REASONS} other reasons"] if len(skipped) > MOST_REASONS else []
    return f"{skipped.total():,} records were skipped: {', '.join([*named, *more])}"

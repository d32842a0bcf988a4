"""Articles from files: .txt, .html, .eml and .jsonl, each also as .gz, folders of them, and standard input (lines)."""

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from charset_normalizer import from_bytes

from connectors.kit.article_line import ArticleLine, Found, Refused, complete
from schemas.fields import ContentType, IngestMode

PAGE_TYPES: dict[str, ContentType] = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
MAIL_SUFFIX = ".eml"
LINES_SUFFIX = ".jsonl"
LONGEST = 64_000_000
"""Bytes read of one page or line at most, after decompression: six times what the topic takes."""


_line = msgspec.json.Decoder(ArticleLine)


def read_paths(
    paths: Iterable[str], stdin: BinaryIO, feed: str = "files", mode: IngestMode | None = None
) -> Iterator[Found | Refused]:
    """Reads all articles below the paths, in the order of their names; `-` is standard input.

    `feed` names the feed of articles that do not name their own; `mode` overrides theirs. What cannot be read is
    yielded as `Refused`, and the reading goes on. An article is taken as fetched when its file was last changed, so
    that publishing the same files again changes nothing.
    """
    for path in paths:
        if path == "-":
            yield from read_lines(stdin, "stdin", datetime.now(UTC), feed, mode)
            continue
        found = Path(path)
        if not found.exists():
            yield Refused(path, "no such file or folder")
            continue
        for file in files_below(found):
            yield from read_file(file, feed, mode)


def files_below(path: Path) -> Iterator[Path]:
    """The file itself, or the files that we read in a folder and those below it."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and is_read(file):
            yield file


def is_read(path: Path) -> bool:
    """Whether the file's name says that it is one that we read."""
    return kind(path) in PAGE_TYPES or kind(path) in (LINES_SUFFIX, MAIL_SUFFIX)


def kind(path: Path) -> str:
    """The suffix that tells how to read a file, with `.gz` taken off."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def read_file(path: Path, feed: str, mode: IngestMode | None) -> Iterator[Found | Refused]:
    """Reads the article or the lines of one file."""
    if not is_read(path):
        yield Refused(str(path), f"not .txt, .html, .eml or .jsonl (or .gz of them): {path.suffix or 'no suffix'}")
        return
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
            if kind(path) == LINES_SUFFIX:
                yield from read_lines(stream, str(path), changed, feed, mode)
            else:
                yield read_page(stream.read(LONGEST + 1), path, changed, feed, mode)
    except (OSError, EOFError, zlib.error) as error:
        yield Refused(str(path), f"cannot be read: {error}")


def read_page(data: bytes, path: Path, fetched_at: datetime, feed: str, mode: IngestMode | None) -> Found | Refused:
    """A file that is one page."""
    if len(data) > LONGEST:
        return Refused(str(path), f"longer than {LONGEST:,} bytes")
    if kind(path) == MAIL_SUFFIX:
        # Imported here: it makes our lines, and mails are rare.
        from connectors.sources.mail import mail_line

        return complete(mail_line(data, fetched_at), str(path), fetched_at, feed, mode)
    page = ArticleLine(body=decoded(data), content_type=PAGE_TYPES[kind(path)])
    return complete(page, str(path), fetched_at, feed, mode)


def decoded(data: bytes) -> str:
    """The text of the bytes: UTF-8, else the encoding that fits best, else UTF-8 with what is broken marked."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        return str(best) if best else data.decode("utf-8", "replace")


def read_lines(
    stream: BinaryIO | gzip.GzipFile, name: str, fetched_at: datetime, feed: str, mode: IngestMode | None
) -> Iterator[Found | Refused]:
    """A file of JSON lines, one article a line; empty lines are passed over."""
    number = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > LONGEST:
            yield Refused(place, f"longer than {LONGEST:,} bytes; nothing after it was read")
            return
        if line.strip():
            yield read_line(line, place, fetched_at, feed, mode)


def from_fields(fields: Mapping[str, str], place: str, feed: str, mode: IngestMode | None = None) -> Found | Refused:
    """An article from fields that are already taken apart, such as those of the sample feed."""
    return read_line(msgspec.json.encode(fields), place, datetime.now(UTC), feed, mode)


def read_line(line: bytes, place: str, fetched_at: datetime, feed: str, mode: IngestMode | None) -> Found | Refused:
    """One line of JSON."""
    try:
        article = _line.decode(line)
    except msgspec.ValidationError as error:
        return Refused(place, str(error))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Refused(place, f"not JSON: {error}")
    return complete(article, place, fetched_at, feed, mode)

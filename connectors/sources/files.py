"""Articles from files: .txt, .html, .eml and .jsonl, each also as .gz, from folders, and from standard input."""

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from connectors.kit.article_line import ArticleLine, ArticleOrigin, FoundArticle, RefusedItem, complete_line
from connectors.sources.mail import parse_mail
from connectors.web.charsets import decode_body
from schemas.codec import decode_raw_article
from schemas.errors import BadRecord
from schemas.fields import ContentType, IngestMode

PAGE_TYPES: dict[str, ContentType] = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
MAIL_SUFFIX = ".eml"
LINES_SUFFIX = ".jsonl"
LONGEST = 64_000_000
"""Bytes read of one page or line at most, after decompression: six times what the topic accepts."""

_line = msgspec.json.Decoder(ArticleLine)


def read_paths(
    paths: Iterable[str], stdin: BinaryIO, feed: str = "files", mode: IngestMode | None = None
) -> Iterator[FoundArticle | RefusedItem]:
    """Reads all articles of the files and folders, in the order of their names; `-` is standard input (JSON Lines).

    `feed` is the feed of articles that do not name their own; `mode` overrides theirs. A file that cannot be read is
    yielded as `RefusedItem`, and reading continues. A file's modification time counts as the time of its fetch, so
    that publishing the same files again changes nothing.
    """
    for path in paths:
        if path == "-":
            yield from read_lines(stdin, "stdin", ArticleOrigin(feed, datetime.now(UTC), mode))
            continue
        found = Path(path)
        if not found.exists():
            yield RefusedItem(path, "no such file or folder")
            continue
        for file in find_files(found):
            yield from read_file(file, feed, mode)


def find_files(path: Path) -> Iterator[Path]:
    """Yields the file itself, or the readable files of a folder and its subfolders."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and is_readable(file):
            yield file


def is_readable(path: Path) -> bool:
    """Whether the file has a suffix that can be read."""
    return suffix_of(path) in PAGE_TYPES or suffix_of(path) in (LINES_SUFFIX, MAIL_SUFFIX)


def suffix_of(path: Path) -> str:
    """Returns the suffix in lower case, without `.gz`."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def read_file(path: Path, feed: str, mode: IngestMode | None) -> Iterator[FoundArticle | RefusedItem]:
    """Reads the article, or the lines, of one file."""
    if not is_readable(path):
        yield RefusedItem(str(path), f"not .txt, .html, .eml or .jsonl (or .gz of them): {path.suffix or 'no suffix'}")
        return
    try:
        origin = ArticleOrigin(feed, datetime.fromtimestamp(path.stat().st_mtime, UTC), mode)
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
            if suffix_of(path) == LINES_SUFFIX:
                yield from read_lines(stream, str(path), origin)
            else:
                yield read_page(stream.read(LONGEST + 1), path, origin)
    except (OSError, EOFError, zlib.error) as error:
        yield RefusedItem(str(path), f"cannot be read: {error}")


def read_page(data: bytes, path: Path, origin: ArticleOrigin) -> FoundArticle | RefusedItem:
    """Reads a file that is one page or one mail."""
    if len(data) > LONGEST:
        return RefusedItem(str(path), f"longer than {LONGEST:,} bytes")
    if suffix_of(path) == MAIL_SUFFIX:
        return complete_line(parse_mail(data, origin.fetched_at), str(path), origin)
    decoded = decode_body(data)
    page = ArticleLine(body=decoded.text, content_type=PAGE_TYPES[suffix_of(path)], extra=decoded.remarks)
    return complete_line(page, str(path), origin)


def read_lines(
    stream: BinaryIO | gzip.GzipFile, name: str, origin: ArticleOrigin
) -> Iterator[FoundArticle | RefusedItem]:
    """Reads JSON Lines, one article per line. Skips empty lines."""
    number = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > LONGEST:
            yield RefusedItem(place, f"longer than {LONGEST:,} bytes; nothing after it was read")
            return
        if line.strip():
            yield read_archived(line, place, origin) if b'"article_id"' in line else read_line(line, place, origin)


def read_archived(line: bytes, place: str, origin: ArticleOrigin) -> FoundArticle | RefusedItem:
    """Reads a line of `newsclaims archive`: a whole raw article, which keeps its id, feed and times."""
    try:
        article = decode_raw_article(line)
    except BadRecord as error:
        # A line of another program may have these characters in its text.
        refused = read_line(line, place, origin)
        return RefusedItem(place, str(error)) if isinstance(refused, RefusedItem) else refused
    mode = origin.mode or article.ingest_mode
    return FoundArticle(place, msgspec.structs.replace(article, ingest_mode=mode))


def from_fields(
    fields: Mapping[str, str], place: str, feed: str, mode: IngestMode | None = None
) -> FoundArticle | RefusedItem:
    """Makes an article from the fields of a line that is already parsed, such as those of the sample feed."""
    return read_line(msgspec.json.encode(fields), place, ArticleOrigin(feed, datetime.now(UTC), mode))


def read_line(line: bytes, place: str, origin: ArticleOrigin) -> FoundArticle | RefusedItem:
    """Reads one line of JSON."""
    try:
        article = _line.decode(line)
    except msgspec.ValidationError as error:
        return RefusedItem(place, str(error))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return RefusedItem(place, f"not JSON: {error}")
    return complete_line(article, place, origin)

"""The records of one WARC file: pages as articles, all else with the reason why it is none."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from connectors.kit.article_line import ArticleLine
from connectors.sources.feed_dates import iso
from connectors.web.charsets import text_of
from schemas.fields import ContentType

GZIP = b"\x1f\x8b\x08"
PAGE_TYPES: dict[str, ContentType] = {
    "text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain",
}  # fmt: skip
WINDOW = 1 << 20
UNEXPECTED = (ValueError, AttributeError, TypeError)
"""What warcio raises for records without the headers that the standard requires."""


class NoPage(Exception):
    """The record is no article; the text says why, alike for all of its kind."""


@dataclass(frozen=True)
class Piece:
    """A record from byte `start` of the file up to `end`: an article, why it is none, or the file is `broken` there."""

    start: int
    end: int
    line: ArticleLine | None = None
    passed: str = ""
    broken: str = ""


class NotByRecord(ValueError):
    """Several records were compressed together, so that reading could not go on at one of them."""


class Members(BufferedReader):  # type: ignore[misc]
    """Decompresses record by record. A broken one is an error: warcio would print it and read on to the file's end."""

    def _decompress(self, data: bytes) -> bytes:
        return self.decompressor.decompress(data) if self.decompressor and data else data


def read_records(file: Path, start: int, largest: int) -> Iterator[Piece]:
    """The file's records from this byte on; after a broken one reading goes on where the next begins.

    `largest` is the most bytes of a page after decompression. Raises `OSError` where the file cannot be read.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        packed = stream.read(len(GZIP)) == GZIP
        while start < size:
            why = "no whole WARC record begins here"
            try:
                for piece in whole_records(stream, start, packed, largest):
                    yield piece
                    start = piece.end
            except (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, *UNEXPECTED) as error:
                why = str(error) if isinstance(error, NotByRecord) else why
            if start < size:
                end = next_start(stream, start + 1, packed) or size
                after = f"reading goes on at byte {end:,}" if end < size else "nothing after it can be read"
                yield Piece(start, end, broken=f"{why}; {after}")
                start = end


def whole_records(stream: BinaryIO, start: int, packed: bool, largest: int) -> Iterator[Piece]:
    """Records up to the first that is not whole. Raises `NotByRecord` and what warcio and zlib do."""
    stream.seek(start)
    archive = WARCIterator(stream)
    archive.reader = Members(stream, decomp_type="gzip" if packed else None)
    for record in archive:
        line, passed = None, ""
        try:
            line = page(record, largest)
        except NoPage as reason:
            passed = str(reason)
        archive.read_to_end()
        if packed and archive.next_line:
            raise NotByRecord("the file is not compressed record by record: `warcio recompress` makes it so")
        # Without Content-Length there is no limit: the record would be all the rest of the file.
        if getattr(record.raw_stream, "limit", 1) or archive.err_count:
            return
        yield Piece(start, archive.offset, line, passed)
        start = archive.offset


def next_start(stream: BinaryIO, start: int, packed: bool) -> int | None:
    """Where something that looks like a record begins, at this byte or later."""
    mark = GZIP if packed else b"\nWARC/"
    stream.seek(start)
    window = b""
    while more := stream.read(WINDOW):
        window = window[-len(mark) :] + more
        if (found := window.find(mark)) >= 0:
            return stream.tell() - len(window) + found + (0 if packed else 1)
    return None


def page(record: Any, largest: int) -> ArticleLine:
    """The page that a record holds. Raises `NoPage`."""
    headers, http = record.rec_headers, record.http_headers
    if record.rec_type != "response":
        raise NoPage(f"record type {record.rec_type}")
    if http is None:
        raise NoPage("no HTTP")
    if http.get_statuscode() != "200":
        raise NoPage(f"status {http.get_statuscode()}")
    declared = http.get_header("Content-Type") or headers.get_header("WARC-Identified-Payload-Type") or "none"
    kind = declared.partition(";")[0].strip().lower()
    if kind not in PAGE_TYPES:
        raise NoPage(f"content type {kind[:80]}")
    if record.payload_length > largest:
        raise NoPage(f"longer than {largest:,} bytes")
    moment = iso(headers.get_header("WARC-Date") or "")
    return ArticleLine(
        body=text_of(body(record, largest), declared),
        content_type=PAGE_TYPES[kind],
        url=(headers.get_header("WARC-Target-URI") or "").strip("<> "),
        fetched_at=moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None,
    )


def body(record: Any, largest: int) -> bytes:
    """The page's bytes, chunks joined and decompressed. Raises `NoPage`."""
    http, stream = record.http_headers, record.raw_stream
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream)
    data: bytes = stream.read(largest)
    for encoding in reversed((http.get_header("Content-Encoding") or "").lower().split(",")):
        data = unpacked(data, encoding.strip(), largest)
        if len(data) > largest:
            raise NoPage(f"longer than {largest:,} bytes")
    return data


def unpacked(data: bytes, encoding: str, largest: int) -> bytes:
    """The data without one content encoding, cut after one byte too many. Raises `NoPage`."""
    if encoding in ("", "identity") or (encoding in ("gzip", "x-gzip") and not data.startswith(GZIP)):
        # Some crawlers decompress pages and leave the header as it was.
        return data
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise NoPage(f"content encoding {encoding[:80]}")
    # What is called deflate comes with zlib's header or without one.
    for form in (zlib.MAX_WBITS, -zlib.MAX_WBITS) if encoding == "deflate" else (zlib.MAX_WBITS + 16,):
        try:
            return zlib.decompressobj(form).decompress(data, largest + 1)
        except zlib.error:
            continue
    raise NoPage(f"broken {encoding}")

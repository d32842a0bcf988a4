"""The records of one WARC file: pages as articles, everything else with the reason for skipping it."""

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

from connectors.kit import ArticleLine
from connectors.sources.feed_dates import parse_iso
from connectors.web.charsets import decode_body
from schemas.fields import ContentType

GZIP = b"\x1f\x8b\x08"
PAGE_TYPES: dict[str, ContentType] = {
    "text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain",
}  # fmt: skip
WINDOW = 1 << 20
UNEXPECTED = (ValueError, AttributeError, TypeError)
"""What warcio raises for records without the headers that the standard requires."""


class RecordSkipped(Exception):
    """The record is not an article. The text is the reason, the same for all records of its kind."""


@dataclass(frozen=True)
class WarcRecord:
    """A record from byte `start` of the file to `end`.

    It is either an article (`line`), or `skipped` for a reason, or the file is `broken` at this place.
    """

    start: int
    end: int
    line: ArticleLine | None = None
    skipped: str = ""
    broken: str = ""


class CompressedTogether(ValueError):
    """Several records were compressed together, so that reading cannot continue at one of them."""


class RecordReader(BufferedReader):  # type: ignore[misc]
    """Decompresses record by record. A broken record is an error: warcio would print it and skip the rest."""

    def _decompress(self, data: bytes) -> bytes:
        return self.decompressor.decompress(data) if self.decompressor and data else data


def read_records(file: Path, start: int, largest: int) -> Iterator[WarcRecord]:
    """Yields the records from byte `start` on; after a broken one, reading continues at the beginning of the next.

    `largest` is the limit of a page in bytes after decompression. Raises `OSError` if the file cannot be read.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        packed = stream.read(len(GZIP)) == GZIP
        while start < size:
            why = "no complete WARC record begins here"
            try:
                for record in read_whole_records(stream, start, packed, largest):
                    yield record
                    start = record.end
            except (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, *UNEXPECTED) as error:
                why = str(error) if isinstance(error, CompressedTogether) else why
            if start < size:
                end = find_next_start(stream, start + 1, packed) or size
                after = f"reading continues at byte {end:,}" if end < size else "nothing after it can be read"
                yield WarcRecord(start, end, broken=f"{why}; {after}")
                start = end


def read_whole_records(stream: BinaryIO, start: int, packed: bool, largest: int) -> Iterator[WarcRecord]:
    """Yields records up to the first incomplete one. Raises `CompressedTogether`, and errors of warcio and zlib."""
    stream.seek(start)
    archive = WARCIterator(stream)
    archive.reader = RecordReader(stream, decomp_type="gzip" if packed else None)
    for record in archive:
        line, skipped = None, ""
        try:
            line = read_page(record, largest)
        except RecordSkipped as reason:
            skipped = str(reason)
        archive.read_to_end()
        if packed and archive.next_line:
            raise CompressedTogether("the records are not compressed one by one: run `warcio recompress` on the file")
        # A record without Content-Length has no limit: it would be the rest of the file.
        if getattr(record.raw_stream, "limit", 1) or archive.err_count:
            return
        yield WarcRecord(start, archive.offset, line, skipped)
        start = archive.offset


def find_next_start(stream: BinaryIO, start: int, packed: bool) -> int | None:
    """Returns where something that looks like a record begins, at this byte or later."""
    mark = GZIP if packed else b"\nWARC/"
    stream.seek(start)
    window = b""
    while more := stream.read(WINDOW):
        window = window[-len(mark) :] + more
        if (found := window.find(mark)) >= 0:
            return stream.tell() - len(window) + found + (0 if packed else 1)
    return None


def read_page(record: Any, largest: int) -> ArticleLine:
    """Returns the page of a record. Raises `RecordSkipped`."""
    headers, http = record.rec_headers, record.http_headers
    if record.rec_type != "response":
        raise RecordSkipped(f"record type {record.rec_type}")
    if http is None:
        raise RecordSkipped("without HTTP")
    if http.get_statuscode() != "200":
        raise RecordSkipped(f"status {http.get_statuscode()}")
    declared = http.get_header("Content-Type") or headers.get_header("WARC-Identified-Payload-Type") or "none"
    kind = declared.partition(";")[0].strip().lower()
    if kind not in PAGE_TYPES:
        raise RecordSkipped(f"content type {kind[:80]}")
    if record.payload_length > largest:
        raise RecordSkipped(f"longer than {largest:,} bytes")
    moment = parse_iso(headers.get_header("WARC-Date") or "")
    decoded = decode_body(read_body(record, largest), declared)
    return ArticleLine(
        body=decoded.text,
        extra=decoded.remarks,
        content_type=PAGE_TYPES[kind],
        url=(headers.get_header("WARC-Target-URI") or "").strip("<> "),
        fetched_at=moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None,
    )


def read_body(record: Any, largest: int) -> bytes:
    """Returns the bytes of the page, with chunks joined and decompressed. Raises `RecordSkipped`."""
    http, stream = record.http_headers, record.raw_stream
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream)
    data: bytes = stream.read(largest)
    for encoding in reversed((http.get_header("Content-Encoding") or "").lower().split(",")):
        data = decompress(data, encoding.strip(), largest)
        if len(data) > largest:
            raise RecordSkipped(f"longer than {largest:,} bytes")
    return data


def decompress(data: bytes, encoding: str, largest: int) -> bytes:
    """Undoes one content encoding; the result is cut off after `largest` + 1 bytes. Raises `RecordSkipped`."""
    if encoding in ("", "identity") or (encoding in ("gzip", "x-gzip") and not data.startswith(GZIP)):
        # Some crawlers decompress pages but keep the header.
        return data
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise RecordSkipped(f"content encoding {encoding[:80]}")
    # Data of the encoding deflate may or may not have the header of zlib.
    for form in (zlib.MAX_WBITS, -zlib.MAX_WBITS) if encoding == "deflate" else (zlib.MAX_WBITS + 16,):
        try:
            return zlib.decompressobj(form).decompress(data, largest + 1)
        except zlib.error:
            continue
    raise RecordSkipped(f"broken {encoding}")

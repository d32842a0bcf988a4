"""Web archives: what becomes an article, and files that are broken."""

import gzip
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from connectors.kit import Connector, Context, Cursor, RefusedItem
from connectors.kit.conformance import Conformance, make_context
from connectors.sources.warc import Warc, WarcSettings
from schemas.errors import Permanent
from schemas.records import RawArticle

FETCHED = "2026-01-05T08:00:00Z"
HTML = "text/html; charset=utf-8"


def page(number: int) -> bytes:
    return f"<html><body><p>Report {number}: the council counted {number} berths.</p></body></html>".encode()


class Archive:
    """Builds a WARC file. `starts` are the positions of its records."""

    def __init__(self, packed: bool = True) -> None:
        self.stream = BytesIO()
        self.writer = WARCWriter(self.stream, gzip=packed)
        self.starts: list[int] = []

    def add(
        self, url: str, body: bytes, content_type: str = HTML, status: str = "200 OK", kind: str = "response",
        **headers: str,
    ) -> None:  # fmt: skip
        self.starts.append(self.stream.tell())
        named = [("Content-Type", content_type), *((name.replace("_", "-"), headers[name]) for name in headers)]
        http = StatusAndHeaders(status, named, protocol="HTTP/1.1") if kind == "response" else None
        record = self.writer.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body), http_headers=http,
            warc_headers_dict={"WARC-Date": FETCHED},
        )  # fmt: skip
        self.writer.write_record(record)

    def pages(self, first: int, last: int) -> "Archive":
        for number in range(first, last + 1):
            self.add(f"https://pier.example/{number}", page(number))
        return self

    @property
    def data(self) -> bytes:
        return self.stream.getvalue()


class ArchivesOfFolder(Conformance):
    can_be_slow: ClassVar[bool] = False
    huge: ClassVar[int] = 1_100
    packed: ClassVar[bool]

    @pytest.fixture(autouse=True)
    def source(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def connector(self, context: Context) -> Connector[Any]:
        return Warc(context, WarcSettings(path=str(self.folder), settle=0))

    def put(self, first: int, last: int) -> None:
        name = f"{first:05}.warc{'.gz' if self.packed else ''}"
        (self.folder / name).write_bytes(Archive(self.packed).pages(first, last).data)

    def break_source(self) -> None:
        (self.folder / "broken.warc.gz").write_bytes(b"no archive")


class TestPackedConformance(ArchivesOfFolder):
    packed = True


class TestPlainConformance(ArchivesOfFolder):
    packed = False


def read(
    path: Path, cursor: Cursor | None = None, **settings: Any
) -> tuple[list[RawArticle], list[RefusedItem], Cursor]:
    """Returns the articles, the refused items and the last cursor of one poll."""
    ours = replace(make_context(feed="cc-news"), publisher="Pier Gazette", language="en", rights="CC0")
    batches = list(
        Warc(ours, WarcSettings(path=str(path), settle=0, **settings)).read({} if cursor is None else cursor)
    )
    articles = [found.article for batch in batches for found in batch.articles]
    return articles, [refused for batch in batches for refused in batch.refused], batches[-1].cursor


def one(tmp_path: Path, body: bytes, content_type: str = HTML, **headers: str) -> RawArticle:
    """Returns the article of an archive that has only this page."""
    archive = Archive()
    archive.add("https://pier.example/1", body, content_type, **headers)
    (tmp_path / "one.warc.gz").write_bytes(archive.data)
    return read(tmp_path)[0][0]


def test_a_response_is_an_article_with_address_moment_and_feed(tmp_path: Path) -> None:
    found = one(tmp_path, page(1))
    assert (found.url, found.body) == ("https://pier.example/1", page(1).decode())
    assert found.fetched_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert (found.content_type, found.connector, found.feed) == ("text/html", "warc", "cc-news")
    assert (found.publisher, found.language, found.extra) == ("Pier Gazette", "en", {"rights": "CC0"})
    assert one(tmp_path, b"Twelve berths.", "text/plain").content_type == "text/plain"


@pytest.mark.parametrize("content_type", ["text/html; charset=iso-8859-15", "text/html; charset=utf-8", "text/html"])
def test_charset_of_header_or_page_or_bytes(tmp_path: Path, content_type: str) -> None:
    meta = "" if "charset=iso" in content_type else '<meta charset="iso-8859-15">'
    assert "Käse für 3 €" in one(tmp_path, f"{meta}<p>Käse für 3 €</p>".encode("iso-8859-15"), content_type).body


def chunked(data: bytes) -> bytes:
    parts = [data[at : at + 20] for at in range(0, len(data), 20)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(page(1)), {"Content_Encoding": "gzip"}),
        (page(1), {"Content_Encoding": "gzip"}),
        (zlib.compress(page(1)), {"Content_Encoding": "deflate"}),
        (zlib.compress(page(1))[2:-4], {"Content_Encoding": "deflate"}),
        (chunked(page(1)), {"Transfer_Encoding": "chunked"}),
        (chunked(gzip.compress(page(1))), {"Transfer_Encoding": "Chunked", "Content_Encoding": "GZIP"}),
    ],
    ids=["gzip", "gzip in the header only", "zlib", "deflate", "chunks", "chunks of gzip"],
)
def test_encoded_bodies(tmp_path: Path, body: bytes, headers: dict[str, str]) -> None:
    assert one(tmp_path, body, **headers).body == page(1).decode()


def test_skipped_records_are_counted_by_reason(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("https://pier.example/robots", b"x", kind="resource")
    for number in range(2):
        archive.add(f"https://pier.example/{number}", page(1), status="404 Not FoundArticle")
    archive.add("https://pier.example/image", b"x", "image/png")
    archive.add("https://pier.example/br", b"x", Content_Encoding="br")
    archive.add("https://pier.example/broken", gzip.compress(b"x")[:10] + b"\xff" * 9, Content_Encoding="gzip")
    archive.add("https://pier.example/long", b"x" * 3_001)
    archive.add("https://pier.example/bomb", gzip.compress(b"x" * 500_000), Content_Encoding="gzip")
    (tmp_path / "one.warc.gz").write_bytes(archive.pages(1, 1).data)
    articles, refused, _ = read(tmp_path, largest=3_000)
    assert [article.url for article in articles] == ["https://pier.example/1"]
    assert [item.why for item in refused] == [
        "8 records were skipped: 2 status 404, 2 longer than 3,000 bytes, 1 record type resource, "
        "1 content type image/png, 1 content encoding br, 1 broken gzip"
    ]


def test_only_the_most_frequent_reasons_are_listed(tmp_path: Path) -> None:
    archive = Archive()
    for number in range(10):
        archive.add(f"https://pier.example/{number}", b"x", f"image/{number}")
    (tmp_path / "one.warc.gz").write_bytes(archive.data)
    why = read(tmp_path)[1][0].why
    assert why.startswith("10 records were skipped: 1 content type image/0, ")
    assert why.endswith("1 content type image/7, and 2 other reasons")


def test_batches_are_bounded_by_their_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.sources.warc.BATCH_TEXT", len(page(1)))
    (tmp_path / "one.warc.gz").write_bytes(Archive().pages(1, 6).data)
    connector = Warc(make_context(), WarcSettings(path=str(tmp_path), settle=0))
    assert [len(batch.articles) for batch in connector.read({})] == [2, 2, 2, 0, 0]


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_is_cut_short_gives_what_is_whole(tmp_path: Path, packed: bool) -> None:
    archive = Archive(packed).pages(1, 3)
    (tmp_path / "cut.warc").write_bytes(archive.data[:-40])
    articles, refused, cursor = read(tmp_path)
    assert len(articles) == 2
    assert refused[0].place.endswith(f"cut.warc, byte {archive.starts[2]:,}")
    assert refused[0].why == "no complete WARC record begins here; nothing after it can be read"
    (tmp_path / "cut.warc").write_bytes(archive.data)
    assert len(read(tmp_path, cursor)[0]) == 3


@pytest.mark.parametrize("packed", [True, False])
def test_after_a_broken_record_the_next_ones_are_read(tmp_path: Path, packed: bool) -> None:
    archive = Archive(packed).pages(1, 4)
    data, start, end = bytearray(archive.data), archive.starts[1], archive.starts[2]
    at = start + 30 if packed else start
    data[at : end - 20 if packed else start + 8] = b"\xaa" * ((end - 20 if packed else start + 8) - at)
    (tmp_path / "a.warc").write_bytes(data)
    articles, refused, _ = read(tmp_path)
    assert [article.url[-1] for article in articles] == ["1", "3", "4"]
    assert refused[0].place.endswith(f"byte {start:,}")
    assert refused[0].why.endswith(f"reading continues at byte {end:,}")


def test_a_wrong_length_swallows_no_other_record(tmp_path: Path) -> None:
    archive = Archive(packed=False).pages(1, 3)
    data = archive.data
    length = data[data.index(b"Content-Length: ") + 16 :].split(b"\r\n")[0]
    (tmp_path / "a.warc").write_bytes(data.replace(b"Content-Length: " + length, b"Content-Length: 999", 1))
    articles, refused, _ = read(tmp_path)
    assert [article.url[-1] for article in articles] == ["2", "3"]
    assert len(refused) == 1


@pytest.mark.parametrize("name", [b"WARC-Target-URI", b"WARC-Type", b"Content-Type: app", b"Content-Length"])
def test_a_record_without_a_header_loses_no_other(tmp_path: Path, name: bytes) -> None:
    data = Archive(packed=False).pages(1, 3).data
    (tmp_path / "a.warc").write_bytes(data.replace(name, b"X" + name[1:], 1))
    articles, _, _ = read(tmp_path)
    assert [article.url[-1] for article in articles][-2:] == ["2", "3"]


def test_a_date_without_a_zone_is_utc_and_an_invalid_one_is_now(tmp_path: Path) -> None:
    data = Archive(packed=False).pages(1, 2).data
    first = data.replace(FETCHED.encode(), b"2026-01-05T08:00:00 ", 1)
    (tmp_path / "a.warc").write_bytes(first.replace(FETCHED.encode(), b"x" * len(FETCHED), 1))
    zoneless, undated = read(tmp_path)[0]
    assert zoneless.fetched_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert undated.fetched_at > datetime(2026, 1, 6, tzinfo=UTC)


def test_a_file_compressed_as_a_whole_is_reported_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress(Archive(packed=False).pages(1, 3).data))
    assert "run `warcio recompress`" in read(tmp_path)[1][0].why


def test_file_folder_glob_and_missing_path(tmp_path: Path) -> None:
    for name in ("a/1.warc.gz", "b/2.warc.gz", "b/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(Archive().pages(1, 1).data)
    assert len(read(tmp_path)[0]) == 2
    assert len(read(tmp_path / "a/1.warc.gz")[0]) == 1
    articles, _, cursor = read(tmp_path / "**/[12].warc.gz")
    assert len(articles) == 2
    assert cursor["seen"].keys() == {"a/1.warc.gz", "b/2.warc.gz"}
    assert read(tmp_path / "*.warc")[0] == []
    with pytest.raises(Permanent, match="does not exist: correct `path`"):
        read(tmp_path / "c")


def test_a_file_that_may_still_be_written_waits(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(Archive().pages(1, 1).data)
    assert read(tmp_path)[0]
    connector = Warc(make_context(), WarcSettings(path=str(tmp_path), settle=3600))
    assert [batch.articles for batch in connector.read({})] == [()]

"""Bodies that are gzip files without a header that says so."""

import gzip

import pytest

from connectors.web import packing
from connectors.web.packing import unpack
from schemas.errors import Retryable

PACKED = gzip.compress(b"<rss/>" * 50, mtime=0)


@pytest.mark.parametrize(
    ("body", "text"),
    [(b"<rss/>", b"<rss/>"), (b"", b""), (PACKED, b"<rss/>" * 50), (gzip.compress(PACKED, mtime=0), b"<rss/>" * 50),
     (gzip.compress(gzip.compress(PACKED, mtime=0), mtime=0), b"<rss/>" * 50),
     (PACKED + gzip.compress(b"<a/>", mtime=0), b"<rss/>" * 50 + b"<a/>"),
     (PACKED + b"\0" * 512, b"<rss/>" * 50), (PACKED + b"\n", b"<rss/>" * 50)],
)  # fmt: skip
def test_gzip_files_are_unpacked_as_often_as_they_were_packed(body: bytes, text: bytes) -> None:
    assert unpack(body, "the feed") == text


@pytest.mark.parametrize(
    ("body", "message"),
    [(PACKED[:-12], "the feed is a gzip file that is cut short"), (b"\x1f\x8bxxxx", "the feed is a broken gzip")],
)
def test_broken_gzip_files_are_refused(body: bytes, message: str) -> None:
    with pytest.raises(Retryable, match=message):
        unpack(body, "the feed")


def test_far_too_large_body_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LARGEST", 1000)
    assert unpack(gzip.compress(bytes(1000)), "the feed") == bytes(1000)
    for bomb in (gzip.compress(bytes(100_000)), gzip.compress(bytes(600)) * 2):
        with pytest.raises(Retryable, match="longer than 1,000 bytes"):
            unpack(bomb, "the feed")

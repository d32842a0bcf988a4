"""Articles from files of every kind, and files that cannot be read."""

import gzip
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.kit import FoundArticle, RefusedItem
from connectors.sources.files import read_paths
from schemas.identity import content_hash


def read(*paths: object, stdin: bytes = b"") -> list[FoundArticle | RefusedItem]:
    return list(read_paths([str(path) for path in paths], io.BytesIO(stdin), feed="harbour-post"))


def only(*paths: object, stdin: bytes = b"") -> FoundArticle | RefusedItem:
    (found,) = read(*paths, stdin=stdin)
    return found


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def test_text_and_html_files_become_articles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour was closed.", "utf-8")
    (tmp_path / "b.html").write_text("<p>The harbour was opened.</p>", "utf-8")
    found = read(tmp_path)
    assert [(item.article.body, item.article.content_type, item.article.feed) for item in found] == [
        ("The harbour was closed.", "text/plain", "harbour-post"),
        ("<p>The harbour was opened.</p>", "text/html", "harbour-post"),
    ]


def test_gzip_of_each_kind_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"The harbour was closed."))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(line(text="One") + b"\n" + line(html="<p>Two</p>")))
    assert [item.article.body for item in read(tmp_path)] == ["The harbour was closed.", "One", "<p>Two</p>"]


def test_folders_are_read_in_order_and_leave_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt", "notes.pdf"):
        (tmp_path / name).write_text(name, "utf-8")
    assert [item.article.body for item in read(tmp_path)] == ["a.txt", "b.txt", "sub/c.txt"]


def test_same_file_again_has_same_id_and_revision(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The harbour was closed.", "utf-8")
    os.utime(path, (1_730_000_000, 1_730_000_000))
    first, again = only(path).article, only(path).article
    assert (first.article_id, first.revision, first.content_hash) == (
        again.article_id, again.revision, again.content_hash,
    )  # fmt: skip
    assert first.revision == 1_730_000_000_000


def test_the_id_ignores_tracking_parameters() -> None:
    one = only("-", stdin=line(text="One", url="https://post.example/a?utm_source=mail#top")).article
    other = only("-", stdin=line(text="Other", url="https://POST.example/a")).article
    assert one.article_id == other.article_id
    assert one.url == "https://post.example/a"


def test_fields_of_a_line_are_kept_and_hashed() -> None:
    found = only(
        "-", stdin=line(text="One", title="T", author="A", language="en", published_at="2024-10-01T10:00:00Z",
                        fetched_at="2024-10-02T10:00:00Z", feed="own", extra={"desk": "world"}),
    ).article  # fmt: skip
    assert (found.title, found.author, found.language, found.feed, found.extra) == (
        "T", "A", "en", "own", {"desk": "world"},
    )  # fmt: skip
    assert found.published_at == datetime(2024, 10, 1, 10, tzinfo=UTC)
    assert found.content_hash == content_hash(found)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"not json\n", "JSON"),
        (b"\xff\xfe\n", "JSON"),
        (line(text="One", html="<p>Two</p>"), "exactly one of body, text and html"),
        (line(url="https://post.example/a"), "exactly one of body, text and html"),
        (line(text=" "), "body has no text"),
        (line(text=3), "$.text"),
        (line(text="One", colour="red"), "colour"),
        (line(text="One", published_at="1970-01-01T00:00:00Z"), "published_at is 1970"),
        (line(text="One", published_at="yesterday"), "$.published_at"),
        (line(text="One", url="https://[bad"), "url"),
    ],
)
def test_an_invalid_line_is_refused_and_the_next_is_read(data: bytes, words: str) -> None:
    refused, good = read("-", stdin=data + line(text="Good"))
    assert isinstance(refused, RefusedItem)
    assert refused.place == "stdin:1"
    assert words in refused.why
    assert good.article.body == "Good"


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "b.txt.gz").write_bytes(b"no gzip at all")
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"cut" * 100)[:-9])
    refused = read(tmp_path / "a.pdf", tmp_path / "b.txt.gz", tmp_path / "c.txt.gz", tmp_path / "missing")
    assert all(isinstance(item, RefusedItem) for item in refused)
    for item, words in zip(refused, ("not .txt", "cannot be read", "cannot be read", "no such file"), strict=True):
        assert words in item.why


def test_short_files_of_undeclared_encodings_say_when_they_are_a_guess(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Порт. Сорок судов ждут, сказал капитан порта.".encode("cp1251"))
    (tmp_path / "b.txt").write_bytes("港長は40隻が待機していると述べた。".encode("iso2022_jp"))
    (tmp_path / "c.txt").write_bytes("Harbour of Gdańsk".encode("cp1250"))
    russian, japanese, unclear = (found.article for found in read(tmp_path) if isinstance(found, FoundArticle))
    assert (russian.body, russian.extra) == ("Порт. Сорок судов ждут, сказал капитан порта.", {})
    assert (japanese.body, japanese.extra) == ("港長は40隻が待機していると述べた。", {})
    assert unclear.extra.keys() == {"encoding_guess"}


def test_other_encodings_are_recognised(tmp_path: Path) -> None:
    text = "Der Bürgermeister äußerte sich über die Größe der Überschwemmung. " * 5
    (tmp_path / "a.txt").write_bytes(text.encode("cp1252"))
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert [item.article.body for item in read(tmp_path)] == [text, text]

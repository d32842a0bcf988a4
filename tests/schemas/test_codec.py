"""Bytes become records, or are refused with the reason and the field."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas
from schemas.codec import decode_raw_article, encode, make_document, read_provenance
from schemas.errors import BadRecord, Reason

GOOD: dict[str, Any] = json.loads((Path(schemas.__file__).parent / "examples/raw-article/good-full.json").read_bytes())
TOMORROW = datetime.now(UTC) + timedelta(days=2)


def message(**changes: Any) -> bytes:
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value != "left out"}).encode()


def test_decoding_what_was_encoded_gives_the_record() -> None:
    article = decode_raw_article(message())
    assert decode_raw_article(encode(article)) == article
    assert make_document(article)["published_at"] == "2024-10-28T15:30:00Z"


@pytest.mark.parametrize(
    ("data", "reason", "says"),
    [
        (b'{"body": "\xff"}', Reason.INVALID_ENCODING, "byte 10"),
        (b"plain words", Reason.NOT_JSON, "not JSON"),
        (b"", Reason.NOT_JSON, "not JSON"),
        (b"[1]", Reason.NOT_JSON, "list"),
        (b'{"revision": "five", "body": ', Reason.NOT_JSON, "not JSON"),
        (message(schema_version=2), Reason.UNKNOWN_VERSION, "schema_version is 2"),
        (message(schema_version=2, body="left out"), Reason.UNKNOWN_VERSION, "schema_version is 2"),
        (message(body="left out"), Reason.MISSING_FIELD, "`body`"),
        (message(fetched_at="left out"), Reason.MISSING_FIELD, "`fetched_at`"),
        (message(revision="five"), Reason.WRONG_TYPE, "$.revision"),
        (message(title=["a"]), Reason.WRONG_TYPE, "$.title"),
        (message(body=" \n\t"), Reason.EMPTY_BODY, "no text"),
        (message(body="<p>&nbsp;</p><script>x()</script>", content_type="text/html"), Reason.EMPTY_BODY, "no text"),
        (message(published_at="2024-13-45T00:00:00Z"), Reason.IMPOSSIBLE_DATE, "$.published_at"),
        (message(published_at="1970-01-01T00:00:00Z"), Reason.IMPOSSIBLE_DATE, "published_at is 1970"),
        (message(fetched_at=TOMORROW.isoformat()), Reason.IMPOSSIBLE_DATE, "fetched_at"),
        (message(published_at="2024-11-28T15:30:00Z"), Reason.IMPOSSIBLE_DATE, "published_at"),
        (message(fetched_at="9999-12-31T23:59:59Z"), Reason.IMPOSSIBLE_DATE, "fetched_at"),
        (message(revision=10**20), Reason.WRONG_TYPE, "$.revision"),
        (message(revision=2**63), Reason.WRONG_TYPE, "$.revision"),
        (message(revision=0), Reason.WRONG_TYPE, "$.revision"),
        (message(revision=2**63 - 1), Reason.IMPOSSIBLE_DATE, "revision is 9223372036854775807"),
        (message(revision=int(TOMORROW.timestamp() * 1000)), Reason.IMPOSSIBLE_DATE, "a day ahead"),
        (message(article_id="\u00e9" * 257), Reason.WRONG_TYPE, "article_id has 514 bytes"),
        (message(unknown="here").replace(b'"here"', b"[" * 5000 + b"]" * 5000), Reason.WRONG_TYPE, "too deeply"),
        (message(body="here").replace(b'"here"', b"[" * 5000 + b"]" * 5000), Reason.WRONG_TYPE, "body"),
    ],
)
def test_refusal_says_reason_and_place(data: bytes, reason: Reason, says: str) -> None:
    with pytest.raises(BadRecord) as raised:
        decode_raw_article(data)
    assert raised.value.reason is reason
    assert says in str(raised.value)


def test_a_refused_message_still_says_where_it_comes_from() -> None:
    told = read_provenance(message(body=" ", ingest_mode="backfill", published_at="yesterday"))
    assert told == {
        "feed": GOOD["feed"],
        "ingest_mode": "backfill",
        "fetched_at": datetime.fromisoformat(GOOD["fetched_at"]),
    }
    assert read_provenance(b"[1]") == read_provenance(b'{"feed": "a"') == read_provenance(b"\xff") == {}
    assert read_provenance(b'{"feed": "a", "extra": ' + b"[" * 100_000) == {}


def test_id_and_revision_are_read_up_to_their_bounds() -> None:
    article = decode_raw_article(message(article_id="\u00e9" * 256, revision=int(datetime.now(UTC).timestamp() * 1000)))
    assert len(article.article_id) == 256


def test_html_markup_in_plain_text_counts_as_text() -> None:
    assert decode_raw_article(message(body="<p>")).body == "<p>"


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_and_nothing_else_is_raised(data: bytes) -> None:
    with pytest.raises(BadRecord):
        decode_raw_article(data)


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5), st.sampled_from([*GOOD])
)
def test_any_value_in_any_field_is_read_or_refused(value: Any, name: str) -> None:
    try:
        article = decode_raw_article(json.dumps(GOOD | {name: value}).encode())
    except BadRecord:
        return
    assert decode_raw_article(encode(article)) == article

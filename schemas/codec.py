"""Bytes become records, and are validated, here and nowhere else."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from schemas.errors import BadRecord, Reason
from schemas.fields import IngestMode, Timestamp
from schemas.records import SCHEMA_VERSION, RawArticle

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No news article on the web is older; feeds say 1970 where they do not know."""
LATEST_AHEAD = timedelta(days=1)
"""How far ahead of its fetch an article may be dated: clocks and zones differ, years do not."""

_raw_article = msgspec.json.Decoder(RawArticle)
_anything = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()
_PROVENANCE: dict[str, Any] = {
    "feed": str,
    "ingest_mode": IngestMode,
    "published_at": Timestamp,
    "fetched_at": Timestamp,
}
_MARKUP = re.compile(r"(?s)<(script|style)\b.*?</\1\s*>|<[^>]*>|&nbsp;")


def encode(record: msgspec.Struct) -> bytes:
    """The record as JSON, UTF-8."""
    return _encoder.encode(record)


def make_document(record: msgspec.Struct) -> dict[str, Any]:
    """The record as the plain values that an Elasticsearch client takes; times as RFC 3339."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    return plain


def decode_raw_article(data: bytes) -> RawArticle:
    """Reads one message of the topic `raw-articles`.

    Raises `BadRecord` with the reason and, in its text, the field that is wrong.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRecord(
            Reason.INVALID_ENCODING, f"byte {error.start} of {len(data)} is not UTF-8 ({error.reason})"
        ) from error
    try:
        article = _raw_article.decode(data)
    except msgspec.ValidationError as error:
        raise _make_refusal(data, str(error)) from error
    except msgspec.DecodeError as error:
        raise BadRecord(Reason.NOT_JSON, f"not JSON: {error}") from error
    check_body(article)
    check_dates(article)
    return article


def _make_refusal(data: bytes, message: str) -> BadRecord:
    """Names the first thing that is wrong: the version before the fields, as fields follow from it."""
    try:
        found = _anything.decode(data)
    except msgspec.DecodeError as error:  # a wrong field was seen before the place where the JSON breaks
        return BadRecord(Reason.NOT_JSON, f"not JSON: {error}")
    if not isinstance(found, dict):
        return BadRecord(Reason.NOT_JSON, f"a JSON {type(found).__name__} where an object belongs")
    version = found.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        return BadRecord(Reason.UNKNOWN_VERSION, f"schema_version is {version!r}; this release reads {SCHEMA_VERSION}")
    if "missing required field" in message:
        return BadRecord(Reason.MISSING_FIELD, message)
    if re.search(r"\$\.(published_at|fetched_at)", message) and "RFC3339" in message:
        return BadRecord(Reason.IMPOSSIBLE_DATE, message)
    return BadRecord(Reason.WRONG_TYPE, message)


def read_provenance(data: bytes) -> dict[str, Any]:
    """What a message of `raw-articles` says of where it comes from, as far as it can be read: `feed`, `ingest_mode`,
    `published_at`, `fetched_at`. Never raises: it is asked of messages that are broken.
    """
    try:
        found = _anything.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    told: dict[str, Any] = {}
    for name, kind in _PROVENANCE.items() if isinstance(found, dict) else ():
        with suppress(msgspec.ValidationError):
            told[name] = msgspec.convert(found.get(name), kind)
    return told


def check_body(article: RawArticle) -> None:
    """Refuses an article without text. Raises `BadRecord`."""
    body = _MARKUP.sub(" ", article.body) if article.content_type == "text/html" else article.body
    if not body.strip():
        raise BadRecord(Reason.EMPTY_BODY, "body has no text")


def check_dates(article: RawArticle) -> None:
    """Refuses times before the web and after the fetch. Raises `BadRecord`."""
    now = datetime.now(UTC)
    for name, moment, latest in (
        ("fetched_at", article.fetched_at, now + LATEST_AHEAD),
        ("published_at", article.published_at, article.fetched_at + LATEST_AHEAD),
    ):
        if moment is not None and not EARLIEST <= moment <= latest:
            raise BadRecord(
                Reason.IMPOSSIBLE_DATE, f"{name} is {moment.isoformat()}, outside {EARLIEST.date()} to {latest.date()}"
            )

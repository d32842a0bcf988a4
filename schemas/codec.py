"""Reads and validates the bytes of records. No other module does."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from schemas.errors import BadRecord, Reason
from schemas.fields import IngestMode, Timestamp
from schemas.records import SCHEMA_VERSION, RawArticle

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No news article on the web is older; feeds write 1970 if they do not know the date."""
LATEST_AHEAD = timedelta(days=1)
"""How far the date of an article may be ahead of its fetch: clocks and zones differ by hours, not by years."""

LONGEST_ID = 512
"""Bytes of the longest id that Elasticsearch takes."""

_raw_article = msgspec.json.Decoder(RawArticle)
_anything = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()
_PROVENANCE: dict[str, Any] = {
    "feed": str,
    "ingest_mode": IngestMode,
    "published_at": Timestamp,
    "fetched_at": Timestamp,
}
_TAG = re.compile(r"<(?=[a-z/!?])(?P<end>/?)(?P<unseen>(?:script|style)\b)?[^<>]*>|&nbsp;", re.IGNORECASE)


def encode(record: msgspec.Struct) -> bytes:
    """Returns the record as JSON, UTF-8."""
    return _encoder.encode(record)


def make_document(record: msgspec.Struct) -> dict[str, Any]:
    """Returns the record as plain values for an Elasticsearch client; times are RFC 3339."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    return plain


def decode_raw_article(data: bytes) -> RawArticle:
    """Reads one message of the topic `raw-articles`.

    Raises `BadRecord` with the reason and, in its text, the invalid field.
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
    except RecursionError as error:
        raise BadRecord(Reason.WRONG_TYPE, "a value is nested too deeply") from error
    check_id(article)
    check_body(article)
    check_dates(article)
    return article


def _make_refusal(data: bytes, message: str) -> BadRecord:
    """Returns the error for the first problem. The version comes before the fields, because it determines them."""
    try:
        found = _anything.decode(data)
    except msgspec.DecodeError as error:  # a wrong field came before the broken JSON
        return BadRecord(Reason.NOT_JSON, f"not JSON: {error}")
    except RecursionError:  # another value is nested too deeply to look further
        return BadRecord(_classify_problem(message), message)
    if not isinstance(found, dict):
        return BadRecord(Reason.NOT_JSON, f"a JSON {type(found).__name__} instead of an object")
    version = found.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        return BadRecord(Reason.UNKNOWN_VERSION, f"schema_version is {version!r}; this release reads {SCHEMA_VERSION}")
    return BadRecord(_classify_problem(message), message)


def _classify_problem(message: str) -> Reason:
    """Returns the reason for what msgspec says about a field."""
    if "missing required field" in message:
        return Reason.MISSING_FIELD
    if re.search(r"\$\.(published_at|fetched_at)", message) and "RFC3339" in message:
        return Reason.IMPOSSIBLE_DATE
    return Reason.WRONG_TYPE


def read_provenance(data: bytes) -> dict[str, Any]:
    """Returns the `feed`, `ingest_mode`, `published_at` and `fetched_at` of a message, without those that are invalid.

    Never raises, because it reads broken messages.
    """
    try:
        found = _anything.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    known: dict[str, Any] = {}
    for name, kind in _PROVENANCE.items() if isinstance(found, dict) else ():
        with suppress(msgspec.ValidationError):
            known[name] = msgspec.convert(found.get(name), kind)
    return known


def check_id(article: RawArticle) -> None:
    """Raises `BadRecord` for an id that is too long for Elasticsearch, which counts its bytes."""
    if (size := len(article.article_id.encode())) > LONGEST_ID:
        raise BadRecord(Reason.WRONG_TYPE, f"article_id has {size} bytes, and at most {LONGEST_ID} are allowed")


def check_body(article: RawArticle) -> None:
    """Raises `BadRecord` for an article without text, unless it is a retraction."""
    if article.retraction:
        return
    has_text = _has_text(article.body) if article.content_type == "text/html" else bool(article.body.strip())
    if not has_text:
        raise BadRecord(Reason.EMPTY_BODY, "body has no text")


def _has_text(markup: str) -> bool:
    """Whether a page has text outside its scripts and styles. One pass, because a page may be made to take long."""
    position, inside = 0, ""
    for tag in _TAG.finditer(markup):
        name = (tag["unseen"] or "").lower()
        if inside:
            if tag["end"] and name == inside:
                position, inside = tag.end(), ""
            continue
        if markup[position : tag.start()].strip():
            return True
        position, inside = tag.end(), "" if tag["end"] else name
    return bool(markup[position:].strip())


def check_dates(article: RawArticle) -> None:
    """Raises `BadRecord` for times before the web and after the fetch, and for a revision of the future.

    A revision far in the future would be the last one: no later fetch of the article could ever replace it.
    """
    latest = datetime.now(UTC) + LATEST_AHEAD
    check_moment("fetched_at", article.fetched_at, latest)
    if article.published_at is not None:
        check_moment("published_at", article.published_at, article.fetched_at + LATEST_AHEAD)
    if article.revision > (limit := int(latest.timestamp() * 1000)):
        raise BadRecord(
            Reason.IMPOSSIBLE_DATE,
            f"revision is {article.revision}, and at most {limit} is allowed (a day ahead, in milliseconds)",
        )


def check_moment(name: str, moment: datetime, latest: datetime) -> None:
    """Raises `BadRecord`, with the field's name, for a moment before the web or after `latest`."""
    if not EARLIEST <= moment <= latest:
        raise BadRecord(
            Reason.IMPOSSIBLE_DATE, f"{name} is {moment.isoformat()}, outside {EARLIEST.date()} to {latest.date()}"
        )

"""`newsclaims extract` as a filter: reads one page from each line, writes one line of articles."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from pipelines.text.extraction import extract
from schemas.errors import BadRecord, Reason
from schemas.fields import Record
from schemas.text import Extraction, Page


class PageRecord(Record, frozen=True, kw_only=True):
    """One input line: a `Page` whose times may be bare dates. Other fields are ignored."""

    id: str
    text: str | None = None
    html: str | None = None
    as_is: bool = False
    language: str | None = None
    published_at: str | None = None
    fetched_at: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    feed: str | None = None


_decoder = msgspec.json.Decoder(PageRecord)
_encoder = msgspec.json.Encoder()


def parse_page(line: bytes) -> Page:
    """Parses one input line. Raises `BadRecord` with a message that names the wrong field."""
    try:
        fields = msgspec.structs.asdict(_decoder.decode(line))
    except msgspec.ValidationError as error:
        raise BadRecord(Reason.WRONG_TYPE, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRecord(Reason.NOT_JSON, f"not JSON: {error}") from error
    if (fields["text"] is None) == (fields["html"] is None):
        raise BadRecord(Reason.MISSING_FIELD, "give exactly one of `text` and `html`")
    return Page(**fields | {name: _parse_time(name, fields[name]) for name in ("published_at", "fetched_at")})


def _parse_time(name: str, text: str | None) -> datetime | None:
    """Parses a date or time in ISO 8601; without a time zone it is UTC. Raises `BadRecord`."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRecord(Reason.IMPOSSIBLE_DATE, f"{text!r} is not a date or time - at `$.{name}`") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def encode_answers(pages: Iterable[Page], removed: bool = False) -> Iterator[bytes]:
    """Yields one output line for each page. With `removed`, it has the removed lines too, with the reason."""
    for page in pages:
        articles = extract(page)
        if not removed:
            articles = [msgspec.structs.replace(article, removed=()) for article in articles]
        yield _encoder.encode(Extraction(id=page.id, articles=tuple(articles))) + b"\n"

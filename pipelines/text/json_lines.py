"""`newsclaims extract` as a filter: one page a line in, one line of articles out."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from pipelines.text.extraction import extract
from schemas.errors import BadRecord, Reason
from schemas.fields import Record
from schemas.text import Extraction, Page


class PageRecord(Record, frozen=True, kw_only=True):
    """One input line: a `Page` whose `published_at` may be a bare date. Other fields are passed over."""

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


def page_from_line(line: bytes) -> Page:
    """Reads one input line. Raises `BadRecord`, with the field that is wrong in its text."""
    try:
        fields = msgspec.structs.asdict(_decoder.decode(line))
    except msgspec.ValidationError as error:
        raise BadRecord(Reason.WRONG_TYPE, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRecord(Reason.NOT_JSON, f"not JSON: {error}") from error
    if (fields["text"] is None) == (fields["html"] is None):
        raise BadRecord(Reason.MISSING_FIELD, "exactly one of `text` and `html` is needed")
    return Page(**fields | {name: moment(name, fields[name]) for name in ("published_at", "fetched_at")})


def moment(name: str, text: str | None) -> datetime | None:
    """A date or time in ISO 8601; without a zone it is UTC. Raises `BadRecord`."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRecord(Reason.IMPOSSIBLE_DATE, f"{text!r} is no date or time - at `$.{name}`") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def answers(pages: Iterable[Page], removed: bool = False) -> Iterator[bytes]:
    """One output line for each page; with `removed`, the lines that were taken out, with the reason, are in it."""
    for page in pages:
        articles = extract(page)
        if not removed:
            articles = [msgspec.structs.replace(article, removed=()) for article in articles]
        yield _encoder.encode(Extraction(id=page.id, articles=tuple(articles))) + b"\n"

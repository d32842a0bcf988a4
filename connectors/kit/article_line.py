"""The wire form of an article: what a connector fills in, and how it becomes a checked `RawArticle`."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from schemas.codec import check_body, check_dates
from schemas.errors import BadRecord
from schemas.fields import ContentScope, ContentType, IngestMode, Language, Record, Timestamp
from schemas.identity import article_id, content_hash, revision_of
from schemas.records import RawArticle
from schemas.urls import canonical_url


class ArticleLine(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a .jsonl file: exactly one of `body`, `text` and `html`; all else is optional."""

    id: str | None = None
    body: str | None = None
    text: str | None = None
    html: str | None = None
    content_type: ContentType | None = None
    url: str = ""
    feed: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    language: Language | None = None
    published_at: Timestamp | None = None
    fetched_at: Timestamp | None = None
    content_scope: ContentScope = "full"
    ingest_mode: IngestMode = "live"
    extra: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """An article and the place it was found at (`FILE` or `FILE:LINE`)."""

    place: str
    article: RawArticle


@dataclass(frozen=True)
class Refused:
    """Something that is no article, where it stands and why."""

    place: str
    why: str


def complete(
    line: ArticleLine, place: str, fetched_at: datetime, feed: str, mode: IngestMode | None, connector: str = "files"
) -> Found | Refused:
    """The line as a record: id, revision and hash are computed, and all is checked as the job will check it."""
    bodies = [text for text in (line.body, line.text, line.html) if text is not None]
    if len(bodies) != 1:
        return Refused(place, f"exactly one of body, text and html is needed; {len(bodies)} are there")
    try:
        url = canonical_url(line.url)
    except ValueError as error:
        return Refused(place, f"url is not an address: {error}")
    moment = line.fetched_at or fetched_at
    article = RawArticle(
        article_id=article_id(url, bodies[0]),
        revision=revision_of(moment),
        content_scope=line.content_scope,
        content_hash="",
        ingest_mode=mode or line.ingest_mode,
        connector=connector,
        feed=line.feed or feed,
        url=url,
        title=line.title,
        author=line.author,
        publisher=line.publisher,
        body=bodies[0],
        content_type=line.content_type or ("text/html" if line.html is not None else "text/plain"),
        language=line.language,
        published_at=line.published_at,
        fetched_at=moment,
        extra=line.extra,
    )
    try:
        check_body(article)
        check_dates(article)
    except BadRecord as error:
        return Refused(place, str(error))
    return Found(place, msgspec.structs.replace(article, content_hash=content_hash(article)))

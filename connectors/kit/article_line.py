"""The wire form of an article: what a connector fills in, and how it becomes a checked `RawArticle`."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from schemas.codec import check_body, check_dates
from schemas.errors import BadRecord
from schemas.fields import ContentScope, ContentType, IngestMode, Language, Record, Retraction, Timestamp
from schemas.identity import article_id, content_hash, revision_of
from schemas.records import RawArticle
from schemas.urls import canonical_url


class ArticleLine(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An article as a line of a .jsonl file has it. Exactly one of `body`, `text` and `html` is required."""

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
    retraction: Retraction | None = None
    ingest_mode: IngestMode = "live"
    extra: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(frozen=True)
class FoundArticle:
    """An article and its place of origin, such as `FILE:LINE`."""

    place: str
    article: RawArticle


@dataclass(frozen=True)
class RefusedItem:
    """Something that is not an article: its place of origin, and the reason."""

    place: str
    why: str


@dataclass(frozen=True)
class ArticleOrigin:
    """What an article gets if its line does not say so itself.

    `feed` names the feed, and `fetched_at` is the time of the fetch. `mode` overrides the line's own; `connector` is
    the name of the connector that read it. `article_id` is the id if the address does not identify the article; the
    address is then taken as it is.
    """

    feed: str
    fetched_at: datetime
    mode: IngestMode | None = None
    connector: str = "files"
    article_id: str = ""


def complete_line(line: ArticleLine, place: str, origin: ArticleOrigin) -> FoundArticle | RefusedItem:
    """Makes the record of a line: computes id, revision and hash, and checks everything that the job will check."""
    bodies = [text for text in (line.body, line.text, line.html) if text is not None] or [""] * bool(line.retraction)
    if len(bodies) != 1:
        return RefusedItem(place, f"exactly one of body, text and html is required, but there are {len(bodies)}")
    try:
        url = line.url if origin.article_id else canonical_url(line.url)
    except ValueError as error:
        return RefusedItem(place, f"url is not an address: {error}")
    fetched_at = line.fetched_at or origin.fetched_at
    article = RawArticle(
        article_id=origin.article_id or article_id(url, bodies[0]),
        revision=revision_of(fetched_at),
        content_scope=line.content_scope,
        content_hash="",
        ingest_mode=origin.mode or line.ingest_mode,
        connector=origin.connector,
        feed=line.feed or origin.feed,
        url=url,
        title=line.title,
        author=line.author,
        publisher=line.publisher,
        body=bodies[0],
        content_type=line.content_type or ("text/html" if line.html is not None else "text/plain"),
        language=line.language,
        published_at=line.published_at,
        fetched_at=fetched_at,
        extra=line.extra,
        retraction=line.retraction,
    )
    try:
        check_body(article)
        check_dates(article)
    except BadRecord as error:
        return RefusedItem(place, str(error))
    return FoundArticle(place, msgspec.structs.replace(article, content_hash=content_hash(article)))

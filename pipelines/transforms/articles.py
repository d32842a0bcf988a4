"""The steps from a message to articles with their claims, as rules of `Step`."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from pipelines.io.dead_letters import find_ingest_mode
from pipelines.text import extraction
from pipelines.text.reading.page import read
from pipelines.text.reading.recurring import RecurringLines
from pipelines.transforms.parcel import Parcel
from schemas.codec import decode_raw_article
from schemas.errors import BadRecord, Reason
from schemas.records import RawArticle
from schemas.text import ArticleText, Page

_log = logging.getLogger(__name__)


def decode(parcel: Parcel) -> Iterator[Parcel]:
    """Reads and validates the message. A live article that comes back from the dead letters is a replay.

    A message without a value removes an article from the topic (`newsclaims forget`), and nothing is made of it.
    """
    if parcel.origin.value is None:
        return
    raw = decode_raw_article(parcel.origin.value)
    mode = find_ingest_mode(parcel.origin, raw.ingest_mode)
    yield replace(parcel, raw=replace(raw, ingest_mode=mode))


class Normalize:
    """Reads the page: its articles, each with title and body and without boilerplate.

    Each worker learns which lines recur across the pages of a feed, and keeps them in `memory`, a file; without one,
    for the life of the worker. If two workers learn at the same time, the later one overwrites the other: both learn
    the same templates. Safe to repeat: an article that is indexed already is not written again.
    """

    def __init__(self, memory: Path | None = None) -> None:
        self.memory = memory
        self.recurring: RecurringLines | None = None

    def __call__(self, parcel: Parcel) -> Iterator[Parcel]:
        """Yields the parcel with its articles. Raises `BadRecord` for a page without any text."""
        if parcel.article.retraction:
            yield parcel  # it has no text
            return
        if self.recurring is None:
            self.recurring = self.load()
        page = make_page(parcel.article)
        # If all lines recur (one text under many addresses), they are the article and not its template.
        articles = drop_empty(read(page, self.recurring)) or drop_empty(read(page))
        if not articles:
            raise BadRecord(Reason.EMPTY_BODY, "the page has no article")
        yield parcel.with_articles(articles)

    def load(self) -> RecurringLines:
        """Returns what was learned before; nothing if the file is missing or cannot be read."""
        recurring = RecurringLines()
        if self.memory and self.memory.exists():
            try:
                recurring.load(self.memory.read_bytes())
            except (OSError, ValueError, msgspec.MsgspecError) as error:
                _log.warning("The recurring lines of earlier pages cannot be read: %s", error)
        return recurring

    def close(self) -> None:
        """Keeps what was learned, for the next worker."""
        if not self.memory or self.recurring is None:
            return
        unfinished = self.memory.with_suffix(f".{os.getpid()}")
        try:
            self.memory.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(self.recurring.save())
            unfinished.replace(self.memory)
        except OSError as error:
            _log.warning("The recurring lines cannot be kept: %s", error)


def drop_empty(articles: list[ArticleText]) -> list[ArticleText]:
    """Returns the articles that have any text."""
    return [article for article in articles if article.body.strip() or article.title]


def detect_language(parcel: Parcel) -> Iterator[Parcel]:
    """Detects the language of each article."""
    if not parcel.articles:
        yield parcel
        return
    page = make_page(parcel.article)
    yield parcel.with_articles(extraction.add_languages(parcel.articles, page))


def find_mentions(parcel: Parcel) -> Iterator[Parcel]:
    """Finds entities, times and figures."""
    yield parcel.with_articles([extraction.add_mentions(article) for article in parcel.articles])


def find_claims(parcel: Parcel) -> Iterator[Parcel]:
    """Finds claims: who says what, and how sure."""
    yield parcel.with_articles([extraction.add_claims(article) for article in parcel.articles])


def make_page(raw: RawArticle) -> Page:
    """Returns the message as the input of the text side."""
    html = raw.content_type == "text/html"
    return Page(
        id=raw.article_id,
        html=raw.body if html else None,
        text=None if html else raw.body,
        language=raw.language,
        published_at=raw.published_at,
        fetched_at=raw.fetched_at,
        url=raw.url or None,
        title=raw.title,
        author=raw.author,
        publisher=raw.publisher,
        feed=raw.feed,
    )

"""The steps from a message to articles with their claims, as rules for `Step`."""

from collections.abc import Iterator
from dataclasses import replace

from pipelines.text import extraction
from pipelines.text.reading import read
from pipelines.transforms.parcel import Parcel
from schemas.codec import decode_raw_article
from schemas.errors import BadRecord, Reason
from schemas.records import RawArticle
from schemas.text import Page


def decode(parcel: Parcel) -> Iterator[Parcel]:
    """Reads and validates the message."""
    yield replace(parcel, raw=decode_raw_article(parcel.origin.value or b""))


def normalize(parcel: Parcel) -> Iterator[Parcel]:
    """Reads the page: body and title without the rest, one article for each item."""
    articles = [article for article in read(page_of(parcel.article)) if article.body.strip() or article.title]
    if not articles:
        raise BadRecord(Reason.EMPTY_BODY, "nothing on the page is an article")
    yield parcel.holding(articles)


def detect_language(parcel: Parcel) -> Iterator[Parcel]:
    """Tells the language of each article."""
    page = page_of(parcel.article)
    yield parcel.holding([extraction.with_language(article, page) for article in parcel.articles])


def find_mentions(parcel: Parcel) -> Iterator[Parcel]:
    """Finds entities, times and figures."""
    yield parcel.holding([extraction.with_mentions(article) for article in parcel.articles])


def find_claims(parcel: Parcel) -> Iterator[Parcel]:
    """Finds claims: who says what, how sure."""
    yield parcel.holding([extraction.with_claims(article) for article in parcel.articles])


def page_of(raw: RawArticle) -> Page:
    """The message as the text side takes it."""
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

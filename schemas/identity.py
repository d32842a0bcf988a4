"""Ids, made from content: an article, claim or figure has the same id however often it is processed."""

import hashlib
import re
import unicodedata
from datetime import UTC, datetime

from schemas.records import RawArticle

_ID_LENGTH = 24
"""Hex digits of an id: 96 bits, so that a billion articles collide with a chance of about 1 in 10^11."""


def digest(*parts: str) -> str:
    """Returns the first `_ID_LENGTH` hex digits of the SHA-256 of the parts, which are separated unambiguously."""
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


def article_id(canonical_url: str, body: str) -> str:
    """Returns the id of an article: from its canonical URL, or from its body if it has none.

    An entry of a feed that shares its URL with others has an `entry_id` instead.
    """
    return digest("url", canonical_url) if canonical_url else digest("body", plain(body))


def entry_id(place: str, kind: str, value: str) -> str:
    """Returns the id of a feed's entry whose link leads to more than one article.

    It is made from the link and from what tells the entry from the others: `kind` is `guid`, `title`,
    `text`, or `key` for its key in the memory of the feed, if it has nothing else of its own.
    """
    return digest("entry", place, kind, value)


def item_id(page_id: str, item_url: str | None, title: str) -> str:
    """Returns the id of one item of a digest page: from its own link, else from the page and the title."""
    return article_id(item_url, "") if item_url else digest("item", page_id, plain(title))


def claim_id(article: str, field: str, start: int, end: int, cue_start: int) -> str:
    """Returns the id of a claim: from its article, field and position, and the cue, which differs within a sentence."""
    return digest("claim", article, field, str(start), str(end), str(cue_start))


def figure_id(article: str, field: str, start: int, end: int) -> str:
    """Returns the id of a figure: from its article, field and position."""
    return digest("figure", article, field, str(start), str(end))


def plain(text: str) -> str:
    """Returns the text without what a repost changes: case, white space and Unicode form."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def content_hash(article: RawArticle) -> str:
    """Returns a hash of everything that a reader sees: title, author, publisher, body, language, date and scope."""
    published = article.published_at.astimezone(UTC).isoformat() if article.published_at else ""
    parts = (article.title, article.author, article.publisher, article.body, article.content_type, article.language)
    joined = "\x1f".join([*(part or "" for part in parts), published, article.content_scope])
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def revision_of(fetched_at: datetime) -> int:
    """Returns the revision of a fetch at this time: milliseconds since 1970."""
    return int(fetched_at.timestamp() * 1000)

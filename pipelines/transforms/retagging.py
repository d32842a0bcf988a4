"""An article that is indexed already, marked with the watches of today: pure, without any server."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.ledger import INCOMPLETE, make_tagged_version
from pipelines.io.elasticsearch.stored import StoredSet
from pipelines.text.watches.matching import Watchlist
from schemas.errors import Permanent
from schemas.records import Article, Claim, Figure
from schemas.text import ArticleText

Tags = dict[str, tuple[str, ...]]
"""The names of watches, by the id of the document that they mark."""


def retag(stored: StoredSet, watchlist: Watchlist, names: Collection[str] = ()) -> DocumentSet | None:
    """The set with all watches of today, at its own revision; None where that changes nothing.

    With `names` only what changes about these watches counts as a change. A set whose last writing was interrupted is
    written again in any case. Raises `Permanent` for documents of another release.
    """
    tags, before = find_tags(stored, watchlist), read_tags(stored)
    interrupted = any(source["rules_version"] != stored.entry.rules_version for source in stored.sources())
    if not interrupted and not any(has_changed(before[id], found, names) for id, found in tags.items()):
        return None
    version = make_tagged_version(stored.entry.rules_version, tags)
    return DocumentSet(
        owner_id=stored.entry.article_id,
        revision=stored.entry.revision,
        rules_version=version,
        content_scope=stored.entry.content_scope,
        # The ledger must not take for unchanged what is indexed half in one way and half in the other.
        content_hash=INCOMPLETE if version == stored.entry.rules_version else stored.entry.content_hash,
        bucket=stored.entry.bucket,
        documents=tuple(
            mark_document(family, id, source, version, tags[id])
            for family, documents in stored.documents.items()
            for id, source in documents.items()
        ),
        origin=None,
    )


def find_tags(stored: StoredSet, watchlist: Watchlist) -> Tags:
    """What the watches of today match of the stored documents."""
    claims, figures = stored.documents["claims"], stored.documents["figures"]
    try:
        article = msgspec.convert(stored.article, Article)
        text = ArticleText(
            title=article.title,
            body=article.body,
            language=article.language,
            entities=article.entities,
            claims=tuple(msgspec.convert(source, Claim) for source in claims.values()),
            figures=tuple(msgspec.convert(source, Figure) for source in figures.values()),
        )
    except msgspec.ValidationError as error:
        raise Permanent(
            f"article {stored.entry.article_id} is indexed as another release wrote it ({error}): process it again"
        ) from error
    found = watchlist.tag(text)
    return {
        stored.entry.article_id: found.article,
        **dict(zip(claims, found.claims, strict=True)),
        **dict(zip(figures, found.figures, strict=True)),
    }


def read_tags(stored: StoredSet) -> Tags:
    """The watches that the stored documents carry."""
    return {
        id: tuple(source.get("watches") or ())
        for documents in stored.documents.values()
        for id, source in documents.items()
    }


def has_changed(before: Collection[str], after: Collection[str], names: Collection[str]) -> bool:
    """Whether the watches differ, or only those of these names where any are given."""
    different = set(before) ^ set(after)
    return bool(different & set(names) if names else different)


def mark_document(family: str, id: str, source: dict[str, Any], version: str, watches: tuple[str, ...]) -> Document:
    """The stored document with these watches, and its time of indexing beside it, as the sink wants it."""
    given = source | {"rules_version": version, "watches": watches}
    indexed_at = given.pop("indexed_at", None)
    return Document(family, id, msgspec.json.encode(given), datetime.fromisoformat(indexed_at) if indexed_at else None)

"""Marks an indexed article with the watches of today. Pure functions, without a server."""

from collections.abc import Collection
from typing import Any

import msgspec

from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.ledger import INCOMPLETE, make_tagged_version
from pipelines.io.elasticsearch.retractions import convert_document
from pipelines.io.elasticsearch.stored import StoredSet
from pipelines.text.watches.matching import Watchlist
from schemas.elasticsearch.takedowns import list_takedown_ids
from schemas.errors import Permanent
from schemas.records import Article, Claim, Figure
from schemas.text import ArticleText

Tags = dict[str, tuple[str, ...]]
"""The names of watches, by the id of the document that they mark."""


def retag(stored: StoredSet, watchlist: Watchlist, names: Collection[str] = ()) -> DocumentSet | None:
    """Returns the set with all watches of today, at its own revision; None if that changes nothing.

    With `names`, only differences in these watches count. A set whose last write was interrupted is written again in
    any case. Raises `Permanent` for documents of another release.
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
        # A set that is indexed half in one way and half in the other must not count as unchanged.
        content_hash=INCOMPLETE if version == stored.entry.rules_version else stored.entry.content_hash,
        bucket=stored.entry.bucket,
        documents=tuple(
            mark_document(family, id, source, version, tags[id])
            for family, documents in stored.documents.items()
            for id, source in documents.items()
        ),
        origin=None,
        takedown_ids=list_takedown_ids(
            (stored.article.get("parent_id"),), (stored.article.get("url"), stored.article.get("canonical_url"))
        ),
    )


def copy_stored(stored: StoredSet) -> DocumentSet:
    """Returns the stored set as it is, to write it into another generation."""
    return DocumentSet(
        owner_id=stored.entry.article_id,
        revision=stored.entry.revision,
        rules_version=stored.entry.rules_version,
        content_scope=stored.entry.content_scope,
        content_hash=stored.entry.content_hash,
        bucket=stored.entry.bucket,
        documents=tuple(
            mark_document(family, id, source, source["rules_version"], tuple(source.get("watches") or ()))
            for family, documents in stored.documents.items()
            for id, source in documents.items()
        ),
        origin=None,
        takedown_ids=list_takedown_ids(
            (stored.article.get("parent_id"),), (stored.article.get("url"), stored.article.get("canonical_url"))
        ),
    )


def find_tags(stored: StoredSet, watchlist: Watchlist) -> Tags:
    """Returns the watches of today that match each stored document."""
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
            f"Article {stored.entry.article_id} was indexed by another release ({error}): process it again"
        ) from error
    found = watchlist.tag(text)
    return {
        stored.entry.article_id: found.article,
        **dict(zip(claims, found.claims, strict=True)),
        **dict(zip(figures, found.figures, strict=True)),
    }


def read_tags(stored: StoredSet) -> Tags:
    """Returns the watches that the stored documents have."""
    return {
        id: tuple(source.get("watches") or ())
        for documents in stored.documents.values()
        for id, source in documents.items()
    }


def has_changed(before: Collection[str], after: Collection[str], names: Collection[str]) -> bool:
    """Returns whether the watches differ; if there are `names`, only those count."""
    different = set(before) ^ set(after)
    return bool(different & set(names) if names else different)


def mark_document(family: str, id: str, source: dict[str, Any], version: str, watches: tuple[str, ...]) -> Document:
    """Returns the stored document with these watches; it keeps its time of indexing."""
    return convert_document(family, id, source | {"rules_version": version, "watches": watches})

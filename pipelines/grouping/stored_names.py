"""Names the claimants and entities of a stored article again, as the job names those of a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from pipelines.grouping.claimants.aliases import Aliases
from pipelines.grouping.claimants.entities import name_article
from pipelines.grouping.claimants.records import make_article_fields, make_claim_fields, make_figure_fields
from pipelines.io.elasticsearch.stored import Source, StoredSet
from schemas.errors import Permanent
from schemas.records import Article, Claim
from schemas.text import ArticleText


def rename(stored: StoredSet, aliases: Aliases) -> StoredSet | None:
    """Returns the set with claimants and entities named again; None if that changes nothing. Raises as `read_text`."""
    text = name_article(read_text(stored), aliases)
    documents = stored.documents
    claims = {id: make_claim_fields(claim, text) for id, claim in zip(documents["claims"], text.claims, strict=True)}
    figures = {}
    for id, source in documents["figures"].items():
        claim = claims.get(source.get("claim_id") or "", {})
        figures[id] = make_figure_fields(claim.get("claimant"), claim.get("entities", ()))
    changed = {
        "articles": find_changed(documents["articles"], {stored.entry.article_id: make_article_fields(text)}),
        "claims": find_changed(documents["claims"], claims),
        "figures": find_changed(documents["figures"], figures),
    }
    if not any(changed.values()):
        return None
    return replace(stored, documents={family: found | changed.get(family, {}) for family, found in documents.items()})


def find_changed(documents: Mapping[str, Source], named: Mapping[str, dict[str, Any]]) -> dict[str, Source]:
    """Returns the documents in which one of the named fields has another value, with the new values."""
    changed: dict[str, Source] = {}
    for id, source in documents.items():
        fields = msgspec.json.decode(msgspec.json.encode(named[id]))
        if any(source.get(name) != value for name, value in fields.items()):
            changed[id] = source | fields
    return changed


def read_text(stored: StoredSet) -> ArticleText:
    """Returns the article as the naming needs it. Raises `Permanent` for documents of another release."""
    try:
        article = msgspec.convert(stored.article, Article)
        claims: Sequence[Claim] = [msgspec.convert(each, Claim) for each in stored.documents["claims"].values()]
    except msgspec.ValidationError as error:
        raise Permanent(
            f"Article {stored.entry.article_id} was indexed by another release ({error}): process it again"
        ) from error
    return ArticleText(title=article.title, body=article.body, entities=article.entities, claims=tuple(claims))

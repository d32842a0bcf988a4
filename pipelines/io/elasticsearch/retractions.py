"""What the sink does when a publisher retracts an article: its documents stay and say so.

The message of a retraction has no text. Its documents are those that are stored, or that come before it in the batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.ledger import WritePlan
from pipelines.io.elasticsearch.stored import StoredSet, read_stored

NOT_THERE = "not_there"
"""The outcome of a retraction of an article that is not stored."""


def fill_retractions(sender: BulkSender, sets: Sequence[DocumentSet], generation: int) -> list[DocumentSet]:
    """Returns the sets, with documents in those that are retractions. Those of unknown articles stay empty."""
    owners = [each.owner_id for each in sets if each.retraction]
    if not owners:
        return list(sets)
    stored = {found.entry.article_id: convert_stored(found) for found in read_stored(sender, owners, generation)}
    filled = []
    for each in sets:
        if each.retraction:
            before = stored.get(each.owner_id)
            filled.append(retract(each, before) if before else each)
            continue
        before = stored.get(each.owner_id)
        if before is None or before.revision <= each.revision:
            stored[each.owner_id] = each
        filled.append(each)
    return filled


def retract(found: DocumentSet, before: DocumentSet) -> DocumentSet:
    """Returns the retraction with the documents of the article as it was before, marked as retracted."""
    changes = {"revision": found.revision, "retraction": found.retraction, "retracted_at": found.retracted_at}
    documents = tuple(
        replace(document, source=msgspec.json.encode(msgspec.json.decode(document.source) | changes))
        for document in before.documents
    )
    return replace(
        found,
        documents=documents,
        rules_version=before.rules_version,
        content_scope=before.content_scope,
        takedown_ids=tuple(dict.fromkeys((*found.takedown_ids, *before.takedown_ids))),
    )


def convert_stored(stored: StoredSet) -> DocumentSet:
    """Returns the documents of an article as they are stored."""
    entry = stored.entry
    return DocumentSet(
        owner_id=entry.article_id,
        revision=entry.revision,
        rules_version=entry.rules_version,
        content_scope=entry.content_scope,
        content_hash=entry.content_hash,
        bucket=entry.bucket,
        documents=tuple(
            convert_document(family, id, source)
            for family, documents in stored.documents.items()
            for id, source in documents.items()
        ),
        origin=None,
    )


def convert_document(family: str, id: str, source: dict[str, Any]) -> Document:
    """Returns a stored document as the sink writes it. It keeps its time of indexing; the sink sets its mark."""
    given = {name: value for name, value in source.items() if name not in ("indexed_at", "mark")}
    indexed_at = source.get("indexed_at")
    return Document(
        family,
        id,
        msgspec.json.encode(given),
        datetime.fromisoformat(indexed_at) if indexed_at else None,
        claim_id=source.get("claim_id"),
    )


def split_unknown(sets: Iterable[DocumentSet]) -> tuple[list[DocumentSet], list[WritePlan]]:
    """Returns the sets that have documents, and a plan that does nothing for each retraction without any."""
    known: list[DocumentSet] = []
    plans: list[WritePlan] = []
    for each in sets:
        if each.retraction and not each.documents:
            plans.append(WritePlan(each.owner_id, each.bucket, skipped=(NOT_THERE,)))
        else:
            known.append(each)
    return known, plans

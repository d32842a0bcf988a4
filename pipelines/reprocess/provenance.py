"""Lets a re-processed article look as old as it is: no alert is raised by it, and none loses what it compares with."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from pipelines.io.elasticsearch.documents import Document, DocumentSet


def keep_provenance(found: DocumentSet, before: Mapping[str, Any]) -> DocumentSet:
    """Returns the set whose documents have the mode and the time of indexing that the live generation has for them.

    `before` are the article's live documents by id. What the live generation does not have is a backfill: it was not
    news when it was indexed, and is none now.
    """
    return replace(found, documents=tuple(_keep(document, before.get(document.id)) for document in found.documents))


def _keep(document: Document, before: Mapping[str, Any] | None) -> Document:
    source = msgspec.json.decode(document.source)
    if before is None:
        mode = "backfill" if source.get("ingest_mode") == "live" else source.get("ingest_mode")
        return replace(document, source=msgspec.json.encode(source | {"ingest_mode": mode}))
    source["ingest_mode"] = before.get("ingest_mode", "live")
    indexed_at = before.get("indexed_at")
    return replace(
        document,
        source=msgspec.json.encode(source),
        indexed_at=datetime.fromisoformat(indexed_at) if indexed_at else None,
    )

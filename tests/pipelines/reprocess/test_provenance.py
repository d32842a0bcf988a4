"""What is processed again does not look new."""

import json

from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.reprocess.provenance import keep_provenance


def make_set(mode: str) -> DocumentSet:
    documents = tuple(
        Document(family, id, json.dumps({"text": id, "ingest_mode": mode}).encode())
        for family, id in (("articles", "a"), ("claims", "known"), ("claims", "found"))
    )
    return DocumentSet("a", 5, "r", "full", "h", "2024", documents, None)


def test_live_documents_keep_mode_and_time_and_others_are_a_backfill() -> None:
    before = {
        "a": {"ingest_mode": "live", "indexed_at": "2026-11-01T10:00:00Z"},
        "known": {"ingest_mode": "live", "indexed_at": "2026-11-01T10:00:00Z"},
    }
    article, known, found = keep_provenance(make_set("live"), before).documents
    for document in (article, known):
        assert json.loads(document.source) == {"text": document.id, "ingest_mode": "live"}
        assert document.indexed_at is not None
        assert document.indexed_at.isoformat() == "2026-11-01T10:00:00+00:00"
    assert json.loads(found.source)["ingest_mode"] == "backfill"
    assert found.indexed_at is None


def test_replay_stays_one() -> None:
    article, *_ = keep_provenance(make_set("live"), {"a": {"ingest_mode": "replay"}}).documents
    assert json.loads(article.source)["ingest_mode"] == "replay"
    article, *_ = keep_provenance(make_set("replay"), {}).documents
    assert json.loads(article.source)["ingest_mode"] == "replay"

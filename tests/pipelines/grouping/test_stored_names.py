"""Stored articles are named again as the job names new ones, and only what changes is written."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.grouping.claimants.aliases import NO_ALIASES, Aliases, read_aliases
from pipelines.grouping.stored_names import rename
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import make_entry
from pipelines.io.elasticsearch.stored import StoredSet
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.claimants import NameClaimants
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from schemas.errors import Permanent
from tests.pipelines.messages import message, record

BODY = (
    "VARNHOLM - Nordmark Ferries said on Monday that the Harbour Board had lost 41 boats in Varnholm. "
    "Vladimir Zelensky denied it. Sergei Belov met Volodymyr Zelenskyy on Tuesday."
)
MERGED = read_aliases(
    [{"decision": "merge", "from_id": "name/harbour-board", "to_id": "name/varnholm-port", "to_name": "Varnholm Port"}]
)


def store(aliases: Aliases = NO_ALIASES) -> StoredSet:
    """Returns the article as a job stores it that names by these decisions."""
    step = NameClaimants()
    step.aliases = aliases
    elements: list[Any] = [Parcel(record(message(1, title="Boats", body=BODY)))]
    for rule in (decode, Normalize(), detect_language, find_mentions, find_claims, step, to_documents):
        elements = [result for element in elements for result in rule(element)]
    [found] = elements
    assert isinstance(found, DocumentSet)
    families: dict[str, dict[str, Any]] = {"articles": {}, "claims": {}, "figures": {}}
    for document in found.documents:
        source = json.loads(document.source)
        families[document.family][document.id] = source | {"processed_at": "2024-11-05T08:00:00Z"}
    return StoredSet(make_entry(found, found.bucket, datetime(2024, 11, 5, 8, tzinfo=UTC)), families)


def test_what_the_job_has_named_stays() -> None:
    assert rename(store(), NO_ALIASES) is None
    assert rename(store(MERGED), MERGED) is None


def test_decision_changes_what_the_job_would_name_otherwise_and_is_taken_back() -> None:
    before, after = store(), store(MERGED)
    assert before.documents != after.documents
    merged = rename(before, MERGED)
    assert merged is not None
    assert merged.documents == after.documents
    back = rename(merged, NO_ALIASES)
    assert back is not None
    assert back.documents == before.documents


def test_names_reach_article_claims_figures_and_parties() -> None:
    stored = store(MERGED)
    assert "Varnholm Port" in {each["name"] for each in stored.article["entities"]}
    [figure] = stored.documents["figures"].values()
    claim = stored.documents["claims"][figure["claim_id"]]
    assert "Varnholm Port" in claim["entities"]
    assert figure["entities"] == claim["entities"]
    assert ("Varnholm Port", "Harbour Board") in {(each["name"], each["written"]) for each in claim["parties"]}


def test_article_of_the_last_release_gets_its_names() -> None:
    old, new = store(), store()
    for each in old.article["entities"]:
        each["name"] = each["written"][0]
        for name in ("id", "written", "parts"):
            del each[name]
    # Two spellings of one name were two entities.
    [joined] = [each for each in new.article["entities"] if each["parts"]]
    old.article["entities"] = [
        part
        for each in old.article["entities"]
        for part in (joined["parts"] if each["name"] == joined["written"][0] else [each])
    ]
    old.article["entities"].sort(key=lambda each: each["mentions"])
    for claim in old.documents["claims"].values():
        claim["claimant"] = claim["claimant"] and {
            "name": claim["claimant"]["written"],
            "kind": claim["claimant"]["kind"],
            "start": claim["claimant"]["start"],
            "end": claim["claimant"]["end"],
        }
        claim["parties"] = [{"name": each["written"], "kind": each["kind"], "role": each["role"]}
                            for each in claim["parties"]]  # fmt: skip
    named = rename(old, NO_ALIASES)
    assert named is not None
    assert named.documents == new.documents


def test_documents_of_another_release_are_named() -> None:
    stored = store()
    stored.article["entities"] = [{"nom": "x"}]
    with pytest.raises(Permanent, match=f"Article {stored.entry.article_id} was indexed by another release"):
        rename(stored, NO_ALIASES)

"""An article that its publisher took back stays, and says so."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.test_sink import outcomes
from tests.pipelines.io.elasticsearch.test_takedowns import Sink
from tests.pipelines.messages import fields, message, record

WHEN = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def sink() -> Sink:
    return Sink()


def retraction(owner: str = "a", revision: int = 6) -> DocumentSet:
    given = article_set(owner, revision, content="retracted: gone", rules="")
    return replace(given, documents=(), retraction="gone", retracted_at=WHEN)


def states(sink: Sink) -> dict[str, Any]:
    """How each document that is there was retracted, by id."""
    return {
        id: there.source.get("retraction")
        for (index, id), there in sink.server.documents.items()
        if there.source and not index.startswith("ledger")
    }


def test_article_claims_and_figures_stay_and_are_marked(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"], ["f1"]), article_set("b", 5, ["d1"]))
    before = sink.server.source("articles", "a")
    sink.write(retraction())
    assert states(sink) == {"a": "gone", "c1": "gone", "f1": "gone", "b": None, "d1": None}
    after = sink.server.source("articles", "a")
    assert (after["body"], after["indexed_at"]) == (before["body"], before["indexed_at"])
    assert (after["revision"], after["retracted_at"]) == (6, "2026-03-02T00:00:00Z")
    assert sink.server.source("ledger", "a")["claim_ids"] == ["c1"]
    assert outcomes() == {"written": 1}


def test_retraction_in_the_batch_of_its_text_is_not_lost(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"]), retraction())
    assert states(sink) == {"a": "gone", "c1": "gone"}


def test_late_text_does_not_undo_it_and_a_newer_text_does(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"], content="same"))
    sink.write(retraction(revision=7))
    sink.write(article_set("a", 6, ["c1"], content="same"))
    assert states(sink) == {"a": "gone", "c1": "gone"}
    sink.write(article_set("a", 8, ["c1"], content="same"))
    assert states(sink) == {"a": None, "c1": None}


def test_retraction_that_comes_again_changes_nothing(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"]))
    sink.write(retraction())
    sink.write(retraction())
    assert outcomes() == {"unchanged": 1}
    assert states(sink) == {"a": "gone", "c1": "gone"}


def test_retraction_of_an_unknown_article_writes_nothing(sink: Sink) -> None:
    sink.write(retraction())
    assert states(sink) == {}
    assert outcomes() == {"not_there": 1}


def test_message_of_a_retraction_passes_the_steps_without_text() -> None:
    parcel = Parcel(record(message(1, body="", retraction="feed")))
    for step in (decode, Normalize(), detect_language, find_mentions, find_claims):
        (parcel,) = step(parcel)
    (found,) = to_documents(parcel)
    assert (found.owner_id, found.documents, found.retraction) == (fields(1)["article_id"], (), "feed")

"""The sink sets analysts' marks on the claims and figures that it writes, also those that come while it writes."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.writer import BatchWriter, SinkTopics
from pipelines.io.kafka.publishing import Publisher
from schemas.elasticsearch.indices import MARKS
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.fake_elasticsearch import MemoryClient, MemoryElasticsearch, Stored, error
from tests.pipelines.io.kafka.fake_kafka import MemoryProducer


@dataclass
class Busy(MemoryElasticsearch):
    """A server on which something happens before the nth bulk request and after it."""

    happens: dict[int, Callable[[], None]] = field(default_factory=dict)
    bulks: int = 0

    def bulk(self, body: bytes) -> Any:
        if act := self.happens.pop(self.bulks, None):
            act()
        self.bulks += 1
        return super().bulk(body)


@dataclass
class Sink:
    """The writer, a server and a broker."""

    server: Busy = field(default_factory=Busy)
    producer: MemoryProducer = field(default_factory=MemoryProducer)

    def write(self, *batch: DocumentSet) -> None:
        topics = SinkTopics(lambda: self.producer, {"claims": "claims"}, "dead-letters")
        BatchWriter(BulkSender(MemoryClient(self.server)), Publisher(self.producer), topics).write(batch)  # type: ignore[arg-type]

    def mark(self, claim: str, mark: str | None) -> None:
        """An analyst's mark, or its removal, as stored."""
        self.server.documents[MARKS.index(""), claim] = Stored(1, {"claim_id": claim, "mark": mark} if mark else None)

    def indexed(self, family: str = "claims") -> dict[str, str | None]:
        return {id: self.server.source(family, id).get("mark") for id in sorted(self.server.ids(family))}

    def published(self) -> dict[str, str | None]:
        latest = {key: value for key, value in self.producer.latest("claims").items() if key and value}
        return {key.decode(): json.loads(value).get("mark") for key, value in sorted(latest.items())}


def article(revision: int = 5, **options: Any) -> DocumentSet:
    """Two claims, of which the first has a figure, and a figure of no claim."""
    made = article_set("a", revision, ["c1", "c2"], **options)
    common = {"article_id": "a", "revision": revision}
    figures = [
        Document("figures", id, json.dumps(common | {"figure_id": id, "claim_id": claim}).encode(), claim_id=claim)
        for id, claim in (("f1", "c1"), ("f2", None))
    ]
    return replace(made, documents=(*made.documents, *figures))


@pytest.fixture
def sink() -> Sink:
    return Sink()


def test_mark_is_set_on_the_claim_its_figures_and_the_message(sink: Sink) -> None:
    sink.mark("c1", "wrong")
    sink.write(article())
    assert sink.indexed() == sink.published() == {"c1": "wrong", "c2": None}
    assert sink.indexed("figures") == {"f1": "wrong", "f2": None}


def test_mark_survives_newer_revisions_other_rules_and_redelivery(sink: Sink) -> None:
    sink.write(article())
    sink.mark("c2", "duplicate")
    for again in (article(6), article(6, rules="r2"), article(6, rules="r2")):
        sink.write(again)
        assert sink.published() == {"c1": None, "c2": "duplicate"}
    assert sink.indexed() == {"c1": None, "c2": "duplicate"}


def test_mark_that_is_removed_goes_with_the_next_write(sink: Sink) -> None:
    sink.mark("c1", "wrong")
    sink.write(article())
    sink.mark("c1", None)
    sink.write(article(6))
    assert sink.indexed() == sink.published() == {"c1": None, "c2": None}


def test_mark_of_a_claim_that_is_not_there_changes_nothing(sink: Sink) -> None:
    sink.mark("gone", "wrong")
    sink.write(article())
    assert sink.indexed() == {"c1": None, "c2": None}


@pytest.mark.parametrize(("first", "then"), [(None, "wrong"), ("wrong", "duplicate"), ("wrong", None)])
def test_mark_that_changes_during_the_write_is_written_too(sink: Sink, first: str | None, then: str | None) -> None:
    sink.mark("c1", first)
    sink.server.happens[0] = lambda: sink.mark("c1", then)
    sink.write(article())
    assert sink.indexed() == sink.published() == {"c1": then, "c2": None}
    assert sink.indexed("figures") == {"f1": then, "f2": None}


def test_mark_that_changes_during_the_second_write_is_written_too(sink: Sink) -> None:
    sink.server.happens = {0: lambda: sink.mark("c1", "wrong"), 1: lambda: sink.mark("c2", "duplicate")}
    sink.write(article())
    assert sink.indexed() == sink.published() == {"c1": "wrong", "c2": "duplicate"}


def test_mark_that_comes_while_an_unchanged_claim_is_published_again_is_published(sink: Sink) -> None:
    sink.write(article())
    sink.producer.on_flush = lambda: sink.mark("c1", "wrong")
    sink.write(article())
    assert sink.published() == {"c1": "wrong", "c2": None}


def test_second_write_leaves_other_documents_and_deletions_alone(sink: Sink) -> None:
    sink.write(article())
    sink.server.happens[sink.server.bulks] = lambda: sink.mark("c1", "wrong")
    sink.server.requests.clear()
    sink.write(article_set("a", 6, ["c1"]))
    first, second, _ledger = [body for path, body in sink.server.requests if path == "/_bulk"]
    assert first.count(b'"delete"') == 3
    assert [json.loads(line)["index"]["_id"] for line in second.splitlines()[::2]] == ["c1"]


def test_claim_that_was_refused_is_not_published_with_its_late_mark(sink: Sink) -> None:
    refused = error(400, "document_parsing_exception")
    sink.server.item_faults["c1"] = deque([refused, refused])
    sink.server.happens[0] = lambda: sink.mark("c1", "wrong")
    sink.write(article())
    assert sink.published() == {"c2": None}
    assert sink.server.source("ledger", "a")["content_hash"] == ""

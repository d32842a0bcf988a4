"""The sink writes nothing of an article that was taken down, whenever the takedown comes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipelines import counters
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.takedowns import INDEX, list_ids
from pipelines.io.elasticsearch.writer import BatchWriter, SinkTopics
from pipelines.io.kafka.publishing import Publisher
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from schemas.elasticsearch.takedowns import page_takedown_id
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.fake_elasticsearch import Died, MemoryClient, MemoryElasticsearch, Stored
from tests.pipelines.io.elasticsearch.test_sink import letter, outcomes
from tests.pipelines.io.kafka.fake_kafka import MemoryProducer
from tests.pipelines.messages import article, record

PAGE = "https://harbour-post.example/quay"


@dataclass
class MemoryServer(MemoryElasticsearch):
    """Elasticsearch in memory; `before` is called with the number of each request before it is answered."""

    before: Callable[[int], None] = lambda _: None

    def answer(self, path: str, body: bytes) -> tuple[int, Any, Any]:
        self.before(len(self.requests))
        return super().answer(path, body)

    def take_down(self, id: str, **changes: Any) -> None:
        self.documents[INDEX, id] = Stored(1, {"takedown_id": id, "lifted_at": None, **changes})

    def left(self) -> set[str]:
        """Everything but the takedowns."""
        return {id for (index, id), there in self.documents.items() if there.source and index != INDEX}


@dataclass
class Sink:
    """The writer on servers in memory."""

    server: MemoryServer = field(default_factory=MemoryServer)
    producer: MemoryProducer = field(default_factory=MemoryProducer)

    def write(self, *batch: Any) -> None:
        counters.reset()
        self.producer.waiting.clear()
        topics = SinkTopics(lambda: self.producer, {"claims": "claims"}, "dead-letters")
        BatchWriter(BulkSender(MemoryClient(self.server)), Publisher(self.producer), topics).write(batch)  # type: ignore[arg-type]

    def claims(self) -> dict[str, bool]:
        """Whether the last message of each claim has a value."""
        sent = [message for message in self.producer.sent if message.topic == "claims"]
        return {message.key.decode(): message.value is not None for message in sent}


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.mark.parametrize("id", ["a", "page"])
def test_taken_down_article_is_not_written(sink: Sink, id: str) -> None:
    sink.server.take_down(id)
    sink.write(article_set("a", 5, ["c1"], takedown_ids=("page",)), article_set("b", 5, ["d1"]))
    assert sink.server.left() == {"b", "d1"}
    assert outcomes() == {"taken_down": 1, "written": 1}


def test_what_is_there_is_deleted_with_its_ledger_entry_and_messages(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1", "c2"], ["f1"], bucket="2023"))
    sink.server.take_down("a")
    sink.write(article_set("a", 6, ["c2", "c3"]), article_set("a", 7, ["c4"]))
    assert not sink.server.left()
    assert sink.claims() == dict.fromkeys(["c1", "c2", "c3", "c4"], False)
    assert outcomes() == {"taken_down": 2}


@pytest.mark.parametrize("moment", range(9))
def test_takedown_while_the_batch_is_written_leaves_nothing(sink: Sink, moment: int) -> None:
    """The requests are: generations, look, ledger, documents, marks, ledger, dead letter, ledger, the second look."""
    sink.server.before = lambda number: sink.server.take_down("a") if number == moment else None
    sink.write(article_set("a", 5, ["c1"], ["f1"]), letter(original=b'{"url": "x"}', key="a"))
    assert not sink.server.left()
    assert not any(value for topic in ("claims", "dead-letters") for value in sink.producer.latest(topic).values())
    assert outcomes()["taken_down"] >= 1


def test_takedown_after_the_second_look_is_left_to_the_command(sink: Sink) -> None:
    """Everything that it has to delete is written by then: also the ledger, which names the children."""
    sink.write(article_set("a", 5, ["c1"]))
    reads = [number for number, (path, _) in enumerate(sink.server.requests) if path == "/_msearch"]
    writes = [number for number, (path, _) in enumerate(sink.server.requests) if path == "/_bulk"]
    assert reads[-1] > max(writes)


def test_documents_of_a_run_that_died_before_the_ledger_are_deleted(sink: Sink) -> None:
    sink.server.dies_before = 4  # the ledger is not written
    with pytest.raises(Died):
        sink.write(article_set("a", 5, ["c1"], ["f1"]))
    sink.server.dies_before = None
    assert sink.server.left() == {"a", "c1", "f1"}
    sink.server.take_down("a")
    sink.write(article_set("a", 5, ["c1"], ["f1"]))
    assert not sink.server.left()


def test_claims_that_would_be_published_again_are_not(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"]))
    sink.server.take_down("a")
    sink.write(article_set("a", 5, ["c1"]))
    assert sink.claims() == {"c1": False}


def test_lifted_takedown_covers_nothing(sink: Sink) -> None:
    sink.server.take_down("a", lifted_at="2026-11-03T00:00:00Z")
    sink.write(article_set("a", 5, ["c1"]))
    assert sink.server.left() == {"a", "c1"}
    assert outcomes() == {"written": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"original": json.dumps({"url": PAGE + "#2"}).encode()},
        {"original": b'broken {"url" : "' + PAGE.encode() + b'", "body": "'},
        {"original": b"nothing", "key": page_takedown_id(PAGE)},
    ],
)
def test_dead_letter_of_a_page_that_was_taken_down_is_not_kept(sink: Sink, changes: dict[str, Any]) -> None:
    sink.server.take_down(page_takedown_id(PAGE))
    sink.write(letter(**changes), letter("d2", key="k" * 600, original=b"\xff"))
    assert sink.server.left() == {"d2"}
    assert [message.value for message in sink.producer.sent] == [b"\xff"]
    assert outcomes() == {"taken_down": 1, "dead_letter": 1}


def test_documents_carry_the_ids_of_their_page_and_addresses() -> None:
    raw = article(1)
    text = next(iter(to_sets(raw)))
    assert list_ids(text) == (raw.article_id, page_takedown_id(raw.url))


def to_sets(raw: Any) -> Any:
    from schemas.text import ArticleText

    text = ArticleText(title="A", body="The port was closed.", language="en")
    return to_documents(Parcel(record(b"{}"), raw=raw, articles=(text,)))

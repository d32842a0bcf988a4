"""A batch is in every generation that there is when it is written, also one that comes or goes meanwhile."""

import pytest

from pipelines import counters
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.generations import FixedGeneration, read_generations
from pipelines.io.elasticsearch.writer import BatchWriter, SinkTopics
from pipelines.io.kafka.publishing import Publisher
from schemas.codec import make_document
from schemas.elasticsearch.generations import CURRENT, convert_state
from schemas.elasticsearch.indices import GENERATIONS
from schemas.errors import Permanent
from schemas.records import GenerationState
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.fake_elasticsearch import MemoryClient, MemoryElasticsearch
from tests.pipelines.io.kafka.fake_kafka import MemoryProducer

SINGLE = GenerationState()
BUILDING = GenerationState(epoch=1, state="building", live=1, written=(1, 2), next=2, previous=1)
SWITCHED = GenerationState(epoch=2, state="switched", live=2, written=(2, 1), next=2, previous=1)
FINISHED = GenerationState(epoch=3, live=2, written=(2,))


class Server(MemoryElasticsearch):
    """A server at which the state changes just before its nth bulk request."""

    changes: dict[int, GenerationState]

    def set(self, state: GenerationState) -> None:
        """Writes the state."""
        self.act("index", {"_index": GENERATIONS.index(""), "_id": CURRENT}, make_document(state))

    def answer(self, path, body):  # type: ignore[no-untyped-def]
        if path == "/_bulk" and (state := self.changes.pop(sum(path == "/_bulk" for path, _ in self.requests), None)):
            self.set(state)
        return super().answer(path, body)


@pytest.fixture
def server() -> Server:
    made = Server()
    made.changes = {}
    counters.reset()
    return made


def make_writer(server: Server, producer: MemoryProducer | None = None) -> BatchWriter:
    sender = BulkSender(MemoryClient(server))  # type: ignore[arg-type]
    if producer is None:
        return BatchWriter(sender)
    topics = SinkTopics(lambda: producer, {"claims": "claims"}, "dead-letters")
    return BatchWriter(sender, Publisher(producer), topics)


def find_ids(server: Server, index: str) -> set[str]:
    return {id for (name, id), there in server.documents.items() if name.startswith(index) and there.source}


def test_without_a_state_there_is_one_generation(server: Server) -> None:
    make_writer(server).write([article_set("a", 5, ["c1"])])
    assert find_ids(server, "claims-g1") == {"c1"}
    assert not find_ids(server, "claims-g2")


def test_both_generations_have_documents_and_a_ledger_of_their_own(server: Server) -> None:
    server.set(BUILDING)
    writer = make_writer(server)
    writer.write([article_set("a", 5, ["c1", "c2"], ["f1"])])
    writer.write([article_set("a", 6, ["c2"])])
    for generation in ("g1", "g2"):
        assert find_ids(server, f"articles-{generation}") == {"a"}
        assert find_ids(server, f"claims-{generation}") == {"c2"}
        assert find_ids(server, f"figures-{generation}") == set()
        assert find_ids(server, f"ledger-{generation}") == {"a"}


def test_claims_are_published_and_counted_once(server: Server) -> None:
    server.set(BUILDING)
    producer = MemoryProducer()
    make_writer(server, producer).write([article_set("a", 5, ["c1"])])
    assert [message.key for message in producer.sent] == [b"c1"]
    counted = {labels[1]: value for (name, labels), value in counters.snapshot().items() if "records_total" in name}
    assert counted == {"written": 1}


def test_claims_that_only_the_other_generation_had_get_a_tombstone(server: Server) -> None:
    sender = BulkSender(MemoryClient(server))  # type: ignore[arg-type]
    BatchWriter(sender, generations=FixedGeneration(1)).write([article_set("a", 5, ["old"])])
    BatchWriter(sender, generations=FixedGeneration(2)).write([article_set("a", 5, ["new"])])
    server.set(SWITCHED)
    producer = MemoryProducer()
    make_writer(server, producer).write([article_set("a", 6, ["later"])])
    assert {key: value is None for key, value in producer.latest("claims").items()} == {
        b"later": False, b"new": True, b"old": True,
    }  # fmt: skip


@pytest.mark.parametrize("moment", [0, 1])
def test_batch_that_is_being_written_when_a_generation_comes_is_written_to_it_too(server: Server, moment: int) -> None:
    writer = make_writer(server)
    server.changes = {moment: BUILDING}
    writer.write([article_set("a", 5, ["c1"])])
    assert find_ids(server, "claims-g2") == {"c1"}
    assert find_ids(server, "ledger-g2") == {"a"}


def test_switch_needs_no_second_write(server: Server) -> None:
    server.set(BUILDING)
    writer = make_writer(server)
    server.changes = {0: SWITCHED}
    writer.write([article_set("a", 5, ["c1"])])
    assert sum(path == "/_bulk" for path, _ in server.requests) == 4  # documents and ledger of each generation
    assert writer.generations.recall() == SWITCHED


def test_claims_are_published_again_if_another_generation_is_live_when_the_batch_is_written(server: Server) -> None:
    """The switch may have published tombstones for them, before the generation that is live now had them."""
    server.set(BUILDING)
    producer = MemoryProducer()
    server.changes = {2: SWITCHED}  # when generation 1 is written and generation 2 is not
    make_writer(server, producer).write([article_set("a", 5, ["c1"])])
    assert [(message.key, message.value is None) for message in producer.sent] == [(b"c1", False), (b"c1", False)]
    assert find_ids(server, "claims-g2") == {"c1"}


def test_indices_that_go_while_they_are_written_stop_nothing(server: Server) -> None:
    server.set(SWITCHED)
    writer = make_writer(server)
    writer.write([article_set("a", 5, ["c1"])])
    server.set(FINISHED)
    server.missing.add("ledger-g1")
    writer.write([article_set("b", 5, ["c2"])])
    assert find_ids(server, "claims-g2") == {"c1", "c2"}


def test_missing_index_of_a_generation_that_is_written_stops(server: Server) -> None:
    server.set(BUILDING)
    server.missing.add("ledger-g2")
    with pytest.raises(Permanent, match="newsclaims init"):
        make_writer(server).write([article_set("a", 5)])


def test_fixed_generation_is_the_only_one(server: Server) -> None:
    server.set(BUILDING)
    sender = BulkSender(MemoryClient(server))  # type: ignore[arg-type]
    BatchWriter(sender, generations=FixedGeneration(2)).write([article_set("a", 5, ["c1"])])
    assert find_ids(server, "claims-g2") == {"c1"}
    assert not find_ids(server, "claims-g1")
    assert read_generations(sender) == BUILDING


def test_state_of_another_release_is_refused() -> None:
    with pytest.raises(Permanent, match="another release"):
        convert_state({"state": "half"})

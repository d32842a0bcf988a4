"""What a switch publishes of articles that another generation lacks, also of those that a job is writing just then."""

from functools import partial

import pytest

from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.generations import FixedGeneration
from pipelines.io.elasticsearch.overtaking import publish_again
from pipelines.io.elasticsearch.writer import BatchWriter
from pipelines.io.kafka.publishing import Publisher
from pipelines.reprocess import announcing
from pipelines.reprocess.announcing import announce_gone
from pipelines.reprocess.comparing import GenerationPair
from schemas.elasticsearch.indices import LEDGER
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.fake_elasticsearch import MemoryClient, MemoryElasticsearch
from tests.pipelines.io.kafka.fake_kafka import MemoryProducer

ARTICLE = article_set("a", 5, ["c1", "c2"])


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> GenerationPair:
    """Two generations, of which the first has an article."""
    monkeypatch.setattr(announcing, "iterate_ledger", lambda *_: iter([("a", 5)]))
    sender = BulkSender(MemoryClient(MemoryElasticsearch()))  # type: ignore[arg-type]
    write(sender, 1)
    return GenerationPair(None, sender, 1, 2)  # type: ignore[arg-type]


def write(sender: BulkSender, generation: int) -> None:
    BatchWriter(sender, generations=FixedGeneration(generation)).write([ARTICLE])


def announce(pair: GenerationPair, producer: MemoryProducer) -> dict[str, bool]:
    """Announces what is gone. Returns whether the last message of each claim has a value."""
    announce_gone(pair, Publisher(producer))
    return {(key or b"").decode(): value is not None for key, value in producer.latest("claims").items()}


def test_claims_of_an_article_that_is_gone_get_tombstones(pair: GenerationPair) -> None:
    assert announce(pair, MemoryProducer()) == {"c1": False, "c2": False}


def test_claims_of_an_article_that_is_there_get_none(pair: GenerationPair) -> None:
    write(pair.sender, 2)
    assert announce(pair, MemoryProducer()) == {}


def test_article_that_a_job_writes_while_tombstones_are_published_is_published_again(pair: GenerationPair) -> None:
    producer = MemoryProducer()
    producer.on_flush = lambda: write(pair.sender, 2)
    assert announce(pair, producer) == {"c1": True, "c2": True}


def test_article_of_which_the_ledger_is_not_written_yet_is_waited_for(
    pair: GenerationPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = pair.sender.client.server
    producer = MemoryProducer()
    entries = []

    def begin() -> None:
        write(pair.sender, 2)
        entries.append(server.documents.pop((LEDGER.index("", 2), "a")))
        producer.on_flush = lambda: None

    def end(_: float) -> bool:
        server.documents[LEDGER.index("", 2), "a"] = entries[0]
        return False

    producer.on_flush = begin
    monkeypatch.setattr(announcing, "publish_again", partial(publish_again, wait=end))
    assert announce(pair, producer) == {"c1": True, "c2": True}

"""The sink with the real servers, which decide about versions, mappings and deletions."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

import schemas
from deploy import bootstrap
from deploy.kafka_producer import producer_options
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.sink import WriteToElasticsearch
from pipelines.io.elasticsearch.writer import BatchWriter, SinkTopics
from pipelines.io.kafka.publishing import Publisher
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent, Retryable
from tests.conftest import Stack
from tests.pipelines.io.elasticsearch.article_sets import article_set

pytestmark = pytest.mark.integration

BUCKET = "1999"
"""No other test writes articles of that year."""
EXAMPLES = Path(schemas.__file__).parent / "examples"


class NoProducer(Publisher):
    """The death of the process between documents and ledger."""

    def __init__(self) -> None:
        super().__init__(None)

    def publish(self, _messages: Any) -> Any:
        raise Retryable("died here")


@dataclass
class Servers:
    """A writer without Kafka, and what it left."""

    client: Elasticsearch
    owner: str

    def write(self, *batch: DocumentSet, publisher: Publisher | None = None) -> None:
        topics = SinkTopics(lambda: None, {"claims": "claims"}, "dead-letters") if publisher else None
        BatchWriter(BulkSender(self.client), publisher, topics).write(batch)

    def set(self, revision: int, claims: tuple[str, ...] = (), **changes: Any) -> DocumentSet:
        """A revision of this test's article."""
        ids = [f"{self.owner}-{id}" for id in claims]
        return article_set(self.owner, revision, ids, bucket=BUCKET, **changes)

    def found(self, family: str) -> dict[str, dict[str, Any]]:
        """The documents of this test's article in a family."""
        self.client.indices.refresh(index=family)
        hits = self.client.search(index=family, query={"term": {"article_id": self.owner}}, size=100)["hits"]["hits"]
        return {hit["_id"].removeprefix(f"{self.owner}-"): hit["_source"] for hit in hits}


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[Elasticsearch]:
    bootstrap.init(stack.settings)
    with Elasticsearch(**stack.settings.elasticsearch.client_options()) as made:
        yield made
        made.indices.delete(index=[FAMILIES[name].index(BUCKET) for name in ("articles", "claims", "figures")],
                            ignore_unavailable=True)  # fmt: skip


@pytest.fixture
def servers(client: Elasticsearch) -> Servers:
    return Servers(client, uuid.uuid4().hex)


def test_newer_revision_replaces_and_deletes_gone_children(servers: Servers) -> None:
    servers.write(servers.set(5, ("c1", "c2")))
    servers.write(servers.set(6, ("c2", "c3")))
    assert servers.found("claims").keys() == {"c2", "c3"}
    [article] = servers.found("articles").values()
    assert article["revision"] == 6
    assert article["indexed_at"]


def test_older_unchanged_and_teaser_change_nothing(servers: Servers) -> None:
    servers.write(servers.set(5, ("c1",), content="same"))
    before = servers.found("articles"), servers.found("claims")
    servers.write(servers.set(4, ("c2",)))
    servers.write(servers.set(6, ("c1",), content="same"))
    servers.write(servers.set(7, scope="teaser"))
    assert (servers.found("articles"), servers.found("claims")) == before


def test_claim_comes_back_over_its_tombstone_and_an_old_version_does_not(servers: Servers) -> None:
    servers.write(servers.set(5, ("c1", "c2"), rules="r1"))
    servers.write(servers.set(5, ("c2",), rules="r2"))
    assert servers.found("claims").keys() == {"c2"}
    servers.write(servers.set(5, ("c1",), rules="r3"))
    assert servers.found("claims").keys() == {"c1"}
    # A worker that lost its partition and does not know it yet has read the ledger before all this.
    servers.write(servers.set(9))
    stale = servers.set(6, ("c1",))
    entry = servers.client.options(ignore_status=404).delete(index="ledger-g1", id=servers.owner, refresh=True)
    assert entry["result"] == "deleted"
    servers.write(stale)
    assert servers.found("claims") == {}
    [article] = servers.found("articles").values()
    assert article["revision"] == 9


def test_death_between_documents_and_ledger_heals(servers: Servers) -> None:
    with pytest.raises(Retryable, match="died here"):
        servers.write(servers.set(5, ("c1",)), publisher=NoProducer())
    assert servers.found("claims").keys() == {"c1"}
    servers.write(servers.set(5, ("c1",)), servers.set(6, ("c2",)))
    assert servers.found("claims").keys() == {"c2"}


def test_document_that_does_not_parse_dead_letters_only_its_article(servers: Servers) -> None:
    good = Servers(servers.client, uuid.uuid4().hex)
    offset = uuid.uuid4().int % 2**40
    broken = servers.set(5, ("c1", "c2"), offset=offset)
    source = {"article_id": servers.owner, "claim_id": "c1", "start": "not a number"}
    bad = Document("claims", broken.documents[1].id, json.dumps(source).encode())
    servers.write(replace(broken, documents=(broken.documents[0], bad, broken.documents[2])), good.set(5, ("d1",)))
    assert servers.found("claims").keys() == {"c2"}
    assert good.found("claims").keys() == {"d1"}
    servers.client.indices.refresh(index="dead-letters")
    [dead] = servers.client.search(index="dead-letters", query={"term": {"offset": offset}})["hits"]["hits"]
    assert dead["_source"]["reason"] == "rejected"
    assert "failed to parse field [start]" in dead["_source"]["error"]


def test_number_out_of_range_and_id_too_long_are_the_documents_fault(servers: Servers) -> None:
    offset = uuid.uuid4().int % 2**40
    found = servers.set(5, ("c1",), offset=offset)
    far = Document("claims", "far", json.dumps({"article_id": servers.owner, "start": 10**12}).encode())
    long = Document("claims", "x" * 600, json.dumps({"article_id": servers.owner}).encode())
    servers.write(replace(found, documents=(*found.documents, far, long)))
    assert servers.found("claims").keys() == {"c1"}
    servers.client.indices.refresh(index="dead-letters")
    assert servers.client.count(index="dead-letters", query={"term": {"offset": offset}})["count"] == 1


def test_field_that_no_mapping_declares_stops_the_job(servers: Servers) -> None:
    found = servers.set(5)
    unknown = Document("claims", "u", json.dumps({"article_id": servers.owner, "colour": "red"}).encode())
    with pytest.raises(Permanent, match="newsclaims init") as raised:
        servers.write(replace(found, documents=(*found.documents, unknown)))
    assert "colour" in str(raised.value)


def test_every_good_example_is_taken_as_it_is(servers: Servers) -> None:
    for family, folder, key in (
        ("articles", "article", "article_id"), ("claims", "claim", "claim_id"), ("figures", "figure", "figure_id"),
    ):  # fmt: skip
        for file in sorted((EXAMPLES / folder).glob("good-*.json")):
            example = {**json.loads(file.read_bytes()), "article_id": servers.owner, key: servers.owner}
            del example["indexed_at"]
            found = servers.set(5, content=f"{family} {file.name}")
            document = Document(family, servers.owner, json.dumps(example).encode())
            servers.write(replace(found, documents=(document,)))
            [indexed] = servers.found(family).values()
            assert indexed.pop("indexed_at")
            assert indexed == example


def test_figures_are_found_by_a_number_that_their_range_covers(servers: Servers) -> None:
    example = json.loads((EXAMPLES / "figure/good-at-least.json").read_bytes())
    del example["indexed_at"]
    example |= {"article_id": servers.owner, "figure_id": servers.owner}
    document = Document("figures", servers.owner, json.dumps(example).encode())
    servers.write(replace(servers.set(5), documents=(document,)))
    servers.client.indices.refresh(index="figures")
    owned = {"term": {"article_id": servers.owner}}
    counts = [
        servers.client.count(index="figures", query={"bool": {"filter": [owned, {"term": {"range": number}}]}})["count"]
        for number in (39, 40, 12_000)
    ]
    assert counts == [0, 1, 1]


def test_pipeline_writes_publishes_and_puts_up_tombstones(servers: Servers, stack: Stack) -> None:
    producer = partial(KafkaProducer, **producer_options(stack.settings.kafka.client_options()))
    write = partial(
        WriteToElasticsearch,
        partial(Elasticsearch, **stack.settings.elasticsearch.client_options()),
        SinkTopics(producer, {"claims": "claims"}, "dead-letters"),
    )
    for revision in (servers.set(5, ("c1", "c2")), servers.set(6, ("c2",))):
        with beam.Pipeline(runner=FnApiRunner()) as pipeline:
            _ = pipeline | beam.Create([revision]) | write()
    assert servers.found("claims").keys() == {"c2"}
    values = topic_content(stack, "claims", servers.owner)
    assert values.keys() == {"c1", "c2"}
    assert values["c1"] is None
    assert json.loads(values["c2"] or b"")["revision"] == 6


def topic_content(stack: Stack, topic: str, owner: str) -> dict[str, bytes | None]:
    """The last value of each of the owner's keys."""
    consumer = KafkaConsumer(**stack.settings.kafka.client_options(), enable_auto_commit=False)
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        ends = consumer.end_offsets(partitions)
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        content: dict[str, bytes | None] = {}
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for records in consumer.poll(timeout_ms=1_000).values():
                for record in records:
                    if record.key.decode().startswith(owner):
                        content[record.key.decode().removeprefix(f"{owner}-")] = record.value
        return content
    finally:
        consumer.close()

"""Delivery to Kafka: what counts as sent, and what is refused; with a fake producer."""

from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError, NotLeaderForPartitionError

from connectors import kafka_clients
from connectors.kafka_clients import partition_of
from connectors.kit import FoundArticle, RefusedItem
from connectors.publisher import OVERHEAD, RETRACTION, ArticlePublisher, publish_all
from deploy import kafka_producer
from deploy.settings import Settings
from deploy.takedowns import TakedownList
from schemas.codec import decode_raw_article
from schemas.elasticsearch.takedowns import page_takedown_id
from schemas.errors import BadRecord, Reason, Retryable
from tests.pipelines.messages import article


class FakeFuture:
    """An acknowledgement, or an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def get(self, timeout: float) -> None:
        assert timeout
        if self.error:
            raise self.error


class FakeProducer:
    """The publisher's view of a producer. `outcomes` are the errors instead of acknowledgements, in order."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.messages: list[tuple[bytes, bytes]] = []
        self.partitions: list[int | None] = []
        self.closed = False

    def partitions_for(self, topic: str) -> set[int]:
        assert topic == "raw-articles"
        return {0, 1, 2, 3}

    def send(self, topic: str, key: bytes, value: bytes, partition: int | None = None) -> FakeFuture:
        assert topic == "raw-articles"
        self.partitions.append(partition)
        self.messages.append((key, value))
        return FakeFuture(self.outcomes.pop(0) if self.outcomes else None)

    def flush(self, timeout: float) -> None:
        assert timeout

    def close(self, timeout: float) -> None:
        assert timeout
        self.closed = True


def make_publisher(monkeypatch: pytest.MonkeyPatch, broker: FakeProducer) -> ArticlePublisher:
    def connect(**options: Any) -> FakeProducer:
        assert options["acks"] == "all"
        return broker

    monkeypatch.setattr(kafka_producer, "ClosingProducer", connect)
    monkeypatch.setattr(kafka_clients, "check_kafka", lambda _settings: None)
    return ArticlePublisher(Settings.load({}))


def test_articles_are_keyed_by_id_and_counted_once_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = FakeProducer()
    with make_publisher(monkeypatch, broker) as publisher:
        publisher.send(article(1))
        publisher.send(article(2))
        assert publisher.sent == 0
    assert publisher.sent == 2
    assert [key.decode() for key, _ in broker.messages] == [article(1).article_id, article(2).article_id]
    assert decode_raw_article(broker.messages[0][1]) == article(1)
    assert broker.closed


def test_retraction_has_a_key_of_its_own_in_the_partition_of_its_article(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = FakeProducer()
    with make_publisher(monkeypatch, broker) as publisher:
        publisher.send(article(1))
        publisher.send(article(1, body="", retraction="gone"))
    assert [key for key, _ in broker.messages] == [article(1).article_id.encode(), broker.messages[0][0] + RETRACTION]
    assert broker.partitions == [None, partition_of(article(1).article_id, 4)]


def test_article_that_was_taken_down_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = FakeProducer()
    monkeypatch.setattr(TakedownList, "read", lambda _: frozenset({page_takedown_id(article(1).url)}))
    with make_publisher(monkeypatch, broker) as publisher:
        publisher.send(article(1))
        publisher.send(article(2))
    assert (publisher.sent, publisher.taken_down, len(broker.messages)) == (1, 1, 1)


def test_a_missing_acknowledgement_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = make_publisher(monkeypatch, FakeProducer(None, NotLeaderForPartitionError()))
    publisher.send(article(1), "a.jsonl:1")
    publisher.send(article(2), "a.jsonl:2")
    with pytest.raises(Retryable, match=r"a\.jsonl:2 was not acknowledged"):
        publisher.flush()
    assert publisher.sent == 1


def test_article_over_the_topics_limit_is_refused_with_size_and_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = FakeProducer()
    publisher = make_publisher(monkeypatch, broker)
    with pytest.raises(
        BadRecord, match=r"1\d,\d{3},\d{3} bytes; the topic raw-articles accepts 10,48\d,\d{3}"
    ) as refusal:
        publisher.send(article(1, body="x" * 11_000_000))
    assert refusal.value.reason is Reason.TOO_LARGE
    publisher.send(article(2, body="x" * (publisher.limit - OVERHEAD - 1_000)))
    assert len(broker.messages) == 1


def test_refused_items_are_reported_and_the_rest_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    broker, named = FakeProducer(), []
    with make_publisher(monkeypatch, broker) as publisher:
        refused = publish_all(
            publisher,
            [
                RefusedItem("a:1", "not JSON"),
                FoundArticle("a:2", article(1)),
                FoundArticle("a:3", article(2, body="x" * 11_000_000)),
            ],
            lambda place, why: named.append((place, why.split(";")[0])),
        )
    assert refused == 2
    assert publisher.sent == 1
    assert named[0] == ("a:1", "not JSON")
    assert named[1][0] == "a:3"


def test_an_unreachable_broker_is_reported_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(**_: Any) -> FakeProducer:
        raise KafkaTimeoutError("bootstrap")

    monkeypatch.setattr(kafka_producer, "ClosingProducer", connect)
    monkeypatch.setattr(kafka_clients, "check_kafka", lambda _settings: None)
    with pytest.raises(Retryable, match=r"Kafka does not answer \(KafkaTimeoutError: bootstrap\): .*newsclaims up"):
        ArticlePublisher(Settings.load({"HOME": "/nonexistent"}))


def test_acknowledgements_are_awaited_when_too_many_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.publisher.IN_FLIGHT", 2)
    publisher = make_publisher(monkeypatch, FakeProducer())
    for number in range(5):
        publisher.send(article(number))
    assert (publisher.sent, len(publisher.unacknowledged)) == (3, 2)

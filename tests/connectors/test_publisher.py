"""Delivery to Kafka: what counts as sent, and what is refused. The broker is played by kafka-python's own futures."""

from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError, NotLeaderForPartitionError

from connectors import publisher as module
from connectors.kit.article_line import Found, Refused
from connectors.publisher import OVERHEAD, Publisher, publish_all
from deploy.settings import Settings
from schemas.codec import decode_raw_article
from schemas.errors import BadRecord, Reason, Retryable
from tests.pipelines.messages import article


class Future:
    """An acknowledgement that comes, or an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def get(self, timeout: float) -> None:
        if self.error:
            raise self.error


class Broker:
    """What the publisher sees of a producer; `outcomes` are the acknowledgements in order."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.messages: list[tuple[bytes, bytes]] = []
        self.closed = False

    def send(self, topic: str, key: bytes, value: bytes) -> Future:
        self.messages.append((key, value))
        return Future(self.outcomes.pop(0) if self.outcomes else None)

    def flush(self, timeout: float) -> None:
        pass

    def close(self, timeout: float) -> None:
        self.closed = True


def connected(monkeypatch: pytest.MonkeyPatch, broker: Broker) -> Publisher:
    def connect(**options: Any) -> Broker:
        assert options["acks"] == "all"
        return broker

    monkeypatch.setattr(module, "KafkaProducer", connect)
    return Publisher(Settings.load({}))


def test_articles_are_keyed_by_id_and_counted_once_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker()
    with connected(monkeypatch, broker) as publisher:
        publisher.send(article(1))
        publisher.send(article(2))
        assert publisher.sent == 0
    assert publisher.sent == 2
    assert [key.decode() for key, _ in broker.messages] == [article(1).article_id, article(2).article_id]
    assert decode_raw_article(broker.messages[0][1]) == article(1)
    assert broker.closed


def test_message_without_acknowledgement_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = connected(monkeypatch, Broker(None, NotLeaderForPartitionError()))
    publisher.send(article(1), "a.jsonl:1")
    publisher.send(article(2), "a.jsonl:2")
    with pytest.raises(Retryable, match=r"a\.jsonl:2 was not acknowledged"):
        publisher.flush()
    assert publisher.sent == 1


def test_article_over_the_topics_limit_is_refused_with_size_and_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker()
    publisher = connected(monkeypatch, broker)
    with pytest.raises(
        BadRecord, match=r"1\d,\d{3},\d{3} bytes; the topic raw-articles takes 10,48\d,\d{3}"
    ) as refusal:
        publisher.send(article(1, body="x" * 11_000_000))
    assert refusal.value.reason is Reason.TOO_LARGE
    publisher.send(article(2, body="x" * (publisher.limit - OVERHEAD - 1_000)))
    assert len(broker.messages) == 1


def test_refusals_are_named_and_the_rest_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    broker, named = Broker(), []
    with connected(monkeypatch, broker) as publisher:
        refused = publish_all(
            publisher,
            [Refused("a:1", "not JSON"), Found("a:2", article(1)), Found("a:3", article(2, body="x" * 11_000_000))],
            lambda place, why: named.append((place, why.split(";")[0])),
        )
    assert refused == 2
    assert publisher.sent == 1
    assert named[0] == ("a:1", "not JSON")
    assert named[1][0] == "a:3"


def test_broker_that_is_away_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(**options: Any) -> Broker:
        raise KafkaTimeoutError("bootstrap")

    monkeypatch.setattr(module, "KafkaProducer", connect)
    with pytest.raises(Retryable, match=r"Kafka at localhost:9092 does not answer .*newsclaims up"):
        Publisher(Settings.load({"HOME": "/nonexistent"}))

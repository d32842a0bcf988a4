"""The lag is measured with one client, and a refusal is reported."""

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import GroupAuthorizationFailedError, KafkaConnectionError

from pipelines.run.lag import LagMeter
from tests.conftest import Stack
from tests.pipelines.topics import Topic


class Broker:
    """Makes clients that act like kafka-python's consumer. `failures` are the errors of the next measurements."""

    def __init__(self, *failures: Exception | None) -> None:
        self.failures = list(failures)
        self.clients: list[Client] = []

    def connect(self, _settings: Mapping[str, Any]) -> "Client":
        self.clients.append(Client(self))
        return self.clients[-1]

    def fail(self) -> None:
        failure = self.failures.pop(0) if self.failures else None
        if failure:
            raise failure


class Client:
    config: Mapping[str, Any] = {"group_id": "group", "bootstrap_servers": "kafka:9092"}

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.closed = False

    def partitions_for_topic(self, _topic: str) -> set[int]:
        assert not self.closed
        self.broker.fail()
        return {0, 1}

    def beginning_offsets(self, partitions: list[TopicPartition], **_: Any) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 10)

    def end_offsets(self, partitions: list[TopicPartition], **_: Any) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 100)

    def committed(self, partition: TopicPartition, **_: Any) -> int | None:
        return 70 if partition.partition == 0 else None

    def close(self, **_: Any) -> None:
        self.closed = True


def meter(broker: Broker) -> LagMeter:
    return LagMeter({"bootstrap_servers": "kafka:9092"}, "raw-articles", broker.connect)


def test_client_is_kept_between_measurements_and_closed_at_the_end() -> None:
    broker = Broker()
    lag = meter(broker)
    assert [lag.measure(), lag.measure(), lag.measure()] == [{0: 30, 1: 90}] * 3
    assert [client.closed for client in broker.clients] == [False]
    lag.close()
    assert [client.closed for client in broker.clients] == [True]


def test_client_is_replaced_after_an_error_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    broker = Broker(None, KafkaConnectionError("no broker"), None)
    lag = meter(broker)
    assert [lag.measure(), lag.measure(), lag.measure()] == [{0: 30, 1: 90}, None, {0: 30, 1: 90}]
    assert [client.closed for client in broker.clients] == [True, False]
    assert not [record for record in caplog.records if record.levelno >= logging.INFO]


def test_missing_permission_is_reported_once_until_it_is_given(caplog: pytest.LogCaptureFixture) -> None:
    refusal = GroupAuthorizationFailedError("group newsclaims")
    lag = meter(Broker(refusal, refusal, None, refusal))
    assert [lag.measure() for _ in range(4)] == [None, None, {0: 30, 1: 90}, None]
    reported = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(reported) == 2
    assert reported[0].startswith("The lag is unknown: Kafka at kafka:9092 refuses to report it (GroupAuthorization")


@pytest.mark.integration
def test_real_kafka_gives_the_lag_to_one_client_as_it_grows(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    with closing(LagMeter(topic.consumer, topic.name)) as lag:
        assert lag.measure() == {0: 0, 1: 0}
        client = lag._client
        topic.publish([b"a", b"b", b"c"])
        assert lag.measure() == {0: 2, 1: 1}
        assert lag._client is client


def test_end_of_a_run_does_not_wait_for_a_measurement_that_kafka_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipelines.run.lag.ANSWER_SECONDS", 0.05)
    asked, answered = threading.Event(), threading.Event()

    def connect(_settings: Mapping[str, Any]) -> Client:
        asked.set()
        answered.wait(30)
        return Client(Broker())

    waiting = LagMeter({"bootstrap_servers": "kafka:9092"}, "raw-articles", connect)
    thread = threading.Thread(target=waiting.measure)
    thread.start()
    assert asked.wait(30)
    began = time.monotonic()
    assert waiting.measure(0.05) is None
    waiting.close()
    took = time.monotonic() - began
    answered.set()
    thread.join()
    assert took < 5
    assert waiting.measure(0.05) == {0: 30, 1: 90}
    waiting.close()

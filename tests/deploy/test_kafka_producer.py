"""The producer of all commands: its settings, and that it closes in time."""

import gc
import signal
import time
from collections.abc import Iterator

import pytest
from kafka import KafkaProducer
from kafka.errors import KafkaTimeoutError

from deploy.kafka_producer import CLOSE_SECONDS, ClosingProducer, make_producer, producer_options
from tests.conftest import Stack
from tests.faults.job import send_signal


def test_own_settings_win_over_those_of_the_client_and_the_common_ones() -> None:
    options = producer_options({"bootstrap_servers": ["kafka:9092"], "linger_ms": 5}, linger_ms=20, max_block_ms=1)
    assert options["acks"] == "all"
    assert options["enable_idempotence"] is True
    assert (options["bootstrap_servers"], options["linger_ms"], options["max_block_ms"]) == (["kafka:9092"], 20, 1)


def test_producer_waits_for_a_limited_time_when_it_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []
    monkeypatch.setattr(KafkaProducer, "close", lambda _self, timeout, null_logger: given.append(timeout))
    producer = ClosingProducer.__new__(ClosingProducer)
    producer.close()
    producer.close(timeout=1)
    assert given == [CLOSE_SECONDS, 1]


@pytest.fixture
def paused(stack: Stack) -> Iterator[KafkaProducer]:
    """A producer with a message for a Kafka that has stopped to answer."""
    producer = make_producer(stack.settings.kafka.client_options())
    producer.send("claims", key=b"x", value=None).get(30)
    send_signal(stack, "kafka", signal.SIGSTOP)
    try:
        producer.send("claims", key=b"y", value=None)
        yield producer
    finally:
        send_signal(stack, "kafka", signal.SIGCONT)


@pytest.mark.integration
def test_producer_that_kafka_does_not_answer_closes_in_time_and_without_an_error(paused: KafkaProducer) -> None:
    began = time.monotonic()
    with pytest.raises(KafkaTimeoutError):
        paused.flush(timeout=0.2)
    paused.close(timeout=0.5)
    assert time.monotonic() - began < CLOSE_SECONDS
    paused._sender.join(CLOSE_SECONDS)
    assert not paused._sender.is_alive()
    paused.__del__()
    gc.collect()

"""A broker that refuses the login looks like an unreachable one; the diagnosis tells them apart."""

from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError

from pipelines.io.kafka import offsets
from pipelines.io.kafka.partitions import PartitionReader
from schemas.errors import AccessRefused

SETTINGS = {"bootstrap_servers": ["broker.example:9092"]}


def refuse(settings: Any) -> AccessRefused:
    assert settings == SETTINGS
    return AccessRefused("it rejects the login")


class UnreachableConsumer:
    def poll(self, **_: Any) -> None:
        raise KafkaTimeoutError("no answer")


def test_a_refusal_ends_the_wait_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(_settings: Any) -> None:
        raise KafkaTimeoutError("Unable to bootstrap")

    monkeypatch.setattr(offsets, "make_consumer", connect)
    with pytest.raises(AccessRefused, match="it rejects the login"):
        offsets.ask_until_answered(SETTINGS, lambda client: client, refuse)


def test_a_refusal_ends_reading() -> None:
    reader = PartitionReader(SETTINGS, refuse)
    reader._consumer = UnreachableConsumer()
    with pytest.raises(AccessRefused, match="it rejects the login"):
        reader.poll(0.0)
    patient = PartitionReader(SETTINGS)
    patient._consumer = UnreachableConsumer()
    assert patient.poll(0.0) is False

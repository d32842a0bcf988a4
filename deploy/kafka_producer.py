"""The settings of every Kafka producer: a message counts as sent once all replicas have it."""

from collections.abc import Mapping
from typing import Any, Final

PRODUCER: Final[Mapping[str, Any]] = {
    "acks": "all",
    "enable_idempotence": True,
    "compression_type": "lz4",
    "allow_auto_create_topics": False,
    "bootstrap_timeout_ms": 10_000,
    "max_block_ms": 20_000,
}
"""Settings of kafka-python's producer that differ from its defaults."""


def producer_options(client_options: Mapping[str, Any], **own: Any) -> dict[str, Any]:
    """Returns keyword arguments for `KafkaProducer`: the common ones, those of the client, and the caller's own."""
    return {**PRODUCER, **client_options, **own}

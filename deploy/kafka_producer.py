"""The Kafka producer of every command: its settings, and an end in time.

A message counts as sent once all replicas have it.
"""

from collections.abc import Mapping
from typing import Any, Final

from kafka import KafkaProducer
from kafka.errors import KafkaError

PRODUCER: Final[Mapping[str, Any]] = {
    "acks": "all",
    "enable_idempotence": True,
    "compression_type": "lz4",
    "allow_auto_create_topics": False,
    "bootstrap_timeout_ms": 10_000,
    "max_block_ms": 20_000,
}
"""Settings of kafka-python's producer that differ from its defaults."""
CLOSE_SECONDS = 5.0
"""How long a producer may take to close."""


def producer_options(client_options: Mapping[str, Any], **own: Any) -> dict[str, Any]:
    """Returns keyword arguments for `KafkaProducer`: the common ones, those of the client, and the caller's own."""
    return {**PRODUCER, **client_options, **own}


class ClosingProducer(KafkaProducer):  # type: ignore[misc]
    """A producer whose `close` ends in time and raises nothing, also after Ctrl-C while Kafka does not answer.

    kafka-python's waits for Kafka for as long as messages may take, or raises the timeout of its flush: then it stays
    open, the error hides the one before it, and the same error is printed once more when the process ends. Flush before
    closing to know that messages have arrived.
    """

    def close(self, timeout: float | None = None, null_logger: bool = False) -> None:
        """Closes the producer, and drops what Kafka has not taken after `timeout` or `CLOSE_SECONDS`."""
        try:
            super().close(timeout=CLOSE_SECONDS if timeout is None else timeout, null_logger=null_logger)
        except KafkaError:
            self._sender.force_close()
            self._closed = True


def make_producer(client_options: Mapping[str, Any], **own: Any) -> ClosingProducer:
    """Returns a producer with `producer_options`. Raises kafka-python's errors."""
    return ClosingProducer(**producer_options(client_options, **own))

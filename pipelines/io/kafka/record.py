"""One message as read from Kafka, with where it stood: what travels down the chain beside each record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KafkaRecord:
    """A Kafka message. `timestamp` is the record's, in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

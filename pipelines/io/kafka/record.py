"""One message as read from Kafka, with its offset. It travels through the pipeline with everything made from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KafkaRecord:
    """A Kafka message. `timestamp` is the time of the record, in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

"""One message as read from Kafka, with its offset. It travels through the pipeline with everything made from it."""

import msgspec


class KafkaRecord(msgspec.Struct, frozen=True):
    """A Kafka message. `timestamp` is the time of the record, in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

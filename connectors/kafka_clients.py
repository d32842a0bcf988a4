"""Kafka producers and consumers with the options that all of connectors share."""

from typing import Any

from kafka import KafkaConsumer
from kafka.errors import KafkaError
from kafka.partitioner import murmur2

from deploy import kafka_producer
from deploy.kafka_connection import check_kafka
from deploy.server_errors import convert_kafka_error
from deploy.settings import Settings

BOOTSTRAP_MS = 10_000
"""How long to look for a broker."""


def make_producer(settings: Settings, **options: Any) -> Any:
    """Returns a producer whose messages count once all replicas have them. Raises as `check_kafka` does."""
    check_kafka(settings.kafka)
    try:
        return kafka_producer.make_producer(settings.kafka.client_options(), **options)
    except KafkaError as error:
        raise convert_kafka_error(error, "connect") from error


def make_consumer(settings: Settings, **options: Any) -> Any:
    """Returns a consumer that commits nothing by itself. Raises as `check_kafka` does."""
    check_kafka(settings.kafka)
    try:
        return KafkaConsumer(
            **settings.kafka.client_options(),
            enable_auto_commit=False,
            bootstrap_timeout_ms=BOOTSTRAP_MS,
            **options,
        )
    except KafkaError as error:
        raise convert_kafka_error(error, "connect") from error


def partition_of(key: str, count: int) -> int:
    """Returns the partition of a key, out of `count`: the one that the producer's partitioner chooses."""
    return int(murmur2(key.encode()) & 0x7FFFFFFF) % count

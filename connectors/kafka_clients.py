"""Kafka producers and consumers with the options that all of connectors share."""

from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from deploy.kafka_producer import producer_options
from deploy.settings import Settings
from schemas.errors import Retryable

BOOTSTRAP_MS = 10_000
"""How long to look for a broker."""


def make_producer(settings: Settings, **options: Any) -> Any:
    """Returns a producer whose messages count once all replicas have them. Raises `Retryable` without a broker."""
    try:
        return KafkaProducer(**producer_options(settings.kafka.client_options(), **options))
    except KafkaError as error:
        raise unreachable(settings, error) from error


def make_consumer(settings: Settings, **options: Any) -> Any:
    """Returns a consumer that commits nothing by itself. Raises `Retryable` without a broker."""
    try:
        return KafkaConsumer(
            **settings.kafka.client_options(),
            enable_auto_commit=False,
            bootstrap_timeout_ms=BOOTSTRAP_MS,
            **options,
        )
    except KafkaError as error:
        raise unreachable(settings, error) from error


def unreachable(settings: Settings, error: Exception) -> Retryable:
    """Returns the error for brokers that cannot be reached."""
    # Imported here: it loads Elasticsearch's client, which `publish` does not need.
    from deploy.server_errors import make_kafka_error

    return make_kafka_error(f"{type(error).__name__} at {', '.join(settings.kafka.bootstrap_servers)}")

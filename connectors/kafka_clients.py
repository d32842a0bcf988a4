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
        raise Retryable(describe_unreachable(settings, error)) from error


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
        raise Retryable(describe_unreachable(settings, error)) from error


def describe_unreachable(settings: Settings, error: Exception) -> str:
    """Says which brokers cannot be reached, and what to do."""
    servers = ", ".join(settings.kafka.bootstrap_servers)
    return (
        f"Kafka at {servers} is unreachable ({type(error).__name__}): start it with `newsclaims up`, or set "
        "KAFKA_BOOTSTRAP_SERVERS"
    )

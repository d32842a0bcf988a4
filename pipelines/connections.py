"""What the job and the backfill connect to: an Elasticsearch client, and the topics that the sink publishes to.

It loads neither Beam nor the text rules.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch
from kafka import KafkaProducer
from kafka.errors import KafkaError

from deploy.kafka_producer import producer_options
from deploy.server_errors import make_kafka_error
from pipelines.io.elasticsearch.writer import SinkTopics
from pipelines.io.kafka.publishing import Publisher
from schemas.topics import find_largest_message


def make_sink_topics(kafka: Mapping[str, Any]) -> SinkTopics:
    """Returns the topics that the sink publishes to, from kafka-python's client options."""
    return SinkTopics(
        producer=partial(connect_producer, kafka), families={"claims": "claims"}, dead_letters="dead-letters"
    )


def connect_producer(kafka: Mapping[str, Any]) -> KafkaProducer:
    """Returns the producer of the sink."""
    options = producer_options(
        kafka,
        batch_size=256 * 1024,
        max_block_ms=10_000,
        delivery_timeout_ms=60_000,
        request_timeout_ms=20_000,
        max_request_size=find_largest_message(),
    )
    return KafkaProducer(**options)


@contextmanager
def open_publisher(topics: SinkTopics) -> Iterator[Publisher]:
    """Gives a publisher of the sink. Raises what `make_kafka_error` makes if Kafka does not answer at the start."""
    try:
        publisher = Publisher(topics.producer())
    except KafkaError as error:
        raise make_kafka_error(str(error)) from error
    try:
        yield publisher
    finally:
        publisher.close()


def connect_elasticsearch(options: Mapping[str, Any]) -> Elasticsearch:
    """Returns a client from options that came as JSON, in which a user and password are a list."""
    user = options.get("basic_auth")
    return Elasticsearch(**{**options, **({"basic_auth": tuple(user)} if user else {})})

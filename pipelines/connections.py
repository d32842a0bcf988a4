"""What the job and the commands that write connect to: Elasticsearch, and the topics that the sink publishes to.

It loads neither Beam nor the text rules.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Any

from elasticsearch import AuthorizationException, Elasticsearch

from deploy.kafka_connection import check_kafka
from deploy.kafka_producer import ClosingProducer, make_producer
from deploy.server_errors import handle_server_errors, name_action
from deploy.settings import Settings
from pipelines.io.elasticsearch.writer import SinkTopics
from pipelines.io.kafka.publishing import Publisher
from schemas.errors import NewsclaimsError
from schemas.topics import find_largest_message

TIMEOUT_SECONDS = 10.0
"""How long a server may take to answer at the start of a command."""


def make_sink_topics(kafka: Mapping[str, Any]) -> SinkTopics:
    """Returns the topics that the sink publishes to, from kafka-python's client options."""
    return SinkTopics(
        producer=partial(connect_producer, kafka), families={"claims": "claims"}, dead_letters="dead-letters"
    )


def connect_producer(kafka: Mapping[str, Any]) -> ClosingProducer:
    """Returns the producer of the sink."""
    return make_producer(
        kafka,
        batch_size=256 * 1024,
        max_block_ms=10_000,
        delivery_timeout_ms=60_000,
        request_timeout_ms=20_000,
        max_request_size=find_largest_message(),
    )


@contextmanager
def open_elasticsearch(settings: Settings, action: str, remedy: str = "") -> Iterator[Elasticsearch]:
    """Gives a command the client of an Elasticsearch that answers.

    Raises as `handle_server_errors`, at the start and within the block, also for errors of Kafka.
    """
    with Elasticsearch(**settings.elasticsearch.client_options()) as client, handle_server_errors(action, remedy):
        check_elasticsearch(client)
        yield client


def check_elasticsearch(client: Elasticsearch) -> None:
    """Raises what the client raises if the server does not answer. A `BulkSender` would wait until it does."""
    with suppress(AuthorizationException):  # it answers
        client.options(request_timeout=TIMEOUT_SECONDS, max_retries=0).info()


@contextmanager
def open_publisher(settings: Settings, action: str) -> Iterator[Publisher]:
    """Gives a command a publisher of the sink. Raises as `check_kafka_for` and `handle_server_errors` at the start."""
    check_kafka_for(settings, action)
    with handle_server_errors(action):
        producer = connect_producer(settings.kafka.client_options())
    with closing(Publisher(producer)) as publisher:
        yield publisher


def check_kafka_for(settings: Settings, action: str) -> None:
    """Raises as `check_kafka`, with the `action` that Kafka is needed for."""
    try:
        check_kafka(settings.kafka)
    except NewsclaimsError as error:
        raise name_action(error, action) from error


def connect_elasticsearch(options: Mapping[str, Any]) -> Elasticsearch:
    """Returns a client from options that came as JSON, in which a user and password are a list."""
    user = options.get("basic_auth")
    return Elasticsearch(**{**options, **({"basic_auth": tuple(user)} if user else {})})

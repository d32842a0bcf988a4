"""Tells the readers of the topic `claims` that claims are dropped: a tombstone for each, before the index goes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, Final

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from kafka.errors import KafkaError

from deploy.kafka_connection import check_kafka
from deploy.kafka_producer import make_producer
from deploy.server_errors import convert_kafka_error, make_kafka_error
from deploy.settings import Settings

TOPIC: Final = "claims"
AT_ONCE: Final = 5_000
FLUSH_SECONDS: Final = 120


def send_tombstones(settings: Settings, client: Elasticsearch, indices: Sequence[str]) -> int:
    """Sends a tombstone for each claim in these indices, and returns how many, once Kafka has acknowledged them all.

    Sending them twice changes nothing. Raises `Retryable` if Kafka does not take one.
    """
    if not indices:
        return 0
    check_kafka(settings.kafka)
    try:
        with closing(make_producer(settings.kafka.client_options())) as producer:
            return send_all(producer, list_ids(client, indices))
    except KafkaError as error:
        raise convert_kafka_error(error, f"write to the topic {TOPIC}") from error
    except OSError as error:
        raise make_kafka_error(f"{type(error).__name__}: {error}") from error


def list_ids(client: Elasticsearch, indices: Sequence[str]) -> Iterator[str]:
    """Yields the ids of all documents."""
    for index in indices:
        for hit in scan(client, index=index, query={"_source": False}, size=AT_ONCE):
            yield hit["_id"]


def send_all(producer: Any, ids: Iterable[str]) -> int:
    """Sends a tombstone for each id, and waits in between, so that memory stays flat."""
    count, waiting = 0, []
    for id in ids:
        waiting.append(producer.send(TOPIC, key=id.encode(), value=None))
        count += 1
        if len(waiting) >= AT_ONCE:
            wait_for_all(producer, waiting)
    wait_for_all(producer, waiting)
    return count


def wait_for_all(producer: Any, waiting: list[Any]) -> None:
    """Returns when every message is acknowledged, and empties the list. Raises the error of the first that is not."""
    producer.flush(timeout=FLUSH_SECONDS)
    for future in waiting:
        future.get(timeout=FLUSH_SECONDS)
    waiting.clear()

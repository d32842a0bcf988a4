"""What Kafka has of a page: finds its messages, and deletes them with messages of the same key that have no value."""

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer

from deploy.kafka_producer import make_producer
from deploy.server_errors import handle_server_errors
from deploy.settings import Settings
from pipelines.connections import check_kafka_for
from pipelines.forgetting.pages import ForgottenPage
from pipelines.io.elasticsearch.takedowns import find_addresses
from pipelines.io.kafka.publishing import KEY_HEADER
from pipelines.replay import read_since

RAW_ARTICLES, CLAIMS, DEAD_LETTERS = "raw-articles", "claims", "dead-letters"
ACTION = "forget the page"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
FLUSH_SECONDS = 120


@dataclass
class FoundMessages:
    """Messages of a page in one topic: by key, the partition and how many. Deleted ones are not in it."""

    topic: str
    partitions: dict[bytes, int] = field(default_factory=dict)
    counts: Counter[bytes] = field(default_factory=Counter)

    def add(self, record: Any) -> None:
        """Adds a message. One without a key cannot be deleted: the retention of the topic removes it."""
        if record.key is not None:
            self.partitions[record.key] = record.partition
            self.counts[record.key] += 1

    def drop(self, key: bytes | None) -> None:
        """Drops the messages of a key, which a later message deletes."""
        if key is not None:
            self.partitions.pop(key, None)
            self.counts.pop(key, None)


def find_messages(settings: Settings, page: ForgottenPage, topic: str) -> FoundMessages:
    """Returns the messages of a page in `raw-articles` or `dead-letters`, up to the present end of the topic.

    The whole topic is read, because an address cannot be looked up there. Raises `Retryable` if Kafka does not answer.
    """
    found = FoundMessages(topic)
    check_kafka_for(settings, ACTION)
    options = settings.kafka.client_options()
    with (
        handle_server_errors(ACTION),
        closing(KafkaConsumer(**options, enable_auto_commit=False, group_id=None)) as consumer,
    ):
        for record in read_since(consumer, topic, BEGINNING):
            if record.value is None:
                found.drop(record.key)
            elif covers_message(page, record):
                found.add(record)
    return found


def covers_message(page: ForgottenPage, record: Any) -> bool:
    """Whether a message is of this page: by the key of the raw article, or by the address in it."""
    keys = [value for name, value in record.headers if name == KEY_HEADER] or [record.key or b""]
    return page.covers((keys[0].decode("utf-8", "replace"),), find_addresses(record.value))


def delete_messages(settings: Settings, found: Iterable[FoundMessages], claim_ids: Iterable[str]) -> None:
    """Sends a message without a value for each key, and for each claim.

    Raises `Retryable` if Kafka does not acknowledge all of them.
    """
    with handle_server_errors(ACTION), closing(make_producer(settings.kafka.client_options())) as producer:
        sent = [
            producer.send(messages.topic, key=key, value=None, partition=partition)
            for messages in found
            for key, partition in messages.partitions.items()
        ]
        sent += [producer.send(CLAIMS, key=id.encode(), value=None) for id in sorted(claim_ids)]
        producer.flush(timeout=FLUSH_SECONDS)
        for future in sent:
            future.get(timeout=FLUSH_SECONDS)

"""The state of each feed: in a compacted Kafka topic, so that a poller has no disk to lose and can move."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError
from kafka.partitioner import murmur2

from connectors.feeds.configuration import Feed
from connectors.kit import Batch
from connectors.publisher import unreachable
from connectors.web.addresses import redacted
from deploy.settings import Settings
from schemas.alerts import feed_patience
from schemas.codec import encode
from schemas.errors import Retryable
from schemas.records import FeedHealth, FeedState
from schemas.topics import load_topics

TOPIC = "feed-states"

_state = msgspec.json.Decoder(FeedState)


class States(Protocol):
    """Where states are kept."""

    def save(self, state: FeedState) -> None:
        """Stores the state; when it returns, the state survives us. Raises `Retryable`."""


class KafkaStates:
    """States in the topic `feed-states`. Raises `Retryable` where Kafka does not answer."""

    def __init__(self, settings: Settings) -> None:
        self.limit = load_topics()[TOPIC].max_message_bytes
        try:
            self.producer = KafkaProducer(
                **settings.kafka.client_options(), acks="all", enable_idempotence=True, compression_type="lz4",
                max_request_size=self.limit, allow_auto_create_topics=False, bootstrap_timeout_ms=10_000,
                max_block_ms=20_000,
            )  # fmt: skip
        except KafkaError as error:
            raise Retryable(unreachable(settings, error)) from error

    def save(self, state: FeedState) -> None:
        """Stores the state and waits for the acknowledgement."""
        try:
            self.producer.send(TOPIC, key=state.health.feed.encode(), value=encode(state)).get(timeout=60)
        except KafkaError as error:
            raise Retryable(f"Kafka did not take the state of {state.health.feed}: {error!r}") from error

    def close(self) -> None:
        """Closes the connection."""
        self.producer.close(timeout=10)


def partition_of(feed: str, count: int) -> int:
    """The partition of the feed's state among so many: as the producer's default partitioner chooses it."""
    return int(murmur2(feed.encode()) & 0x7FFFFFFF) % count


def load_states(settings: Settings, partitions: Collection[int] | None = None) -> dict[str, FeedState]:
    """The last state of each feed, or of those in some partitions. One that this release cannot read is left out: that
    feed begins anew.

    Raises `Retryable` where Kafka does not answer or has no such topic.
    """
    try:
        consumer: Any = KafkaConsumer(
            **settings.kafka.client_options(), enable_auto_commit=False, bootstrap_timeout_ms=10_000
        )
    except KafkaError as error:
        raise Retryable(unreachable(settings, error)) from error
    try:
        return read_states(consumer, partitions)
    except KafkaError as error:
        raise Retryable(f"The topic {TOPIC} cannot be read ({error!r}): run `newsclaims init`") from error
    finally:
        consumer.close()


def read_states(consumer: Any, wanted: Collection[int] | None = None) -> dict[str, FeedState]:
    """Reads the topic, or some partitions, from the beginning to where it ends now."""
    numbers = consumer.partitions_for_topic(TOPIC) or ()
    if not numbers:
        raise Retryable(f"There is no topic {TOPIC}: run `newsclaims init`")
    partitions = [TopicPartition(TOPIC, number) for number in (numbers if wanted is None else wanted)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends, found = consumer.end_offsets(partitions), dict[str, FeedState]()
    while any(consumer.position(partition) < end for partition, end in ends.items()):
        for messages in consumer.poll(timeout_ms=1_000).values():
            for message in messages:
                try:
                    found[message.key.decode()] = _state.decode(message.value)
                except msgspec.DecodeError:
                    found.pop(message.key.decode(), None)
    return found


def begun(feed: Feed, known: FeedState | None, now: datetime) -> FeedState:
    """The state that a poll of the feed begins with: the known one, unless connector or address are others now."""
    url = redacted(feed.entry.url)
    if known and known.health.connector == feed.entry.connector:
        if known.health.url == url:
            return known
        # What was seen stays seen; what the old server said of its own documents does not hold.
        cursor = {name: value for name, value in known.cursor.items() if name not in ("etag", "last_modified", "hash")}
        health = msgspec.structs.replace(known.health, url=url, moved_to=None)
        return msgspec.structs.replace(known, cursor=cursor, health=health)
    entry = feed.entry
    health = FeedHealth(
        feed=feed.name, connector=entry.connector, url=url, publisher=entry.publisher or "", since=now, polled_at=now,
        next_poll_at=now,
    )  # fmt: skip
    return FeedState(health=health)


def with_batch(state: FeedState, batch: Batch, refused: int, now: datetime) -> FeedState:
    """The state once the batch is in Kafka."""
    count, health = len(batch.articles), state.health
    hours = {hour: number for hour, number in state.hours.items() if hour > f"{now - timedelta(days=1):%Y-%m-%dT%H}"}
    if count:
        hours[f"{now:%Y-%m-%dT%H}"] = hours.get(f"{now:%Y-%m-%dT%H}", 0) + count
    health = msgspec.structs.replace(
        health,
        entry_at=now if count else health.entry_at,
        entries_total=health.entries_total + count,
        entries_day=sum(hours.values()),
        empty_total=health.empty_total + batch.empty,
        refused_total=health.refused_total + refused,
        moved_to=batch.moved_to or health.moved_to,
        warning=batch.warning,
    )
    return msgspec.structs.replace(state, health=health, cursor=batch.cursor, hours=hours)


def ended(state: FeedState, feed: Feed, now: datetime, wait: float, error: str | None) -> FeedState:
    """The state at the end of a poll, which is to be repeated after so many seconds."""
    entry, health = feed.entry, state.health
    since = health.entry_at or health.since
    patience = feed_patience(entry.expected_per_day) if entry.expected_per_day else None
    health = msgspec.structs.replace(
        health,
        publisher=entry.publisher or "",
        polled_at=now,
        succeeded_at=health.succeeded_at if error else now,
        failed_at=now if error else health.failed_at,
        failures=health.failures + 1 if error else 0,
        error=error[:1000] if error else None,
        next_poll_at=now + timedelta(seconds=wait),
        # The new address fails: ask the configured one again.
        moved_to=None if error else health.moved_to,
        expected_day=entry.expected_per_day,
        silent=patience is not None and now - since > patience,
    )
    return msgspec.structs.replace(state, health=health)

"""The state of each feed, stored in a compacted Kafka topic, so that a poller has no disk to lose and can move."""

from collections.abc import Collection
from typing import Any, Protocol

import msgspec
from kafka import TopicPartition
from kafka.errors import KafkaError

from connectors.kafka_clients import make_consumer, make_producer
from deploy.server_errors import find_denial
from deploy.settings import Settings
from schemas.codec import encode
from schemas.errors import Retryable
from schemas.operations.records import FeedState
from schemas.topics import load_topics

TOPIC = "feed-states"
NO_TOPIC = f"the topic {TOPIC} does not exist: run `newsclaims init`"

_state = msgspec.json.Decoder(FeedState)


class StateStore(Protocol):
    """Where states are stored."""

    def save(self, state: FeedState) -> None:
        """Stores the state durably. Raises `Retryable`."""


class KafkaStateStore:
    """Stores states in the topic `feed-states`. Raises `Retryable` if Kafka is unreachable."""

    def __init__(self, settings: Settings) -> None:
        self.limit = load_topics()[TOPIC].max_message_bytes
        self.producer = make_producer(settings, max_request_size=self.limit)

    def save(self, state: FeedState) -> None:
        """Stores the state and waits for the acknowledgement."""
        try:
            self.producer.send(TOPIC, key=state.health.feed.encode(), value=encode(state)).get(timeout=60)
        except KafkaError as error:
            denial = find_denial(error, f"write to the topic {TOPIC}")
            problem = denial or Retryable(f"Kafka did not store the state of {state.health.feed}: {error!r}")
            raise problem from error

    def close(self) -> None:
        """Closes the connection."""
        self.producer.close(timeout=10)


def load_states(settings: Settings, partitions: Collection[int] | None = None) -> dict[str, FeedState]:
    """Returns the last state of each feed, or of the feeds in some partitions.

    A state that this release cannot decode is left out, and its feed starts from the beginning. Raises `Retryable` if
    Kafka is unreachable or the topic does not exist.
    """
    consumer = make_consumer(settings)
    try:
        return read_states(consumer, partitions)
    except KafkaError as error:
        denial = find_denial(error, f"read the topic {TOPIC}")
        raise denial or Retryable(f"the topic {TOPIC} cannot be read ({error!r}): run `newsclaims init`") from error
    finally:
        consumer.close()


def read_states(consumer: Any, numbers: Collection[int] | None = None) -> dict[str, FeedState]:
    """Reads the topic, or some partitions, from the beginning to the current end."""
    existing = consumer.partitions_for_topic(TOPIC) or ()
    if not existing:
        raise Retryable(NO_TOPIC)
    partitions = [TopicPartition(TOPIC, number) for number in (existing if numbers is None else numbers)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends, found = consumer.end_offsets(partitions), dict[str, FeedState]()
    while any(consumer.position(partition) < end for partition, end in ends.items()):
        for messages in consumer.poll(timeout_ms=1_000).values():
            for message in messages:
                feed = (message.key or b"").decode("utf-8", "replace")
                found.pop(feed, None)
                if state := decode_state(message.value or b""):
                    found[feed] = state
    return found


def decode_state(value: bytes) -> FeedState | None:
    """Returns the state in a message, or None for a message that this release cannot decode."""
    try:
        return _state.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None

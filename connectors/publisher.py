"""Delivery of articles to the topic `raw-articles`, keyed by article; every acknowledgement is awaited."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Self

from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from connectors.kafka_clients import make_producer, partition_of
from connectors.kit import FoundArticle, RefusedItem
from deploy.kafka_connection import find_refusal
from deploy.server_errors import find_denial
from deploy.settings import Settings
from deploy.takedowns import TakedownList
from schemas.codec import encode
from schemas.errors import BadRecord, Reason, Retryable
from schemas.records import RawArticle
from schemas.topics import load_topics

OVERHEAD = 1_000
"""An upper bound of the bytes that Kafka's batch and record headers take in addition to key and value."""
RETRACTION = b"/retraction"
"""What the key of a retraction has after the id of the article."""
IN_FLIGHT = 2_000
"""Records that may be sent and not yet acknowledged. Their bytes are bounded by the producer's own buffer."""
ACKNOWLEDGED_SECONDS = 120
"""How long to wait for an acknowledgement."""


class ArticlePublisher:
    """Sends articles to Kafka. Use it as a context manager: leaving it waits for all acknowledgements.

    Raises `Retryable` if the broker is unreachable or does not acknowledge. An article counts as sent once all
    replicas have acknowledged it. An article that was taken down is not sent, and counted in `taken_down`.
    """

    def __init__(self, settings: Settings, topic: str = "raw-articles") -> None:
        self.takedowns = TakedownList(settings)
        self.taken_down = 0
        self.topic = topic
        self.limit = load_topics()[topic].max_message_bytes
        self.sent = 0
        self.unacknowledged: deque[tuple[str, Any]] = deque()
        self.options = settings.kafka.client_options()
        self.producer = make_producer(settings, linger_ms=20, max_request_size=self.limit + OVERHEAD)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if error is None:
                self.flush()
        finally:
            self.producer.close(timeout=10)

    def send(self, article: RawArticle, place: str = "") -> None:
        """Sends one article. Raises `BadRecord`, with size and limit, if it is larger than the topic accepts."""
        if self.takedowns.covers(article):
            self.taken_down += 1
            return
        key, value = article.article_id.encode(), encode(article)
        size = len(key) + len(value) + OVERHEAD
        if size > self.limit:
            raise BadRecord(
                Reason.TOO_LARGE, f"{len(value):,} bytes; the topic {self.topic} accepts {self.limit - OVERHEAD:,}"
            )
        if len(self.unacknowledged) >= IN_FLIGHT:
            self.confirm(*self.unacknowledged.popleft())
        future = self.enqueue(key, value, is_retraction=bool(article.retraction))
        self.unacknowledged.append((place or article.url or article.article_id, future))

    def enqueue(self, key: bytes, value: bytes, is_retraction: bool = False) -> Any:
        """Passes one message to the producer and returns the future of its acknowledgement.

        A retraction has a key of its own, in the partition of its article: it must come after the text, and not replace
        it when Kafka compacts the topic.
        """
        try:
            if is_retraction:
                partition = partition_of(key.decode(), len(self.producer.partitions_for(self.topic)))
                return self.producer.send(self.topic, key=key + RETRACTION, value=value, partition=partition)
            return self.producer.send(self.topic, key=key, value=value)
        except MessageSizeTooLargeError as error:
            raise BadRecord(Reason.TOO_LARGE, f"{len(value):,} bytes: {error}") from error
        except KafkaTimeoutError as error:
            problem = Retryable(
                f"Kafka accepts no messages for the topic {self.topic} ({error}): if the topic does not exist, run "
                "`newsclaims init`"
            )
            raise find_refusal(self.options) or problem from error
        except KafkaError as error:
            denial = find_denial(error, f"write to the topic {self.topic}")
            raise denial or Retryable(f"Kafka did not accept the message: {error!r}") from error

    def flush(self) -> None:
        """Waits until everything sent is acknowledged. Raises `Retryable` for what was not."""
        self.producer.flush(timeout=ACKNOWLEDGED_SECONDS)
        while self.unacknowledged:
            self.confirm(*self.unacknowledged.popleft())

    def confirm(self, place: str, future: Any) -> None:
        """Waits for one acknowledgement."""
        try:
            future.get(timeout=ACKNOWLEDGED_SECONDS)
        except KafkaError as error:
            denial = find_denial(error, f"write to the topic {self.topic}")
            problem = denial or Retryable(f"{place} was not acknowledged by Kafka: {error!r}; publish it again")
            raise find_refusal(self.options) or problem from error
        self.sent += 1


def publish_all(
    publisher: ArticlePublisher, items: Iterable[FoundArticle | RefusedItem], refuse: Callable[[str, str], None]
) -> int:
    """Publishes the articles and returns the number of refused items; calls `refuse` with place and reason of each."""
    refused = 0
    for item in items:
        try:
            if isinstance(item, RefusedItem):
                raise BadRecord(Reason.WRONG_TYPE, item.why)
            publisher.send(item.article, item.place)
        except BadRecord as error:
            refused += 1
            refuse(item.place, str(error))
    return refused

"""Delivery of articles to the topic `raw-articles`: keyed by article, every acknowledgement awaited."""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Self

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from connectors.kit.article_line import Found, Refused
from deploy.settings import Settings
from schemas.codec import encode
from schemas.errors import BadRecord, Reason, Retryable
from schemas.records import RawArticle
from schemas.topics import load_topics

_log = logging.getLogger(__name__)

OVERHEAD = 1_000
"""Bytes that Kafka's batch and record headers take beside key and value, generously."""
IN_FLIGHT = 2_000
"""Records sent and not yet acknowledged at most; their bytes are bounded by the producer's own buffer."""


class Publisher:
    """Sends articles to Kafka. Use it as a context manager: leaving it waits for all acknowledgements.

    Raises `Retryable` where the broker cannot be reached or does not acknowledge; nothing counts as sent before it is
    acknowledged by all replicas.
    """

    def __init__(self, settings: Settings, topic: str = "raw-articles") -> None:
        self.topic = topic
        self.limit = load_topics()[topic].max_message_bytes
        self.sent = 0
        self.waiting: deque[tuple[str, Any]] = deque()
        try:
            self.producer = KafkaProducer(
                **settings.kafka.client_options(),
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                linger_ms=20,
                max_request_size=self.limit + OVERHEAD,
                allow_auto_create_topics=False,
                bootstrap_timeout_ms=10_000,
                max_block_ms=20_000,
            )
        except KafkaError as error:
            raise Retryable(unreachable(settings, error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if error is None:
                self.flush()
        finally:
            self.producer.close(timeout=10)

    def send(self, article: RawArticle, place: str = "") -> None:
        """Sends one article. Raises `BadRecord` for one that is larger than the topic takes, naming size and limit."""
        key, value = article.article_id.encode(), encode(article)
        size = len(key) + len(value) + OVERHEAD
        if size > self.limit:
            raise BadRecord(
                Reason.TOO_LARGE, f"{len(value):,} bytes; the topic {self.topic} takes {self.limit - OVERHEAD:,}"
            )
        if len(self.waiting) >= IN_FLIGHT:
            self.settle(*self.waiting.popleft())
        self.waiting.append((place or article.url or article.article_id, self.attempt(key, value)))

    def attempt(self, key: bytes, value: bytes) -> Any:
        """Hands one message to the producer."""
        try:
            return self.producer.send(self.topic, key=key, value=value)
        except MessageSizeTooLargeError as error:
            raise BadRecord(Reason.TOO_LARGE, f"{len(value):,} bytes: {error}") from error
        except KafkaTimeoutError as error:
            raise Retryable(
                f"Kafka does not take messages for the topic {self.topic} ({error}): if it is not there, run "
                "`newsclaims init`"
            ) from error
        except KafkaError as error:
            raise Retryable(f"Kafka did not take the message: {error!r}") from error

    def flush(self) -> None:
        """Waits until everything sent is acknowledged. Raises `Retryable` for what was not."""
        self.producer.flush(timeout=120)
        while self.waiting:
            self.settle(*self.waiting.popleft())

    def settle(self, place: str, future: Any) -> None:
        """Waits for one acknowledgement."""
        try:
            future.get(timeout=120)
        except KafkaError as error:
            raise Retryable(f"{place} was not acknowledged by Kafka: {error!r}. Publish it again") from error
        self.sent += 1


def unreachable(settings: Settings, error: Exception) -> str:
    """The sentence for a broker that does not answer."""
    return (
        f"Kafka at {', '.join(settings.kafka.bootstrap_servers)} does not answer ({type(error).__name__}). "
        "Start it with `newsclaims up`, or set KAFKA_BOOTSTRAP_SERVERS"
    )


def publish_all(publisher: Publisher, found: Iterable[Found | Refused], refuse: Callable[[str, str], None]) -> int:
    """Publishes what was found and names to `refuse` what cannot be; returns how many were refused."""
    refused = 0
    for item in found:
        try:
            if isinstance(item, Refused):
                raise BadRecord(Reason.WRONG_TYPE, item.why)
            publisher.send(item.article, item.place)
        except BadRecord as error:
            refused += 1
            refuse(item.place, str(error))
    return refused

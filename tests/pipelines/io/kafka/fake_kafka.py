"""A producer in memory that acts like kafka-python's, and records what it gets."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kafka.errors import KafkaTimeoutError, MessageSizeTooLargeError
from kafka.future import Future


@dataclass(frozen=True)
class Sent:
    """One message."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]


@dataclass
class MemoryProducer:
    """Acknowledges at `flush`. `failures` are the errors of the next messages; `stalls` the flushes that time out."""

    sent: list[Sent] = field(default_factory=list)
    failures: deque[Exception] = field(default_factory=deque)
    longest: int = 10_000_000
    stalls: int = 0
    closed: bool = False
    on_flush: Callable[[], None] = lambda: None
    waiting: list[tuple[Future, Sent]] = field(default_factory=list)

    def send(self, topic: str, value: bytes | None, key: bytes | None, headers: Any) -> Future:
        if len(value or b"") > self.longest:
            raise MessageSizeTooLargeError(f"the message is {len(value or b'')} bytes")
        future = Future()
        self.waiting.append((future, Sent(topic, key, value, dict(headers or ()))))
        return future

    def flush(self, **_: Any) -> None:
        if self.stalls:
            self.stalls -= 1
            raise KafkaTimeoutError("not flushed")
        self.on_flush()
        for future, message in self.waiting:
            if self.failures:
                future.failure(self.failures.popleft())
            else:
                self.sent.append(message)
                future.success(None)
        self.waiting.clear()

    def close(self, **_: Any) -> None:
        self.closed = True

    def latest(self, topic: str) -> dict[bytes | None, bytes | None]:
        """Returns what a compacted topic holds: the last value of each key, including tombstones."""
        return {message.key: message.value for message in self.sent if message.topic == topic}

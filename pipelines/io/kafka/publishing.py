"""Publishes to Kafka: claims for other programs, tombstones for deleted claims, and dead letters."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from pipelines import lifecycle
from schemas.errors import Retryable
from schemas.records import DeadLetter

_log = logging.getLogger(__name__)

PREFIX = "newsclaims."
"""Prefix of the headers that carry the fields of a dead letter."""

FIELDS = ("dead_letter_id", "topic", "partition", "offset", "step", "reason", "error", "attempts", "failed_at", "size")
"""Fields of a dead letter that travel as headers; the others are the headers and the value of the message."""

KEY_HEADER = f"{PREFIX}key"
"""Header with the key of the original; missing if the original has none."""

CUT = 1_000_000
"""Bytes that are kept of an original that is too large for the topic of dead letters."""


@dataclass(frozen=True, slots=True, eq=False)
class OutgoingMessage:
    """A message to send; without a value it deletes the key. `subject` is what it was made from."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    subject: Any = None


@dataclass(frozen=True, slots=True)
class OversizedMessage:
    """A message that is too large for the topic."""

    message: OutgoingMessage
    reason: str


class Publisher:
    """Sends messages and returns when the brokers have all of them.

    `producer` acts like kafka-python's. Raises `Retryable` if a message is not acknowledged, or if the process is asked
    to stop before it is, or may not write any more.
    """

    def __init__(self, producer: Any, stopping: Callable[[], bool] = lifecycle.stop_requested.is_set) -> None:
        self.producer = producer
        self.stopping = stopping

    def publish(self, messages: Iterable[OutgoingMessage]) -> list[OversizedMessage]:
        """Sends all messages, and waits until each is acknowledged. Returns those that are too large."""
        lifecycle.require_write_permission()
        too_large: list[OversizedMessage] = []
        sent: list[tuple[OutgoingMessage, Any]] = []
        try:
            for message in messages:
                try:
                    sent.append((message, self._send(message)))
                except MessageSizeTooLargeError as error:
                    too_large.append(OversizedMessage(message, str(error)))
            if sent:
                self._flush()
        except KafkaError as error:
            raise Retryable(f"Kafka does not accept messages ({error}): nothing of this bundle is committed") from error
        return too_large + [refused for message, future in sent if (refused := self._check(message, future))]

    def _send(self, message: OutgoingMessage) -> Any:
        return self.producer.send(
            message.topic, key=message.key, value=message.value, headers=list(message.headers) or None
        )

    def _flush(self) -> None:
        while True:
            try:
                self.producer.flush(timeout=1)
            except KafkaTimeoutError:
                if self.stopping():
                    raise
            else:
                return

    def _check(self, message: OutgoingMessage, future: Any) -> OversizedMessage | None:
        if future.succeeded():
            return None
        if isinstance(future.exception, MessageSizeTooLargeError):
            return OversizedMessage(message, str(future.exception))
        raise Retryable(
            f"Kafka did not accept a message for {message.topic} ({future.exception}): nothing of this bundle is "
            "committed"
        )

    def publish_dead_letters(self, topic: str, letters: Iterable[DeadLetter]) -> None:
        """Sends dead letters. An original that is too large for the topic is cut, and gets the header `cut`."""
        for refused in self.publish(make_dead_letter_message(topic, letter) for letter in letters):
            letter: DeadLetter = refused.message.subject
            _log.warning("dead letter %s is cut to %d of %d bytes", letter.dead_letter_id, CUT, letter.size)
            again = self.publish([make_dead_letter_message(topic, letter, cut=CUT)])
            if again:
                raise Retryable(f"The topic {topic} does not accept a dead letter of {CUT} bytes: {again[0].reason}")

    def close(self) -> None:
        """Closes the producer. Everything is flushed by then."""
        self.producer.close(timeout=5)


def make_dead_letter_message(topic: str, letter: DeadLetter, cut: int | None = None) -> OutgoingMessage:
    """Returns the dead letter as a message: the original value and headers, and headers that say what failed.

    Its key is its id, so that a message without a value can delete it; the original key is in a header.
    """
    own = [(f"{PREFIX}{name}", _format_field(getattr(letter, name)).encode()) for name in FIELDS]
    if cut is not None:
        own.append((f"{PREFIX}cut", str(cut).encode()))
    # A message that was replayed and failed again carries the headers of its last failure.
    original = [(name, value.encode()) for name, value in letter.headers.items() if not name.startswith(PREFIX)]
    if letter.key is not None:
        own.append((KEY_HEADER, letter.key.encode()))
    value = letter.original if cut is None else letter.original[:cut]
    return OutgoingMessage(topic, letter.dead_letter_id.encode(), value, (*original, *own), letter)


def _format_field(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

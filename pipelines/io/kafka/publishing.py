"""The sink's Kafka side: claims for other programs, tombstones for claims that are gone, dead letters."""

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
"""Of the headers that carry a dead letter's fields."""

FIELDS = ("dead_letter_id", "topic", "partition", "offset", "step", "reason", "error", "attempts", "failed_at", "size")
"""Fields of a dead letter that travel as headers; the others are the message's own key, headers and value."""

CUT = 1_000_000
"""Bytes kept of an original that the topic of dead letters does not take whole."""


@dataclass(frozen=True, slots=True, eq=False)
class OutgoingMessage:
    """A message to send; without value it says that the key is gone. `subject` is what it was made of."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    subject: Any = None


@dataclass(frozen=True, slots=True)
class OversizedMessage:
    """A message that the topic does not take for its size."""

    message: OutgoingMessage
    reason: str


class Publisher:
    """Sends messages and returns when the brokers have all of them.

    `producer` is kafka-python's, or what acts like it. Raises `Retryable` where a message was not acknowledged, or when
    asked to stop before it was.
    """

    def __init__(self, producer: Any, stopping: Callable[[], bool] = lifecycle.stop_requested.is_set) -> None:
        self.producer = producer
        self.stopping = stopping

    def publish(self, messages: Iterable[OutgoingMessage]) -> list[OversizedMessage]:
        """Sends all messages, waits, and checks every one. Returns those that were refused for their size."""
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
            raise Retryable(f"Kafka does not take messages ({error}): nothing of this bundle is committed") from error
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
            f"Kafka did not take a message for {message.topic} ({future.exception}): nothing of the bundle is committed"
        )

    def publish_dead_letters(self, topic: str, letters: Iterable[DeadLetter]) -> None:
        """Sends dead letters; an original that is too large for the topic is cut, and the header `cut` says so."""
        for refused in self.publish(make_dead_letter_message(topic, letter) for letter in letters):
            letter: DeadLetter = refused.message.subject
            _log.warning("dead letter %s is cut to %d of %d bytes", letter.dead_letter_id, CUT, letter.size)
            again = self.publish([make_dead_letter_message(topic, letter, cut=CUT)])
            if again:
                raise Retryable(f"the topic {topic} does not take a dead letter of {CUT} bytes: {again[0].reason}")

    def close(self) -> None:
        """Closes the producer; all was flushed."""
        self.producer.close(timeout=5)


def make_dead_letter_message(topic: str, letter: DeadLetter, cut: int | None = None) -> OutgoingMessage:
    """The dead letter as a message: the original value, key and headers, and beside them what happened to it."""
    own = [(f"{PREFIX}{name}", _format_field(getattr(letter, name)).encode()) for name in FIELDS]
    if cut is not None:
        own.append((f"{PREFIX}cut", str(cut).encode()))
    # A message that was replayed and failed again carries the headers of its last failure.
    original = [(name, value.encode()) for name, value in letter.headers.items() if not name.startswith(PREFIX)]
    key = letter.key.encode() if letter.key is not None else None
    value = letter.original if cut is None else letter.original[:cut]
    return OutgoingMessage(topic, key, value, (*original, *own), letter)


def _format_field(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

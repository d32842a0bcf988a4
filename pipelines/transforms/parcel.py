"""What travels down the chain: a message with what was made of it so far, or the dead letter that it became."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipelines.io.kafka_record import KafkaRecord
from schemas.errors import Reason
from schemas.identity import digest
from schemas.records import DeadLetter, RawArticle
from schemas.text import ArticleText

ATTEMPTS_HEADER = "newsclaims.attempts"
"""How often a replayed message has failed already; `newsclaims dead-letters replay` sets it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message and what the steps so far made of it. `raw` is there once it is decoded."""

    origin: KafkaRecord
    raw: RawArticle | None = None
    articles: tuple[ArticleText, ...] = ()

    @property
    def article(self) -> RawArticle:
        """The decoded message. Raises `ValueError` before the step `decode`."""
        if self.raw is None:
            raise ValueError("this parcel is not decoded yet")
        return self.raw

    def holding(self, articles: list[ArticleText]) -> "Parcel":
        """The same message with these articles."""
        return replace(self, articles=tuple(articles))


def dead_letter(origin: KafkaRecord, step: str, reason: Reason, error: str) -> DeadLetter:
    """The dead letter of a message. Its id comes from where the message stands, so a redelivery repeats it."""
    original = origin.value or b""
    headers = {name: value.decode("utf-8", "replace") for name, value in origin.headers}
    attempts = headers.get(ATTEMPTS_HEADER, "0")
    return DeadLetter(
        dead_letter_id=digest("dead-letter", origin.topic, str(origin.partition), str(origin.offset)),
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        key=origin.key.decode("utf-8", "replace") if origin.key is not None else None,
        headers=headers,
        step=step,
        reason=reason,
        error=error[:2000],
        attempts=1 + (int(attempts) if attempts.isdecimal() else 0),
        failed_at=datetime.now(UTC),
        size=len(original),
        original=original,
    )

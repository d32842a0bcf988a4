"""Makes dead letters: the record of a message that a step, or the sink, could not process."""

import re
from datetime import UTC, datetime

from pipelines.io.kafka.record import KafkaRecord
from schemas.codec import read_provenance
from schemas.errors import Reason
from schemas.fields import IngestMode
from schemas.identity import digest
from schemas.records import DeadLetter

ATTEMPTS_HEADER = "newsclaims.attempts"
"""How often a replayed message has failed already; `newsclaims dead-letters replay` sets it."""


def find_ingest_mode(origin: KafkaRecord, mode: IngestMode) -> IngestMode:
    """Returns the message's mode, or `replay` if a live message failed and was sent back in: it raises no alert."""
    replayed = any(name == ATTEMPTS_HEADER for name, _ in origin.headers)
    return "replay" if replayed and mode == "live" else mode


def make_dead_letter(origin: KafkaRecord, step: str, reason: Reason, error: str) -> DeadLetter:
    """Returns the dead letter of a message. Its id follows from the offset, so a redelivery gives the same id."""
    original = origin.value or b""
    headers = {name: value.decode("utf-8", "replace") for name, value in origin.headers}
    known = read_provenance(original)
    if mode := known.get("ingest_mode"):
        known["ingest_mode"] = find_ingest_mode(origin, mode)
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
        attempts=1 + read_attempts(headers.get(ATTEMPTS_HEADER, "")),
        failed_at=datetime.now(UTC),
        size=len(original),
        original=original,
        **known,
    )


def read_attempts(header: str) -> int:
    """Returns how often a message has failed before, or 0 if the header is not a number that a replay writes."""
    return int(header) if re.fullmatch(r"[0-9]{1,9}", header) else 0

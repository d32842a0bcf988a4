"""Stops a job of which too much input dies: then the release, a producer or the set-up is broken, and not the data.

Each worker counts the messages that it has written last. The letters of the last batch are stored before it stops, and
its offsets are not committed: after a restart the same messages are read again, and become the same letters.
"""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines import counters
from pipelines.io.kafka.record import KafkaRecord
from schemas.errors import TooManyDeadLetters
from schemas.records import DeadLetter

WINDOW = 1_000
"""Number of messages, the last of a worker, of which the share is measured."""
LEAST = 100
"""Dead letters below which nothing is stopped, whatever their share."""

Place = tuple[str, int, int]
"""Topic, partition and offset of a message."""


@dataclass(frozen=True)
class LetterCause:
    """Why a message died."""

    step: str
    reason: str
    error: str


class RecentInput:
    """The fate of the messages that a worker wrote last, up to `WINDOW`. `share` is the largest that may die."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.fates: deque[LetterCause | None] = deque(maxlen=WINDOW)

    def add(self, messages: Iterable[KafkaRecord], letters: Sequence[DeadLetter]) -> None:
        """Adds the messages of a batch that reached the sink, and its `letters`.

        A letter that was sent back in does not count as dead: an operator who replays knows that it failed before.
        """
        fates: dict[Place, LetterCause | None] = {
            (message.topic, message.partition, message.offset): None for message in messages
        }
        for letter in letters:
            if letter.attempts == 1:
                cause = LetterCause(letter.step, letter.reason.value, letter.error)
                fates[letter.topic, letter.partition, letter.offset] = cause
        self.fates.extend(fates.values())
        counters.set_gauge("newsclaims_dead_letter_share", self.measure())

    def measure(self) -> float:
        """Returns the share that died; 0 without messages."""
        return sum(fate is not None for fate in self.fates) / len(self.fates) if self.fates else 0.0

    def check(self) -> None:
        """Raises `TooManyDeadLetters` if too many died."""
        dead = [fate for fate in self.fates if fate]
        if len(dead) < LEAST or len(dead) <= self.share * len(self.fates):
            return
        (step, reason), amount = Counter((fate.step, fate.reason) for fate in dead).most_common(1)[0]
        last = next(fate.error for fate in reversed(dead) if (fate.step, fate.reason) == (step, reason))
        raise TooManyDeadLetters(
            f"{len(dead):,} of the last {len(self.fates):,} messages became dead letters, {amount:,} of them with the "
            f"reason {reason} in the step {step}; last error: {shorten(last)}. The job has stopped, and nothing is "
            f"lost: see `newsclaims dead-letters list --reason {reason}`, remove the cause, and start it again; to go "
            "on as it is, use `newsclaims run --dead-letter-limit off`"
        )


def shorten(error: str) -> str:
    """Returns an error in one line of moderate length."""
    line = " ".join(error.split())
    return line if len(line) <= 200 else f"{line[:200]}…"

"""What Elasticsearch or Kafka refused of a batch, and the dead letters that this makes."""

from dataclasses import dataclass

from pipelines import counters
from pipelines.io.dead_letters import make_dead_letter
from pipelines.io.elasticsearch.bulk import RejectedAction
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import Child
from pipelines.io.kafka.publishing import OversizedMessage
from schemas.errors import Permanent, Reason
from schemas.records import DeadLetter

STEP = "write"
"""The sink's name in counters and dead letters."""


@dataclass(frozen=True, slots=True)
class DocumentFailure:
    """A document that a server refused, the set it belongs to, and why."""

    owner: DocumentSet
    child: Child
    reason: Reason
    error: str

    def make_dead_letter(self) -> DeadLetter:
        """Makes the dead letter of the message that the set was made from. Raises `Permanent` if it has no message."""
        error = f"{self.child[0]} {self.child[1]}: {self.error}"
        if self.owner.origin is None:
            raise Permanent(f"The indexed documents of article {self.owner.owner_id} cannot be written again: {error}")
        counters.add("newsclaims_dead_letters_total", step=STEP, reason=self.reason.value)
        return make_dead_letter(self.owner.origin, STEP, self.reason, error)


def make_failure(refused: RejectedAction | OversizedMessage) -> DocumentFailure:
    """Returns the failure of a document that Elasticsearch refused, or that is too large for Kafka.

    Raises `Permanent` if it refuses to delete a document of an article that was taken down.
    """
    if isinstance(refused, OversizedMessage):
        owner, child = refused.message.subject
        return DocumentFailure(
            owner, child, Reason.TOO_LARGE, f"the topic {refused.message.topic} says {refused.reason}"
        )
    if refused.action.subject is None:
        raise Permanent(
            f"Elasticsearch does not delete {refused.action.index}/{refused.action.id}, which was taken down: "
            f"{refused.outcome.reason}"
        )
    owner, child = refused.action.subject
    reason = Reason.TOO_LARGE if refused.outcome.name == "too_large" else Reason.REJECTED
    return DocumentFailure(owner, child, reason, refused.outcome.reason)


def shorten(refused: RejectedAction) -> DeadLetter:
    """Returns a refused dead letter without all that came from its message, which must be what was refused."""
    letter: DeadLetter = refused.action.subject
    return DeadLetter(
        dead_letter_id=letter.dead_letter_id,
        topic=letter.topic,
        partition=letter.partition,
        offset=letter.offset,
        step=letter.step,
        reason=letter.reason,
        error=f"{letter.error} (the index does not take the original: {refused.outcome.reason})"[:2000],
        attempts=letter.attempts,
        failed_at=letter.failed_at,
        size=letter.size,
    )


def make_stop(refused: RejectedAction) -> Permanent:
    """Returns the error for a dead letter that is refused although nothing of its message is left in it."""
    letter: DeadLetter = refused.action.subject
    return Permanent(
        f"Elasticsearch refuses every dead letter ({refused.outcome.reason}), also that of {letter.topic}"
        f"[{letter.partition}]@{letter.offset}: the index {refused.action.index} does not belong to this release. "
        "Nothing is lost: see `newsclaims doctor`, or delete that index and run `newsclaims init`"
    )

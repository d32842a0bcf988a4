"""The history of dead letters: one record for each time that one was sent back in."""

from typing import Annotated, Literal

from schemas.errors import Reason
from schemas.fields import Count, Id, Record, Stored, Text, Timestamp, describe

ReplayOutcome = Literal["sent", "resolved", "failed_again"]


class Replay(Record, frozen=True, kw_only=True):
    """A dead letter that was sent back to its topic. Behind the alias `replays`.

    It has what the letter said, because the letter itself is no longer open.
    """

    replay_id: Annotated[Id, describe("Id of the replay, from the letter and where its message was sent.")]
    dead_letter_id: Annotated[Id, describe("Id of the dead letter.")]
    topic: Annotated[str, describe("Topic of the original, to which it was sent.")]
    partition: Annotated[Count, describe("Partition of the original.")]
    offset: Annotated[Count, describe("Offset of the original.")]
    key: Annotated[str | None, describe("Key of the original.")] = None
    addresses: Annotated[
        tuple[str, ...],
        Stored,
        describe("Addresses in the original, so that `newsclaims forget` finds the replays of a page."),
    ] = ()
    step: Annotated[str, describe("The step that could not process it.")]
    reason: Annotated[Reason, describe("Why it could not be processed.")]
    error: Annotated[Text, describe("The error in words.")]
    feed: Annotated[str | None, describe("Feed of the original, if it could be read.")] = None
    failed_at: Annotated[Timestamp, describe("When it failed.")]
    attempts: Annotated[Count, describe("How often it had failed.")] = 1
    at: Annotated[Timestamp, describe("When it was sent back in.")]
    by: Annotated[str | None, describe("Who sent it.")] = None
    sent_partition: Annotated[Count, describe("Partition that it was sent to.")]
    sent_offset: Annotated[Count, describe("Offset of the message that was sent.")]
    outcome: Annotated[
        ReplayOutcome,
        describe("`sent` until the job has read the message; then `resolved`, or `failed_again`."),
    ] = "sent"
    failed_as: Annotated[Id | None, describe("Id of the dead letter that it became, if it failed again.")] = None

"""Which generations of the indices a batch is written to.

The index `generations` holds one document. A writer uses what it read last, and reads the document again once a batch
is written: if another generation has come in the meantime, the batch is written again, to that one too. So a batch
whose offsets are committed is in every generation that existed when it was written. If another one is live by then, the
claims are published again: a switch may have published their absence before they were there. No handshake with the job
is needed.
"""

from typing import Protocol

from pipelines.io.elasticsearch.bulk import BulkSender
from schemas.elasticsearch.generations import CURRENT, convert_state
from schemas.elasticsearch.indices import GENERATIONS
from schemas.errors import Permanent
from schemas.records import GenerationState


class Generations(Protocol):
    """Tells a writer where to write."""

    def recall(self) -> GenerationState:
        """Returns the state that was read last."""

    def read(self) -> GenerationState:
        """Returns the state of now."""


class IndexedGenerations:
    """Reads the state from its index. Raises as `BulkSender` does."""

    def __init__(self, sender: BulkSender) -> None:
        self.sender = sender
        self.last: GenerationState | None = None

    def recall(self) -> GenerationState:
        """Returns the state that was read last; reads it the first time."""
        return self.last or self.read()

    def read(self) -> GenerationState:
        """Reads the state in realtime."""
        self.last = read_generations(self.sender)
        return self.last


class FixedGeneration:
    """One generation, for programs that write only to it."""

    def __init__(self, generation: int) -> None:
        self.state = GenerationState(live=generation, written=(generation,))

    def recall(self) -> GenerationState:
        """Returns the state."""
        return self.state

    def read(self) -> GenerationState:
        """Returns the state."""
        return self.state


def read_generations(sender: BulkSender) -> GenerationState:
    """Reads which generations are written and which is live, in realtime. Raises as `BulkSender` does."""
    source = sender.read(GENERATIONS.index(""), [CURRENT]).get(CURRENT)
    return convert_state(source)


def read_only_generation(sender: BulkSender, problem: str) -> int:
    """Returns the live generation.

    Raises `Permanent`, with `problem`, while there is a second one: it has other documents.
    """
    state = read_generations(sender)
    if state.state != "single":
        raise Permanent(problem)
    return state.live


def is_settled(written: GenerationState, now: GenerationState) -> bool:
    """Returns whether a batch that was written under one state is written and published as the other wants it."""
    return written.live == now.live and not is_missing(written, now)


def is_missing(written: GenerationState, now: GenerationState) -> bool:
    """Returns whether a batch that was written under one state has to be written again under the other."""
    return bool(set(now.written) - set(written.written))

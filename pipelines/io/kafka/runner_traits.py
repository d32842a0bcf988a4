"""What the Kafka source does differently on a runner of another kind than Beam's FnApiRunner."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.io.kafka.offsets import OffsetSpan


def do_nothing() -> None:
    """Does nothing."""


@dataclass(frozen=True)
class RunnerTraits:
    """How a runner treats bundles and partitions. The functions must be importable, because the pipeline is pickled.

    A runner that `finalizes` bundles soon after their end lets the source commit then. Another one (Flink) finalizes
    only at its checkpoints and keeps the whole chain of every bundle until then. For such a runner no finalizer is
    registered: positions are committed when the same instance begins its next bundle, and a stop gives the rest of each
    partition back to the runner instead of draining, because the runner's state is where reading resumes.

    `place` may change the salt of the spans, and so the worker that gets each. `begin_bundle` is called before each
    bundle.
    """

    finalizes: bool = True
    place: Callable[[list[OffsetSpan]], list[OffsetSpan]] = list
    begin_bundle: Callable[[], None] = do_nothing

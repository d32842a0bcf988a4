"""What a test of the source gives it in place of Beam's parameters."""

from dataclasses import dataclass

from apache_beam.io.restriction_trackers import OffsetRange

from pipelines.io.kafka.restriction import OffsetTracker


@dataclass
class View:
    """As much of Beam's view of a restriction as the source uses."""

    tracker: OffsetTracker
    deferred: bool = False

    def current_restriction(self) -> OffsetRange:
        return self.tracker.current_restriction()

    def try_claim(self, position: int) -> bool:
        return self.tracker.try_claim(position)

    def defer_remainder(self) -> None:
        self.deferred = True

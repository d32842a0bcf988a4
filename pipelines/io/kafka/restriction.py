"""The offsets of one partition as Beam's restriction: a range whose end may be open, claimed one after the other."""

from collections.abc import Callable

from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker

from pipelines.io.kafka.offsets import OPEN_END


class OffsetTracker(OffsetRestrictionTracker):
    """Claims the offsets of one partition; offsets may have gaps (compaction, transaction markers).

    `admits` is called before each claim. Once it returns false, nothing more is claimed, and the range counts as done
    although records are left: this is a drain. Only checkpoints split a range, because a partition is read in order.
    """

    def __init__(self, offset_range: OffsetRange, admits: Callable[[], bool]) -> None:
        super().__init__(offset_range)
        self._admits = admits
        self._drained = False

    def is_bounded(self) -> bool:
        """Returns whether the range has an end."""
        return bool(self._range.stop != OPEN_END)

    def try_claim(self, position: int) -> bool:
        """Claims the offset `position`. Returns false after the end of the range, and in a drain."""
        if not self._admits():
            self._drained = True
            return False
        return bool(super().try_claim(position))

    def try_split(self, fraction_of_remainder: float) -> tuple[OffsetRange, OffsetRange] | None:
        """Splits off everything that is not claimed; refuses any other split."""
        if fraction_of_remainder != 0 or self._drained:
            return None
        parts: tuple[OffsetRange, OffsetRange] | None = super().try_split(0)
        return parts

    def check_done(self) -> None:
        """Raises `ValueError` if records were neither claimed, nor deferred, nor left by a drain."""
        if not self._drained:
            super().check_done()

"""The tracker of one partition's offsets."""

import pytest
from apache_beam.io.restriction_trackers import OffsetRange
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.kafka.offsets import OPEN_END
from pipelines.io.kafka.restriction import OffsetTracker


def tracker(start: int = 10, stop: int = OPEN_END, admits: bool = True) -> OffsetTracker:
    return OffsetTracker(OffsetRange(start, stop), lambda: admits)


def test_open_tail_is_unbounded() -> None:
    assert not tracker().is_bounded()
    assert tracker(stop=20).is_bounded()


def test_fractional_split_is_refused() -> None:
    claiming = tracker(stop=1000)
    claiming.try_claim(10)
    assert claiming.try_split(0.5) is None
    assert claiming.current_restriction() == OffsetRange(10, 1000)


def test_checkpoint_before_any_claim_defers_everything() -> None:
    claiming = tracker()
    assert claiming.try_split(0) == (OffsetRange(10, 10), OffsetRange(10, OPEN_END))
    claiming.check_done()


@given(gaps=st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_checkpoint_defers_what_follows_the_last_claim(gaps: list[int]) -> None:
    claiming = tracker(start=0)
    position = -1
    for gap in gaps:
        position += gap
        assert claiming.try_claim(position)
    _, rest = claiming.try_split(0) or (None, None)
    assert rest == OffsetRange(position + 1, OPEN_END)
    claiming.check_done()


def test_unclaimed_work_is_not_done() -> None:
    claiming = tracker(stop=20)
    claiming.try_claim(10)
    with pytest.raises(ValueError, match="not done"):
        claiming.check_done()


def test_claim_of_the_end_closes_a_range_that_ends_in_a_gap() -> None:
    claiming = tracker(stop=20)
    claiming.try_claim(15)
    assert not claiming.try_claim(20)
    claiming.check_done()


def test_drain_refuses_and_counts_as_done() -> None:
    draining = tracker(admits=False)
    assert not draining.try_claim(10)
    assert draining.try_split(0) is None
    draining.check_done()

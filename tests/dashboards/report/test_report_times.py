"""The intervals that the report counts in: the calendar's, and which of them may still grow."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.ask.answers import TimeSpan
from dashboards.report.times import build_slots, find_next_start, floor_time, label_slot, parse_opening

WIDTHS = ["1s", "30s", "1m", "1h", "12h", "1d", "7d", "30d", "90d", "365d"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("moment", [at("2024-02-29T23:59:59"), at("2022-01-01T00:00:00"), at("2025-12-31T12:34:56")])
def test_interval_holds_the_moment_and_the_next_begins_at_its_end(moment: datetime, width: str) -> None:
    start = floor_time(moment, width)
    assert start <= moment < find_next_start(start, width)
    assert floor_time(start, width) == start
    assert floor_time(find_next_start(start, width), width) == find_next_start(start, width)


def test_intervals_are_the_calendars() -> None:
    moment = at("2024-11-20T10:00:00")
    found = [f"{floor_time(moment, width):%a %d %b}" for width in ("7d", "30d", "90d", "365d")]
    assert found == ["Mon 18 Nov", "Fri 01 Nov", "Tue 01 Oct", "Mon 01 Jan"]
    assert find_next_start(at("2024-12-01"), "30d") == at("2025-01-01")
    assert find_next_start(at("2024-10-01"), "90d") == at("2025-01-01")


@pytest.mark.parametrize(
    ("width", "words"),
    [
        ("365d", "2024"), ("90d", "2024, quarter 4"), ("30d", "October 2024"), ("7d", "week of 1 Oct 2024"),
        ("1d", "1 Oct 2024"), ("1h", "1 Oct 2024 06:00"), ("10s", "1 Oct 2024 06:00:00"),
    ],
)  # fmt: skip
def test_label_is_as_exact_as_the_interval_is_wide(width: str, words: str) -> None:
    assert label_slot(at("2024-10-01T06:00:00"), width) == words


def test_slots_cover_the_span_and_those_that_may_grow_are_open() -> None:
    span = TimeSpan(at("2024-01-15"), at("2024-04-02"))
    found = build_slots(span, "30d", TimeSpan(at("2024-01-15"), at("2024-04-10")))
    assert [slot.label for slot in found] == ["January 2024", "February 2024", "March 2024", "April 2024"]
    assert [slot.open for slot in found] == [True, False, False, True]
    assert not any(slot.open for slot in build_slots(span, "30d", TimeSpan(at("2023-01-01"), at("2025-01-01"))))


def test_opening_time_of_a_board() -> None:
    assert parse_opening("now-3h") == timedelta(hours=3)
    assert parse_opening("now-30d") == timedelta(days=30)
    with pytest.raises(ValueError, match="now-3h"):
        parse_opening("yesterday")

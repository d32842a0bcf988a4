"""Times as people type them on the command line."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dashboards.ask.times import parse_range, parse_time
from schemas.errors import Permanent

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-10-28", datetime(2024, 10, 28, tzinfo=UTC)),
        ("2024-10-28T12:00Z", datetime(2024, 10, 28, 12, tzinfo=UTC)),
        ("2024-10-28T12:00:01.5+02:00", datetime(2024, 10, 28, 10, 0, 1, 500_000, tzinfo=UTC)),
        ("2024-10-28 12:00", datetime(2024, 10, 28, 12, tzinfo=UTC)),
        ("2024-10", datetime(2024, 10, 1, tzinfo=UTC)),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("30d", NOW - timedelta(days=30)),
        ("90m", NOW - timedelta(minutes=90)),
        ("12 h", NOW - timedelta(hours=12)),
        ("4w", NOW - timedelta(weeks=4)),
    ],
)
def test_moment_is_a_date_a_time_or_a_span_before_now(text: str, moment: datetime) -> None:
    assert parse_time(text, "--since", NOW) == moment


def test_moment_is_in_utc() -> None:
    assert parse_time("2024-10-28T12:00+02:00", "--since", NOW).tzinfo is UTC
    assert parse_time("1d", "--since", NOW.astimezone(timezone(timedelta(hours=2)))) == NOW - timedelta(days=1)


@pytest.mark.parametrize("text", ["yesterday", "30", "30y", "-3d", "2024-13-01", "2024-13", "0000", "9999999999w", ""])
def test_what_is_no_moment_is_refused_with_the_option_and_examples(text: str) -> None:
    with pytest.raises(Permanent, match=r"--until is .*2024-10-28.*30d"):
        parse_time(text, "--until", NOW)


def test_range_may_be_open_at_both_ends() -> None:
    assert parse_range(None, None, NOW) == (None, None)
    assert parse_range("2d", None, NOW) == (NOW - timedelta(days=2), None)
    assert parse_range("2d", "1d", NOW) == (NOW - timedelta(days=2), NOW - timedelta(days=1))


@pytest.mark.parametrize(("since", "until"), [("1d", "2d"), ("2024-10-28", "2024-10-28")])
def test_range_that_holds_nothing_is_refused(since: str, until: str) -> None:
    with pytest.raises(Permanent, match=f"--since {since} is not before --until {until}"):
        parse_range(since, until, NOW)

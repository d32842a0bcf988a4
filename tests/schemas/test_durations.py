"""Durations as people write and read them."""

import pytest

from schemas.durations import GRAFANA_UNITS, UNITS, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10), ("5m", 300), ("2h", 7200), ("1d", 86_400), ("4w", 2_419_200), (" 1.5 h ", 5400), ("0s", 0)],
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "m", "5 minutes", "-5m", "5M", "1h30m", ".5h", "1y"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration: write a number and s, m, h, d or w, such as 15m"):
        parse_duration(text)


def test_units_may_be_chosen() -> None:
    assert parse_duration("1M", GRAFANA_UNITS) == 2_592_000
    assert parse_duration("1y", GRAFANA_UNITS) == 31_536_000
    assert parse_duration("30", {**UNITS, "": 1}) == 30
    with pytest.raises(ValueError, match="write a number and s or m"):
        parse_duration("1h", {"s": 1, "m": 60})


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 s"), (0.25, "0.2 s"), (45, "45 s"), (60, "1 min"), (90, "1.5 min"), (3600, "1 h"), (5400, "1.5 h"),
        (86_400, "1 d"), (277_000, "3.2 d"), (864_000_000, "10000 d"),
    ],
)  # fmt: skip
def test_durations_are_shown_in_their_largest_unit(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text

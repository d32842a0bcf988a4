"""Durations as people write and read them: `30s`, `15m`, `1.5 h`."""

import re
from collections.abc import Mapping
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86_400
WEEK: Final = 7 * DAY

UNITS: Final[Mapping[str, int]] = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
"""Seconds in each unit that a person may write."""
GRAFANA_UNITS: Final[Mapping[str, int]] = {**UNITS, "M": 30 * DAY, "y": 365 * DAY}
"""Seconds in each unit of Grafana's time ranges, with months and years of the usual length."""

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]?)")
_SHOWN: Final = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"))


def parse_duration(text: str, units: Mapping[str, int] = UNITS) -> float:
    """Returns the seconds in a number with a unit, such as `90s`, `1.5h` or `30 d`.

    Without a unit the number is in seconds, if `units` has an empty name for them. Raises `ValueError` for any other
    text.
    """
    found = _DURATION.fullmatch(text.strip())
    if not found or found[2] not in units:
        *most, last = (unit for unit in units if unit)
        raise ValueError(f"{text!r} is not a duration: write a number and {', '.join(most)} or {last}, such as 15m")
    return float(found[1]) * units[found[2]]


def format_duration(seconds: float) -> str:
    """Returns a duration in its largest unit, with at most one decimal: `45 s`, `1.5 min`, `12 h`, `3.2 d`."""
    size, unit = next(((size, unit) for size, unit in _SHOWN if seconds >= size), (1, "s"))
    return f"{max(0.0, seconds) / size:.1f}".removesuffix(".0") + f" {unit}"

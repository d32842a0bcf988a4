"""The English names of months, weekdays and seasons: tables/calendar.yaml."""

from typing import Any, Final

from pipelines.text.tables import load_table


def _load() -> dict[str, Any]:
    return load_table(__package__, "calendar.yaml")


_TABLE: Final = _load()
MONTHS: Final[dict[str, tuple[str, ...]]] = {name: tuple(short.split()) for name, short in _TABLE["months"].items()}
"""Names of the months in the order of the year, each with its abbreviations."""
WEEKDAYS: Final[dict[str, tuple[str, ...]]] = {name: tuple(short.split()) for name, short in _TABLE["weekdays"].items()}
"""Names of the days from Monday on, each with its abbreviations."""
SEASON_STARTS: Final[dict[str, int]] = {name: int(month) for name, month in _TABLE["seasons"].items()}
"""The first month of each season."""
GIVEN_NAMES: Final = frozenset(_TABLE["given_names"].split())
"""Months that are given names, too."""

"""Days, months, years and their parts as half-open intervals of UTC days."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pipelines.text.english.calendar_names import SEASON_STARTS
from schemas.fields import Granularity

DAY: Final = timedelta(days=1)
_PARTS_OF_A_YEAR: Final = {"end": (12, 1), "late": (9, 4), "mid": (5, 4), "early": (1, 4)}
"""First month and number of months."""
_MONTHS_IN: Final = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_LENGTHS: Final = {
    "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": DAY, "week": 7 * DAY, "weekend": 7 * DAY,
    "fortnight": 14 * DAY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeInterval:
    """`start` is inclusive, `end` exclusive. Both are midnight UTC, or the exact moment if the text gives a time."""

    start: datetime
    end: datetime
    granularity: Granularity


def make_day(year: int, month: int, day: int) -> TimeInterval:
    """Returns one day. Raises `ValueError` if the month has no such day."""
    start = datetime(year, month, day, tzinfo=UTC)
    return TimeInterval(start, start + DAY, "day")


def find_day(moment: datetime) -> TimeInterval:
    """Returns the UTC day of a moment."""
    start = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return TimeInterval(start, start + DAY, "day")


def make_month(year: int, month: int) -> TimeInterval:
    """Returns one calendar month; numbers outside 1 to 12 count into other years."""
    start = datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)
    return TimeInterval(start, start + timedelta(days=calendar.monthrange(start.year, start.month)[1]), "month")


def make_year(year: int) -> TimeInterval:
    """Returns one calendar year."""
    return TimeInterval(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC), "year")


def make_months(year: int, first: int, count: int, granularity: Granularity) -> TimeInterval:
    """Returns `count` months from month `first` on."""
    return TimeInterval(make_month(year, first).start, make_month(year, first + count - 1).end, granularity)


def make_decade(first: int) -> TimeInterval:
    """Returns the ten years from the year `first` on."""
    return TimeInterval(make_year(first).start, make_year(first + 9).end, "decade")


def take_part(interval: TimeInterval, words: str | None) -> TimeInterval:
    """Returns the part that the words name: the first ("early"), middle or last third, or the last tenth ("end").

    Parts of a year are whole months. Without words, the interval is returned unchanged.
    """
    if not words:
        return interval
    part = next((part for part in ("end", "late", "mid") if part in words.lower()), "early")
    if interval.granularity == "year":
        first, months = _PARTS_OF_A_YEAR[part]
        return make_months(interval.start.year, first, months, "span")
    length = (interval.end - interval.start) / DAY
    third, tenth = round(length / 3) * DAY, max(1, round(length / 10)) * DAY
    start, end = {
        "end": (interval.end - tenth, interval.end),
        "late": (interval.end - third, interval.end),
        "mid": (interval.start + third, interval.end - third),
        "early": (interval.start, interval.start + third),
    }[part]
    return TimeInterval(start, end, "span")


def find_unit(unit: str, today: datetime, steps: int) -> TimeInterval:
    """Returns the calendar unit that lies `steps` units from the one that holds `today`."""
    return _UNITS.get(unit, _step_days)(today, steps)


def _step_days(today: datetime, steps: int) -> TimeInterval:
    start = today + steps * DAY
    return TimeInterval(start, start + DAY, "day")


def _step_weeks(today: datetime, steps: int) -> TimeInterval:
    monday = today - today.weekday() * DAY + steps * 7 * DAY
    return TimeInterval(monday, monday + 7 * DAY, "week")


def _step_fortnights(today: datetime, steps: int) -> TimeInterval:
    return _step_weeks(today, 2 * steps)


def _step_weekends(today: datetime, steps: int) -> TimeInterval:
    saturday = _step_weeks(today, steps).start + 5 * DAY
    return TimeInterval(saturday, saturday + 2 * DAY, "span")


def _step_months(today: datetime, steps: int) -> TimeInterval:
    return make_month(today.year, today.month + steps)


def _step_quarters(today: datetime, steps: int) -> TimeInterval:
    return make_months(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * steps, 3, "quarter")


def _step_years(today: datetime, steps: int) -> TimeInterval:
    return make_year(today.year + steps)


def _step_decades(today: datetime, steps: int) -> TimeInterval:
    return make_decade(today.year // 10 * 10 + 10 * steps)


_UNITS: Final[dict[str, Callable[[datetime, int], TimeInterval]]] = {
    "week": _step_weeks,
    "fortnight": _step_fortnights,
    "weekend": _step_weekends,
    "month": _step_months,
    "quarter": _step_quarters,
    "year": _step_years,
    "decade": _step_decades,
}


def shift(moment: datetime, unit: str, steps: int) -> datetime:
    """Returns the moment `steps` units later, or earlier if negative. The day is cut to the length of the month."""
    if unit in _MONTHS_IN:
        target = make_month(moment.year, moment.month + steps * _MONTHS_IN[unit])
        return target.start.replace(day=min(moment.day, (target.end - DAY).day))
    return moment + steps * _LENGTHS[unit]


def find_season(name: str, today: datetime, steps: int) -> TimeInterval:
    """Returns the season that ended last (`steps` < 0), this year's (0), or the next one to begin (> 0)."""
    seasons = [make_months(today.year + years, SEASON_STARTS[name], 3, "season") for years in (-2, -1, 0, 1)]
    if steps < 0:
        return [season for season in seasons if season.end <= today][-1]
    if steps > 0:
        return next(season for season in seasons if season.start > today)
    return next((season for season in seasons if season.end > today and season.start.year == today.year), seasons[2])

"""Which days a named time means."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pipelines.text.dates import relative
from pipelines.text.dates.calendar import (
    DAY,
    TimeInterval,
    find_day,
    make_day,
    make_decade,
    make_month,
    make_months,
    make_year,
    take_part,
)
from pipelines.text.dates.grammar import ORDINALS, STEPS
from pipelines.text.dates.relative import DateContext, Resolver
from pipelines.text.english.calendar_names import MONTHS, SEASON_STARTS

_NEAR_AHEAD: Final = timedelta(days=45)
_LONG_AGO: Final = timedelta(days=270)
"""A day without a year is the next one if that is at most `_NEAR_AHEAD` ahead and the last one `_LONG_AGO` past."""
_LONGEST_YEAR_RANGE: Final = 200
"""Years; digits that are further apart ("1500-2000") are not a range of years."""


def resolve(
    found: re.Match[str], anchor: datetime | None, future: bool | None, year: int | None = None
) -> TimeInterval | None:
    """Returns the interval that a match of `grammar.find_matches` means, or None if it is unknown or not a date.

    `anchor` is the moment of publication. `future` says whether the sentence looks ahead or back, None if it shows
    neither. `year` is given by another part of the expression ("between March and May 2022").
    """
    try:
        today = find_day(anchor).start if anchor else None
        return _RESOLVERS[found.lastgroup or ""](found, DateContext(today, anchor, future, year))
    except (ValueError, OverflowError):  # 31 February, the year 0
        return None


class _DaysOfYear:
    """The same month, day or days in any year."""

    def __init__(self, month: str, first: str | None = None, last: str | None = None) -> None:
        beginning = month.lower()[:3]
        self.month = next(i for i, name in enumerate(MONTHS, start=1) if name.lower().startswith(beginning))
        self.first = _read_day(first) if first else None
        self.last = _read_day(last) if last else self.first

    def in_year(self, year: int) -> TimeInterval:
        """Raises `ValueError` if the year does not have these days."""
        if self.first is None or self.last is None:
            return make_month(year, self.month)
        start, end = make_day(year, self.month, self.first), make_day(year, self.month, self.last)
        if end.start < start.start:
            raise ValueError(f"day {self.last} is before day {self.first}")
        return replace(start, end=end.end, granularity="day" if self.first == self.last else "span")


def _read_day(text: str) -> int:
    return int(text.rstrip("sthndr"))


def _resolve_iso(found: re.Match[str], _: DateContext) -> TimeInterval:
    if found["iso_time"]:
        moment = datetime.fromisoformat(f"{found['iso_day']}T{found['iso_time'].replace(' ', '')}")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        return TimeInterval(moment, moment + timedelta(seconds=1), "instant")
    return make_day(*map(int, found["iso_day"].split("-")))


def _resolve_numeric(found: re.Match[str], _: DateContext) -> TimeInterval:
    first, second, year = int(found["n1"]), int(found["n2"]), int(found["ny"])
    # 10/05/2024 is American, 10.05.2024 is not; a number above 12 is the day.
    if found["nsep"] == "/" and first <= 12:
        return make_day(year, first, second)
    return make_day(year, second, first) if second <= 12 else make_day(year, first, second)


_DAY_GROUPS: Final = {
    "day_range": ("drm", "dr1", "dr2", "dry"),
    "month_range": ("mrm", "mr1", "mr2", "mry"),
    "day_month": ("dmm", "dmd", "dmd", "dmy"),
    "month_day": ("mdm", "mdd", "mdd", "mdy"),
}
"""The groups of month, first day, last day and year in each form that names days of a month."""


def _resolve_days(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    month, first, last, year = found.group(*_DAY_GROUPS[found.lastgroup or ""])
    return _find_in_year(_DaysOfYear(month, first, last), year, context)


def _find_in_year(days: _DaysOfYear, year: str | None, context: DateContext) -> TimeInterval | None:
    return days.in_year(int(year)) if year else _find_without_year(days, context)


def _find_without_year(days: _DaysOfYear, context: DateContext) -> TimeInterval | None:
    """Returns the last such days, or the next ones if the sentence looks ahead."""
    if context.year is not None:
        return days.in_year(context.year)
    today = context.today
    if today is None:
        return None
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(days.in_year(year))
        except ValueError:  # 29 February
            continue
    past = [interval for interval in candidates if interval.start <= today]
    ahead = [interval for interval in candidates if interval.end > today]
    if ahead and (context.future or (context.future is None and _is_near(past, ahead[0], today))):
        return ahead[0]
    return past[-1] if past else None


def _is_near(past: list[TimeInterval], ahead: TimeInterval, today: datetime) -> bool:
    """Whether the next day is meant: of "on November 5", published on 28 October, the last one is a year ago."""
    return bool(past) and ahead.start - today <= _NEAR_AHEAD and today - past[-1].start >= _LONG_AGO


def _resolve_month(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    days, today = _DaysOfYear(found["mm"]), context.today
    if found["my"]:
        return take_part(days.in_year(int(found["my"])), found["mpart"])
    if today is not None:
        if found["mrel"]:
            return days.in_year(today.year + STEPS[found["mrel"]])
        if found["mwhich"]:
            return _find_pointed_month(days, found["mwhich"].lower().split(), today)
        if context.future and context.year is None and days.month == today.month:
            return take_part(days.in_year(today.year), found["mpart"])
    month = _find_without_year(days, context)
    return take_part(month, found["mpart"]) if month else None


def _find_pointed_month(days: _DaysOfYear, pointer: list[str], today: datetime) -> TimeInterval:
    """ "This June", "next June", "this coming June", "last June"."""
    if pointer == ["this"]:
        return days.in_year(today.year)
    if pointer[0] == "next" or pointer[-1] == "coming":
        return next(month for month in map(days.in_year, (today.year, today.year + 1)) if month.start > today)
    return next(month for month in map(days.in_year, (today.year, today.year - 1)) if month.end <= today)


def _resolve_week_of(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    """ "The last week of July", "the first days of March": a quarter of the month."""
    month = _find_in_year(_DaysOfYear(found["wom"]), found["woy"], context)
    if month is None:
        return None
    if found["wowhich"] in ("last", "final"):
        return TimeInterval(month.end - 7 * DAY, month.end, "week")
    start = month.start + 7 * DAY * (ORDINALS[found["wowhich"]] - 1)
    return TimeInterval(start, start + 7 * DAY, "week")


def _resolve_century(found: re.Match[str], _: DateContext) -> TimeInterval:
    first = (int(found["cen"]) - 1) * 100 + 1
    return take_part(TimeInterval(make_year(first).start, make_year(first + 99).end, "span"), found["cenpart"])


def _resolve_season(found: re.Match[str], _: DateContext) -> TimeInterval:
    return make_months(int(found["sey"]), SEASON_STARTS[found["seand"].lower()], 3, "season")


def _resolve_quarter(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    """ "The third quarter of 2023", "the second half of last year", "Q3 2023"."""
    if found["qq"]:
        unit, number, year = {"Q": "quarter", "H": "half"}[found["qq"][0]], int(found["qq"][1]), int(found["qqy"])
    elif found["qy"]:
        unit, number, year = found["qu"], ORDINALS[found["qn"]], int(found["qy"])
    elif context.today is not None:
        unit, number, year = found["qu"], ORDINALS[found["qn"]], context.today.year + STEPS[found["qrel"]]
    else:
        return None
    if unit == "half":
        return make_months(year, 1 + 6 * (number - 1), 6, "span") if number <= 2 else None
    return make_months(year, 1 + 3 * (number - 1), 3, "quarter")


def _resolve_decade(found: re.Match[str], _: DateContext) -> TimeInterval:
    first = int(found["decy"]) if found["decy"] else 1900 + int(found["decs"])
    return take_part(make_decade(first), found["decpart"])


def _resolve_year_range(found: re.Match[str], _: DateContext) -> TimeInterval | None:
    first, last = int(found["yr1"]), found["yr2"]
    second = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    if not first < second <= first + _LONGEST_YEAR_RANGE:
        return None
    return TimeInterval(make_year(first).start, make_year(second).end, "span")


def _resolve_year(found: re.Match[str], _: DateContext) -> TimeInterval:
    return take_part(make_year(int(found["y"])), found["ypart"])


_RESOLVERS: Final[dict[str, Resolver]] = {
    **relative.RESOLVERS,
    **dict.fromkeys(_DAY_GROUPS, _resolve_days),
    "iso": _resolve_iso,
    "numeric": _resolve_numeric,
    "week_of": _resolve_week_of,
    "month": _resolve_month,
    "quarter": _resolve_quarter,
    "season": _resolve_season,
    "decade": _resolve_decade,
    "century": _resolve_century,
    "year_range": _resolve_year_range,
    "year": _resolve_year,
}

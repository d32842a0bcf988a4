"""Days, months, years and their parts as half-open intervals of UTC days."""

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from schemas.fields import Granularity

DAY = timedelta(days=1)
# The meteorological seasons of the northern hemisphere: first month.
SEASON_STARTS = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}


@dataclass(frozen=True, slots=True)
class Interval:
    """`start` inclusive, `end` exclusive, both at midnight UTC (or the moment, where a time of day is given)."""

    start: datetime
    end: datetime
    granularity: Granularity


def day(year: int, month: int, number: int) -> Interval:
    """One day."""
    start = datetime(year, month, number, tzinfo=UTC)
    return Interval(start, start + DAY, "day")


def day_of(moment: datetime) -> Interval:
    """The UTC day of a moment."""
    start = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Interval(start, start + DAY, "day")


def month(year: int, number: int) -> Interval:
    """One calendar month; numbers beyond 1 to 12 count on into other years."""
    start = datetime(year + (number - 1) // 12, (number - 1) % 12 + 1, 1, tzinfo=UTC)
    return Interval(start, start + timedelta(days=calendar.monthrange(start.year, start.month)[1]), "month")


def year_of(number: int) -> Interval:
    """One calendar year."""
    return Interval(datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC), "year")


def months_of(year: int, first: int, count: int, granularity: Granularity) -> Interval:
    """So many months from one on."""
    return Interval(month(year, first).start, month(year, first + count - 1).end, granularity)


def part_of(interval: Interval, words: str | None) -> Interval:
    """Its first, middle or last third; an end is the last tenth of it."""
    if not words:
        return interval
    words = words.lower()
    if interval.granularity == "year":
        first, months = (
            (12, 1) if "end" in words else (9, 4) if "late" in words else (5, 4) if "mid" in words else (1, 4)
        )
        return months_of(interval.start.year, first, months, "span")
    length = (interval.end - interval.start) / DAY
    third = timedelta(days=round(length / 3))
    if "end" in words:
        last = timedelta(days=max(1, round(length / 10)))
        return Interval(interval.end - last, interval.end, "span")
    if "late" in words:
        return Interval(interval.end - third, interval.end, "span")
    if "mid" in words:
        return Interval(interval.start + third, interval.end - third, "span")
    return Interval(interval.start, interval.start + third, "span")


def containing(unit: str, today: datetime, step: int) -> Interval:
    """The calendar unit that is `step` units from the one with `today` in it."""
    if unit in ("week", "fortnight"):
        monday = today - today.weekday() * DAY + step * (7 if unit == "week" else 14) * DAY
        return Interval(monday, monday + 7 * DAY, "week")
    if unit == "weekend":
        saturday = today - today.weekday() * DAY + (5 + 7 * step) * DAY
        return Interval(saturday, saturday + 2 * DAY, "span")
    if unit == "month":
        return month(today.year, today.month + step)
    if unit == "quarter":
        return months_of(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * step, 3, "quarter")
    if unit == "year":
        return year_of(today.year + step)
    if unit == "decade":
        first = today.year // 10 * 10 + 10 * step
        return Interval(year_of(first).start, year_of(first + 9).end, "decade")
    start = today + step * DAY
    return Interval(start, start + DAY, "day")


def moved(moment: datetime, unit: str, steps: int) -> datetime:
    """`moment`, so many units later (or earlier)."""
    if unit in ("month", "quarter", "year", "decade"):
        months = steps * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
        target = month(moment.year, moment.month + months)
        last = (target.end - DAY).day
        return target.start.replace(day=min(moment.day, last))
    length = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": DAY}
    return moment + steps * length.get(unit, timedelta(days=14 if unit == "fortnight" else 7))


def season(name: str, today: datetime, step: int) -> Interval:
    """The season of this name: the last one that is over, this year's, or the next to begin, by the sign of `step`."""
    seasons = [months_of(today.year + years, SEASON_STARTS[name], 3, "season") for years in (-2, -1, 0, 1)]
    if step < 0:
        return [one for one in seasons if one.end <= today][-1]
    if step > 0:
        return next(one for one in seasons if one.start > today)
    return next((one for one in seasons if one.end > today and one.start.year == today.year), seasons[2])

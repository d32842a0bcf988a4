"""Which days a named time means, counted from the day of publication."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipelines.text.dates.calendar import (
    DAY,
    SEASON_STARTS,
    Interval,
    containing,
    day,
    day_of,
    month,
    months_of,
    moved,
    part_of,
    season,
    year_of,
)
from pipelines.text.dates.grammar import MONTHS, NUMBER_WORDS, ORDINAL_WORDS, WEEKDAYS

_NEAR_AHEAD = timedelta(days=45)
_LONG_AGO = timedelta(days=270)


def resolve(
    found: re.Match[str], anchor: datetime | None, future: bool | None, year: int | None = None
) -> Interval | None:
    """The interval that a match of `date_grammar.find` means, or none where it cannot be told or is no date.

    `anchor` is the day of publication; `future` says whether the sentence looks ahead or back, none where it does not
    tell; `year` is one that the rest of the expression gives ("between March and May 2022").
    """
    try:
        today = day_of(anchor).start if anchor else None
        return _RESOLVERS[found.lastgroup or ""](found, _Context(today, anchor, future, year))
    except (ValueError, OverflowError):  # 31 February, the year 0
        return None


@dataclass(frozen=True, slots=True)
class _Context:
    today: datetime | None
    now: datetime | None
    future: bool | None
    year: int | None


_Resolver = Callable[[re.Match[str], _Context], Interval | None]


def _month_number(name: str) -> int:
    return next(i for i, full in enumerate(MONTHS, start=1) if full.startswith(name.lower().rstrip(".")[:3]))


def _day_number(text: str) -> int:
    return int(re.match(r"\d+", text)[0])  # type: ignore[index]


def count(words: str | None) -> int | None:
    """How many "a couple of", "three", "12" are; none for no words."""
    if not words or not words.strip():
        return None
    if words.strip().isdigit():
        return int(words)
    return next((NUMBER_WORDS[word] for word in reversed(words.lower().split()) if word in NUMBER_WORDS), 1)


def _iso(found: re.Match[str], _: _Context) -> Interval:
    if found["iso_time"]:
        moment = datetime.fromisoformat(f"{found['iso_day']}T{found['iso_time'].replace(' ', '')}")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        return Interval(moment, moment + timedelta(seconds=1), "instant")
    return day(*map(int, found["iso_day"].split("-")))


def _numeric(found: re.Match[str], _: _Context) -> Interval:
    first, second, year = int(found["n1"]), int(found["n2"]), int(found["ny"])
    # 10/05/2024 is American, 10.05.2024 is not; what cannot be a month is the day.
    if found["nsep"] == "/" and first <= 12:
        return day(year, first, second)
    return day(year, second, first) if second <= 12 else day(year, first, second)


def _yearless(context: _Context, of_year: "_OfYear") -> Interval | None:
    """Which year's month or day is meant where none is named: the last, or the next if the sentence looks ahead."""
    if context.year is not None:
        return of_year(context.year)
    today = context.today
    if today is None:
        return None
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(of_year(year))
        except ValueError:  # 29 February
            continue
    past = [one for one in candidates if one.start <= today]
    ahead = [one for one in candidates if one.end > today]
    if context.future and ahead:
        return ahead[0]
    # "On November 5", published on 28 October: the last one is nearly a year ago, the next one is at hand.
    if (
        context.future is None
        and past
        and ahead
        and ahead[0].start - today <= _NEAR_AHEAD
        and today - past[-1].start >= _LONG_AGO
    ):
        return ahead[0]
    return past[-1] if past else None


class _OfYear:
    """The same month, day or days in any year."""

    def __init__(self, month_name: str, first: str | None = None, last: str | None = None) -> None:
        self.number = _month_number(month_name)
        self.first = _day_number(first) if first else None
        self.last = _day_number(last) if last else self.first

    def __call__(self, year: int) -> Interval:
        if self.first is None or self.last is None:
            return month(year, self.number)
        start, end = day(year, self.number, self.first), day(year, self.number, self.last)
        if end.start < start.start:
            raise ValueError(f"day {self.last} is before day {self.first}")
        return replace(start, end=end.end, granularity="day" if self.first == self.last else "span")


def _named(found: re.Match[str], context: _Context, year: str | None, of_year: _OfYear) -> Interval | None:
    return of_year(int(year)) if year else _yearless(context, of_year)


def _day_range(found: re.Match[str], context: _Context) -> Interval | None:
    return _named(found, context, found["dry"], _OfYear(found["drm"], found["dr1"], found["dr2"]))


def _month_range(found: re.Match[str], context: _Context) -> Interval | None:
    return _named(found, context, found["mry"], _OfYear(found["mrm"], found["mr1"], found["mr2"]))


def _day_month(found: re.Match[str], context: _Context) -> Interval | None:
    return _named(found, context, found["dmy"], _OfYear(found["dmm"], found["dmd"]))


def _month_day(found: re.Match[str], context: _Context) -> Interval | None:
    return _named(found, context, found["mdy"], _OfYear(found["mdm"], found["mdd"]))


def _month(found: re.Match[str], context: _Context) -> Interval | None:
    today, of_year = context.today, _OfYear(found["mm"])
    if found["my"]:
        return part_of(of_year(int(found["my"])), found["mpart"])
    if today is None and context.year is None:
        return None
    if today is not None and found["mrel"]:
        return of_year(today.year + _STEP[found["mrel"]])
    which = (found["mwhich"] or "").lower().split()
    if today is not None and which:
        if which == ["this"]:
            return of_year(today.year)
        if which[0] == "next" or which[-1] == "coming":
            return next(one for one in (of_year(today.year), of_year(today.year + 1)) if one.start > today)
        return next(one for one in (of_year(today.year), of_year(today.year - 1)) if one.end <= today)
    if context.future and today is not None and context.year is None and of_year.number == today.month:
        return part_of(of_year(today.year), found["mpart"])
    resolved = _yearless(context, of_year)
    return part_of(resolved, found["mpart"]) if resolved else None


_STEP = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "this": 0,
    "the": 0,
    "current": 0,
    "next": 1,
    "coming": 1,
    "following": 1,
}


def _weekday(found: re.Match[str], context: _Context) -> Interval | None:
    today = context.today
    if today is None:
        return None
    number = next(i for i, name in enumerate(WEEKDAYS) if name.startswith(found["wd"].lower()[:3]))
    if found["wrel"]:
        monday = today - today.weekday() * DAY + _STEP[found["wrel"]] * 7 * DAY
        start = monday + number * DAY
    else:
        back, which = (today.weekday() - number) % 7, (found["wwhich"] or "").lower()
        if which == "next" or which.endswith("coming") or (not which and context.future):
            start = today + ((7 - back) if back or which else 0) * DAY
        elif which.startswith("last") or which.endswith("past"):
            start = today - (back or 7) * DAY
        elif which == "this" and context.future:
            start = today + ((7 - back) % 7) * DAY
        else:
            start = today - back * DAY
    return Interval(start, start + DAY, "day")


def _relative_day(offset: int) -> _Resolver:
    def resolved(_: re.Match[str], context: _Context) -> Interval | None:
        if context.today is None:
            return None
        start = context.today + offset * DAY
        return Interval(start, start + DAY, "day")

    return resolved


def _shifted(unit: str, steps: int, context: _Context) -> Interval | None:
    today, now = context.today, context.now
    if today is None or now is None:
        return None
    if unit in ("minute", "hour"):
        start = moved(now.astimezone(UTC), unit, steps)
        return Interval(start, moved(start, unit, 1), "instant")
    there = moved(today, unit, steps)
    return containing({"fortnight": "week", "weekend": "weekend"}.get(unit, unit), there, 0)


def _ago(found: re.Match[str], context: _Context) -> Interval | None:
    return _shifted(found["agou"], -(count(found["agon"]) or 1), context)


def _from_now(found: re.Match[str], context: _Context) -> Interval | None:
    return _shifted(found["fnu"], count(found["fnn"]) or 1, context)


def _ahead(found: re.Match[str], context: _Context) -> Interval | None:
    """ "In two weeks" is that week; "in days" and "within two weeks" are all the time until then."""
    number, unit, today = count(found["ahn"]), found["ahu"], context.today
    if today is None or (number is None and not found["ahs"]):
        return None
    if number is None or found[0].lower().startswith("within"):
        return Interval(today, max(moved(today, unit, number or 5), today + DAY), "span")
    return _shifted(unit, number, context) if context.future else None


def _running(found: re.Match[str], context: _Context) -> Interval | None:
    """ "Over the next few weeks", "in the past year": up to now, or from now on."""
    today, which, unit = context.today, found["rwhich"].lower(), found["ru"]
    if today is None:
        return None
    if which == "following" or (which == "previous" and not found["rn"]):
        return None  # counted from another time in the text
    number = count(found["rn"]) or (3 if found["rs"] else 1)
    if _STEP[which] > 0:
        return Interval(today, max(moved(today, unit, number), today + DAY), "span")
    return Interval(min(moved(today, unit, -number), today), today + DAY, "span")


def _calendar(found: re.Match[str], context: _Context) -> Interval | None:
    """ "Last month", "later this year", "next summer", "last two weeks"."""
    today, which, unit = context.today, found["cwhich"].lower().split()[-1], found["cu"]
    if today is None or unit in ("minute", "hour"):
        return None
    number, step = count(found["cn"]), _STEP[which]
    if number is not None or found["cs"]:
        if step > 0:
            return Interval(today, moved(today, unit, number or 3), "span")
        return Interval(moved(today, unit, -(number or 3)), today + DAY, "span") if step < 0 else None
    if unit in SEASON_STARTS:
        return part_of(season(unit, today, step), found["cpart"])
    if unit == "weekend" and step == -1 and today.weekday() >= 5:
        return containing(unit, today, -1)
    calendar_unit = containing(unit, today, step)
    side = (found["cside"] or "").lower()
    if side == "later" and calendar_unit.start <= today:
        return replace(calendar_unit, start=today, granularity="span")
    if side == "earlier" and calendar_unit.end > today:
        return replace(calendar_unit, end=today + DAY, granularity="span")
    return part_of(calendar_unit, found["cpart"])


def _week_of(found: re.Match[str], context: _Context) -> Interval | None:
    """ "The last week of July", "the first days of March": a quarter of the month."""
    whole = _named(found, context, found["woy"], _OfYear(found["wom"]))
    if whole is None:
        return None
    if found["wowhich"] in ("last", "final"):
        return Interval(whole.end - 7 * DAY, whole.end, "week")
    start = whole.start + 7 * DAY * (ORDINAL_WORDS[found["wowhich"]] - 1)
    return Interval(start, start + 7 * DAY, "week")


def _century(found: re.Match[str], _: _Context) -> Interval:
    first = (int(found["cen"]) - 1) * 100 + 1
    whole = Interval(year_of(first).start, year_of(first + 99).end, "span")
    return part_of(whole, found["cenpart"])


def _season_of(found: re.Match[str], _: _Context) -> Interval:
    return months_of(int(found["sey"]), SEASON_STARTS[found["seand"].lower()], 3, "season")


def _quarter(found: re.Match[str], context: _Context) -> Interval | None:
    if found["qq"]:
        letter, number, year = found["qq"][0], int(found["qq"][1]), int(found["qqy"])
        unit = "quarter" if letter == "Q" else "half"
    else:
        unit, number = found["qu"], ORDINAL_WORDS[found["qn"]]
        if not found["qy"] and context.today is None:
            return None
        year = int(found["qy"]) if found["qy"] else context.today.year + _STEP[found["qrel"]]  # type: ignore[union-attr]
    if unit == "half":
        return months_of(year, 1 + 6 * (number - 1), 6, "span") if number <= 2 else None
    return months_of(year, 1 + 3 * (number - 1), 3, "quarter")


def _end_of(found: re.Match[str], context: _Context) -> Interval | None:
    return None if context.today is None else part_of(containing(found["eou"], context.today, 0), found["eopart"])


def _decade(found: re.Match[str], _: _Context) -> Interval:
    first = int(found["decy"]) if found["decy"] else 1900 + int(found["decs"])
    return part_of(Interval(year_of(first).start, year_of(first + 9).end, "decade"), found["decpart"])


def _year_range(found: re.Match[str], _: _Context) -> Interval | None:
    first, last = int(found["yr1"]), found["yr2"]
    second = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    if not first < second <= first + 200:
        return None
    return Interval(year_of(first).start, year_of(second).end, "span")


def _year(found: re.Match[str], _: _Context) -> Interval:
    return part_of(year_of(int(found["y"])), found["ypart"])


def _weekend(found: re.Match[str], context: _Context) -> Interval | None:
    """ "The weekend" is the last one begun, or the next if the sentence looks ahead."""
    today = context.today
    if today is None:
        return None
    ahead = context.future or found[0].lower().startswith("this")
    step = 0 if ahead or today.weekday() >= 5 else -1
    return containing("weekend", today, step)


_RESOLVERS: dict[str, _Resolver] = {
    "iso": _iso,
    "numeric": _numeric,
    "day_range": _day_range,
    "month_range": _month_range,
    "day_month": _day_month,
    "month_day": _month_day,
    "week_of": _week_of,
    "month": _month,
    "weekday": _weekday,
    "today": _relative_day(0),
    "yesterday": _relative_day(-1),
    "tomorrow": _relative_day(1),
    "ago": _ago,
    "ahead": _ahead,
    "fromnow": _from_now,
    "running": _running,
    "calendar": _calendar,
    "quarter": _quarter,
    "season": _season_of,
    "end_of": _end_of,
    "decade": _decade,
    "century": _century,
    "year_range": _year_range,
    "year": _year,
    "weekend": _weekend,
}

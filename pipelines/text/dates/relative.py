"""Times counted from the day of publication: "last Friday", "two weeks ago", "over the next few days"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from pipelines.text.dates.calendar import (
    DAY,
    TimeInterval,
    find_day,
    find_season,
    find_unit,
    shift,
    take_part,
)
from pipelines.text.dates.grammar import FORWARD, NUMBERS, STEPS
from pipelines.text.english.calendar_names import SEASON_STARTS, WEEKDAYS

_FEW: Final = 3
"""How many units "the next weeks" and "last days" are."""
_WITHIN_UNITS: Final = 5
"""How many units "within days" and "in weeks" are."""


@dataclass(frozen=True, slots=True)
class DateContext:
    """What a time is counted from."""

    today: datetime | None
    """Midnight UTC of the day of publication; None if the day is unknown."""
    now: datetime | None
    """The moment of publication."""
    future: bool | None
    """Whether the sentence looks ahead (True) or back (False); None if it shows neither."""
    year: int | None
    """The year that another part of the expression gives."""


Resolver = Callable[[re.Match[str], DateContext], TimeInterval | None]


def read_count(words: str | None) -> int | None:
    """Returns the number that "a couple of", "three" or "12" names; None for no words, 1 for words without a number."""
    if not words or not words.strip():
        return None
    if words.strip().isdigit():
        return int(words)
    return next((NUMBERS[word] for word in reversed(words.lower().split()) if word in NUMBERS), 1)


def _resolve_weekday(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    today = context.today
    if today is None:
        return None
    number = list(WEEKDAYS).index(found["wd"])
    if found["wrel"]:
        return find_day(find_unit("week", today, STEPS[found["wrel"]]).start + number * DAY)
    back, which = (today.weekday() - number) % 7, (found["wwhich"] or "").lower()
    if which == "next" or which.endswith("coming") or (not which and context.future):
        days = 7 - back if back or which else 0
    elif which.startswith("last") or which.endswith("past"):
        days = -(back or 7)
    elif which == "this" and context.future:
        days = (7 - back) % 7
    else:
        days = -back
    return find_day(today + days * DAY)


def _resolve_day_at(offset: int) -> Resolver:
    """Returns the resolver of a word for the day `offset` days from the day of publication."""

    def resolve(_: re.Match[str], context: DateContext) -> TimeInterval | None:
        return None if context.today is None else find_day(context.today + offset * DAY)

    return resolve


def _step_from_now(unit: str, steps: int, context: DateContext) -> TimeInterval | None:
    if context.today is None or context.now is None:
        return None
    if unit in ("minute", "hour"):
        start = shift(context.now.astimezone(UTC), unit, steps)
        return TimeInterval(start, shift(start, unit, 1), "instant")
    return find_unit("week" if unit == "fortnight" else unit, shift(context.today, unit, steps), 0)


def _resolve_ago(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    return _step_from_now(found["agou"], -(read_count(found["agon"]) or 1), context)


def _resolve_from_now(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    return _step_from_now(found["fnu"], read_count(found["fnn"]) or 1, context)


def _resolve_ahead(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    """ "In two weeks" is that week; "in days" and "within two weeks" are all the time until then."""
    number, unit, today = read_count(found["ahn"]), found["ahu"], context.today
    if today is None or (number is None and not found["ahs"]):
        return None
    if number is None or found[0].lower().startswith("within"):
        return TimeInterval(today, max(shift(today, unit, number or _WITHIN_UNITS), today + DAY), "span")
    return _step_from_now(unit, number, context) if context.future else None


def _resolve_running(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    """ "Over the next few weeks" begins at publication; "in the past year" ends with it."""
    today, which, unit = context.today, found["rwhich"].lower(), found["ru"]
    if today is None:
        return None
    if which == "following" or (which == "previous" and not found["rn"]):
        return None  # counted from another time in the text
    number = read_count(found["rn"]) or (_FEW if found["rs"] else 1)
    if which in FORWARD:
        return TimeInterval(today, max(shift(today, unit, number), today + DAY), "span")
    return TimeInterval(min(shift(today, unit, -number), today), today + DAY, "span")


def _resolve_calendar(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    """ "Last month", "later this year", "next summer", "last two weeks"."""
    today, unit, step = context.today, found["cu"], STEPS[found["cwhich"].lower().split()[-1]]
    if today is None or unit in ("minute", "hour"):
        return None
    number = read_count(found["cn"])
    if number is not None or found["cs"]:
        return _count_units(unit, step * (number or _FEW), today)
    if unit in SEASON_STARTS:
        return take_part(find_season(unit, today, step), found["cpart"])
    if unit == "weekend" and step == -1 and today.weekday() >= 5:
        return find_unit(unit, today, -1)
    whole = find_unit(unit, today, step)
    return _take_side(whole, (found["cside"] or "").lower(), today) or take_part(whole, found["cpart"])


def _count_units(unit: str, steps: int, today: datetime) -> TimeInterval | None:
    """ "The last two weeks" end with the day of publication, "next two weeks" begin with it."""
    if steps > 0:
        return TimeInterval(today, shift(today, unit, steps), "span")
    return TimeInterval(shift(today, unit, steps), today + DAY, "span") if steps < 0 else None


def _take_side(unit: TimeInterval, side: str, today: datetime) -> TimeInterval | None:
    """ "Later this year" begins with the day of publication, "earlier this year" ends with it."""
    if side == "later" and unit.start <= today:
        return replace(unit, start=today, granularity="span")
    if side == "earlier" and unit.end > today:
        return replace(unit, end=today + DAY, granularity="span")
    return None


def _resolve_end_of(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    return None if context.today is None else take_part(find_unit(found["eou"], context.today, 0), found["eopart"])


def _resolve_weekend(found: re.Match[str], context: DateContext) -> TimeInterval | None:
    """ "The weekend" is the last one that began, or the next one if the sentence looks ahead."""
    today = context.today
    if today is None:
        return None
    ahead = context.future or found[0].lower().startswith("this")
    return find_unit("weekend", today, 0 if ahead or today.weekday() >= 5 else -1)


RESOLVERS: Final[dict[str, Resolver]] = {
    "weekday": _resolve_weekday,
    "today": _resolve_day_at(0),
    "yesterday": _resolve_day_at(-1),
    "tomorrow": _resolve_day_at(1),
    "ago": _resolve_ago,
    "ahead": _resolve_ahead,
    "fromnow": _resolve_from_now,
    "running": _resolve_running,
    "calendar": _resolve_calendar,
    "end_of": _resolve_end_of,
    "weekend": _resolve_weekend,
}
"""The resolver of each form of the grammar that is counted from the day of publication."""

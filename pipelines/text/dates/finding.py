"""The times that an article speaks of."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from pipelines.text.dates import grammar, resolution
from pipelines.text.dates.calendar import Interval, day_of
from schemas.fields import Field
from schemas.text import TimeExpression, TimeReference

# Words before a time that open it to one side.
_OPEN = re.compile(
    r"\b(since|until|till|by|before|from|between)\s+(?:(?:late|early|at\s+least|around|about)\s+)?$", re.I
)
_JOINED = re.compile(r"\s*(?:and|to|until|till|through|-|–|—)\s*", re.I)

# How the sentence tells which Monday is meant: what was said or done lies behind, what will be lies ahead.
_SENTENCE_START = re.compile(r"[.!?]['’\"”)]*\s+(?=[\"'“‘(]?[A-Z])|\n")
_JUST_DONE = re.compile(
    r"\b(?:\w+ed|said|told|was|were|had|held|met|took|came|went|gave|made|saw|put|sent|began|struck|fell|rose)"
    r"(?:\s+\w+){0,2}?\s+(?:(?:on|late|early|in)\s+)*$",
    re.I,
)
_LOOKS_AHEAD = re.compile(
    r"\b(?:will|shall|would|going\s+to|(?:is|are|was|were)\s+(?:due|set|expected|scheduled|planned|slated)|plans?\s+to|"
    r"planning|intends?|prepar\w+|expects?|scheduled|upcoming|ahead\s+of|aims?\s+to|could|may|might|must|vows?|until|by)\b"
    r"|['’]ll\b", re.I)  # fmt: skip

# Forms whose digits are a date whenever they occur; durations such as "next three weeks" are not among them.
_DATED = frozenset({
    "iso", "numeric", "day_range", "month_range", "day_month", "month_day", "month", "ago", "quarter", "season",
    "decade", "century", "year_range", "year", "week_of",
})  # fmt: skip


def find_times(text: str, anchor: datetime | None, field: Field = "body") -> list[TimeExpression]:
    """All times named in `text`, as half-open intervals of UTC days, in reading order.

    `anchor` is when the text was published; without it only times that name their year are found. Month, day and
    weekday without a year mean the last such one, or the next one where the sentence looks ahead.
    """
    times: list[TimeExpression] = []
    for start, end, interval in _intervals(text, anchor):
        expression = text[start:end]
        reference = TimeReference(
            text=expression, start=interval.start, end=interval.end, granularity=interval.granularity
        )
        times.append(TimeExpression(text=expression, field=field, start=start, end=end, time=reference))
    return times


def find_date_spans(text: str) -> list[tuple[int, int]]:
    """Where the text has dates, years, times of day and "N days ago": digits there count nothing. In reading order."""
    spans = [found.span() for found in _found(text) if found.lastgroup in _DATED and _has_digit_or_ago(found[0])]
    spans += [found.span() for found in grammar.CLOCK.finditer(text)]
    return sorted(spans)


@lru_cache(maxsize=2)
def _found(text: str) -> tuple[re.Match[str], ...]:
    """The times of a text; kept for title and body, which are asked for their dates and then for their times."""
    return tuple(grammar.find(text))


def _has_digit_or_ago(text: str) -> bool:
    return text.endswith("ago") or any(character.isdigit() for character in text)


def _intervals(text: str, anchor: datetime | None) -> Iterator[tuple[int, int, Interval]]:
    found = _found(text)
    position = 0
    while position < len(found):
        one = found[position]
        position += 1
        opener = _OPEN.search(text, max(0, one.start() - 40), one.start())
        word = opener[1].lower() if opener else ""
        future = _looks_ahead(text, one.start())
        if word in ("from", "between") and opener and position < len(found):
            other = found[position]
            joined = _JOINED.fullmatch(text, one.end(), other.start())
            pair = joined and _pair(one, other, anchor, future)
            if pair:
                position += 1
                yield opener.start(), other.end(), pair
                continue
        interval = resolution.resolve(one, anchor, future)
        if interval is None:
            continue
        opened = _opened(word, interval, anchor)
        if opener and opened:
            yield opener.start(), one.end(), opened
        else:
            yield one.start(), one.end(), interval


def _pair(one: re.Match[str], other: re.Match[str], anchor: datetime | None, future: bool | None) -> Interval | None:
    """ "Between March and May 2022": the year of the second holds for the first."""
    last = resolution.resolve(other, anchor, future)
    if last is None:
        return None
    first = resolution.resolve(one, anchor, future, year=last.start.year)
    if first is not None and first.start > last.start:
        first = resolution.resolve(one, anchor, future, year=last.start.year - 1)
    if first is None or first.start > last.start:
        return None
    return Interval(first.start, last.end, "span")


def _opened(word: str, interval: Interval, anchor: datetime | None) -> Interval | None:
    """ "Since Thursday" lasts until publication; "by December" and "until Friday" begin with it."""
    if anchor is None:
        return None
    today = day_of(anchor)
    if word == "since" and interval.start <= today.start:
        return Interval(interval.start, today.end, "span")
    if word in ("by", "until", "till") and interval.end > today.end:
        return Interval(min(today.start, interval.start), interval.end, "span")
    if word == "before" and interval.start > today.start:
        return Interval(today.start, interval.start, "span")
    return None


def _looks_ahead(text: str, start: int) -> bool | None:
    """Whether the clause speaks of what will be (true) or of what was done (false); none without a sign of either."""
    before = text[max(0, start - 120) : start]
    sentence = _SENTENCE_START.split(before)[-1]
    if _JUST_DONE.search(sentence):
        return False
    return True if _LOOKS_AHEAD.search(sentence) else None

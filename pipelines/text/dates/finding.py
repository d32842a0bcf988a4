"""The times that an article names."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final

from pipelines.text.dates.calendar import TimeInterval, find_day
from pipelines.text.dates.grammar import CLOCK, find_matches, match_any
from pipelines.text.dates.resolution import resolve
from schemas.fields import Field
from schemas.text import TimeExpression, TimeReference

_OPENER_REACH: Final = 40
"""Characters before a time in which the word that opens it is looked for."""
_TENSE_REACH: Final = 120
"""Characters before a time in which the tense of its sentence is looked for."""

_OPENER = re.compile(rf"\b({match_any('openers')})\s+(?:{match_any('opener_gaps')}\s+)?$", re.I)
_JOINT = re.compile(rf"\s*{match_any('joints')}\s*", re.I)
_SENTENCE_START = re.compile(r"[.!?]['’\"”)]*\s+(?=[\"'“‘(]?[A-Z])|\n")
_JUST_DONE = re.compile(
    rf"\b(?:\w+ed|{match_any('past_verbs')})(?:\s+\w+){{0,2}}?\s+(?:{match_any('past_gaps')}\s+)*$", re.I
)
_LOOKS_AHEAD = re.compile(
    rf"\b(?:{match_any('future_words')}|(?:is|are|was|were)\s+{match_any('future_participles')})\b|['’]ll\b", re.I
)

# Forms whose digits are a date wherever they occur. Durations such as "next three weeks" are not among them.
_DATED = frozenset({
    "iso", "numeric", "day_range", "month_range", "day_month", "month_day", "month", "ago", "quarter", "season",
    "decade", "century", "year_range", "year", "week_of",
})  # fmt: skip


def find_times(text: str, anchor: datetime | None, field: Field = "body") -> list[TimeExpression]:
    """Returns the times named in `text` as half-open intervals of UTC days, in reading order.

    `anchor` is when the text was published; without it, only times that name their year are found. A month, day or
    weekday without a year is the last such one, or the next one if the sentence looks ahead.
    """
    times: list[TimeExpression] = []
    for start, end, interval in _find_intervals(text, anchor):
        expression = text[start:end]
        reference = TimeReference(
            text=expression, start=interval.start, end=interval.end, granularity=interval.granularity
        )
        times.append(TimeExpression(text=expression, field=field, start=start, end=end, time=reference))
    return times


def find_date_spans(text: str) -> list[tuple[int, int]]:
    """Returns where the text has dates, years, times of day and "N days ago", whose digits count nothing."""
    spans = [found.span() for found in _find_matches(text) if found.lastgroup in _DATED and _has_digit_or_ago(found[0])]
    spans += [found.span() for found in CLOCK.finditer(text)]
    return sorted(spans)


@lru_cache(maxsize=2)
def _find_matches(text: str) -> tuple[re.Match[str], ...]:
    """Kept for a title and a body, because both `find_date_spans` and `find_times` read them."""
    return tuple(find_matches(text))


def _has_digit_or_ago(text: str) -> bool:
    return text.endswith("ago") or any(character.isdigit() for character in text)


def _find_intervals(text: str, anchor: datetime | None) -> Iterator[tuple[int, int, TimeInterval]]:
    matches = _find_matches(text)
    position = 0
    while position < len(matches):
        match = matches[position]
        position += 1
        opener = _OPENER.search(text, max(0, match.start() - _OPENER_REACH), match.start())
        word = opener[1].lower() if opener else ""
        future = _looks_ahead(text, match.start()) if anchor else None
        if opener and word in ("from", "between") and position < len(matches):
            other = matches[position]
            pair = _JOINT.fullmatch(text, match.end(), other.start()) and _join(match, other, anchor, future)
            if pair:
                position += 1
                yield opener.start(), other.end(), pair
                continue
        interval = resolve(match, anchor, future)
        if interval is None:
            continue
        opened = _open(word, interval, anchor)
        if opener and opened:
            yield opener.start(), match.end(), opened
        else:
            yield match.start(), match.end(), interval


def _join(
    left: re.Match[str], right: re.Match[str], anchor: datetime | None, future: bool | None
) -> TimeInterval | None:
    """ "Between March and May 2022": the year of the second time holds for the first."""
    last = resolve(right, anchor, future)
    if last is None:
        return None
    first = resolve(left, anchor, future, year=last.start.year)
    if first is not None and first.start > last.start:
        first = resolve(left, anchor, future, year=last.start.year - 1)
    if first is None or first.start > last.start:
        return None
    return TimeInterval(first.start, last.end, "span")


def _open(word: str, interval: TimeInterval, anchor: datetime | None) -> TimeInterval | None:
    """ "Since Thursday" lasts until publication; "by December" and "until Friday" begin with it."""
    if anchor is None:
        return None
    today = find_day(anchor)
    if word == "since" and interval.start <= today.start:
        return TimeInterval(interval.start, today.end, "span")
    if word in ("by", "until", "till") and interval.end > today.end:
        return TimeInterval(min(today.start, interval.start), interval.end, "span")
    if word == "before" and interval.start > today.start:
        return TimeInterval(today.start, interval.start, "span")
    return None


def _looks_ahead(text: str, start: int) -> bool | None:
    """Whether the clause speaks of the future (True) or of what was done (False); None without a sign of either."""
    sentence = _SENTENCE_START.split(text[max(0, start - _TENSE_REACH) : start])[-1]
    if _JUST_DONE.search(sentence):
        return False
    return True if _LOOKS_AHEAD.search(sentence) else None

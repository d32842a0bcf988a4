"""Lines that say who wrote an article and when: bylines and dates around the headline."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from babel import Locale

from pipelines.text.language.scripts import CYRILLIC_CAPITALS, LATIN_CAPITALS
from pipelines.text.reading.lines import TextLine
from pipelines.text.tables import load_table
from schemas.times.zones import find_zone_offset

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No news article on the web is older."""
LATEST_AHEAD = timedelta(days=1)
"""How far after its fetch an article may be dated: clocks and time zones differ, years do not."""

_MOST_WORDS = 22
"""Words of a byline or date line; more is a sentence."""
_MOST_STAFF_WORDS = 9
"""Words of a line that names somebody of the newsroom without "by"."""
_MOST_NAME_WORDS = 5
"""Words of an author's name."""
_MOST_DATE_WORDS = 12
"""Words of a line that contains a date without a word such as "published"."""

_NAME_START = re.compile(f"[{LATIN_CAPITALS}{CYRILLIC_CAPITALS}@]")
_DATELINE = re.compile(
    r"^(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{2,}(?:[ /][A-ZÀ-Þ.'’-]{2,}){0,3}(?:, [\w. ]{2,24}){0,2} ?(?:\([\w. ]{2,24}\))?"
    r"(?: ?(?:—|–|-|--|:) ?| \" (?=[A-Z]))|\([A-Z][\w. ]{1,20}\) ?[—–-] ?)\S"
)
_ISO = re.compile(
    r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|\b((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日|\b((?:19"
    r"|20)\d\d)년 ?(\d{1,2})월 ?(\d{1,2})일"
)
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d|\d\d)\b")
# The time, or the same date again, may follow without a space: "3 May 20249:15", "3 May 20243 May 2024".
_YEAR_IN_DATE = r"((?:19|20)\d\d)(?:\b|(?=\d\d?[:\s]))"
# A date without one of these is not whole. Searching for the names of months in eighteen languages is slow.
_YEAR = re.compile(r"(?:19|20)\d\d|\d[/.]\d\d?[/.]\d\d")
_CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d\d)(?::\d\d)?\s*([ap])?\.?(?:m\b\.?)?\s*\(?([a-z]{1,4}\b)?", re.IGNORECASE)


class _Patterns(NamedTuple):
    byline: re.Pattern[str]
    by: re.Pattern[str]
    name: re.Pattern[str]
    after_name: re.Pattern[str]
    staff: re.Pattern[str]
    stamp: re.Pattern[str]
    update: re.Pattern[str]


@cache
def _load_table() -> dict[str, Any]:
    return load_table(__package__, "bylines.yaml")


@cache
def _load_patterns() -> _Patterns:
    table = {name: "|".join(entries) for name, entries in _load_table().items() if isinstance(entries, list)}
    word = r"[^\W\d_][\w.'’-]*"
    return _Patterns(
        byline=re.compile(
            rf"^(?:(?:{table['written']})\s+)?(?:{table['by']})\b:?\s+(?P<name>\S.*)$"
            rf"|^(?:{table['labels']})\s*[:|]\s*(?P<named>.*)$",
            re.IGNORECASE,
        ),
        by=re.compile(rf"(?:(?:{table['written']})\s+)?(?:{table['by']}):?", re.IGNORECASE),
        name=re.compile(rf"{word}(?:\s+{word}){{0,{_MOST_NAME_WORDS - 1}}}"),
        after_name=re.compile(rf"(?<=\S)\s+(?:{table['after_name']})\b.*", re.IGNORECASE),
        staff=re.compile(rf"\b(?:{table['staff']})\b", re.IGNORECASE),
        update=re.compile(rf"^\W*(?:(?:{table['stamp_openers']}) )?(?:{table['update_stamps']})\b", re.IGNORECASE),
        stamp=re.compile(
            rf"^\W*(?:(?:{table['stamp_openers']}) )?(?:{table['stamps']})\b.{{0,80}}$"
            rf"|^\W*(?:\d+|an?|one)\s*(?:{table['age_units']})\s+ago\b.{{0,30}}$"
            rf"|^\W*(?:{table['reading_times']})\b.{{0,30}}$",
            re.IGNORECASE,
        ),
    )


def is_byline(line: TextLine) -> bool:
    """Whether the line says who wrote the article."""
    if line.words > _MOST_WORDS:
        return False
    patterns = _load_patterns()
    match = patterns.byline.match(line.text)
    if (
        match
        and not line.text.endswith((".", "?", "!", "”"))
        and _NAME_START.match(match["name"] or match["named"] or "X")
    ):
        return True
    return (
        line.words <= _MOST_STAFF_WORDS
        and not line.ends_sentence
        and bool(patterns.staff.search(line.text))
        and line.text[:1].isupper()
    )


def join_byline(line: TextLine, below: TextLine) -> TextLine | None:
    """Returns a byline that is broken after "By", with the name below; None if that is not a name."""
    patterns = _load_patterns()
    if not patterns.by.fullmatch(line.text) or not patterns.name.fullmatch(below.text):
        return None
    joined = replace(line, text=f"{line.text} {below.text}")
    return joined if is_byline(joined) and parse_author(joined) else None


def is_date_line(line: TextLine) -> bool:
    """Whether the line says when the article was published, and little else."""
    if line.words > _MOST_WORDS or line.text.startswith(("—", "–", "@")):
        return False
    if _load_patterns().stamp.match(line.text):
        return True
    if not _YEAR.search(line.text):
        return False
    return line.words <= _MOST_DATE_WORDS and not line.text.endswith(".") and parse_date(line.text) is not None


def is_update_line(line: TextLine) -> bool:
    """Whether a line with a date says when the article was changed, and not when it was published."""
    return bool(_load_patterns().update.match(line.text))


def is_dateline(line: TextLine) -> bool:
    """Whether the line opens an agency's report: "GENEVA (Agency) — …", "MOSCOW, March 3 - …"."""
    return bool(_DATELINE.match(line.text))


def parse_author(line: TextLine) -> str | None:
    """Returns the name in a byline; None if the line names nobody."""
    patterns = _load_patterns()
    match = patterns.byline.match(line.text)
    if match is None:
        return None
    text = (match["name"] or match["named"] or "").strip()
    name = patterns.name.match(text)
    return _clean_name(name.group(), text[name.end() :]) if name else None


def _clean_name(text: str, behind: str) -> str | None:
    """Returns the name without what follows it, once if it is given twice; None if less than two words are left.

    `behind` is the rest of the line.
    """
    words = _load_patterns().after_name.sub("", text).split()
    if words[-1].lower().rstrip(".") in _load_month_names() and behind.lstrip()[:1].isdigit():
        words.pop()
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        words = words[:half]
    return " ".join(words) if len(words) > 1 and words[0][0].isupper() else None


def parse_date(text: str) -> datetime | None:
    """Returns the first whole date in a short text, UTC, with its time if zone and time are given; None without one.

    A date such as 3/4/2020 is refused, because day and month cannot be distinguished.
    """
    found = _find_day(text) if _YEAR.search(text) else None
    if found is None:
        return None
    clock = _CLOCK.search(text[found[1] :]) or _CLOCK.search(text[: found[2]])
    return found[0] + _parse_time(clock, found[0]) if clock else found[0]


def is_believable(moment: datetime, now: datetime | None) -> bool:
    """Whether an article can have been published at that moment: not before the web, and not after the fetch."""
    return moment >= EARLIEST and (now is None or moment <= now + LATEST_AHEAD)


def _find_day(text: str) -> tuple[datetime, int, int] | None:
    """Returns the first day that a text names, with the end and the start of its characters."""
    day_first, month_first = _load_month_patterns()
    for pattern, order in ((day_first, "dmy"), (month_first, "mdy"), (_ISO, "ymd"), (_NUMERIC, "numeric")):
        match = pattern.search(text)
        if match is None:
            continue
        parts = [part for part in match.groups() if part]
        numbers = [
            _load_month_names().get(part.lower().rstrip("."), -1) if not part.isdigit() else int(part) for part in parts
        ]
        day = _build_day(numbers, order)
        if day is not None:
            return day, match.end(), match.start()
    return None


def _build_day(numbers: list[int], order: str) -> datetime | None:
    """Returns the day of three numbers in the given order; None if there is no such day or the order is in doubt."""
    if order == "numeric":
        first, second, _ = numbers
        if (first <= 12) == (second <= 12) and first != second:
            return None
        order = "dmy" if first > 12 else "mdy"
    named = dict(zip(order, numbers, strict=True))
    year = named["y"] + 2000 if named["y"] < 100 else named["y"]
    try:
        return datetime(year, named["m"], named["d"], tzinfo=UTC)
    except ValueError:
        return None


def _parse_time(clock: re.Match[str], day: datetime) -> timedelta:
    """Returns the time of day as a distance from midnight UTC; zero if the zone is unknown or the time impossible."""
    hour, minute, half = int(clock[1]), int(clock[2]), (clock[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return timedelta(0)
    time = timedelta(hours=hour, minutes=minute)
    offset = find_zone_offset(clock[4] or "", day.replace(tzinfo=None) + time)
    return timedelta(0) if offset is None else time - offset


@cache
def _load_month_names() -> dict[str, int]:
    names: dict[str, int] = {"sept": 9}
    for language in _load_table()["languages"]:
        locale = Locale(language)
        for width in ("wide", "abbreviated"):
            for use in ("format", "stand-alone"):
                for number, name in locale.months[use][width].items():
                    if not name.rstrip(".").isdigit():
                        names.setdefault(name.lower().rstrip("."), number)
    return names


@cache
def _load_month_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Returns the patterns of a date with the day first and with the month first."""
    name = "|".join(sorted(map(re.escape, _load_month_names()), key=len, reverse=True))
    return (
        re.compile(
            rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?: of| de)?[\s,-]+({name})\.?(?: de)?[\s,-]+{_YEAR_IN_DATE}",
            re.IGNORECASE,
        ),
        re.compile(rf"\b({name})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR_IN_DATE}", re.IGNORECASE),
    )

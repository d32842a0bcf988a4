"""The words and shapes that name a time in English, as regular expressions.

This module finds a time and names its parts; `resolution` says which days are meant. The words are in tables/words.yaml
and english/tables/calendar.yaml.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pipelines.text.english.calendar_names import GIVEN_NAMES, MONTHS, SEASON_STARTS, WEEKDAYS
from pipelines.text.expressions import fold_case, join_by_first_letter
from pipelines.text.tables import load_typed_table
from schemas.times.zones import list_zone_names


def _load() -> dict[str, Any]:
    return load_typed_table(__package__, "words.yaml")


_TABLE: Final = _load()
NUMBERS: Final[dict[str, int]] = _TABLE["numbers"] | _TABLE["loose_numbers"]
ORDINALS: Final[dict[str, int]] = _TABLE["ordinals"]
STEPS: Final[dict[str, int]] = _TABLE["steps"]
FORWARD: Final = frozenset(_TABLE["forward"].split())
_NOTHING: Final = "(?!)"
"""An expression that matches nothing: that of an empty list."""


def match_any(name: str) -> str:
    """Returns an expression for the phrases of a list in tables/words.yaml. Raises `KeyError` for an unknown list."""
    phrases = _TABLE[name]
    return _match_phrases(phrases.split() if isinstance(phrases, str) else phrases)


def _match_phrases(phrases: Iterable[str]) -> str:
    escaped = (re.escape(phrase).replace(r"\ ", r"\s+").replace(r"\*", r"\w+") for phrase in phrases)
    return f"(?:{'|'.join(escaped) or _NOTHING})"


def _match_calendar_names(names: dict[str, tuple[str, ...]], *, short_capitals: bool) -> str:
    """Returns an expression for names of the calendar: in full, abbreviated with or without a period, in capitals."""
    short = [word for abbreviations in names.values() for word in abbreviations]
    capitals = [word.upper() for word in (*names, *(short if short_capitals else ()))]
    alternatives = "|".join([*names, *(word + r"\.?" for word in short), *capitals])
    return f"(?:{alternatives})(?![a-zA-Z])"


_MONTH = _match_calendar_names(MONTHS, short_capitals=True)
_WEEKDAY = _match_calendar_names(WEEKDAYS, short_capitals=False)
_LONG_WEEKDAY = _match_phrases(WEEKDAYS) + "(?![a-zA-Z])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_NO_MORE_DIGITS = r"(?![\d]|[.,]\d)"
_TO = r"\s*(?:-|–|—|to|and|through|until)\s*"
_UNIT = match_any("units")
_SEASON = _match_phrases(SEASON_STARTS)
_NUMBER = _match_phrases(_TABLE["numbers"])
_OPENING_NUMBER = _match_phrases(word.title() for word, number in _TABLE["numbers"].items() if number <= 10)
_COUNT = rf"(?:\d{{1,3}}|{_NUMBER}|(?:a\s+)?couple(?:\s+of)?|(?:a\s+)?few|several|(?:a\s+)?dozen)"
_PART = r"(?:(?:the\s+)?(?:very\s+)?(?:start|beginning|middle|end)\s+of|early|mid|late)[\s-]+(?:in\s+)?"
_DAYPART = r"(?:\s+(?:morning|afternoon|evening|night))?"

# The ways to name a time. Each is one regular expression with a group of the same name.
_FORMS = {
    "iso": (
        rf"(?P<iso>(?P<iso_day>{_YEAR}-\d\d-\d\d)"
        r"(?:[T ](?P<iso_time>\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)?))?)(?!\d)"
    ),
    "numeric": rf"(?P<numeric>(?P<n1>\d{{1,2}})(?P<nsep>[/.])(?P<n2>\d{{1,2}})(?P=nsep)(?P<ny>{_YEAR}))(?!\d)",
    "day_range": (
        rf"(?P<day_range>(?P<dr1>{_DAY}){_TO}(?P<dr2>{_DAY})\s+(?:of\s+)?(?P<drm>{_MONTH})(?:\s?,?\s+"
        rf"(?P<dry>{_YEAR}){_NO_MORE_DIGITS})?)"
    ),
    "month_range": (
        rf"(?P<month_range>(?P<mrm>{_MONTH})\s+(?P<mr1>{_DAY}){_TO}(?P<mr2>{_DAY})(?!\d|\s+{_MONTH})(?:\s?,?"
        rf"\s+(?P<mry>{_YEAR}){_NO_MORE_DIGITS})?)"
    ),
    "day_month": (
        rf"(?P<day_month>(?:{_WEEKDAY},?\s+)?(?:the\s+)?(?P<dmd>{_DAY})(?:\s+of\s+|[\s-]+)(?P<dmm>{_MONTH})"
        rf"(?:(?:\s?,?\s+|-)(?P<dmy>{_YEAR}){_NO_MORE_DIGITS})?)"
    ),
    "month_day": (
        rf"(?P<month_day>(?:{_WEEKDAY},?\s+)?(?P<mdm>{_MONTH})\s+(?:the\s+)?(?P<mdd>{_DAY}){_NO_MORE_DIGITS}"
        rf"(?!\s?%|[\w-])(?:\s?,?\s+(?P<mdy>{_YEAR}){_NO_MORE_DIGITS})?)"
    ),
    "week_of": (
        rf"(?P<week_of>(?:[Tt]he\s+)?(?P<wowhich>first|second|third|fourth|last|final)\s+"
        rf"(?P<wou>week|weekend|days)\s+of\s+"
        rf"(?P<wom>{_MONTH})(?:,?\s+(?P<woy>{_YEAR}){_NO_MORE_DIGITS})?)"
    ),
    "month": (
        rf"(?P<month>(?:(?P<mpart>{_PART})|(?P<mwhich>[Ll]ast|[Nn]ext|[Tt]his(?:\s+past|\s+coming)?)\s+)?"
        rf"(?P<mm>{_MONTH})(?:,?\s+(?:of\s+)?(?P<my>{_YEAR}){_NO_MORE_DIGITS}|\s+(?P<mrel>last|this|next)"
        rf"\s+year)?)"
    ),
    "weekday": (
        rf"(?P<weekday>(?:(?P<wwhich>[Ll]ast|[Nn]ext|[Tt]his(?:\s+past|\s+coming)?)\s+)?"
        rf"(?P<wd>{_LONG_WEEKDAY}){_DAYPART}(?:\s+(?P<wrel>last|this|next)\s+week)?)"
    ),
    "today": r"(?P<today>[Tt]oday|[Tt]onight|[Tt]his\s+(?:morning|afternoon|evening)|TODAY)\b(?!['’]s\b)",
    "yesterday": rf"(?P<yesterday>[Yy]esterday{_DAYPART}|[Ll]ast\s+night|[Oo]vernight)\b",
    "tomorrow": rf"(?P<tomorrow>[Tt]omorrow{_DAYPART})\b",
    "ago": (
        rf"(?P<ago>(?:(?:about|around|nearly|almost|over|more\s+than)\s+)?"
        rf"(?P<agon>{_COUNT}|\b[Aa]n?|{_OPENING_NUMBER})(?:\s+and\s+a"
        rf"\s+half)?[\s-]+(?P<agou>{_UNIT})s?\s+ago)\b"
    ),
    "ahead": (
        rf"(?P<ahead>(?:[Ii]n|[Ww]ithin)\s+(?:the\s+)?(?:just\s+|about\s+|as\s+little\s+as\s+)?"
        rf"(?P<ahn>{_COUNT}\s+|an?\s+)?(?:more\s+)?(?P<ahu>{_UNIT})(?P<ahs>s?)(?:['’]s?\s+time)?)(?!\s+"
        rf"(?:of|ended|ending|to)\b|[\w’'-])"
    ),
    "fromnow": rf"(?P<fromnow>(?P<fnn>{_COUNT}|an?)\s+(?P<fnu>{_UNIT})s?\s+from\s+now)\b",
    "running": (
        rf"(?P<running>(?:(?:[Oo]ver|[Ii]n|[Ff]or|[Dd]uring|[Ww]ithin|[Tt]hroughout)\s+)?(?P<rthe>[Tt]he\s+)"
        rf"(?P<rwhich>last|past|previous|next|coming|following)\s+(?P<rn>{_COUNT}\s+)?(?P<ru>{_UNIT})"
        rf"(?P<rs>s?))\b(?!\s+of\s)"
    ),
    "calendar": (
        rf"(?P<calendar>(?:(?P<cpart>{_PART})|(?P<cside>[Ee]arlier|[Ll]ater)\s+)?"
        rf"(?P<cwhich>[Ll]ast|[Pp]ast|[Nn]ext|[Tt]his|[Tt]he\s+current)\s+(?P<cn>{_COUNT}\s+)?"
        rf"(?P<cu>{_UNIT}|{_SEASON})(?P<cs>s?))\b(?!['’]s\b)"
    ),
    "quarter": (
        rf"(?P<quarter>(?:[Tt]he\s+)?(?P<qn>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]+"
        rf"(?P<qu>quarter|half)\s+of\s+(?:(?P<qy>{_YEAR})|(?P<qrel>last|this|next|the)\s+year)|"
        rf"(?P<qq>[QH][1-4])[\s-]+(?P<qqy>{_YEAR}))\b"
    ),
    "season": rf"(?P<season>(?P<seand>{_SEASON})\s+(?:of\s+)?(?P<sey>{_YEAR})){_NO_MORE_DIGITS}",
    "end_of": rf"(?P<end_of>(?P<eopart>{_PART})(?:the\s+)(?P<eou>week|month|quarter|year|decade))\b(?!['’])",
    "decade": r"(?P<decade>(?:(?P<decpart>early|mid|late)[\s-]+)?"
    r"(?:(?P<decy>(?:1[5-9]|20)\d0)\s?['’]?s|['’‘](?P<decs>[2-9]0)s))\b",
    "century": r"(?P<century>(?:(?P<cenpart>early|mid|late)[\s-]+)?(?P<cen>1\d|2[01])(?:st|th)[\s-]century)\b",
    "year_range": rf"(?P<year_range>(?P<yr1>{_YEAR})\s?[-–—/]\s?(?P<yr2>{_YEAR}|\d\d))(?![\d-]|[.,]\d)",
    "year": rf"(?P<year>(?P<ypart>{_PART})?(?P<y>{_YEAR})){_NO_MORE_DIGITS}(?![\w-])",
    "weekend": r"(?P<weekend>(?:[Tt]he|[Ll]ast|[Nn]ext|[Tt]his)\s+weekend)\b",
}


def _lower_names(names: dict[str, tuple[str, ...]]) -> str:
    return " ".join(word.lower() for name, short in names.items() for word in (name, *short))


# Which forms a word can begin, in the order in which they are tried: the longer reading comes first. Because of this
# table only a few words of a text start any matching.
_BEGINNINGS: tuple[tuple[str, str], ...] = (
    ("0", "iso numeric day_range day_month ago fromnow quarter decade century year_range year"),
    (_lower_names(MONTHS), "month_range month_day month"),
    (_lower_names(WEEKDAYS), "day_month month_day weekday"),
    ("the", "day_month running week_of month end_of calendar quarter weekend year"),
    ("last this next", "today yesterday weekend month weekday calendar week_of"),
    ("past", "calendar"),
    ("over in for during within throughout", "running ahead"),
    ("early mid late very start beginning middle end", "month calendar end_of decade century year"),
    ("earlier later", "calendar"),
    ("today tonight", "today"),
    ("yesterday overnight", "yesterday"),
    ("tomorrow", "tomorrow"),
    ("first second third fourth final", "quarter week_of"),
    ("q h", "quarter"),
    (" ".join(SEASON_STARTS), "season"),
    (" ".join(NUMBERS) + " about around nearly almost more", "ago fromnow"),
    ("'", "decade"),
)
_STARTS = {
    word: re.compile("|".join(_FORMS[name] for name in names.split()))
    for words, names in _BEGINNINGS
    for word in words.split()
}
# What follows the commonest of these words if they begin a time: thus few of them start any matching.
_STRETCHES = "last|past|previous|next|coming|following"
_COUNTED = rf"couple|few|dozen|{_UNIT}"
_FOLLOWERS = {
    word: rf"(?={follower})"
    for words, follower in (
        (
            "the",
            rf"\s+(?:\d|{_STRETCHES}|current|first|second|third|fourth|final|very|start|beginning|middle|end|weekend)",
        ),
        ("over for during throughout", rf"\s+the\s+(?:{_STRETCHES})"),
        ("in within", rf"\s+(?:the|just|about|as|an?|more|several|\d|{_COUNTED}|{_NUMBER})"),
        ("a an", rf"[\s-]+(?:{_COUNTED}|and)"),
    )
    for word in words.split()
}
_WORDS = [word + _FOLLOWERS.get(word, "(?![a-z])") for word in _STARTS if word.isalpha()]
_BEGINNING = re.compile(rf"(?<![\w$€£¥.,-])(?:{join_by_first_letter(_WORDS)}|\d|['’‘](?=\d0s))")
"""For text in lower case."""

# A time of day is not a date, but its digits count nothing either. Names of zones are in capitals: "18.30 CEST".
# Those of two letters are left out: "5.20 MT" are tonnes.
_ZONE = rf"(?-i:{'|'.join(name for name in list_zone_names() if len(name) > 2)})\b"
CLOCK = re.compile(
    r"\d(?<![\w$€£.,:]\d)(?:(?<=[01])\d|(?<=2)[0-3])?(?:[:.][0-5]\d(?::[0-5]\d)?\s?"
    rf"(?:[ap]\.?m\b\.?|{_ZONE}|GMT|UTC|BST|CET|EST|EDT|PST|PDT|hrs|hours\b)"
    r"|:[0-5]\d(?::[0-5]\d)?(?![\d:])|\s?[ap]\.?m\b\.?)",
    re.IGNORECASE,
)

_REACH: Final = 14
"""Characters before a year or a month in which the word that supports it is looked for."""
_YEAR_BEFORE = re.compile(rf"(?:\b{match_any('before_year')}\s+|[(\[,;–—-]\s*)$", re.IGNORECASE)
_MONTH_BEFORE = re.compile(rf"\b{match_any('before_month')}\s+$", re.IGNORECASE)
_NAME_AFTER = re.compile(r"\s[A-Z][a-z]")
_STRONG_BEFORE = re.compile(rf"\b{match_any('surely_before_year')}\s+$", re.IGNORECASE)
_COUNTED_AFTER = re.compile(rf"\s*{match_any('counted')}", re.IGNORECASE)
_GOES_ON = re.compile(rf"\s*(?:$|[.,;:!?)\]\n–—-]|['’\"”]|[A-Z(]|(?:{match_any('after_year')}|\w+ed)\b)")


def find_matches(text: str) -> Iterator[re.Match[str]]:
    """Yields the times named in the text, in order and without overlap.

    `lastgroup` of a match is the name of its form: `iso`, `month_day`, …
    """
    position = 0
    for word in _BEGINNING.finditer(fold_case(text)):
        if word.start() < position:
            continue
        first = word[0]
        forms = _STARTS["0" if first.isdigit() else "'" if first in "'’‘" else first]
        found = forms.match(text, word.start())
        if found is None or (found.lastgroup == "year" and not _is_year(text, found)):
            continue
        if found.lastgroup == "month" and not _is_month(text, found):
            continue
        yield found
        position = found.end()


def _is_month(text: str, found: re.Match[str]) -> bool:
    """Checks a month without day and year: "May" is also a name and a verb, "Jan" a name, "March" an event."""
    if found["my"] or found["mpart"] or found["mwhich"] or found["mrel"]:
        return True
    if found["mm"] in GIVEN_NAMES and _NAME_AFTER.match(text, found.end()):
        return False
    return _MONTH_BEFORE.search(text, max(0, found.start() - _REACH), found.start()) is not None


def _is_year(text: str, found: re.Match[str]) -> bool:
    """Checks four bare digits: "in 1999" is a year, "1999 soldiers" is not."""
    if found["ypart"]:
        return True
    before = text[max(0, found.start() - _REACH) : found.start()]
    after = text[found.end() : found.end() + 24]
    if _COUNTED_AFTER.match(after) or not _YEAR_BEFORE.search(before):
        return False
    return bool(_STRONG_BEFORE.search(before) or _GOES_ON.match(after))

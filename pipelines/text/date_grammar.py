"""The words and shapes that name a time in English, found by one regular expression.

This module finds and names the parts; `date_resolution` says which days are meant.
"""

import re
from collections.abc import Iterator

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = ("winter", "spring", "summer", "autumn", "fall")

NUMBER_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "couple": 2, "few": 3, "several": 4, "dozen": 12,
}  # fmt: skip
ORDINAL_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
    r"|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)(?![a-zA-Z])"
)
_WEEKDAY = (
    r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mon\.?|Tues?\.?|Wed\.?|Thurs?\.?|Fri\.?|Sat\.?|Sun\.?"
    r"|MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUNDAY)(?![a-zA-Z])"
)
_LONG_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?![a-zA-Z])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_NO_MORE_DIGITS = r"(?![\d]|[.,]\d)"
_TO = r"\s*(?:-|–|—|to|and|through|until)\s*"
_UNIT = r"(?:minute|hour|day|week|weekend|fortnight|month|quarter|year|decade)"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_COUNT = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|(?:a\s+)?couple(?:\s+of)?|(?:a\s+)?few|several|(?:a\s+)?dozen)"
)
_PART = r"(?:(?:the\s+)?(?:very\s+)?(?:start|beginning|middle|end)\s+of|early|mid|late)[\s-]+(?:in\s+)?"
_DAYPART = r"(?:\s+(?:morning|afternoon|evening|night))?"

# One alternative for each way to say a time. Order matters: the longer reading comes first.
_FORMS = (
    rf"(?P<iso>(?P<iso_day>{_YEAR}-\d\d-\d\d)"
    r"(?:[T ](?P<iso_time>\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)?))?)(?!\d)",
    rf"(?P<numeric>(?P<n1>\d{{1,2}})(?P<nsep>[/.])(?P<n2>\d{{1,2}})(?P=nsep)(?P<ny>{_YEAR}))(?!\d)",
    rf"(?P<day_range>(?P<dr1>{_DAY}){_TO}(?P<dr2>{_DAY})\s+(?:of\s+)?(?P<drm>{_MONTH})(?:\s?,?\s+(?P<dry>{_YEAR}){_NO_MORE_DIGITS})?)",
    rf"(?P<month_range>(?P<mrm>{_MONTH})\s+(?P<mr1>{_DAY}){_TO}(?P<mr2>{_DAY})(?!\d|\s+{_MONTH})(?:\s?,?\s+(?P<mry>{_YEAR}){_NO_MORE_DIGITS})?)",
    rf"(?P<day_month>(?:{_WEEKDAY},?\s+)?(?:the\s+)?(?P<dmd>{_DAY})(?:\s+of\s+|[\s-]+)(?P<dmm>{_MONTH})(?:(?:\s?,?\s+|-)(?P<dmy>{_YEAR}){_NO_MORE_DIGITS})?)",
    rf"(?P<month_day>(?:{_WEEKDAY},?\s+)?(?P<mdm>{_MONTH})\s+(?:the\s+)?(?P<mdd>{_DAY}){_NO_MORE_DIGITS}(?!\s?%|[\w-])(?:\s?,?\s+(?P<mdy>{_YEAR}){_NO_MORE_DIGITS})?)",
    rf"(?P<week_of>(?:[Tt]he\s+)?(?P<wowhich>first|second|third|fourth|last|final)\s+(?P<wou>week|weekend|days)\s+of\s+"
    rf"(?P<wom>{_MONTH})(?:,?\s+(?P<woy>{_YEAR}){_NO_MORE_DIGITS})?)",
    rf"(?P<month>(?:(?P<mpart>{_PART})|(?P<mwhich>[Ll]ast|[Nn]ext|[Tt]his(?:\s+past|\s+coming)?)\s+)?(?P<mm>{_MONTH})(?:,?\s+(?:of\s+)?(?P<my>{_YEAR}){_NO_MORE_DIGITS}|\s+(?P<mrel>last|this|next)\s+year)?)",
    rf"(?P<weekday>(?:(?P<wwhich>[Ll]ast|[Nn]ext|[Tt]his(?:\s+past|\s+coming)?)\s+)?(?P<wd>{_LONG_WEEKDAY}){_DAYPART}(?:\s+(?P<wrel>last|this|next)\s+week)?)",
    r"(?P<today>[Tt]oday|[Tt]onight|[Tt]his\s+(?:morning|afternoon|evening)|TODAY)\b(?!['’]s\b)",
    rf"(?P<yesterday>[Yy]esterday{_DAYPART}|[Ll]ast\s+night|[Oo]vernight)\b",
    rf"(?P<tomorrow>[Tt]omorrow{_DAYPART})\b",
    rf"(?P<ago>(?:(?:about|around|nearly|almost|over|more\s+than)\s+)?(?P<agon>{_COUNT}|\b[Aa]n?|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)(?:\s+and\s+a\s+half)?[\s-]+(?P<agou>{_UNIT})s?\s+ago)\b",
    rf"(?P<ahead>(?:[Ii]n|[Ww]ithin)\s+(?:the\s+)?(?:just\s+|about\s+|as\s+little\s+as\s+)?(?P<ahn>{_COUNT}\s+|an?\s+)?(?:more\s+)?(?P<ahu>{_UNIT})(?P<ahs>s?)(?:['’]s?\s+time)?)(?!\s+(?:of|ended|ending|to)\b|[\w’'-])",
    rf"(?P<fromnow>(?P<fnn>{_COUNT}|an?)\s+(?P<fnu>{_UNIT})s?\s+from\s+now)\b",
    rf"(?P<running>(?:(?:[Oo]ver|[Ii]n|[Ff]or|[Dd]uring|[Ww]ithin|[Tt]hroughout)\s+)?(?P<rthe>[Tt]he\s+)(?P<rwhich>last|past|previous|next|coming|following)\s+(?P<rn>{_COUNT}\s+)?(?P<ru>{_UNIT})(?P<rs>s?))\b",
    rf"(?P<calendar>(?:(?P<cpart>{_PART})|(?P<cside>[Ee]arlier|[Ll]ater)\s+)?(?P<cwhich>[Ll]ast|[Pp]ast|[Nn]ext|[Tt]his|[Tt]he\s+current)\s+(?P<cn>{_COUNT}\s+)?(?P<cu>{_UNIT}|{_SEASON})(?P<cs>s?))\b(?!['’]s\b)",
    rf"(?P<quarter>(?:[Tt]he\s+)?(?P<qn>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]+(?P<qu>quarter|half)\s+of\s+(?:(?P<qy>{_YEAR})|(?P<qrel>last|this|next|the)\s+year)|(?P<qq>[QH][1-4])[\s-]+(?P<qqy>{_YEAR}))\b",
    rf"(?P<season>(?P<seand>{_SEASON})\s+(?:of\s+)?(?P<sey>{_YEAR})){_NO_MORE_DIGITS}",
    rf"(?P<end_of>(?P<eopart>{_PART})(?:the\s+)(?P<eou>week|month|quarter|year|decade))\b(?!['’])",
    r"(?P<decade>(?:(?P<decpart>early|mid|late)[\s-]+)?(?:(?P<decy>(?:1[5-9]|20)\d0)\s?['’]?s|['’‘](?P<decs>[2-9]0)s))\b",
    r"(?P<century>(?:(?P<cenpart>early|mid|late)[\s-]+)?(?P<cen>1\d|2[01])(?:st|th)[\s-]century)\b",
    rf"(?P<year_range>(?P<yr1>{_YEAR})\s?[-–—/]\s?(?P<yr2>{_YEAR}|\d\d))(?![\d-]|[.,]\d)",
    rf"(?P<year>(?P<ypart>{_PART})?(?P<y>{_YEAR})){_NO_MORE_DIGITS}(?![\w-])",
    r"(?P<weekend>(?:[Tt]he|[Ll]ast|[Nn]ext|[Tt]his)\s+weekend)\b",
)
TIME = re.compile(r"(?<![\w$€£¥.,-])(?:" + "|".join(_FORMS) + ")")

# Times of day are no dates, but their digits count nothing either.
CLOCK = re.compile(
    r"(?<![\w$€£.,:])(?:[01]?\d|2[0-3])(?:[:.][0-5]\d(?::[0-5]\d)?\s?(?:[ap]\.?m\b\.?|GMT|UTC|BST|CET|EST|EDT|PST|PDT|hrs|hours\b)"
    r"|:[0-5]\d(?::[0-5]\d)?(?![\d:])|\s?[ap]\.?m\b\.?)",
    re.IGNORECASE,
)

# What may stand before a bare four-digit number that is a year, and what shows that it counts something instead.
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|from|until|till|by|of|during|before|after|through|to|and|or|between|around|about|circa|for|than|"
    r"year|years|spring|summer|autumn|fall|winter|election|elections|the|its|a|season|late|early|mid)\s+|[(\[,;–—-]\s*)$",
    re.IGNORECASE,
)
_MONTH_BEFORE = re.compile(
    r"\b(?:in|since|from|until|till|by|of|during|before|after|through|to|and|or|between|around|for|than|the|its|his|her|their|a|"
    r"an|every|each|that)\s+$",
    re.IGNORECASE,
)
_STRONG_BEFORE = re.compile(r"\b(?:in|since|during|until|year|circa)\s+$", re.IGNORECASE)
_COUNTED_AFTER = re.compile(
    r"\s*(?:%|per\s?cent|people|soldiers|troops|tonnes|tons|miles|km|metres|meters|feet|dollars|euros|pounds|men|women|"
    r"children|times|units|votes|points|cases|deaths|hectares|acres|kilomet|square|million|billion)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s*(?:$|[.,;:!?)\]\n–—-]|['’\"”]|[A-Z(]|(?:and|or|to|the|a|an|in|on|at|by|for|with|till|since|when|as|but|was|were|is|are|has|had|"
    r"have|after|before|that|which|while|until|through|from|of|it|he|she|they|we|amid|because|if|where|\w+ed|who|than|"
    r"under|over|presidential|election|elections|season|budget|campaign|invasion|war|report|agreement|deal|treaty|"
    r"film|album|novel|book|study|census|constitution|coup|revolution|edition|championship|tournament)\b)"
)


def find(text: str) -> Iterator[re.Match[str]]:
    """All times named in the text, in order, none inside another. `lastgroup` is not the form: use `form`."""
    position = 0
    while found := TIME.search(text, position):
        if (found["year"] is None or _is_year(text, found)) and (found["month"] is None or _is_month(text, found)):
            yield found
            position = found.end()
        else:
            position = found.start() + 3


def form(found: re.Match[str]) -> str:
    """Which of the forms was found: `iso`, `month_day`, `ago` …"""
    return next(name for name in _FORM_NAMES if found[name] is not None)


_FORM_NAMES = [re.match(r"\(\?P<(\w+)>", alternative)[1] for alternative in _FORMS]  # type: ignore[index]


def _is_month(text: str, found: re.Match[str]) -> bool:
    """Whether a month without day and year is one: "May" is a name and a verb, "Jan" a name, "March" an event."""
    if found["my"] or found["mpart"] or found["mwhich"] or found["mrel"]:
        return True
    return len(found["mm"]) > 2 and _MONTH_BEFORE.search(text, max(0, found.start() - 14), found.start()) is not None


def _is_year(text: str, found: re.Match[str]) -> bool:
    if found["ypart"]:
        return True
    before = text[max(0, found.start() - 14) : found.start()]
    after = text[found.end() : found.end() + 24]
    if _COUNTED_AFTER.match(after) or not _YEAR_BEFORE.search(before):
        return False
    return bool(_STRONG_BEFORE.search(before) or _GOES_ON.match(after))

"""Dates of feeds, in the many forms in which feeds write them."""

import re
import unicodedata
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dateutil import parser as dateutil_parser

from connectors.sources.date_zones import split_zone
from schemas.codec import EARLIEST, LATEST_AHEAD

EPOCH = re.compile(r"(\d{9,10})(\d{3}|\d{6}|\d{9})?(?:\.\d*)?$")
"""Seconds since 1970, or a thousandth, a millionth or a billionth of them."""
HALF_OF_DAY = re.compile(r"(?<=\d)\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
"""`PM` in its shapes: `pm`, `p.m.`, `P. M.`."""
HOURS = re.compile(r"(?<=[:.]\d\d)\s?(?:hrs?|hours|h|uhr)\b\.?", re.IGNORECASE)
"""A word after a time that only says that it is one: `18:30 Uhr`, `18:30 hrs IST`."""
NOT_NEEDED = re.compile(r"\b(?:1[3-9]|2[0-3]):\d\d(?::\d\d)?(\s?[AP]M)\b")
"""`PM` after a time that counts to 24."""
MIDNIGHT = re.compile(r"(?<!\d)24:00(?::00(?:\.0+)?)?\b")
LEAP_SECOND = re.compile(r"(?<=:[0-5]\d:)60\b")
NUMERIC = re.compile(r"(?:[^\W\d_]{2,}\.?,?\s)?(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)\b(?:,?\s(.*))?$")
"""Day, month and year in figures, in this order or with the month first."""
YEAR_FIRST = re.compile(r"^(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?!\d)")
MOST_CHARACTERS = 80
"""Characters of a date that are read."""

NOT_A_DATE = "dates that cannot be read"
UNKNOWN_ZONE = "dates with an unknown time zone"
IN_DOUBT = "dates whose day and month cannot be told apart"
IMPOSSIBLE = "dates before 1990 or after the fetch"


@dataclass(frozen=True)
class DateReading:
    """What was read of a date: its moment in UTC, or its problem, in the plural as counts name it."""

    moment: datetime | None
    problem: str = ""


def parse_date(text: str, fetched_at: datetime, language: str = "") -> datetime | None:
    """Returns the moment of a feed's date in UTC, or None; see `read_date`."""
    return read_date(text, fetched_at, language).moment


def read_date(text: str, fetched_at: datetime, language: str = "") -> DateReading:
    """Reads a feed's date. A date without a zone is taken as UTC; `language` is that of its words, if known.

    A date whose zone is unknown, or whose day and month cannot be told apart, has no moment, as it would be wrong by
    hours or months; nor has one that no article can have (1970, or more than a day after its fetch). The article is
    then dated by its page or its fetch.
    """
    text = simplify(text)
    if found := EPOCH.match(text):
        return check_date([datetime.fromtimestamp(int(found[1]), UTC)], fetched_at)
    zoned = split_zone(text)
    try:
        local = parse_local(zoned.text, fetched_at, language)
        known = [moment.replace(tzinfo=UTC) for each in local if (moment := zoned.to_utc(each))]
    except OverflowError:
        return DateReading(None, IMPOSSIBLE)
    if known:
        return check_date(known, fetched_at)
    return DateReading(None, UNKNOWN_ZONE if local else NOT_A_DATE)


def simplify(text: str) -> str:
    """Returns the text with plain spaces, digits, hyphens and halves of the day."""
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    text = HOURS.sub("", " ".join(text.split())[:MOST_CHARACTERS])
    text = HALF_OF_DAY.sub(lambda found: f" {found[1].upper()}M", text)
    return NOT_NEEDED.sub(lambda found: found[0].removesuffix(found[1]), text)


def check_date(moments: list[datetime], fetched_at: datetime) -> DateReading:
    """Returns the one of the readings that an article can have. Two that differ leave the date in doubt."""
    possible = {moment for moment in moments if EARLIEST <= moment <= fetched_at + LATEST_AHEAD}
    if not possible:
        return DateReading(None, IMPOSSIBLE)
    return DateReading(possible.pop()) if len(possible) == 1 else DateReading(None, IN_DOUBT)


def parse_local(text: str, fetched_at: datetime, language: str) -> list[datetime]:
    """Returns the local times that a date without a zone can mean: none, one, or two if its order is open."""
    rest, midnight = MIDNIGHT.subn("00:00", LEAP_SECOND.sub("59", text))
    numeric = NUMERIC.match(rest)
    if numeric:
        found = parse_numeric(numeric)
    else:
        moment = parse_iso(rest) or parse_english(rest) or parse_words(rest, fetched_at, language)
        found = [moment] if moment else []
    return [each.replace(tzinfo=None) + timedelta(days=midnight) for each in found]


def parse_iso(text: str) -> datetime | None:
    """Parses ISO 8601 and similar forms: a space for the T, `/` or `.` in the date, ` +0200` at the end."""
    text = YEAR_FIRST.sub(lambda found: f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}", text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def parse_english(text: str) -> datetime | None:
    """Parses English dates in words, RFC 822 and its relatives; weekdays may be wrong or missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = [dateutil_parser.parse(text, default=default, tzinfos=_refuse_zone) for default in _DEFAULTS]
    except (ValueError, OverflowError, TypeError, Warning):
        return None
    # A part of the date that is missing comes from the defaults, which have none in common.
    first, second = found
    return first if first == second else None


_DEFAULTS = (datetime(1604, 1, 1), datetime(1608, 2, 2))


def _refuse_zone(name: str | None, offset: int | None) -> None:
    """Refuses a zone that is not at the end: it would be taken as UTC."""
    if name or offset is not None:
        raise ValueError(f"the zone {name} is not at the end")


def parse_numeric(found: re.Match[str]) -> list[datetime]:
    """Parses a date in figures. Between points the day is first, else the order is open."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    year += 2000 if year < 100 else 0
    orders = {(first, second)} if found[2] == "." else {(first, second), (second, first)}
    time = parse_english(f"2000-01-01 {found[5]}") if found[5] else datetime(2000, 1, 1)
    days = []
    for day, month in orders:
        with suppress(ValueError):
            days += [time.replace(year, month, day)] if time else []
    return days


def parse_words(text: str, fetched_at: datetime, language: str) -> datetime | None:
    """Parses dates in words, in the languages that dateparser knows, first in that of the feed."""
    # Imported here: it takes a second, and most feeds never need it.
    import dateparser

    settings = {
        "STRICT_PARSING": True,
        "PREFER_DATES_FROM": "past",
        "RELATIVE_BASE": fetched_at.astimezone(UTC).replace(tzinfo=None),
    }
    for languages in ([language.partition("-")[0]], None) if language else (None,):
        try:
            found: datetime | None = dateparser.parse(text, languages=languages, settings=settings)
        except (ValueError, OverflowError):  # also for a language that it does not know
            continue
        if found:
            # A zone that is not at the end of the text would be taken as UTC.
            return None if found.tzinfo else found
    return None

"""Dates of feeds, as they really stand there."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from schemas.codec import EARLIEST, LATEST_AHEAD

EPOCH = re.compile(r"\d{9,10}(?:\d{3})?$")
"""Seconds or milliseconds since 1970."""


def date_of(text: str, fetched_at: datetime) -> datetime | None:
    """The moment that a feed's date names, in UTC; a date without a zone is taken as UTC.

    None for what names no moment, and for one that no article can have (1970, or later than its fetch by over a day):
    the article is then dated by its page or its fetch.
    """
    text = text.strip()
    if not text:
        return None
    moment = epoch(text) or iso(text) or mail(text) or any_language(text)
    if moment is None:
        return None
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return moment if EARLIEST <= moment <= fetched_at + LATEST_AHEAD else None


def epoch(text: str) -> datetime | None:
    """Unix time."""
    return datetime.fromtimestamp(int(text) / (1000 if len(text) > 10 else 1), UTC) if EPOCH.match(text) else None


def iso(text: str) -> datetime | None:
    """ISO 8601 and what resembles it: a space for the T, `/` in the date, `UTC` or ` +0200` at the end."""
    text = re.sub(r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3", text)
    text = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def mail(text: str) -> datetime | None:
    """RFC 822 and 2822, with wrong weekdays and two-digit years."""
    try:
        return parsedate_to_datetime(re.sub(r"^\w+day,", "", text))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def any_language(text: str) -> datetime | None:
    """Dates in words, in the languages that dateparser knows."""
    # Imported here: it takes a second, and most feeds never need it.
    import dateparser

    found: datetime | None = dateparser.parse(
        text[:80], settings={"STRICT_PARSING": True, "PREFER_DATES_FROM": "past", "RETURN_AS_TIMEZONE_AWARE": False}
    )
    return found

"""Dates of feeds, in the many forms in which feeds write them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from schemas.codec import EARLIEST, LATEST_AHEAD

EPOCH = re.compile(r"\d{9,10}(?:\d{3})?$")
"""Seconds or milliseconds since 1970."""


def parse_date(text: str, fetched_at: datetime) -> datetime | None:
    """Returns the moment of a feed's date in UTC. A date without a zone is taken as UTC.

    Returns None if the text is not a date, or if no article can have it (1970, or more than a day after its fetch):
    the article is then dated by its page or its fetch.
    """
    text = text.strip()
    if not text:
        return None
    moment = parse_epoch(text) or parse_iso(text) or parse_mail_date(text) or parse_words(text)
    if moment is None:
        return None
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return moment if EARLIEST <= moment <= fetched_at + LATEST_AHEAD else None


def parse_epoch(text: str) -> datetime | None:
    """Parses Unix time in seconds or milliseconds."""
    return datetime.fromtimestamp(int(text) / (1000 if len(text) > 10 else 1), UTC) if EPOCH.match(text) else None


def parse_iso(text: str) -> datetime | None:
    """Parses ISO 8601 and similar forms: a space for the T, `/` in the date, `UTC` or ` +0200` at the end."""
    text = re.sub(r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3", text)
    text = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def parse_mail_date(text: str) -> datetime | None:
    """Parses RFC 822 and 2822 dates, including those with wrong weekdays and two-digit years."""
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def parse_words(text: str) -> datetime | None:
    """Parses dates in words, in the languages that dateparser knows."""
    # Imported here: it takes a second, and most feeds never need it.
    import dateparser

    found: datetime | None = dateparser.parse(
        text[:80], settings={"STRICT_PARSING": True, "PREFER_DATES_FROM": "past", "RETURN_AS_TIMEZONE_AWARE": False}
    )
    return found

"""How long to wait for a server: Retry-After, and the freshness that Cache-Control and Expires give a response."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

DAY = 86_400
MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
NO_STORE = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)\b", re.IGNORECASE)
RETRY = Retry(retry_after_max=DAY)


def parse_retry_after(value: str | None) -> float | None:
    """Returns the seconds that a Retry-After header (a number or a date) asks for, a day at most.

    Returns None if there is no such header or it cannot be parsed.
    """
    if not value:
        return None
    try:
        return float(RETRY.parse_retry_after(value[:100]))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def find_freshness(headers: Mapping[str, str], now: datetime) -> float:
    """Returns the freshness lifetime (RFC 9111) that is left, in seconds: 0 if the headers give none, a day at most."""
    control = headers.get("cache-control", "")
    if NO_STORE.search(control):
        return 0.0
    if found := MAX_AGE.search(control):
        age = headers.get("age", "")
        return min(max(0.0, float(found[1]) - (float(age[:9]) if age.isascii() and age.isdigit() else 0.0)), DAY)
    expires = parse_http_date(headers.get("expires", ""))
    if expires is None:
        return 0.0
    # Expires and Date come from the same clock, which may be wrong.
    served = parse_http_date(headers.get("date", "")) or now
    return min(max(0.0, (expires - served).total_seconds()), DAY)


def parse_http_date(text: str) -> datetime | None:
    """Returns the moment of an HTTP date, or None if it cannot be parsed."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

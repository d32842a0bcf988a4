"""How long an answer holds: Retry-After, Cache-Control and Expires, in seconds from now."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DAY = 86_400.0
MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
NO_STORE = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)\b", re.IGNORECASE)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date; None where there is none that can be read.

    A day at most: whoever asks for more is asked again tomorrow.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), DAY)
    moment = http_date(text)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), DAY)


def holds_for(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds for which the server says that its answer will not change; 0 where it does not say. A day at most."""
    control = headers.get("cache-control", "")
    if NO_STORE.search(control):
        return 0.0
    if found := MAX_AGE.search(control):
        age = headers.get("age", "")
        return min(max(0.0, float(found[1]) - (float(age[:9]) if age.isascii() and age.isdigit() else 0.0)), DAY)
    expires = http_date(headers.get("expires", ""))
    if expires is None:
        return 0.0
    # Both times are the server's, so its clock may be wrong.
    served = http_date(headers.get("date", "")) or now
    return min(max(0.0, (expires - served).total_seconds()), DAY)


def http_date(text: str) -> datetime | None:
    """A date of an HTTP header, or None."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

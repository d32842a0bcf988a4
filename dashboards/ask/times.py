"""Parses times that people type (a date, a time, or a span before now), and converts them for servers and pages."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.durations import parse_duration
from schemas.errors import Permanent

_MONTH: Final = re.compile(r"\d{4}(-\d\d)?")


def parse_time(text: str, option: str, now: datetime) -> datetime:
    """Returns the time, in UTC, of `2024-10-28`, `2024-10-28T12:00Z` or `30d` (30 days before `now`; also m, h, w).

    A year or month means its start; a time without a zone is in UTC. Raises `Permanent` with the name of the option.
    """
    try:
        with suppress(ValueError):
            return now - timedelta(seconds=parse_duration(text))
        if _MONTH.fullmatch(text.strip()):
            text = f"{text.strip()}-01-01"[:10]
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Permanent(
            f"{option} is {text!r}: it must be a date (2024-10-28), a time (2024-10-28T12:00Z) "
            "or a span before now (90m, 12h, 30d, 4w)"
        ) from error


def parse_range(since: str | None, until: str | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Returns the times of `--since` and `--until` (exclusive). Raises `Permanent` if the range is empty."""
    first = parse_time(since, "--since", now) if since is not None else None
    end = parse_time(until, "--until", now) if until is not None else None
    if first and end and first >= end:
        raise Permanent(f"--since {since} is not before --until {until}: the time range is empty")
    return first, end


def to_milliseconds(moment: datetime) -> int:
    """Returns a time in milliseconds since 1970."""
    return int(moment.timestamp() * 1000)

"""The reading that each condition gives, and how its text is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_QUOTE_LENGTH = 300
"""The number of characters of a text that a detail quotes."""


@dataclass(frozen=True)
class Reading:
    """The current value of one alert, which `schemas.alerts` compares with its threshold.

    `subject` is what it is about (a feed, a watch, …). It is empty if the alert has one value for the whole product,
    or no subjects now. `detail` is a text for people, `url` a page to look at.
    """

    alert: str
    value: float
    subject: str = ""
    detail: str = ""
    url: str | None = None


def rank_readings(alert: str, readings: Iterable[Reading], nothing: str) -> list[Reading]:
    """Returns the readings of an alert, the highest first. If there are none, returns a 0 with the detail `nothing`."""
    ranked = sorted(readings, key=lambda reading: (-reading.value, reading.subject))
    return ranked or [Reading(alert, 0.0, detail=nothing)]


def format_time(moment: datetime) -> str:
    """Formats a time for a detail."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def shorten(text: str) -> str:
    """Formats a text for a detail: on one line, and not longer than `MAX_QUOTE_LENGTH`."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_QUOTE_LENGTH else line[: MAX_QUOTE_LENGTH - 1] + "…"

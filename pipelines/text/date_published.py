"""When a page was published, by the date lines that stand in its text."""

import re
from datetime import UTC, datetime, timedelta, timezone

from pipelines.text import date_grammar, date_resolution

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks differ, and a newspaper may carry tomorrow's date.
_TOLERANCE = timedelta(days=1)
# Datelines and bylines stand at the top or the foot of a page.
_MARGIN = 1500
_LONGEST_LINE = 160

_LABEL = re.compile(
    r"\b(?:(?:first\s+)?published|posted|updated|last\s+(?:updated|modified)|modified|date(?:\s+of\s+publication)?|issued"
    r"|released)(?:\s+(?:on|at|by))?\s*:?\s*", re.IGNORECASE)  # fmt: skip
_UPDATED = re.compile(r"updated|modified", re.IGNORECASE)
_DATELINE = re.compile(r"^[A-Z][A-Z .,'’/-]{2,40}(?:,\s+[A-Z][\w.]+)?,?\s+\(?(?=[A-Z][a-z]|\d)")
_CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?\s?(?P<half>[ap])?\.?(?:m\.?)?"
    r"(?:\s*\(?(?P<zone>GMT|UTC|BST|CES?T|EES?T|MSK|KST|JST|E[SD]?T|C[SD]T|P[SD]T|Z)\b)?", re.IGNORECASE)  # fmt: skip
_ZONES = {
    "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "KST": 9, "JST": 9, "EST": -5, "EDT": -4, "ET": -5,
    "CST": -6, "CDT": -5, "PST": -8, "PDT": -7,
}  # fmt: skip
_ONE_DAY = frozenset({"iso", "numeric", "day_month", "month_day"})


def plausible(moment: datetime, fetched_at: datetime | None = None) -> bool:
    """Whether an article can have been published then: not before 1990, nor more than a day after it was fetched."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment >= _EARLIEST and (fetched_at is None or moment <= fetched_at + _TOLERANCE)


def find_published(text: str, fetched_at: datetime | None = None) -> datetime | None:
    """The date of publication that the page's text gives, in UTC, or none.

    Looks for "Published 5 October 2024", a line that is nothing but a date, "Oct 5, 2024 09:13 GMT" in a byline and
    "KYIV, Oct 28 —", whose year is that of `fetched_at`. Dates that cannot be are refused.
    """
    best: tuple[int, datetime] | None = None
    for line in _margins(text):
        found = _dated(line, fetched_at)
        if found and (best is None or found[0] < best[0]):
            best = found
    return best[1] if best else None


def _margins(text: str) -> list[str]:
    if len(text) > 2 * _MARGIN:
        text = text[:_MARGIN] + "\n" + text[-_MARGIN:]
    return [line.strip() for line in text.splitlines() if line.strip()]


def _dated(line: str, fetched_at: datetime | None) -> tuple[int, datetime] | None:
    """How trustworthy (0 is best) and which date the line gives."""
    dateline = _DATELINE.match(line)
    label = _LABEL.search(line[:_LONGEST_LINE])
    if len(line) > _LONGEST_LINE and not dateline and not (label and label.start() == 0):
        return None
    for found in date_grammar.find(line[:_LONGEST_LINE]):
        if found.lastgroup not in _ONE_DAY:
            continue
        interval = date_resolution.resolve(found, fetched_at, future=False)
        if interval is None or not plausible(interval.start, fetched_at):
            continue
        moment = interval.start if interval.granularity == "instant" else _at_clock(interval.start, line, found)
        if label and label.end() <= found.start() <= label.end() + 40:
            return (1 if _UPDATED.search(label[0]) else 0), moment
        if dateline and found.start() == dateline.end():
            return 2, moment
        if len(line) - (found.end() - found.start()) <= 45 and found["iso"] is None and not line.endswith("."):
            return 3, moment
        if len(line) <= 45:
            return 3, moment
    return None


def _at_clock(day: datetime, line: str, found: re.Match[str]) -> datetime:
    """The day with the time of day that stands beside it, if one does."""
    clock = _CLOCK.search(line, found.end(), found.end() + 30) or _CLOCK.search(line, 0, found.start())
    if not clock:
        return day
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    zone = timezone(timedelta(hours=_ZONES.get((clock["zone"] or "").upper(), 0)))
    moment = day.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0), tzinfo=zone)
    return moment.astimezone(UTC)

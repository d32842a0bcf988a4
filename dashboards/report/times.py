"""The time span of a panel in the report, and its intervals."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from elasticsearch import Elasticsearch

from dashboards.ask.answers import CALENDAR_UNITS, TimeSpan, width_seconds
from dashboards.ask.asking import explain_errors
from dashboards.ask.filters import Filters
from dashboards.ask.query import Query
from schemas.durations import DAY, GRAFANA_UNITS, MINUTE, parse_duration

RESOLUTION: Final = timedelta(milliseconds=1)
"""The resolution of times in Elasticsearch."""
EMPTY_SPAN: Final = timedelta(days=1)
"""The length of the span if no documents match."""


def parse_opening(since: str) -> timedelta:
    """Returns the length of a board's initial time range: `now-3h` is three hours."""
    start, _, duration = since.partition("-")
    if start != "now":
        raise ValueError(f"a board opens at {since!r}, which does not have the form now-3h")
    return timedelta(seconds=parse_duration(duration, GRAFANA_UNITS))


def find_span(
    client: Elasticsearch, query: Query, filters: Filters, now: datetime, longest: timedelta | None = None
) -> TimeSpan:
    """Returns the time span of a query.

    Its ends are those of `filters`; an open end is the time of the first or last matching document, by the query's
    clock. A span with an open start is at most `longest` long. Raises what `explain_errors` raises.
    """
    first, last = _find_bounds(client, query, filters)
    until = filters.until or (last + RESOLUTION if last else now)
    since = filters.since or first or until - EMPTY_SPAN
    if longest and not filters.since:
        since = max(since, until - longest)
    return TimeSpan(min(since, until - RESOLUTION), until)


def _find_bounds(client: Elasticsearch, query: Query, filters: Filters) -> tuple[datetime | None, datetime | None]:
    """Returns the times of the first and last matching documents, or None twice if there are none."""
    clauses = filters.clauses(query.index, query.clock, query.dimensions)
    with explain_errors(query.index):
        answer = client.search(
            index=query.index,
            size=0,
            query={"bool": {"filter": clauses}},
            aggs={name: {name: {"field": query.clock}} for name in ("min", "max")},
            ignore_unavailable=True,
        )
    found = [answer.get("aggregations", {}).get(name, {}).get("value") for name in ("min", "max")]
    first, last = (None if value is None else datetime.fromtimestamp(value / 1000, UTC) for value in found)
    return first, last


@dataclass(frozen=True)
class Slot:
    """An interval in which documents are counted: from `start` to `end`, exclusive.

    `open` marks an incomplete interval: one that has not ended, or is not entirely within the requested time range.
    """

    start: datetime
    end: datetime
    label: str
    open: bool


def build_slots(span: TimeSpan, width: str, whole: TimeSpan) -> tuple[Slot, ...]:
    """Returns the intervals that cover the span, as Elasticsearch divides time; `whole` is the requested time range."""
    found = []
    start = floor_time(span.since, width)
    while start < span.until:
        end = find_next_start(start, width)
        found.append(Slot(start, end, label_slot(start, width), start < whole.since or end > whole.until))
        start = end
    return tuple(found)


def floor_time(moment: datetime, width: str) -> datetime:
    """Returns the start of the interval that contains the moment. Weeks start on Mondays."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match CALENDAR_UNITS.get(width):
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
        case "year":
            return day.replace(day=1, month=1)
    step = width_seconds(width)
    return datetime.fromtimestamp(moment.timestamp() // step * step, UTC)


def find_next_start(start: datetime, width: str) -> datetime:
    """Returns the start of the next interval."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(CALENDAR_UNITS.get(width, ""))
    if not months:
        return start + timedelta(seconds=width_seconds(width))
    month = start.month - 1 + months
    return start.replace(year=start.year + month // 12, month=month % 12 + 1)


def label_slot(start: datetime, width: str) -> str:
    """Returns the interval in words, as precise as its width: `October 2024`, `14 Oct 2024 13:00`."""
    day = f"{start.day} {start:%b %Y}"
    match CALENDAR_UNITS.get(width):
        case "week":
            return f"week of {day}"
        case "month":
            return f"{start:%B %Y}"
        case "quarter":
            return f"{start.year}, quarter {start.month // 3 + 1}"
        case "year":
            return str(start.year)
    if width_seconds(width) >= DAY:
        return day
    return f"{day} {start:%H:%M}" + (f":{start:%S}" if width_seconds(width) < MINUTE else "")

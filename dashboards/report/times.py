"""Which time a panel of the report covers, and the intervals in which it is counted."""

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
"""What Elasticsearch tells times apart by."""
EMPTY_SPAN: Final = timedelta(days=1)
"""The span that is asked where there is no document at all."""


def parse_opening(since: str) -> timedelta:
    """How much time a board shows at first: `now-3h` is three hours."""
    start, _, duration = since.partition("-")
    if start != "now":
        raise ValueError(f"a board opens at {since!r}, which is not like now-3h")
    return timedelta(seconds=parse_duration(duration, GRAFANA_UNITS))


def find_span(
    client: Elasticsearch, query: Query, filters: Filters, now: datetime, longest: timedelta | None = None
) -> TimeSpan:
    """The time that a query is asked over: what `filters` say, and where they leave it open, from the first or up to
    the last document that they choose, by the query's clock.

    Without a beginning in `filters` it is not longer than `longest`. Raises what `asking` raises.
    """
    first, last = _find_bounds(client, query, filters)
    until = filters.until or (last + RESOLUTION if last else now)
    since = filters.since or first or until - EMPTY_SPAN
    if longest and not filters.since:
        since = max(since, until - longest)
    return TimeSpan(min(since, until - RESOLUTION), until)


def _find_bounds(client: Elasticsearch, query: Query, filters: Filters) -> tuple[datetime | None, datetime | None]:
    """The times of the first and last chosen document; None twice where there is none."""
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
    """An interval of time that documents are counted in: from `start` to `end`, exclusive.

    `open` is one that is not over, or not wholly in the time that was asked for: it may hold less than others.
    """

    start: datetime
    end: datetime
    label: str
    open: bool


def build_slots(span: TimeSpan, width: str, whole: TimeSpan) -> tuple[Slot, ...]:
    """The intervals of `width` that cover the span, as Elasticsearch cuts them; `whole` is what was asked for."""
    found = []
    start = floor_time(span.since, width)
    while start < span.until:
        end = find_next_start(start, width)
        found.append(Slot(start, end, label_slot(start, width), start < whole.since or end > whole.until))
        start = end
    return tuple(found)


def floor_time(moment: datetime, width: str) -> datetime:
    """Where the interval begins that the moment is in. Weeks begin on Mondays."""
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
    """Where the next interval begins."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(CALENDAR_UNITS.get(width, ""))
    if not months:
        return start + timedelta(seconds=width_seconds(width))
    month = start.month - 1 + months
    return start.replace(year=start.year + month // 12, month=month % 12 + 1)


def label_slot(start: datetime, width: str) -> str:
    """The interval in words, as exact as it is wide: `October 2024`, `14 Oct 2024 13:00`."""
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

"""Asks Elasticsearch a board's query without Grafana, and gives its answer as rows.

The request is the one that Grafana's data source sends for the same panel: a range on the clock, the Lucene text, and
the buckets inside each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from dashboards.ask.filters import Filters
from dashboards.ask.query import OPEN, Bucket, Interval, Labelled, Metric, Query, Terms
from schemas.durations import parse_duration

Row = dict[str, Any]
"""An answer's line: each bucket's value and each metric's under its label; a document's fields under their names."""

EVERY: Final = (
    "1s", "5s", "10s", "30s", "1m", "5m", "10m", "30m", "1h", "3h", "6h", "12h", "1d", "7d", "30d", "90d", "365d",
)  # fmt: skip
"""Widths that a bucket of time may have."""
CALENDAR: Final = {"7d": "week", "30d": "month", "90d": "quarter", "365d": "year"}
"""What stands for a width where the calendar counts."""


@dataclass(frozen=True)
class Span:
    """The time that a board shows: from `since` to `until`, exclusive."""

    since: datetime
    until: datetime

    @property
    def edges(self) -> dict[str, str]:
        """What Grafana puts in for `${__from}` and `${__to}`: milliseconds since 1970."""
        return {"__from": _milliseconds(self.since), "__to": _milliseconds(self.until)}

    def every(self, buckets: int) -> str:
        """The narrowest width of a bucket with which at most `buckets` cover the span."""
        for width in EVERY:
            if seconds(width) * buckets >= (self.until - self.since).total_seconds():
                return width
        return EVERY[-1]


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def seconds(width: str) -> int:
    """A width such as `5m`, in seconds."""
    return int(parse_duration(width))


@dataclass(frozen=True)
class Asking:
    """How a query is asked: over which time, narrowed by what, in how many buckets of time at most.

    `values` are those of the variables that the query leaves open. The times of `filters` are not asked: `span` says
    them.
    """

    span: Span
    filters: Filters = field(default_factory=Filters)
    buckets: int = 60
    values: Mapping[str, str] = field(default_factory=dict)
    calendar: bool = False
    """Whether weeks, months, quarters and years are the calendar's. Grafana's have a fixed length."""
    empty: bool = True
    """Whether buckets of time without a document come too."""

    def text(self, lucene: str) -> str:
        """The Lucene text with its variables put in. Raises `KeyError` for one that has no value."""
        known = {**self.span.edges, **self.values}
        return OPEN.sub(lambda found: known[found[1]], lucene)


def body(query: Query, asking: Asking) -> dict[str, Any]:
    """The search as `POST /<index>/_search` takes it."""
    narrow = asking.filters.narrowing(query.index, query.narrowed)
    limits = {"gte": asking.span.since.isoformat(), "lt": asking.span.until.isoformat()}
    text = {"query_string": {"query": asking.text(query.text({})), "analyze_wildcard": True}}
    asked: dict[str, Any] = {"query": {"bool": {"filter": [{"range": {query.clock: limits}}, text, *narrow]}}}
    if query.by:
        return asked | {"size": 0, "aggs": aggregations(query, query.by, asking)}
    return asked | {"size": query.size, "sort": [{query.clock: "desc"}], "_source": list(query.fields)}


def aggregations(query: Query, by: Sequence[Bucket], asking: Asking) -> dict[str, Any]:
    """The buckets inside each other, the metrics in the innermost."""
    if not by:
        return {str(place): reduction(each) for place, each in enumerate(query.metrics) if each.kind != "count"}
    inner = aggregations(query, by[1:], asking)
    ordered = by[0].order if isinstance(by[0], Terms) else None
    if isinstance(ordered, int):
        # What terms are ordered by must stand in their own buckets, whatever is between them and the innermost.
        inner = {str(ordered): reduction(query.metrics[ordered])} | inner
    found: dict[str, Any] = {"buckets": {**bucket(query, by[0], asking), **({"aggs": inner} if inner else {})}}
    return found


def bucket(query: Query, by: Bucket, asking: Asking) -> dict[str, Any]:
    """One bucket aggregation."""
    match by:
        case Terms():
            order = (
                {"count": "_count", "name": "_key"}.get(by.order, by.order) if isinstance(by.order, str) else by.order
            )
            terms: dict[str, Any] = {"field": by.field, "size": by.size,
                                     "order": {str(order): "asc" if by.order == "name" else "desc"}}  # fmt: skip
            return {"terms": terms | ({"missing": by.missing} if by.missing is not None else {})}
        case Labelled():
            queries = {label: {"query_string": {"query": asking.text(text)}} for label, text in by.queries}
            return {"filters": {"filters": queries}}
        case Interval():
            every = asking.span.every(asking.buckets) if by.every == "auto" else by.every
            named = {"fixed_interval": every}
            if asking.calendar and every in CALENDAR:
                named = {"calendar_interval": CALENDAR[every]}
            return {"date_histogram": {"field": query.clock, **named, "min_doc_count": 0 if asking.empty else 1}}


def reduction(metric: Metric) -> dict[str, Any]:
    """One metric aggregation."""
    return {metric.kind: {"field": metric.field}}


def ask(client: Elasticsearch, query: Query, asking: Asking) -> list[Row]:
    """Asks and reads the answer. Raises what the client raises."""
    answer = client.search(index=query.index, body=body(query, asking), ignore_unavailable=True)
    return rows(query, answer.body)


def rows(query: Query, answer: Mapping[str, Any]) -> list[Row]:
    """The answer's lines. Empty buckets of time are there with 0, as charts want them."""
    if not query.by:
        return [{name: dig(hit["_source"], name) for name in query.fields} for hit in answer["hits"]["hits"]]
    found = answer.get("aggregations")
    # Without an index behind the alias there are no aggregations in the answer.
    return list(_lines(query, query.by, found, {})) if found else []


def _lines(query: Query, by: Sequence[Bucket], level: Mapping[str, Any], above: Row) -> Iterator[Row]:
    buckets = level["buckets"]["buckets"]
    named = buckets.items() if isinstance(buckets, dict) else ((each["key"], each) for each in buckets)
    for key, each in named:
        value = datetime.fromtimestamp(key / 1000, UTC) if isinstance(by[0], Interval) else key
        line = {**above, by[0].label: value}
        if len(by) > 1:
            yield from _lines(query, by[1:], each, line)
        else:
            yield line | {metric.label: number(each, place, metric) for place, metric in enumerate(query.metrics)}


def number(bucket: Mapping[str, Any], place: int, metric: Metric) -> float | None:
    """A metric of a bucket; None where no document has the field."""
    if metric.kind == "count":
        return int(bucket["doc_count"])
    value: float | None = bucket[str(place)]["value"]
    return value


def dig(source: Mapping[str, Any], name: str) -> Any:
    """A field by its dotted name; None where it is not there. `.keyword` is the field above it."""
    value: Any = source
    for part in name.removesuffix(".keyword").split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value

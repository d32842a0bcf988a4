"""Sends a board's query to Elasticsearch without Grafana, and returns the answer as rows.

The request is the one that Grafana's data source sends for the same panel: a range on the clock, the Lucene text, and
nested buckets.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from dashboards.ask.filters import Filters
from dashboards.ask.query import VARIABLE, Bucket, LabelledQueries, Measure, Query, Terms, TimeBuckets
from dashboards.ask.times import to_milliseconds
from schemas.durations import parse_duration

Row = dict[str, Any]
"""A row of an answer: the values of buckets and measures under their labels, or a document's fields by name."""

WIDTHS: Final = (
    "1s", "5s", "10s", "30s", "1m", "5m", "10m", "30m", "1h", "3h", "6h", "12h", "1d", "7d", "30d", "90d", "365d",
)  # fmt: skip
"""Widths that a time bucket may have, ascending."""
CALENDAR_UNITS: Final = {"7d": "week", "30d": "month", "90d": "quarter", "365d": "year"}
"""The calendar unit that replaces a width when buckets follow the calendar."""


@dataclass(frozen=True)
class TimeSpan:
    """The time range of a query: from `since` to `until`, exclusive."""

    since: datetime
    until: datetime

    @property
    def grafana_bounds(self) -> dict[str, str]:
        """The values that Grafana substitutes for `${__from}` and `${__to}`: milliseconds since 1970."""
        return {"__from": str(to_milliseconds(self.since)), "__to": str(to_milliseconds(self.until))}

    def bucket_width(self, buckets: int) -> str:
        """Returns the narrowest bucket width with which at most `buckets` buckets cover the span."""
        for width in WIDTHS:
            if width_seconds(width) * buckets >= (self.until - self.since).total_seconds():
                return width
        return WIDTHS[-1]


def width_seconds(width: str) -> int:
    """Returns the seconds of a bucket width such as `5m`."""
    return int(parse_duration(width))


@dataclass(frozen=True)
class QueryOptions:
    """How a query is sent: its time range, filters, and the maximum number of time buckets.

    `span` sets the time range; the times in `filters` are ignored. `values` holds the variables that the query's Lucene
    text leaves open.
    """

    span: TimeSpan
    filters: Filters = field(default_factory=Filters)
    buckets: int = 60
    values: Mapping[str, str] = field(default_factory=dict)
    calendar: bool = False
    """Whether weeks, months, quarters and years follow the calendar. Grafana's have a fixed length."""
    empty: bool = True
    """Whether time buckets without a document are included."""

    def fill_variables(self, text: str) -> str:
        """Replaces the variables in Lucene text with their values. Raises `KeyError` for a variable without a value."""
        known = {**self.span.grafana_bounds, **self.values}
        return VARIABLE.sub(lambda found: known[found[1]], text)


def build_search(query: Query, options: QueryOptions) -> dict[str, Any]:
    """Returns the body of `POST /<index>/_search`."""
    narrow = options.filters.dimension_clauses(query.index, query.dimensions)
    limits = {"gte": options.span.since.isoformat(), "lt": options.span.until.isoformat()}
    text = {"query_string": {"query": options.fill_variables(query.lucene({})), "analyze_wildcard": True}}
    search: dict[str, Any] = {"query": {"bool": {"filter": [{"range": {query.clock: limits}}, text, *narrow]}}}
    if query.by:
        return search | {"size": 0, "aggs": build_aggregations(query, query.by, options)}
    return search | {"size": query.size, "sort": [{query.clock: "desc"}], "_source": list(query.fields)}


def build_aggregations(query: Query, by: Sequence[Bucket], options: QueryOptions) -> dict[str, Any]:
    """Returns the buckets `by`, nested, with the query's measures in the innermost."""
    if not by:
        return {str(place): build_metric(each) for place, each in enumerate(query.measures) if each.kind != "count"}
    inner = build_aggregations(query, by[1:], options)
    order = by[0].order if isinstance(by[0], Terms) else None
    if isinstance(order, int):
        # A measure that terms are ordered by must be in their own buckets, whatever the levels below.
        inner = {str(order): build_metric(query.measures[order])} | inner
    bucket: dict[str, Any] = {"buckets": {**build_bucket(query, by[0], options), **({"aggs": inner} if inner else {})}}
    return bucket


def build_bucket(query: Query, by: Bucket, options: QueryOptions) -> dict[str, Any]:
    """Returns one bucket aggregation."""
    match by:
        case Terms():
            order = (
                {"count": "_count", "name": "_key"}.get(by.order, by.order) if isinstance(by.order, str) else by.order
            )
            terms: dict[str, Any] = {"field": by.field, "size": by.size,
                                     "order": {str(order): "asc" if by.order == "name" else "desc"}}  # fmt: skip
            return {"terms": terms | ({"missing": by.missing} if by.missing is not None else {})}
        case LabelledQueries():
            queries = {label: {"query_string": {"query": options.fill_variables(text)}} for label, text in by.queries}
            return {"filters": {"filters": queries}}
        case TimeBuckets():
            width = options.span.bucket_width(options.buckets) if by.every == "auto" else by.every
            interval = {"fixed_interval": width}
            if options.calendar and width in CALENDAR_UNITS:
                interval = {"calendar_interval": CALENDAR_UNITS[width]}
            return {"date_histogram": {"field": query.clock, **interval, "min_doc_count": 0 if options.empty else 1}}


def build_metric(measure: Measure) -> dict[str, Any]:
    """Returns one metric aggregation."""
    return {measure.kind: {"field": measure.field}}


def run_query(client: Elasticsearch, query: Query, options: QueryOptions) -> list[Row]:
    """Sends the query and returns its rows. Raises what the client raises."""
    response = client.search(index=query.index, body=build_search(query, options), ignore_unavailable=True)
    return read_rows(query, response.body)


def read_rows(query: Query, response: Mapping[str, Any]) -> list[Row]:
    """Returns the rows of a search response. Empty time buckets have the value 0, as charts need them."""
    if not query.by:
        return [{name: read_field(hit["_source"], name) for name in query.fields} for hit in response["hits"]["hits"]]
    aggregations = response.get("aggregations")
    # Without an index behind the alias, the response has no aggregations.
    return list(_read_buckets(query, query.by, aggregations, {})) if aggregations else []


def _read_buckets(query: Query, by: Sequence[Bucket], level: Mapping[str, Any], above: Row) -> Iterator[Row]:
    buckets = level["buckets"]["buckets"]
    keyed = buckets.items() if isinstance(buckets, dict) else ((each["key"], each) for each in buckets)
    for key, each in keyed:
        value = datetime.fromtimestamp(key / 1000, UTC) if isinstance(by[0], TimeBuckets) else key
        row = {**above, by[0].label: value}
        if len(by) > 1:
            yield from _read_buckets(query, by[1:], each, row)
        else:
            yield row | {
                measure.label: read_metric(each, place, measure) for place, measure in enumerate(query.measures)
            }


def read_metric(bucket: Mapping[str, Any], place: int, measure: Measure) -> float | None:
    """Returns the value of a bucket's measure, or None if no document in it has the field."""
    if measure.kind == "count":
        return int(bucket["doc_count"])
    value: float | None = bucket[str(place)]["value"]
    return value


def read_field(source: Mapping[str, Any], name: str) -> Any:
    """Returns a field by its dotted name, or None if it is missing. `.keyword` means the field above it."""
    value: Any = source
    for part in name.removesuffix(".keyword").split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value

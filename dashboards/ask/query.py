"""What a query is: a search of one alias that Grafana, the report and the tests send in the same form.

A query counts documents (or aggregates a field) in nested buckets, or lists the newest documents. Grafana's
Elasticsearch data source sends its Lucene text and buckets; `dashboards.ask.answers` sends the same without Grafana.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from dashboards.ask.filters import ABOUT_ARTICLES, DIMENSIONS, FOLLOWS_MARKS, Clock, Index

VARIABLE: Final = re.compile(r"\$\{(\w+)(?::raw)?\}")
"""A variable in Lucene text, in Grafana's syntax. `:raw` inserts its value unescaped, so that `*` stays a wildcard."""

Kind = Literal["count", "cardinality", "sum", "avg", "min", "max"]


@dataclass(frozen=True)
class Measure:
    """A number for each bucket: the count of documents, or an aggregate of a field. `label` names its column."""

    kind: Kind = "count"
    field: str = ""
    label: str = "claims"


@dataclass(frozen=True)
class Terms:
    """A bucket for each of the first `size` values of a field.

    `order` is by count, by name, or by the measure at this position. Documents without the field count under the value
    `missing`, or are left out if it is None.
    """

    field: str
    label: str
    size: int = 10
    order: Literal["count", "name"] | int = "count"
    missing: str | None = None


@dataclass(frozen=True)
class LabelledQueries:
    """A bucket for each of several Lucene queries, given as (label, text)."""

    label: str
    queries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TimeBuckets:
    """A bucket for each interval of the query's clock.

    `every` is a fixed width such as `1m`, or `auto` for a width that fits the chart. `trim` drops the first and last
    buckets, which may be incomplete.
    """

    every: str = "auto"
    trim: bool = True
    label: str = "time"


Bucket = Terms | LabelledQueries | TimeBuckets


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query. `where` is Lucene text, to which the selected values of `dimensions` are added.

    `by` lists the buckets from outer to inner; Grafana requires `TimeBuckets` to be the last. Without buckets the
    answer is the newest `size` documents with their `fields`.
    """

    index: Index
    clock: Clock
    where: str = "*"
    dimensions: tuple[str, ...] = ()
    by: tuple[Bucket, ...] = ()
    measures: tuple[Measure, ...] = (Measure(),)
    fields: tuple[str, ...] = ()
    size: int = 0
    alias: str = ""
    """Grafana's pattern for series names, such as `{{term status}}`."""

    def __post_init__(self) -> None:
        if any(isinstance(bucket, TimeBuckets) for bucket in self.by[:-1]):
            raise ValueError("time buckets must be the innermost: Grafana cannot read them elsewhere")
        if bool(self.by) == bool(self.size):
            raise ValueError("a query needs either buckets or a number of documents to list")
        if unknown := set(self.dimensions) - DIMENSIONS.keys():
            raise ValueError(f"unknown dimensions in a query: {sorted(unknown)}")

    def lucene(self, selection: dict[str, str], marked: str = "", copies: str = "") -> str:
        """Returns the Lucene text with a clause for each dimension that has a value in `selection`.

        Dimensions that the index does not have are left out. `marked` is added for claims, figures and
        assertions: what to do with claims that an analyst marked. `copies` is added for articles, claims and figures:
        what to do with copies of a story.
        """
        clauses = [] if self.where == "*" else [f"({self.where})"]
        for name in self.dimensions:
            field = DIMENSIONS[name].field(self.index)
            if field and name in selection:
                clauses.append(f"({field}:{selection[name]})")
        if marked and self.index in FOLLOWS_MARKS:
            clauses.append(f"({marked})")
        if copies and self.index in ABOUT_ARTICLES:
            clauses.append(f"({copies})")
        return " AND ".join(clauses) or "*"

    @property
    def variables(self) -> set[str]:
        """Names of the variables in the Lucene text, such as `article` for `article_id:${article}`."""
        labelled = [text for bucket in self.by if isinstance(bucket, LabelledQueries) for _, text in bucket.queries]
        return {name for text in (self.where, *labelled) for name in VARIABLE.findall(text)}

    @property
    def fields_used(self) -> set[str]:
        """Every field that the query uses outside its Lucene text."""
        named = {bucket.field for bucket in self.by if isinstance(bucket, Terms)}
        named |= {measure.field for measure in self.measures if measure.field}
        return named | set(self.fields) | {self.clock}


ANY_VALUE: Final = "* OR *:*"
"""The value of a dimension that is not restricted: `(field:* OR *:*)` also matches documents without the field.

`field:*` alone would lose every claim whose claimant is unknown.
"""

CLAIM_DIMENSIONS: Final = ("watch", "claimant", "publisher", "language", "status", "unit_class", "dispute")


@dataclass(frozen=True)
class DataSource:
    """A Grafana data source: one index read by one clock. Boards refer to its uid, which never changes."""

    index: Index
    clock: Clock

    @property
    def uid(self) -> str:
        """The uid, such as `newsclaims-claims-published`."""
        return f"newsclaims-{self.index}-{self.clock.removesuffix('_at')}"

    @property
    def name(self) -> str:
        """The name shown in Grafana."""
        words = {"at": "measured", "polled_at": "polled", "failed_at": "failed", "fetched_at": "fetched",
                 "first_seen_at": "first seen"}  # fmt: skip
        return f"newsclaims {self.index} by time {words.get(self.clock, self.clock.removesuffix('_at'))}"


def find_data_source(query: Query) -> DataSource:
    """Returns the data source that a query reads."""
    return DataSource(query.index, query.clock)

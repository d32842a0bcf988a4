"""What a query is: one question to one alias, asked alike by Grafana, by the report and by the tests.

A query counts documents (or reduces a field) in nested buckets, or lists the newest documents. Its Lucene text and its
buckets are what Grafana's Elasticsearch data source sends; `dashboards.ask.answers` sends the same without Grafana.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from dashboards.ask.filters import DIMENSIONS, Clock, Index

OPEN: Final = re.compile(r"\$\{(\w+)(?::raw)?\}")
"""A variable in Lucene text, as Grafana writes it; `:raw` puts its value in as it is, so that `*` stays a wildcard."""

Kind = Literal["count", "cardinality", "sum", "avg", "min", "max"]


@dataclass(frozen=True)
class Metric:
    """A number for each bucket: the count of documents, or a field reduced. `label` names its column."""

    kind: Kind = "count"
    field: str = ""
    label: str = "claims"


@dataclass(frozen=True)
class Terms:
    """A bucket for each of the `size` first values of a field: by count, by a metric (its position), or by name.

    `missing` is the value that documents without the field count under; without it they are left out.
    """

    field: str
    label: str
    size: int = 10
    order: Literal["count", "name"] | int = "count"
    missing: str | None = None


@dataclass(frozen=True)
class Labelled:
    """A bucket for each Lucene query, under its label."""

    label: str
    queries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Interval:
    """A bucket for each interval of the query's clock. `every` is `auto` (what fits the width) or fixed, as `1m`.

    With `trim` the first and last bucket are left out: they are not over yet, or not wholly in the range.
    """

    every: str = "auto"
    trim: bool = True
    label: str = "time"


Bucket = Terms | Labelled | Interval


@dataclass(frozen=True, kw_only=True)
class Query:
    """One question. `where` is Lucene text; the selection of `narrowed` dimensions is added to it.

    `by` are the buckets from outer to inner; an `Interval` is the last, as Grafana wants it. Without buckets the answer
    is the newest `size` documents with their `fields`.
    """

    index: Index
    clock: Clock
    where: str = "*"
    narrowed: tuple[str, ...] = ()
    by: tuple[Bucket, ...] = ()
    metrics: tuple[Metric, ...] = (Metric(),)
    fields: tuple[str, ...] = ()
    size: int = 0
    alias: str = ""
    """How Grafana names the series, such as `{{term status}}`."""

    def __post_init__(self) -> None:
        if any(isinstance(bucket, Interval) for bucket in self.by[:-1]):
            raise ValueError("the buckets by time must be the innermost: Grafana reads no others")
        if bool(self.by) == bool(self.size):
            raise ValueError("a query has buckets, or the number of documents that it lists")
        if unknown := set(self.narrowed) - DIMENSIONS.keys():
            raise ValueError(f"the query is narrowed by {sorted(unknown)}, which are no dimensions")

    def text(self, chosen: dict[str, str]) -> str:
        """The Lucene text with the clauses of the dimensions, for each of which `chosen` has what stands for its value.

        A dimension that the index does not have is left out.
        """
        clauses = [] if self.where == "*" else [f"({self.where})"]
        for name in self.narrowed:
            field = DIMENSIONS[name].field(self.index)
            if field and name in chosen:
                clauses.append(f"({field}:{chosen[name]})")
        return " AND ".join(clauses) or "*"

    @property
    def variables(self) -> set[str]:
        """Names of what the Lucene text leaves open, such as `article` for `article_id:${article}`."""
        labelled = [text for bucket in self.by if isinstance(bucket, Labelled) for _, text in bucket.queries]
        return {name for text in (self.where, *labelled) for name in OPEN.findall(text)}

    @property
    def fields_used(self) -> set[str]:
        """Every field that the query names outside its Lucene text."""
        named = {bucket.field for bucket in self.by if isinstance(bucket, Terms)}
        named |= {metric.field for metric in self.metrics if metric.field}
        return named | set(self.fields) | {self.clock}


EVERYTHING: Final = "* OR *:*"
"""What stands for a dimension of which all values are chosen: `(field:* OR *:*)` takes documents without the field too,
where `field:*` alone would lose every claim whose claimant is not known."""

CLAIMS: Final = ("watch", "claimant", "publisher", "language", "status", "unit_class")


@dataclass(frozen=True)
class Source:
    """A Grafana data source: one index read by one clock. Its uid is fixed, as boards name it."""

    index: Index
    clock: Clock

    @property
    def uid(self) -> str:
        """The uid, such as `newsclaims-claims-published`."""
        return f"newsclaims-{self.index}-{self.clock.removesuffix('_at')}"

    @property
    def name(self) -> str:
        """The name that people see."""
        words = {"at": "measured", "polled_at": "polled", "failed_at": "failed", "fetched_at": "fetched"}
        return f"newsclaims {self.index} by time {words.get(self.clock, self.clock.removesuffix('_at'))}"


def source_of(query: Query) -> Source:
    """The data source that answers the query."""
    return Source(query.index, query.clock)

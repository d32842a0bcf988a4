"""What a panel and a board are: titles, units, how an answer is drawn, and where a click leads.

`dashboards.grafana.dashboard` makes Grafana panels of them, `dashboards.report` charts in a page. Every
panel has a description
that says what it counts and by which clock, and a unit.
"""

from dataclasses import dataclass, field
from typing import Literal

from dashboards.ask.query import Query, TimeBuckets

Unit = Literal["short", "none", "s", "dtdurations", "bytes", "percentunit", "dateTimeAsIso", "string", "locale"]
"""Grafana's names of units: a count, a plain number, seconds, seconds as a duration, bytes, a share, a time, text, a
number in full."""

Colours = Literal["series", "status", "reason"]


@dataclass(frozen=True)
class Bars:
    """Columns over time, stacked by the bucket `by`; one series without it."""

    by: str = ""
    colours: Colours = "series"


@dataclass(frozen=True)
class Lines:
    """Lines over time, one for each value of `by` and each metric. `area` fills below a line alone."""

    by: str = ""
    area: bool = False
    log: bool = False


@dataclass(frozen=True)
class BoundedValues:
    """Values with their bounds, one for each value of `by`: labels of the metrics that hold them."""

    by: str
    value: str = "value"
    low: str = "low"
    high: str = "high"


class Points(BoundedValues):
    """Values over time as points, with the range from `low` to `high` where it is known, on a log scale."""


@dataclass(frozen=True)
class Number:
    """One large number: the metric's last value, or the sum over the buckets."""

    reduce: Literal["last", "sum", "max"] = "sum"
    levels: tuple[tuple[float, str], ...] = ()
    """Values from which on a colour holds; below the first it is green."""
    words: tuple[tuple[str, str, str], ...] = ()
    """What stands for a value: (value, words, colour)."""
    sparkline: bool = True


@dataclass(frozen=True)
class Ranking:
    """Horizontal bars, the longest first, one for each value of `by`."""

    by: str
    colours: Colours = "series"


class Spread(BoundedValues):
    """A horizontal bar from `low` to `high` for each value of `by`, with `value` as a mark, on a log scale."""


@dataclass(frozen=True)
class TableColumn:
    """A column of a table. `source` is the field or the label of a bucket or metric; `link` where a click leads."""

    source: str
    title: str
    unit: Unit = "string"
    width: int = 0
    """Pixels; 0 takes what is left."""
    link: "DataLink | None" = None
    colours: Colours | None = None
    hidden: bool = False
    """Not shown, but there for links."""


@dataclass(frozen=True)
class Listing:
    """A table. With `compare` (two labels of a `Labelled` bucket) it has a column for each and their difference."""

    columns: tuple[TableColumn, ...]
    compare: tuple[str, str] | None = None
    sort: str = ""
    """Title of the column to sort by, falling; as the answer comes where there is none."""


Chart = Bars | Lines | Points | Number | Ranking | Spread | Listing


@dataclass(frozen=True)
class DataLink:
    """Where a click leads. `to` is a board's uid, `kibana` or `page`; `value` the column whose value it takes along.

    A link to a board sets its variable `variable`; `kibana` searches `field` in Discover; `page` opens an address.
    """

    title: str
    to: str
    value: str
    variable: str = ""
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel. `width` is of 24 columns, `height` in Grafana's rows of 30 pixels."""

    title: str
    description: str
    query: Query
    chart: Chart
    unit: Unit = "short"
    width: int = 12
    height: int = 8
    link: DataLink | None = None
    """From a series or bar; the tables' links stand in their columns."""

    @property
    def clock(self) -> str:
        """By which time the panel counts: `by time of publication`."""
        words = {
            "published_at": "time of publication", "indexed_at": "time of indexing", "fetched_at": "time of fetching",
            "at": "time of measurement", "polled_at": "time of the last poll", "failed_at": "time of failure",
        }  # fmt: skip
        return f"by {words[self.query.clock]}"

    @property
    def clock_sentence(self) -> str:
        """By which time the panel counts, for its description."""
        trimmed = any(isinstance(bucket, TimeBuckets) and bucket.trim for bucket in self.query.by)
        return self.clock.capitalize() + ("; the interval that is not over is left out." if trimmed else ".")


@dataclass(frozen=True)
class Section:
    """Panels under a heading, placed from left to right and wrapped at 24 columns."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """What a board can be narrowed by beside the dimensions: text that the reader or a link sets."""

    name: str
    label: str
    value: str
    description: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Board:
    """One board. Its uid and file name never change: links and bookmarks name them."""

    uid: str
    title: str
    description: str
    sections: tuple[Section, ...]
    dimensions: tuple[str, ...] = ()
    """Those with a selector at the top."""
    variables: tuple[Variable, ...] = ()
    single: frozenset[str] = field(default_factory=frozenset)
    """Dimensions of which one value is chosen, not several."""
    since: str = "now-30d"
    """What time the board shows at first, in Grafana's words."""
    refresh: str = "30s"
    annotated: bool = True
    """Whether alerts and changes of rules are marked on its charts."""

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels in reading order."""
        return tuple(panel for section in self.sections for panel in section.panels)

"""What a panel and a board are: titles, units, kinds of chart, and links.

`dashboards.grafana` renders them as Grafana's panels, `dashboards.report` as charts on a page. Every panel has a unit
and a description that says what it counts and by which clock.
"""

from dataclasses import dataclass, field
from typing import Literal

from dashboards.ask.filters import ABOUT_ARTICLES, FOLLOWS_MARKS
from dashboards.ask.query import Query, TimeBuckets

Unit = Literal["short", "none", "s", "dtdurations", "bytes", "percentunit", "dateTimeAsIso", "string", "locale"]
"""Grafana's names of units: a count, a plain number, seconds, seconds as a duration, bytes, a share, a time, text, and
a number without abbreviation."""

Colours = Literal["series", "status", "reason"]


@dataclass(frozen=True)
class Bars:
    """Columns over time, stacked by the bucket `by`; without it one series."""

    by: str = ""
    colours: Colours = "series"


@dataclass(frozen=True)
class Lines:
    """Lines over time, one for each value of `by` and each measure. `area` fills the area below a single line."""

    by: str = ""
    area: bool = False
    log: bool = False


@dataclass(frozen=True)
class BoundedValues:
    """Values with bounds for each value of `by`; the fields are the labels of the measures that hold them."""

    by: str
    value: str = "value"
    low: str = "low"
    high: str = "high"


class Points(BoundedValues):
    """Values over time as points with the range from `low` to `high`, on a logarithmic scale."""


@dataclass(frozen=True)
class Number:
    """One large number: the last value of the measure, or the sum or maximum over the buckets."""

    reduce: Literal["last", "sum", "max"] = "sum"
    levels: tuple[tuple[float, str], ...] = ()
    """(value, colour): the colour applies from this value upwards; below the first it is green."""
    words: tuple[tuple[str, str, str], ...] = ()
    """Text that replaces a value: (value, text, colour)."""
    sparkline: bool = True


@dataclass(frozen=True)
class Ranking:
    """Horizontal bars, longest first, one for each value of `by`."""

    by: str
    colours: Colours = "series"


class Spread(BoundedValues):
    """A bar from `low` to `high` for each value of `by`, with a mark at `value`, on a logarithmic scale."""


@dataclass(frozen=True)
class TableColumn:
    """A column of a table. `source` is a field, or the label of a bucket or measure; `link` is followed on a click."""

    source: str
    title: str
    unit: Unit = "string"
    width: int = 0
    """In pixels; 0 means the remaining width."""
    link: "DataLink | None" = None
    colours: Colours | None = None
    hidden: bool = False
    """Hidden, but available to links."""


@dataclass(frozen=True)
class Listing:
    """A table. `compare` names two labels of `LabelledQueries`, shown as two columns and their difference."""

    columns: tuple[TableColumn, ...]
    compare: tuple[str, str] | None = None
    sort: str = ""
    """Title of the column to sort by, descending; without it, rows stay in the order of the answer."""


Chart = Bars | Lines | Points | Number | Ranking | Spread | Listing


@dataclass(frozen=True)
class DataLink:
    """A link. `to` is a board's uid, `kibana` or `page`; `value` is the column whose value the link passes on.

    A link to a board sets its variable `variable`, `kibana` searches `field` in Discover, and `page` opens an address.
    """

    title: str
    to: str
    value: str
    variable: str = ""
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel. `width` is in columns of 24, `height` in Grafana's rows of 30 pixels."""

    title: str
    description: str
    query: Query
    chart: Chart
    unit: Unit = "short"
    width: int = 12
    height: int = 8
    link: DataLink | None = None
    """Link of a series or bar; tables have links in their columns."""

    @property
    def clock(self) -> str:
        """The clock in words, such as `by time of publication`."""
        words = {
            "published_at": "time of publication", "first_seen_at": "time of first appearance",
            "indexed_at": "time of indexing", "fetched_at": "time of fetching",
            "at": "time of measurement", "polled_at": "time of the last poll", "failed_at": "time of failure",
        }  # fmt: skip
        return f"by {words[self.query.clock]}"

    @property
    def clock_sentence(self) -> str:
        """The clock as a sentence for the panel's description."""
        trimmed = any(isinstance(bucket, TimeBuckets) and bucket.trim for bucket in self.query.by)
        return self.clock.capitalize() + ("; incomplete intervals are left out." if trimmed else ".")


@dataclass(frozen=True)
class Section:
    """Panels under a heading, laid out from left to right in rows of 24 columns."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A filter of a board in addition to the dimensions: text that the reader or a link sets."""

    name: str
    label: str
    value: str
    description: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Board:
    """One board. Its uid and file name never change, because links and bookmarks use them."""

    uid: str
    title: str
    description: str
    sections: tuple[Section, ...]
    dimensions: tuple[str, ...] = ()
    """Dimensions with a selector at the top."""
    variables: tuple[Variable, ...] = ()
    single: frozenset[str] = field(default_factory=frozenset)
    """Dimensions that allow only one value, at first the most frequent."""
    since: str = "now-30d"
    """Start of the initial time range, in Grafana's syntax."""
    refresh: str = "30s"
    annotated: bool = True
    """Whether its charts mark alerts and changes of the text rules."""
    about_copies: bool = False
    """Whether its subject is copies, or one article, so that it always shows all of them."""

    def name_variable(self, dimension: str) -> str:
        """Returns the name of a dimension's selector.

        One that allows only one value has a name of its own: else the menu of boards would set it to "All".
        """
        return f"one_{dimension}" if dimension in self.single else dimension

    @property
    def shows_marked(self) -> bool:
        """Whether it shows claims, figures or assertions, so that the reader chooses what to do with marked claims."""
        return any(panel.query.index in FOLLOWS_MARKS for panel in self.panels)

    @property
    def chooses_copies(self) -> bool:
        """Whether the reader chooses what to do with copies of a story: where articles, claims or figures are counted.

        A board about copies, or about one article, shows all of them.
        """
        return not self.about_copies and any(panel.query.index in ABOUT_ARTICLES for panel in self.panels)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels in reading order."""
        return tuple(panel for section in self.sections for panel in section.panels)

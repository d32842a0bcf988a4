"""Turns the rows of a query into what a chart, a table or a tile shows."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from dashboards.ask.answers import Row
from dashboards.ask.query import Query, Terms, TimeBuckets
from dashboards.boards.panels import Bars, Lines, Listing, Number, Panel, Points, Ranking, Spread, TableColumn

ADDITIVE: Final = {"count", "sum", "cardinality"}
"""Measures that are 0 in an interval without documents; other measures have no value there."""
ENUMERATED: Final = {
    "unit class",
    "unit_class",
    "modifier",
    "event",
    "reason",
    "flag",
    "quality",
    "outcome",
    "kind",
    "step",
}
"""Fields and labels whose values are our own terms, written with underscores."""
CARRIERS: Final = ("title", "publisher")
"""Columns that can link to the article: the first that the table has. Without one, the address is shown."""

Mark = dict[str, Any]
"""A mark: `series`, `time` (the position of its slot), and `value`, `low`, `high` if the chart has them."""


def build_marks(panel: Panel, rows: Sequence[Row], starts: Sequence[datetime]) -> list[Mark]:
    """Returns the marks of a chart, or the rows of a table by the sources of its columns."""
    chart, query = panel.chart, panel.query
    positions = {start: position for position, start in enumerate(starts)}
    times = [{"time": positions[row["time"]]} if "time" in row else {} for row in rows]
    match chart:
        case Listing():
            return build_table_rows(chart, query, rows)
        case Points() | Spread():
            found = [{"series": _name_series(row[chart.by], chart.by), **time,
                      "value": row[chart.value], "low": row[chart.low], "high": row[chart.high]}
                     for row, time in zip(rows, times, strict=True)]  # fmt: skip
            return [add_bounds(mark) for mark in found if (mark["value"] or 0) > 0]
        case Lines():
            return build_line_marks(chart, query, rows, times, len(starts))
        case Bars() | Ranking():
            by, measure = chart.by, query.measures[0].label
            return [{"series": _name_series(row[by], by) if by else measure, **time, "value": row[measure]}
                    for row, time in zip(rows, times, strict=True) if row[measure]]  # fmt: skip
        case Number():
            split = next((bucket.label for bucket in query.by if isinstance(bucket, Terms) and bucket.size > 1), "")
            measure = query.measures[0].label
            return [{"series": str(row.get(split, "")), **time, "value": row[measure]}
                    for row, time in zip(rows, times, strict=True) if row[measure] is not None]  # fmt: skip


def add_bounds(mark: Mark) -> Mark:
    """Replaces a missing bound with the value. A logarithmic scale cannot show a bound of 0."""
    low, high = mark["low"] or 0, mark["high"] or 0
    return mark | {"low": min(low if low > 0 else mark["value"], mark["value"]), "high": max(high, mark["value"])}


def build_line_marks(chart: Lines, query: Query, rows: Sequence[Row], times: Sequence[Mark], length: int) -> list[Mark]:
    """Returns a mark for each measure and slot.

    Lines of counts are at 0 in slots without documents, except on a logarithmic scale, which cannot show 0.
    """
    found: dict[str, dict[int, float]] = defaultdict(dict)
    additive = set()
    for row, time in zip(rows, times, strict=True):
        for measure in query.measures:
            name = _name_series(row[chart.by], chart.by) if chart.by else measure.label
            if measure.kind in ADDITIVE and not chart.log:
                additive.add(name)
            if row[measure.label] is not None and not (chart.log and row[measure.label] <= 0):
                found[name][time["time"]] = row[measure.label]
    return [{"series": name, "time": time, "value": value}
            for name, values in found.items()
            for time in range(length)
            if (value := values.get(time, 0 if name in additive else None)) is not None]  # fmt: skip


def _name_series(value: Any, label: str) -> str:
    """Returns the name of a series; a number gets its label ("partition 0")."""
    text = format_word(value, label)
    return f"{label} {text}" if text.replace(".", "", 1).isdigit() else text


def format_word(value: Any, label: str) -> str:
    """Returns a value as readable text: `at_least` becomes "at least"."""
    return str(value).replace("_", " ") if label in ENUMERATED else str(value)


def build_table_rows(chart: Listing, query: Query, rows: Sequence[Row]) -> list[Mark]:
    """Returns the rows of a table, sorted as it says. Addresses other than http and https are left out."""
    if chart.compare:
        rows = compare_rows(chart.compare, query, rows)
    known = find_addresses(chart)
    found = [{source: clean_value(source, row.get(source), known) for source in find_sources(chart)} for row in rows]
    by = next((column.source for column in chart.columns if column.title == chart.sort), None)
    return sorted(found, key=lambda line: line[by] or 0, reverse=True) if by else found


def compare_rows(labels: tuple[str, str], query: Query, rows: Sequence[Row]) -> list[Row]:
    """Returns a row for each name, with the count for both labels and the change between them."""
    over, name = (bucket.label for bucket in query.by if not isinstance(bucket, TimeBuckets))
    measure = query.measures[0].label
    found: dict[Any, Row] = {}
    for row in rows:
        line = found.setdefault(row[name], {name: row[name], labels[0]: 0, labels[1]: 0})
        line[row[over]] = row[measure]
    return [line | {"change": line[labels[1]] - line[labels[0]]} for line in found.values()]


def clean_value(source: str, value: Any, addresses: Collection[str]) -> Any:
    """Returns a value that is safe for the page. Text comes from the web: an address may be a script."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if source in ENUMERATED and value is not None:
        return format_word(value, source)
    if source in addresses and value is not None and not is_web_address(str(value)):
        return None
    return value


def is_web_address(text: str) -> bool:
    """Whether a browser would open this as a page, and not as a script."""
    try:
        return urlsplit(text).scheme in ("http", "https")
    except ValueError:
        return False


def find_addresses(chart: Listing) -> list[str]:
    """Returns the fields with addresses that a column links to."""
    return [column.link.value for column in chart.columns if column.link and column.link.to == "page"]


def find_shown_columns(chart: Listing) -> list[TableColumn]:
    """Returns the columns that the report shows.

    Ids are left out, because they are only useful on another board, and so is an address that another column links to.
    """
    columns = [column for column in chart.columns if not column.hidden and not column.source.endswith("_id")]
    leads = any(column.source in CARRIERS for column in columns)
    return [column for column in columns if not (leads and column.source in find_addresses(chart))]


def find_link(chart: Listing, column: TableColumn) -> str | None:
    """Returns the field with the address that the column links to, or None."""
    if column.link and column.link.to == "page":
        return column.link.value
    bare = [
        address
        for address in find_addresses(chart)
        if any(each.source == address and not each.hidden for each in chart.columns)
    ]
    carrier = next(
        (each.source for name in CARRIERS for each in find_shown_columns(chart) if each.source == name), None
    )
    return bare[0] if bare and column.source == carrier else None


def find_sources(chart: Listing) -> list[str]:
    """Returns the fields that a row of the table holds."""
    return list(dict.fromkeys([*(column.source for column in find_shown_columns(chart)), *find_addresses(chart)]))


TileNumber = dict[str, Any]
"""A number of a tile: `series` if there are several, `value`, and `words` and `level` if the panel defines them."""


def reduce_marks(chart: Number, marks: Sequence[Mark]) -> list[TileNumber]:
    """Returns the numbers of a tile: one, or one for each series if the panel defines words."""
    series: dict[str, list[float]] = defaultdict(list)
    for mark in marks:
        series[mark["series"]].append(mark["value"])
    each: dict[str, float] = {name: _reduce(chart.reduce, values) for name, values in series.items()}
    if chart.words:
        known = {value: (words, colour) for value, words, colour in chart.words}
        return [
            {"series": name, "value": value} | _describe_value(known.get(f"{value:.0f}"))
            for name, value in each.items()
        ]
    if not each:
        return []
    value = _reduce(chart.reduce, list(each.values()))
    passed = [colour for level, colour in chart.levels if value >= level]
    return [{"series": "", "value": value} | ({"level": passed[-1]} if passed else {})]


def _reduce(how: Literal["last", "sum", "max"], values: Sequence[float]) -> float:
    match how:
        case "sum":
            return sum(values)
        case "max":
            return max(values)
        case "last":
            return values[-1]


def _describe_value(known: tuple[str, str] | None) -> TileNumber:
    return {"words": known[0], "level": known[1]} if known else {}

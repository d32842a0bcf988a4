"""The data of a page as JSON: for each panel its chart, and the rows of each selection, every row once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from dashboards.ask.filters import DIMENSIONS
from dashboards.boards.colours import SERIES, STATUS
from dashboards.boards.panels import Bars, Lines, Listing, Number, Panel, Points, Ranking, Spread, TableColumn
from dashboards.report.gathering import COMPARED, PanelAnswer, ReportData
from dashboards.report.page.drawing import STEP, ChartFrame, build_specification
from dashboards.report.page.looks import build_configuration, choose_colours, find_series_label
from dashboards.report.page.marks import slot_times
from dashboards.report.rows import Mark, find_link, find_shown_columns, reduce_marks
from dashboards.report.selections import Choice, Key
from dashboards.report.times import RESOLUTION

EMPTY_MESSAGES: Final = {
    "claims": "No claims in this time range",
    "figures": "No figures in this time range",
    "assertions": "No new claims in this time range. newsclaims monitor counts them.",
    "articles": "No articles in this time range",
    "health": "No measurements in this time range. newsclaims run and newsclaims monitor write them.",
    "feeds": "No feed was polled in this time range. newsclaims feeds run polls feeds.",
    "dead-letters": "No dead letters in this time range: every message could be processed.",
}
"""The message of a panel without data, by alias."""
ALL_LABELS: Final = {
    "claimant": "All claimants",
    "status": "All statuses",
    "dispute": "All disputes",
    "unit_class": "All unit classes",
}


def build_payload(report: ReportData, every: float | None = None) -> dict[str, Any]:
    """Returns everything that the page shows and can refresh. `every` is the seconds between two refreshes."""
    return {
        "every": (every or 0) * 1000,
        "facts": build_facts(report),
        "choices": [build_choice(each) for each in report.choices],
        "configuration": build_configuration("light"),
        "statuses": STATUS,
        "palette": SERIES,
        "panels": [build_panel(uid, each) for uid, panels in report.panels.items() for each in panels],
    }


def build_facts(report: ReportData) -> dict[str, str]:
    """Returns the facts in the head of the page, by the id of their element."""
    found = {f"total-{alias}": f"{count:,}" for alias, count in report.totals.items()}
    return found | {
        "first": _format_day(report.span.since),
        "last": _format_day(report.span.until - RESOLUTION),
        "made": f"{_format_day(report.request.now)}, {report.request.now:%H:%M} UTC",
    }


def _format_day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def build_choice(choice: Choice) -> dict[str, Any]:
    """Returns a selector. `first` is its initial position: figures to compare start with the first one."""
    return {
        "dimension": choice.dimension,
        "label": DIMENSIONS[choice.dimension].label,
        "values": [ALL_LABELS[choice.dimension], *(format_choice(choice.dimension, value) for value in choice.values)],
        "keys": ["", *choice.values],
        "first": 1 if choice.dimension in COMPARED else 0,
    }


def format_choice(dimension: str, value: str) -> str:
    """Returns a value as readable text."""
    return value.replace("_", " ") if dimension == "unit_class" else value


def element_id(uid: str, panel: Panel) -> str:
    """Returns the id of the panel's element."""
    return f"{uid.removeprefix('newsclaims-')}-{re.sub('[^a-z]+', '-', panel.title.lower())}"


def build_panel(uid: str, answer: PanelAnswer) -> dict[str, Any]:
    """Returns a panel with its chart and rows."""
    chart = answer.panel.chart
    colours = choose_colours(answer.panel, answer.series)
    found: dict[str, Any] = {
        "id": element_id(uid, answer.panel),
        "kind": type(chart).__name__.lower(),
        "title": answer.panel.title,
        "unit": answer.panel.unit,
        "noun": answer.panel.query.index,
        "follows": [build_choice.dimension for build_choice in answer.choices],
        "counts": {_format_key(key): count for key, count in answer.counts.items() if count},
        "nothing": build_empty_message(answer),
        "slots": [slot_times(slot) for slot in answer.slots],
        "series": list(colours),
        "colours": list(colours.values()),
        "by": find_series_label(answer.panel),
        "legend": isinstance(chart, Bars | Lines | Points),
        "documents": bool(answer.panel.query.size),
    }
    match chart:
        case Listing():
            found["table"] = [build_column(chart, each) for each in find_shown_columns(chart)]
            found["sort"] = chart.sort
            found |= pack_rows(find_columns(answer), answer.marks, ())
        case Number():
            found["numbers"] = {_format_key(key): numbers for key, marks in answer.marks.items()
                                if (numbers := reduce_marks(chart, marks))}  # fmt: skip
            found["zero"] = chart.reduce == "sum"
            if chart.sparkline and answer.slots:
                found["chart"] = build_specification(answer, colours, ChartFrame())
                found |= pack_rows(
                    ("time", "value"),
                    {key: sum_marks(marks, len(answer.slots)) for key, marks in answer.marks.items()},
                    (),
                )
        case _:
            found["chart"] = build_specification(answer, colours, ChartFrame())
            found["step"] = STEP if isinstance(chart, Ranking | Spread) else 0
            found |= pack_rows(find_columns(answer), answer.marks, answer.series)
    return found


def build_empty_message(answer: PanelAnswer) -> str:
    """Returns the message of a panel without data."""
    index, count = answer.panel.query.index, answer.counts.get(answer.whole, 0)
    by = next((bucket.label for bucket in answer.panel.query.by if bucket.label not in ("time", "all")), None)
    if count and by:
        return f"None of the {count:,} {index} has a {by}."
    return (
        EMPTY_MESSAGES[index]
        if EMPTY_MESSAGES[index].endswith(".")
        else f"{EMPTY_MESSAGES[index]}, {answer.panel.clock}."
    )


def build_column(chart: Listing, column: TableColumn) -> dict[str, Any]:
    """Returns a column of a table: `link` opens the row's address, `chooses` filters the page by the value."""
    return {
        "source": column.source,
        "title": column.title,
        "unit": column.unit,
        "width": column.width,
        "status": column.colours == "status",
        "link": find_link(chart, column),
        "chooses": column.link.variable if column.link and column.link.variable in DIMENSIONS else None,
    }


def find_columns(answer: PanelAnswer) -> tuple[str, ...]:
    """Returns the columns of the rows."""
    return tuple(dict.fromkeys(name for marks in answer.marks.values() for mark in marks for name in mark))


def sum_marks(marks: Sequence[Mark], length: int) -> list[Mark]:
    """Returns one mark for each slot, summed over all series."""
    found: dict[int, float] = {}
    for mark in marks:
        found[mark["time"]] = found.get(mark["time"], 0) + mark["value"]
    return [{"time": time, "value": found.get(time, 0)} for time in range(length)]


def pack_rows(names: Sequence[str], marks: Mapping[Key, Sequence[Mark]], series: Sequence[str]) -> dict[str, Any]:
    """Returns the rows of all selections in compact form: every row once, and positions for each selection."""
    ranks = {name: rank for rank, name in enumerate(series)}
    place: dict[tuple[Any, ...], int] = {}
    sets = {
        _format_key(key): [place.setdefault(tuple(_read_cells(row, names, ranks)), len(place)) for row in rows]
        for key, rows in marks.items()
        if rows
    }
    return {"columns": list(names), "lines": [list(line) for line in place], "sets": sets}


def _read_cells(row: Mark, names: Sequence[str], ranks: Mapping[str, int]) -> Iterator[Any]:
    for name in names:
        yield ranks[row[name]] if name == "series" and ranks else row.get(name)


def _format_key(key: Key) -> str:
    return ".".join(map(str, key))

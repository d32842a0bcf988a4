"""Renders the page of a report: one HTML file with its data and library, which sends no requests."""

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import msgspec
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from dashboards.ask.filters import DIMENSIONS, Filters
from dashboards.ask.query import TimeBuckets
from dashboards.boards.panels import Bars, Board, Lines, Listing, Number, Panel
from dashboards.report.gathering import COMPARED, PanelAnswer, ReportData
from dashboards.report.page.payload import build_payload, element_id, format_choice

SCRIPTS: Final = ("rows.js", "tables.js", "charts.js", "page.js")
LIVE: Final = "live.js"
TITLE: Final = "Claims report"


def render_page(report: ReportData, library: str, every: float | None = None) -> str:
    """Returns the page. `library` draws its charts; with `every` it fetches new data at this interval, in seconds."""
    data = build_payload(report, every)
    scripts = [_read(name) for name in (*SCRIPTS, *([LIVE] if every else []))]
    script = '(() => {\n"use strict";\n' + "\n".join(scripts) + "})();\n"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["coded"] = mark_code
    return environment.from_string(_read("page.html")).render(
        title=TITLE,
        style=Markup(_read("page.css")),
        policy=build_policy(library, script, live=bool(every)),
        facts=data["facts"],
        filters=describe_filters(report.request.filters),
        live=bool(every),
        choices=data["choices"],
        compared=COMPARED,
        boards=[_describe_board(board, report.panels[board.uid]) for board in report.request.boards],
        data=Markup(escape_json(data)),
        library=Markup(library),
        script=Markup(script),
    )


def _read(name: str) -> str:
    return files("dashboards.report.page").joinpath(name).read_text("utf-8")


def mark_code(text: str) -> Markup:
    """Returns text as HTML, with code elements for parts in backticks."""
    words = [Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
             for place, part in enumerate(text.split("`"))]  # fmt: skip
    return Markup("").join(words)


def escape_json(data: Mapping[str, Any]) -> str:
    """Returns JSON that is safe in a script element: nothing in it ends the element or starts a comment."""
    text = msgspec.json.encode(data).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def build_policy(library: str, script: str, live: bool) -> str:
    """Returns the content security policy: only these two scripts, and no requests except to its own server if live."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'"
                      for each in (library, script))  # fmt: skip
    ask = "'self'" if live else "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; connect-src {ask}; "
        "base-uri 'none'; form-action 'none'"
    )


def describe_filters(filters: Filters) -> list[tuple[str, str]]:
    """Returns the filters of the report as (label, value)."""
    found = [(dimension.label, " or ".join(format_choice(name, value) for value in chosen))
             for name, dimension in DIMENSIONS.items() if (chosen := getattr(filters, name))]  # fmt: skip
    if filters.marked != "out":
        found.append(("Marked claims", {"also": "shown", "only": "only these"}[filters.marked]))
    if filters.copies != "also":
        found.append(("Copies of a story", {"out": "left out", "only": "only these"}[filters.copies]))
    if filters.articles is not None:
        found.append(("Articles", f"{len(filters.articles):,} chosen"))
    edges = (("Since", filters.since), ("Until", filters.until))
    return found + [(name, f"{edge:%Y-%m-%d %H:%M}".removesuffix(" 00:00")) for name, edge in edges if edge]


def _describe_board(board: Board, answer: tuple[PanelAnswer, ...]) -> dict[str, Any]:
    panels = {each.panel: each for each in answer}
    return {
        "id": board.uid,
        "title": board.title,
        "description": board.description,
        "single": bool(board.single),
        "sections": [
            {"title": section.title, "panels": [_describe_panel(board, panels[panel]) for panel in section.panels]}
            for section in board.sections
        ],
    }


def _describe_panel(board: Board, answer: PanelAnswer) -> dict[str, Any]:
    panel = answer.panel
    return {
        "id": element_id(board.uid, panel),
        "title": panel.title,
        "description": panel.description,
        "clock": describe_clock(board, answer),
        "kind": type(panel.chart).__name__.lower(),
        "width": panel.width,
        "height": panel.height,
        "drawn": has_chart(panel),
    }


def has_chart(panel: Panel) -> bool:
    """Returns whether the panel has a chart."""
    match panel.chart:
        case Listing():
            return False
        case Number():
            return panel.chart.sparkline and any(isinstance(bucket, TimeBuckets) for bucket in panel.query.by)
    return True


def describe_clock(board: Board, answer: PanelAnswer) -> str:
    """Returns the panel's clock, its variables, and how incomplete intervals are drawn, in words."""
    words = [f"{answer.panel.clock.capitalize()}."]
    if isinstance(answer.panel.chart, Bars | Lines) and any(slot.open for slot in answer.slots):
        words.append("Incomplete intervals are lighter.")
    labels = {variable.name: variable.label for variable in board.variables}
    words += [f"{labels[name]}: {value}." for name, value in answer.values.items()]
    return " ".join(words)

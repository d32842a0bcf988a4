"""Makes the page of a report: one HTML file with its data, its charts' library and no address that it asks."""

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
from dashboards.report.gathering import PanelAnswer, ReportData
from dashboards.report.page.payload import build_payload, element_id, format_choice

SCRIPTS: Final = ("rows.js", "tables.js", "charts.js", "page.js")
LIVE: Final = "live.js"
TITLES: Final = "Claims report"


def render_page(report: ReportData, library: str, every: float | None = None) -> str:
    """The page. `library` draws its charts; with `every` it fetches new data from beside it, every so many seconds."""
    data = build_payload(report, every)
    scripts = [_read(name) for name in (*SCRIPTS, *([LIVE] if every else []))]
    script = '(() => {\n"use strict";\n' + "\n".join(scripts) + "})();\n"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["coded"] = mark_code
    return environment.from_string(_read("page.html")).render(
        title=TITLES,
        style=Markup(_read("page.css")),
        policy=build_policy(library, script, live=bool(every)),
        facts=data["facts"],
        describe_filters=describe_filters(report.wanted.filters),
        live=bool(every),
        choices=data["choices"],
        boards=[_describe_board(board, report.panels[board.uid]) for board in report.wanted.boards],
        data=Markup(escape_json(data)),
        library=Markup(library),
        script=Markup(script),
    )


def _read(name: str) -> str:
    return files("dashboards.report.page").joinpath(name).read_text("utf-8")


def mark_code(text: str) -> Markup:
    """Text with what stands in backticks as code."""
    words = [Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
             for place, part in enumerate(text.split("`"))]  # fmt: skip
    return Markup("").join(words)


def escape_json(data: Mapping[str, Any]) -> str:
    """JSON that may stand in a script element: nothing in it ends the element or begins a comment."""
    text = msgspec.json.encode(data).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def build_policy(library: str, script: str, live: bool) -> str:
    """What the page may do: run these two scripts and no other, ask nobody (but its own server, when live)."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'"
                      for each in (library, script))  # fmt: skip
    ask = "'self'" if live else "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; connect-src {ask}; "
        "base-uri 'none'; form-action 'none'"
    )


def describe_filters(filters: Filters) -> list[tuple[str, str]]:
    """What the report was narrowed to when it was made: label and value."""
    found = [(dimension.label, " or ".join(format_choice(name, value) for value in chosen))
             for name, dimension in DIMENSIONS.items() if (chosen := getattr(filters, name))]  # fmt: skip
    edges = (("Since", filters.since), ("Until", filters.until))
    return found + [(name, f"{edge:%Y-%m-%d %H:%M}".removesuffix(" 00:00")) for name, edge in edges if edge]


def _describe_board(board: Board, answered: tuple[PanelAnswer, ...]) -> dict[str, Any]:
    panels = {each.panel: each for each in answered}
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


def _describe_panel(board: Board, answered: PanelAnswer) -> dict[str, Any]:
    panel = answered.panel
    return {
        "id": element_id(board.uid, panel),
        "title": panel.title,
        "description": panel.description,
        "clock": describe_clock(board, answered),
        "kind": type(panel.chart).__name__.lower(),
        "width": panel.width,
        "height": panel.height,
        "drawn": has_chart(panel),
    }


def has_chart(panel: Panel) -> bool:
    """Whether the panel has a chart."""
    match panel.chart:
        case Listing():
            return False
        case Number():
            return panel.chart.sparkline and any(isinstance(bucket, TimeBuckets) for bucket in panel.query.by)
    return True


def describe_clock(board: Board, answered: PanelAnswer) -> str:
    """By which time the panel counts, what its variables are, and how an interval that is not over is drawn."""
    words = [f"{answered.panel.clock.capitalize()}."]
    if isinstance(answered.panel.chart, Bars | Lines) and any(slot.open for slot in answered.slots):
        words.append("What is not over is lighter.")
    labels = {variable.name: variable.label for variable in board.variables}
    words += [f"{labels[name]}: {value}." for name, value in answered.values.items()]
    return " ".join(words)

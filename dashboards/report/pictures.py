"""Draws one panel as PNG or SVG, without a browser, for a document or a mail."""

import textwrap
from dataclasses import replace
from typing import Any, Final

import vl_convert
from elasticsearch import Elasticsearch

from dashboards.boards import BOARDS
from dashboards.boards.panels import Bars, Board, Chart, Lines, Panel, Points, Ranking, Spread
from dashboards.report.gathering import PanelAnswer, ReportRequest, gather
from dashboards.report.page.drawing import ROWS, ChartFrame, build_specification
from dashboards.report.page.looks import THEMES, Theme, build_configuration, choose_colours
from dashboards.report.page.marks import add_slots
from dashboards.report.page.rendering import describe_clock, describe_filters
from schemas.errors import Permanent

DRAWN: Final = (Bars, Lines, Points, Ranking, Spread)
"""Kinds of chart that can be drawn as a picture; numbers and tables are text."""
WIDTH: Final = 900
HEIGHT: Final = 330
SCALE: Final = 2
"""Pixels of a PNG for each pixel of the chart, for high-resolution screens."""
LINE: Final = 140
"""Characters in a line of the subtitle."""


def find_panel(title: str, boards: tuple[Board, ...]) -> tuple[Board, Panel]:
    """Returns the chart with this title, in these boards or else in any board.

    Raises `Permanent` if there is none, with the titles of all charts.
    """
    known = [(board, panel) for board in (*boards, *BOARDS.values()) for panel in board.panels if is_chart(panel.chart)]
    for board, panel in known:
        if panel.title.casefold() == title.casefold():
            return board, panel
    titles = dict.fromkeys(panel.title for _, panel in known)
    tables = {panel.title.casefold() for board in BOARDS.values() for panel in board.panels}
    why = "is not a chart but a number or a table" if title.casefold() in tables else "is unknown"
    raise Permanent(f"--panel {title!r} {why}: these can be drawn: {', '.join(titles)}")


def is_chart(chart: Chart) -> bool:
    """Returns whether it can be drawn as a picture."""
    return isinstance(chart, DRAWN)


def build_picture(client: Elasticsearch, request: ReportRequest, title: str, theme: Theme = "light") -> dict[str, Any]:
    """Returns the panel's chart as a Vega-Lite specification with data, title, legend and colours.

    Raises `Permanent` if there is no such chart or no data, and what `explain_errors` raises.
    """
    board, panel = find_panel(title, request.boards)
    alone = replace(board, sections=(replace(board.sections[0], panels=(panel,)),), single=frozenset())
    answer = gather(client, replace(request, boards=(alone,))).panels[alone.uid][0]
    return build_picture_specification(board, answer, request, theme)


def build_picture_specification(
    board: Board, answer: PanelAnswer, request: ReportRequest, theme: Theme
) -> dict[str, Any]:
    """Returns the chart of all documents that match the filters."""
    marks = answer.marks.get(answer.whole, [])
    if not marks:
        raise Permanent(f"{answer.panel.title!r} has no data: no document matches the filters")
    present = {mark["series"] for mark in marks}
    series = [name for name in answer.series if name in present]
    colours = choose_colours(answer.panel, series)
    filters = "; ".join(f"{label.lower()} {value}" for label, value in describe_filters(request.filters))
    about = f"{answer.panel.description} {describe_clock(board, answer)}" + (f" Only {filters}." if filters else "")
    return build_specification(answer, colours, ChartFrame(WIDTH, HEIGHT)) | {
        "datasets": {ROWS: add_slots(marks, answer.slots, answer.series)},
        "title": {"text": answer.panel.title, "subtitle": textwrap.wrap(about, LINE)},
        "config": build_configuration(theme) | {"background": THEMES[theme].background, "padding": 16},
    }


def render_png(specification: dict[str, Any]) -> bytes:
    """Returns the picture as PNG."""
    return bytes(vl_convert.vegalite_to_png(specification, scale=SCALE))


def render_svg(specification: dict[str, Any]) -> bytes:
    """Returns the picture as SVG, with its text as text."""
    return str(vl_convert.vegalite_to_svg(specification)).encode()

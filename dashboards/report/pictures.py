"""One panel as a picture, PNG or SVG, for a README or a mail: drawn without a browser."""

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
"""Charts that a picture can be made of; numbers and tables are text."""
WIDTH: Final = 900
HEIGHT: Final = 330
SCALE: Final = 2
"""Pixels of a PNG for each of the chart's: sharp on today's screens."""
LINE: Final = 140
"""Characters of a line under the title."""


def find_panel(title: str, boards: tuple[Board, ...]) -> tuple[Board, Panel]:
    """The panel of this title in the boards, or where they have none in any board. Raises `Permanent` where there is
    no such chart, with those that there are."""
    known = [(board, panel) for board in (*boards, *BOARDS.values()) for panel in board.panels if is_chart(panel.chart)]
    for board, panel in known:
        if panel.title.casefold() == title.casefold():
            return board, panel
    titles = dict.fromkeys(panel.title for _, panel in known)
    tables = {panel.title.casefold() for board in BOARDS.values() for panel in board.panels}
    why = "is no chart but a number or a table" if title.casefold() in tables else "is unknown"
    raise Permanent(f"--panel {title!r} {why}: pictures can be made of {', '.join(titles)}")


def is_chart(chart: Chart) -> bool:
    """Whether a picture can be made of it."""
    return isinstance(chart, DRAWN)


def build_picture(client: Elasticsearch, wanted: ReportRequest, title: str, theme: Theme = "light") -> dict[str, Any]:
    """The panel's chart as a Vega-Lite specification with its data, title, legend and colours.

    Raises `Permanent` where there is no such chart or nothing to draw, and what `asking` raises.
    """
    board, panel = find_panel(title, wanted.boards)
    alone = replace(board, sections=(replace(board.sections[0], panels=(panel,)),), single=frozenset())
    answered = gather(client, replace(wanted, boards=(alone,))).panels[alone.uid][0]
    return build_picture_specification(board, answered, wanted, theme)


def build_picture_specification(
    board: Board, answered: PanelAnswer, wanted: ReportRequest, theme: Theme
) -> dict[str, Any]:
    """The chart of everything that was chosen."""
    marks = answered.marks.get(answered.whole, [])
    if not marks:
        raise Permanent(f"{answered.panel.title!r} has nothing to draw: nothing fits what was chosen")
    present = {mark["series"] for mark in marks}
    series = [name for name in answered.series if name in present]
    colours = choose_colours(answered.panel, series)
    narrowed = "; ".join(f"{label.lower()} {value}" for label, value in describe_filters(wanted.filters))
    about = f"{answered.panel.description} {describe_clock(board, answered)}" + (
        f" Only {narrowed}." if narrowed else ""
    )
    return build_specification(answered, colours, ChartFrame(WIDTH, HEIGHT)) | {
        "datasets": {ROWS: add_slots(marks, answered.slots, answered.series)},
        "title": {"text": answered.panel.title, "subtitle": textwrap.wrap(about, LINE)},
        "config": build_configuration(theme) | {"background": THEMES[theme].ground, "padding": 16},
    }


def render_png(specification: dict[str, Any]) -> bytes:
    """The picture as PNG."""
    return bytes(vl_convert.vegalite_to_png(specification, scale=SCALE))


def render_svg(specification: dict[str, Any]) -> bytes:
    """The picture as SVG, its text as text."""
    return str(vl_convert.vegalite_to_svg(specification)).encode()

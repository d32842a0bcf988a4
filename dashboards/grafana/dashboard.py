"""Boards as Grafana's dashboards, for Grafana 9.3 and newer with the built-in Elasticsearch data source.

They are built with Grafana's own SDK. What the SDK lacks, such as annotations from Elasticsearch, is added as plain
values.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from grafana_foundation_sdk.builders import dashboard as sdk
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    GridPos,
    VariableHide,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from dashboards.ask.filters import COPIES_LUCENE, DIMENSIONS, MARKED_LUCENE, Copies, Marked
from dashboards.ask.queries import ALERT_MARKS, RULE_MARKS
from dashboards.ask.query import ANY_VALUE, DataSource, find_data_source
from dashboards.boards import BOARDS
from dashboards.boards.panels import Board, Section, Variable
from dashboards.grafana.links import KIBANA_URL
from dashboards.grafana.panel_models import build_panel
from dashboards.grafana.query_models import build_reference, build_value
from schemas.fields import Status

TAG: Final = "newsclaims"
"""Tag of all our boards: the menu lists boards with it, and a push does not overwrite boards without it."""
VARIABLE_SIZE: Final = 500
"""Values in a selector, the most frequent; others can be typed."""
HEALTH: Final = DataSource("health", "at")


def list_sources() -> list[DataSource]:
    """Returns the data sources that the boards read, in a fixed order."""
    read = {find_data_source(each.query) for board in BOARDS.values() for each in board.panels}
    read |= {find_variable_source(name) for board in BOARDS.values() for name in board.dimensions} | {HEALTH}
    return sorted(read, key=lambda source: source.uid)


def build_dashboard(board: Board, kibana_url: str = KIBANA_URL) -> dict[str, Any]:
    """Returns the board as Grafana's JSON, without an id and with version 1."""
    built = (
        sdk.Dashboard(board.title)
        .uid(board.uid)
        .description(board.description)
        .tags([TAG])
        .editable()
        .timezone("utc")
        .time(board.since, "now")
        .refresh(board.refresh)
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .timepicker(sdk.TimePicker().refresh_intervals(["5s", "10s", "30s", "1m", "5m", "15m", "1h"]))
        .link(build_menu())
    )
    for name in board.dimensions:
        built = built.with_variable(build_selector(board, name))
    if board.shows_marked:
        built = built.with_variable(build_marked_selector())
    if board.chooses_copies:
        built = built.with_variable(build_copies_selector())
    for variable in board.variables:
        built = built.with_variable(build_variable(variable))
    built = built.with_variable(sdk.ConstantVariable("kibana").value(kibana_url))
    plain: dict[str, Any] = json.loads(json.dumps(built.build(), cls=JSONEncoder))
    for variable in plain["templating"]["list"]:
        # The SDK gives all variables the same id, and Grafana 9 would keep only the last of them.
        del variable["id"]
    return plain | {
        "panels": list(lay_out_panels(board)),
        "annotations": {"list": list(build_marks(board))},
        "version": 1,
    }


def build_menu() -> sdk.DashboardLink:
    """Returns the menu of other boards, which keeps the time range and selection."""
    return (
        sdk.DashboardLink("Boards")
        .type(DashboardLinkType.DASHBOARDS)
        .tags([TAG])
        .as_dropdown(True)
        .keep_time(True)
        .include_vars(True)
    )


def find_variable_source(name: str) -> DataSource:
    """Returns the source of a selector's values: claims, or figures for the unit class and the dispute."""
    return DataSource("figures" if name in ("unit_class", "dispute") else "claims", "published_at")


def build_selector(board: Board, name: str) -> Any:
    """Returns the selector of a dimension.

    With several values allowed, the initial selection is all of them, including documents without the field. Otherwise
    it is the most frequent value other than `other`, among what the selectors with one value before it leave.
    """
    if name == "status":
        statuses = sdk.CustomVariable(name).label(DIMENSIONS[name].label).values(",".join(get_args(Status)))
        return allow_all(statuses)
    source = find_variable_source(name)
    query = {"find": "terms", "field": DIMENSIONS[name].field(source.index), "size": VARIABLE_SIZE,
             "orderBy": "doc_count"}  # fmt: skip
    is_single = name in board.single
    if is_single:
        before = board.dimensions[: board.dimensions.index(name)]
        fields = {each: DIMENSIONS[each].field(source.index) for each in before if each in board.single}
        clauses = [f"{field}:{build_value(board, each)}" for each, field in fields.items()]
        query["query"] = " AND ".join([f"NOT {query['field']}:other", *clauses])
    found = (
        sdk.QueryVariable(board.name_variable(name))
        .label(DIMENSIONS[name].label)
        .datasource(build_reference(source))
        .query(json.dumps(query))
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.DISABLED)
    )
    return found.multi(False).include_all(False) if is_single else allow_all(found)


def build_marked_selector() -> Any:
    """Returns the selector of what to do with claims that an analyst marked; at first they are left out."""
    labels: dict[Marked, str] = {"out": "left out", "also": "shown", "only": "only these"}
    about = "Claims that an analyst marked as wrong or duplicate, with their figures."
    return build_text_selector("marked", "Marked claims", about, {labels[each]: MARKED_LUCENE[each] for each in labels})


def build_copies_selector() -> Any:
    """Returns the selector of what to do with copies of a story; at first they count too."""
    labels: dict[Copies, str] = {"also": "counted", "out": "left out", "only": "only these"}
    about = "Articles that copy another, with their claims and figures. Left out, each story counts once."
    texts = {labels[each]: COPIES_LUCENE[each] for each in labels}
    return build_text_selector("copies", "Copies of a story", about, texts)


def build_text_selector(name: str, label: str, about: str, texts: Mapping[str, str]) -> Any:
    """Returns a selector whose values are Lucene texts, by their labels; at first the first one is selected."""
    text, value = next(iter(texts.items()))
    return (
        sdk.CustomVariable(name)
        .label(label)
        .description(about)
        .values(", ".join(f"{each} : {texts[each]}" for each in texts))
        .current(VariableOption(selected=True, text=text, value=value))
    )


def allow_all(selector: Any) -> Any:
    """Allows several values, and selects all of them."""
    everything = VariableOption(selected=True, text="All", value="$__all")
    return selector.multi(True).include_all(True).all_value(ANY_VALUE).current(everything)


def build_variable(variable: Variable) -> Any:
    """Returns a variable that the reader types, or selects if there are options."""
    if variable.options:
        return (
            sdk.CustomVariable(variable.name)
            .label(variable.label)
            .description(variable.description)
            .values(",".join(variable.options))
            .current(VariableOption(selected=True, text=variable.value, value=variable.value))
        )
    return (
        sdk.TextBoxVariable(variable.name)
        .label(variable.label)
        .description(variable.description)
        .hide(VariableHide.DONT_HIDE)
        .default_value(variable.value)
        .current(VariableOption(selected=True, text=variable.value, value=variable.value))
    )


def lay_out_panels(board: Board) -> Iterator[dict[str, Any]]:
    """Yields the panels with ids and positions: sections below each other, panels from left to right."""
    number, top = 0, 0
    for section in board.sections:
        number += 1
        yield build_row(section, number, top)
        top += 1
        left = tallest = 0
        for each in section.panels:
            if left + each.width > 24:
                left, top, tallest = 0, top + tallest, 0
            number += 1
            place = GridPos(x=left, y=top, w=each.width, h=each.height)
            yield build_panel(board, each, number, place)
            left += each.width
            tallest = max(tallest, each.height)
        top += tallest


def build_row(section: Section, number: int, top: int) -> dict[str, Any]:
    """Returns the heading of a section."""
    place = {"x": 0, "y": top, "w": 24, "h": 1}
    return {"type": "row", "id": number, "title": section.title, "collapsed": False, "gridPos": place, "panels": []}


def build_marks(board: Board) -> Iterator[dict[str, Any]]:
    """Yields the marks for alerts and changed rules on charts. Grafana loads the newest 10,000 of each."""
    for name, where, colour in (("Alerts", ALERT_MARKS, "red"), ("New rules", RULE_MARKS, "blue")):
        yield {
            "name": name,
            "enable": board.annotated,
            "hide": False,
            "iconColor": colour,
            "datasource": {"type": "elasticsearch", "uid": HEALTH.uid},
            "query": where,
            # Newer releases of Grafana read the query from here.
            "target": {"query": where, "refId": "Anno"},
            "timeField": HEALTH.clock,
            "textField": "detail",
            "tagsField": "alert",
        }

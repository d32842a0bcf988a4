"""Checks boards and alert rules without any server: `newsclaims dashboards check`."""

import re
from collections.abc import Iterator
from typing import Any, Final, get_args

from dashboards.ask.filters import DIMENSIONS
from dashboards.ask.query import VARIABLE, LabelledQueries, Query
from dashboards.boards import BOARDS
from dashboards.boards.panels import Board, Unit
from dashboards.grafana import alert_rules
from schemas.alerts import ALERTS
from schemas.elasticsearch.indices import FAMILIES
from schemas.metrics import METRICS

FIELD: Final = re.compile(r"_exists_:([a-z_.]+)|(?<![\w.$])([a-z][a-z_.]*):")
"""A field name in Lucene text."""
METRIC: Final = re.compile(r"metric:(\w+)")
SHORTEST_DESCRIPTION: Final = 15
"""Characters. A shorter description says nothing."""


def count_checked() -> int:
    """Returns the number of panels and rules that `find_problems` checks."""
    return sum(len(board.panels) for board in BOARDS.values()) + len(ALERTS)


def find_problems() -> Iterator[str]:
    """Yields a sentence for each problem in a board or rule."""
    for board in BOARDS.values():
        yield from check_board(board)
    for alert in ALERTS.values():
        yield from check_query(f"rule {alert.title}", alert_rules.build_query(alert))


def check_board(board: Board) -> Iterator[str]:
    """Yields the problems of a board and its panels."""
    if not board.uid.startswith("newsclaims-"):
        yield f"board {board.title}: its uid {board.uid} does not begin with newsclaims-"
    for panel in board.panels:
        place = f"board {board.title}, panel {panel.title}"
        if len(panel.description) < SHORTEST_DESCRIPTION:
            yield f"{place}: its description does not say what it shows"
        if panel.unit not in get_args(Unit):
            yield f"{place}: unknown unit {panel.unit!r}"
        yield from check_query(place, panel.query)


def check_query(place: str, query: Query) -> Iterator[str]:
    """Yields the fields of a query that its index does not have, and undeclared metrics."""
    filters = [text for bucket in query.by if isinstance(bucket, LabelledQueries) for _, text in bucket.queries]
    texts = [query.where, *filters]
    dimensions = {DIMENSIONS[name].field(query.index) for name in query.dimensions} - {None}
    searched = {one or other for text in texts for one, other in FIELD.findall(VARIABLE.sub("0", text))}
    for name in sorted({*query.fields_used, *searched, *(str(field) for field in dimensions)}):
        if not is_mapped(query.index, name):
            yield f"{place}: the index {query.index} has no field {name}"
    for metric in (name for text in texts for name in METRIC.findall(text)):
        if metric not in METRICS:
            yield f"{place}: no metric is called {metric}"


def is_mapped(index: str, name: str) -> bool:
    """Returns whether the index has the field, given by its dotted name; sub-fields such as `.keyword` count."""
    properties: dict[str, Any] = FAMILIES[index].mapping()["properties"]
    for part in name.split("."):
        if part not in properties:
            return False
        properties = properties[part].get("properties", {}) | properties[part].get("fields", {})
    return True

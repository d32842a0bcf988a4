"""What must be right about boards and rules before anybody loads them, found without any server."""

import re
from collections.abc import Iterator
from typing import Any, Final, get_args

from dashboards import build
from dashboards.ask.filters import DIMENSIONS
from dashboards.ask.query import OPEN, Labelled, Query
from dashboards.boards import BOARDS
from dashboards.boards.panels import Board, Unit
from dashboards.grafana import alert_rules
from schemas.alerts import ALERTS
from schemas.elasticsearch.indices import FAMILIES
from schemas.metrics import METRICS

FIELD: Final = re.compile(r"_exists_:([a-z_.]+)|(?<![\w.$])([a-z][a-z_.]*):")
"""A field's name in Lucene text."""
METRIC: Final = re.compile(r"metric:(\w+)")
SHORTEST: Final = 15
"""Characters that a description has at least: fewer say nothing."""


def examine() -> tuple[int, list[str]]:
    """How much was examined, and every problem in one sentence."""
    found = [problem for board in BOARDS.values() for problem in board_problems(board)]
    for alert in ALERTS.values():
        found += query_problems(f"rule {alert.title}", alert_rules.number(alert))
    found += [f"{build.COMMITTED.label}/{path} is stale: run `{build.COMMAND}`" for path in stale()]
    return sum(len(board.panels) for board in BOARDS.values()) + len(ALERTS), found


def stale() -> list[str]:
    """Generated files that are not as the definitions make them."""
    return build.COMMITTED.stale(build.FOLDER)


def board_problems(board: Board) -> Iterator[str]:
    """What is wrong with a board and its panels."""
    if not board.uid.startswith("newsclaims-"):
        yield f"board {board.title}: its uid {board.uid} does not begin with newsclaims-"
    for panel in board.panels:
        place = f"board {board.title}, panel {panel.title}"
        if len(panel.description) < SHORTEST:
            yield f"{place}: its description does not say what it shows"
        if panel.unit not in get_args(Unit):
            yield f"{place}: {panel.unit!r} is no unit"
        yield from query_problems(place, panel.query)


def query_problems(place: str, query: Query) -> Iterator[str]:
    """Fields of a query that its index does not have, and metrics that nobody declares."""
    filters = [text for bucket in query.by if isinstance(bucket, Labelled) for _, text in bucket.queries]
    texts = [query.where, *filters]
    narrowed = {DIMENSIONS[name].field(query.index) for name in query.narrowed} - {None}
    named = {one or other for text in texts for one, other in FIELD.findall(OPEN.sub("0", text))}
    for name in sorted({*query.fields_used, *named, *(str(field) for field in narrowed)}):
        if not is_mapped(query.index, name):
            yield f"{place}: the index {query.index} has no field {name}"
    for metric in (name for text in texts for name in METRIC.findall(text)):
        if metric not in METRICS:
            yield f"{place}: no metric is called {metric}"


def is_mapped(index: str, name: str) -> bool:
    """Whether the index has the field, given by its dotted name with sub-fields such as `.keyword`."""
    properties: dict[str, Any] = FAMILIES[index].mapping()["properties"]
    for part in name.split("."):
        if part not in properties:
            return False
        properties = properties[part].get("properties", {}) | properties[part].get("fields", {})
    return True

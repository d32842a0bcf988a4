"""Renders a round of the monitor for a terminal."""

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from deploy.monitoring.elasticsearch_health import LEVELS
from deploy.monitoring.monitor import MonitorRound
from schemas.durations import format_duration
from schemas.elasticsearch.indices import FAMILIES
from schemas.metrics import Key

LEVEL_NAMES = {level: name for name, level in LEVELS.items()}


def render(found: MonitorRound) -> RenderableType:
    """Renders servers, topics and indices as a table each, and then the problems."""
    parts: list[RenderableType] = [render_servers(found.values)]
    parts += [Text(""), render_topics(found.values)] if find_values(found.values, "newsclaims_topic_end_offset") else []
    parts += [Text(""), render_indices(found.values)] if find_values(found.values, "newsclaims_index_documents") else []
    parts += [Text(problem, style="red") for problem in found.problems.values()]
    return Group(*parts)


def find_values(values: Mapping[Key, float], metric: str) -> dict[tuple[str, ...], float]:
    """Returns the values of a metric by its labels."""
    return {labels: value for (name, labels), value in values.items() if name == metric}


def render_servers(values: Mapping[Key, float]) -> Table:
    """Renders whether the servers answer, and the state of Elasticsearch and the feeds."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for (server,), up in find_values(values, "newsclaims_server_up").items():
        table.add_row(server, Text("up", "green") if up else Text("does not answer", "red"))
    for level in find_values(values, "newsclaims_elasticsearch_health").values():
        table.add_row("cluster", Text(LEVEL_NAMES[int(level)], LEVEL_NAMES[int(level)]))
        heap = values["newsclaims_elasticsearch_heap_share", ()]
        free = values["newsclaims_elasticsearch_free_bytes", ()]
        table.add_row("fullest node", f"{heap:.0%} of its heap, {decimal(int(free))} free")
    if states := find_values(values, "newsclaims_feeds"):
        table.add_row("feeds", ", ".join(f"{count:.0f} {state}" for (state,), count in sorted(states.items())))
    return table


def render_topics(values: Mapping[Key, float]) -> Table:
    """Renders the ends of partitions. For those that the job reads, also its lag and the oldest unprocessed record."""
    table = Table("topic", "partition", "end", "lag", "oldest", box=None, pad_edge=False)
    lags = find_values(values, "newsclaims_consumer_lag_records")
    ages = find_values(values, "newsclaims_oldest_unprocessed_seconds")
    for labels, end in find_values(values, "newsclaims_topic_end_offset").items():
        lag = f"{lags[labels]:,.0f}" if labels in lags else ""
        table.add_row(*labels, f"{end:,.0f}", lag, format_duration(ages[labels]) if labels in ages else "")
    return align_right(table, 2)


def render_indices(values: Mapping[Key, float]) -> Table:
    """Renders size and freshness behind each alias."""
    table = Table("index", "documents", "size", "newest", box=None, pad_edge=False)
    newest = find_values(values, "newsclaims_index_freshness_seconds")
    for alias in FAMILIES:
        count = values["newsclaims_index_documents", (alias,)]
        size = decimal(int(values["newsclaims_index_bytes", (alias,)]))
        age = f"{format_duration(newest[alias,])} ago" if (alias,) in newest else ""
        table.add_row(alias, f"{count:,.0f}", size, age)
    return align_right(table, 1)


def align_right(table: Table, first: int) -> Table:
    """Aligns the columns from number `first` on to the right. Returns the table."""
    for column in table.columns[first:]:
        column.justify = "right"
    return table

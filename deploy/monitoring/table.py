"""A round of the monitor for a terminal."""

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from deploy.monitoring.monitor import Round
from schemas.durations import format_duration
from schemas.elasticsearch.indices import FAMILIES
from schemas.metrics import Key

LEVELS = {0: "green", 1: "yellow", 2: "red"}


def render(found: Round) -> RenderableType:
    """Servers, topics and indices, a table each; then what went wrong."""
    parts: list[RenderableType] = [servers(found.values)]
    parts += [Text(""), topics(found.values)] if known(found.values, "newsclaims_topic_end_offset") else []
    parts += [Text(""), indices(found.values)] if known(found.values, "newsclaims_index_documents") else []
    parts += [Text(problem, style="red") for problem in found.problems.values()]
    return Group(*parts)


def known(values: Mapping[Key, float], metric: str) -> dict[tuple[str, ...], float]:
    """A metric's values by its labels."""
    return {labels: value for (name, labels), value in values.items() if name == metric}


def servers(values: Mapping[Key, float]) -> Table:
    """Whether the servers answer, and how Elasticsearch and the feeds do."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for (server,), up in known(values, "newsclaims_server_up").items():
        table.add_row(server, Text("up", "green") if up else Text("does not answer", "red"))
    for level in known(values, "newsclaims_elasticsearch_health").values():
        table.add_row("cluster", Text(LEVELS[int(level)], LEVELS[int(level)]))
        heap = values["newsclaims_elasticsearch_heap_share", ()]
        free = values["newsclaims_elasticsearch_free_bytes", ()]
        table.add_row("fullest node", f"{heap:.0%} of its heap, {decimal(int(free))} free")
    if states := known(values, "newsclaims_feeds"):
        table.add_row("feeds", ", ".join(f"{count:.0f} {state}" for (state,), count in sorted(states.items())))
    return table


def topics(values: Mapping[Key, float]) -> Table:
    """Ends of partitions; of those that the job reads its lag, and the age of the oldest record it has not done."""
    table = Table("topic", "partition", "end", "lag", "oldest", box=None, pad_edge=False)
    lags = known(values, "newsclaims_consumer_lag_records")
    ages = known(values, "newsclaims_oldest_unprocessed_seconds")
    for labels, end in known(values, "newsclaims_topic_end_offset").items():
        lag = f"{lags[labels]:,.0f}" if labels in lags else ""
        table.add_row(*labels, f"{end:,.0f}", lag, format_duration(ages[labels]) if labels in ages else "")
    return right_aligned(table, 2)


def indices(values: Mapping[Key, float]) -> Table:
    """Sizes and freshness of what is behind the aliases."""
    table = Table("index", "documents", "size", "newest", box=None, pad_edge=False)
    newest = known(values, "newsclaims_index_freshness_seconds")
    for alias in FAMILIES:
        count = values["newsclaims_index_documents", (alias,)]
        size = decimal(int(values["newsclaims_index_bytes", (alias,)]))
        age = f"{format_duration(newest[alias,])} ago" if (alias,) in newest else ""
        table.add_row(alias, f"{count:,.0f}", size, age)
    return right_aligned(table, 1)


def right_aligned(table: Table, first: int) -> Table:
    """The table with its columns from the first number on to the right."""
    for column in table.columns[first:]:
        column.justify = "right"
    return table

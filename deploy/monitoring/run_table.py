"""Renders the runs of a group for a terminal: a row for each run and each of its workers, and the sum."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from deploy.monitoring.run_list import RunCounts, RunList, RunReading
from deploy.monitoring.table import align_right

COLOURS = {"reading": "green", "on Flink": "green", "idle": ""}


def render_runs(found: RunList) -> RenderableType:
    """Renders the runs, with their counts of the last 24 hours. A run with several workers has a row for each."""
    if found.problem:
        return Text(f"The runs are unknown: {found.problem}", style="red")
    table = Table(
        "run", "state", "partitions", "lag", "records in 24 h", "claims", "dead letters", "deaths",
        box=None, pad_edge=False,
    )  # fmt: skip
    for run in found.runs:
        add_run(table, run)
    if found.ended != RunCounts():
        table.add_row("ended since", "", "", "", *format_counts(found.ended))
    runs = f"{len(found.runs)} run{'s' * (len(found.runs) != 1)}"
    table.add_row(runs, "", "", f"{found.total_lag:,}", *format_counts(found.total), style="bold")
    parts: list[RenderableType] = [align_right(table, 3)]
    if found.unread and not any(run.state == "on Flink" for run in found.runs):
        parts.append(Text(f"No run reads partition {format_partitions(found.unread)}.", style="yellow"))
    return Group(*parts)


def add_run(table: Table, run: RunReading) -> None:
    """Adds the rows of a run."""
    table.add_row(
        run.run,
        Text(run.state, COLOURS.get(run.state, "yellow")),
        format_partitions(run.partitions),
        f"{run.lag:,}" if run.partitions else "",
        *format_counts(run.counts),
    )
    if len(run.workers) > 1:
        for worker in run.workers:
            table.add_row(
                f"  worker {worker.worker}",
                Text(worker.state, COLOURS.get(worker.state, "yellow")),
                format_partitions(worker.partitions),
                f"{worker.lag:,}" if worker.partitions else "",
                *format_counts(worker.counts),
            )


def format_counts(counts: RunCounts) -> tuple[str, ...]:
    """Returns the cells of the counters."""
    return tuple(f"{each:,}" for each in (counts.records, counts.claims, counts.dead_letters, counts.deaths))


def format_partitions(numbers: Sequence[int]) -> str:
    """Returns sorted numbers, neighbours as a range: `0-2, 5`."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and groups[-1][-1] == number - 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return ", ".join(f"{group[0]}-{group[-1]}" if len(group) > 1 else str(group[0]) for group in groups)

"""Renders the embedded stack for a terminal: progress of `up`, and tables of changes and of status."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from deploy.local.stack import Progress, ServerChange
from deploy.local.status import ServerStatus

COLOURS = {"started": "green", "running": "green", "external": "cyan", "not answering": "red"}
WORDS = {"running": "was already running", "external": "external, not changed", "not running": "was not running"}


@contextmanager
def show_progress(console: Console) -> Iterator[Progress]:
    """Shows messages immediately, and one bar for all downloads once there is something to download."""
    columns = (TextColumn("  "), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    bars = Bars(*columns, console=console, transient=True)
    task = bars.add_task("", total=None)

    def start_bar(count: int) -> None:
        bars.update(task, total=count)
        bars.start()

    try:
        yield Progress(
            notify=lambda sentence: bars.console.print(sentence, style="dim"),
            total=start_bar,
            advance=lambda count: bars.update(task, advance=count),
        )
    finally:
        if bars.live.is_started:  # otherwise it would print an empty line
            bars.stop()


def render_changes(changes: Sequence[ServerChange]) -> Table:
    """Renders what `up` or `down` did, one row for each server."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for change in changes:
        what = f"{change.server} {change.version}" if change.outcome != "external" else change.server
        seconds = f" in {change.seconds:.1f} s" if change.outcome in ("started", "stopped") else ""
        style = COLOURS.get(change.outcome, "")
        address = change.address if change.outcome in ("started", "running", "external") else "its data is kept"
        table.add_row(what, f"{WORDS.get(change.outcome, change.outcome)}{seconds}", address, style=style)
    return table


def render_status(report: Sequence[ServerStatus]) -> Table:
    """Renders the status, one row for each server."""
    table = Table(box=None, pad_edge=False)
    for column in ("server", "version", "state", "address", "health", "memory", "data"):
        table.add_column(column, no_wrap=column in ("address", "memory", "data"))
    for server in report:
        table.add_row(
            server.server if server.embedded else f"{server.server} (external)",
            server.version or "",
            server.state,
            server.address,
            server.health or "",
            decimal(server.memory) if server.memory is not None else "",
            decimal(server.data) if server.data is not None else "",
            style=COLOURS.get(server.state, ""),
        )
    return table

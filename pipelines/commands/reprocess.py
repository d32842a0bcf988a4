"""`newsclaims reprocess`. What a command needs is imported when it is called."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.command_line import Json, console, log_to_stderr, print_refusal, show

if TYPE_CHECKING:
    from schemas.records import GenerationState, RawArticle

reprocess = typer.Typer(invoke_without_command=True)


@reprocess.callback()
def run_reprocess(  # noqa: PLR0913 - typer takes one parameter for each option
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(help="Read raw articles from this time on: 2024-10-28, 30d (ago). Default: all.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Read raw articles before this time.")] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(help="`topic` (default), an archive, or files and folders: JSON Lines, WARC. Can be repeated."),
    ] = None,
    feed: Annotated[str | None, typer.Option(help="Read only raw articles of this feed.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that read articles.")] = 1,
    as_json: Json = False,
) -> None:
    """Read raw articles again with today's rules and watches, next to the running job, and switch to the result.

    Everything else is copied as it is. If it is interrupted, run it again: it continues.
    """
    if context.invoked_subcommand:
        return
    from datetime import UTC, datetime

    from rich.progress import Progress

    from dashboards.ask.times import parse_range
    from deploy import bootstrap
    from deploy.settings import Settings
    from deploy.signals import stop_signals
    from pipelines import lifecycle
    from pipelines.reprocess.run import Reprocessing, ReprocessOrder, list_sources

    log_to_stderr(logging.INFO)
    settings = Settings.load()
    bootstrap.check(settings)
    first, end = parse_range(since, until, datetime.now(UTC))
    order = ReprocessOrder(first, end, feed, list_sources(source or ()), workers)
    with (
        stop_signals(lifecycle.stop_requested.set),
        Progress(console=console(stderr=True), transient=True) as progress,
    ):
        tasks: dict[str, Any] = {}

        def show_progress(what: str, number: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=None)
            progress.update(tasks[what], completed=number, description=f"{what}: {number:,}")

        done = Reprocessing(settings, order, read_articles, show_progress).run()
    show(done, as_json, lambda done: done.describe())


@reprocess.command("status")
def show_status(as_json: Json = False) -> None:
    """Show which generations of the indices there are, with their documents, and which one is live."""
    from deploy.settings import Settings
    from pipelines.reprocess.servers import open_client
    from pipelines.reprocess.switching import count_documents, read_state

    with open_client(Settings.load()) as client:
        state = read_state(client)
        generations = sorted({*state.written, *(each for each in (state.next, state.previous) if each)})
        counts = {generation: count_documents(client, generation) for generation in generations}
    show({"state": state, "documents": counts}, as_json, render_status)


@reprocess.command("rollback")
def roll_back(as_json: Json = False) -> None:
    """Go back to the generation before, with the live articles that came meanwhile. Deletes nothing."""
    from deploy.settings import Settings
    from pipelines.reprocess.ending import rollback

    log_to_stderr(logging.WARNING)
    show(rollback(Settings.load()), as_json, lambda state: f"generation {state.live} is live again")


@reprocess.command("finish")
def end_reprocess(as_json: Json = False) -> None:
    """Delete the generation that is not live. After that you cannot go back."""
    from deploy.settings import Settings
    from pipelines.reprocess.ending import finish

    log_to_stderr(logging.WARNING)
    show(finish(Settings.load()), as_json, lambda state: f"generation {state.live} is the only one")


def read_articles(place: str, feed: str) -> "Iterator[RawArticle]":
    """Yields the articles of a file or folder, in the order of the names; reports what is refused."""
    import sys
    from pathlib import Path

    from connectors.kit import RefusedItem
    from connectors.sources.files import read_paths
    from connectors.sources.warc import is_archive, read_pages

    path = Path(place)
    web_archives = [file for file in (sorted(path.rglob("*")) if path.is_dir() else [path]) if is_archive(file)]
    others = read_paths([place], sys.stdin.buffer, feed) if path not in web_archives else ()
    for items in (others, *(read_pages(file, feed) for file in web_archives)):
        for item in items:
            if isinstance(item, RefusedItem):
                print_refusal(item.place, item.why)
            else:
                yield item.article


def render_status(report: dict[str, Any]) -> Any:
    """Renders the state for a terminal."""
    from rich.table import Table

    state: GenerationState = report["state"]
    table = Table("generation", "is", "articles", "claims", "figures", box=None, pad_edge=False)
    for generation, counts in report["documents"].items():
        role = "live" if generation == state.live else "written" if generation in state.written else "not written"
        table.add_row(str(generation), role, *(f"{counts[name]:,}" for name in ("articles", "claims", "figures")))
    since = f", since {state.started_at:%Y-%m-%d %H:%M}" if state.started_at else ""
    table.caption = f"state: {state.state.replace('_', ' ')}{since}"
    return table

"""`newsclaims watches`. What a command needs is imported when it is called."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from deploy.command_line import Json, console, log_to_stderr, say, show, show_json
from schemas.errors import NewsclaimsError

watches = typer.Typer(no_args_is_help=True, help="Named interests that articles, claims and figures are marked with.")

WatchesPath = Annotated[
    Path | None, typer.Option("--file", "-f", help="The file with the watches, instead of watches.yaml.")
]


@watches.command("check")
def check_watches(file: WatchesPath = None) -> None:
    """Check watches.yaml: report every problem with line, field and a suggestion. Exits with 1 if there is one."""
    from deploy.settings import Settings
    from pipelines.text.figures.units import standard_units
    from schemas.watches import read_watches

    found, problems = read_watches(file or Settings.load().watches, standard_units().classes)
    for problem in problems:
        say(str(problem), fg="red", err=True)
    say(f"{len(found)} watches are valid" + (f", {len(problems)} problems" if problems else ""))
    raise typer.Exit(1 if problems else 0)


@watches.command("list")
def list_watches(file: WatchesPath = None, as_json: Json = False) -> None:
    """Show all watches: what they look for, and how many claims match in the last 30 days."""
    from datetime import UTC, datetime

    from dashboards.terminal.watches import count_claims, find_removed, render_watches, summarize_watches
    from deploy.settings import Settings
    from pipelines.transforms.watches import read_watches_file

    settings = Settings.load()
    found = read_watches_file(file or settings.watches)
    try:
        counted = count_claims(settings, datetime.now(UTC))
    except NewsclaimsError as error:
        counted = None
        say(f"The counts are unknown: {error}", fg="yellow", err=True)
    for name, claims in find_removed(found, counted or {}).items():
        gone = f"{name} is not a watch any more, but {claims:,} claims have it: run `newsclaims watches backfill --all`"
        say(gone, fg="yellow", err=True)
    show(summarize_watches(found, counted), as_json, render_watches)


@watches.command("test")
def try_watches(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files .txt, .html or .jsonl. Without any, JSON Lines are read from stdin."),
    ] = None,
    file: WatchesPath = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, one for each page.")] = False,
) -> None:
    """Show what the watches match in texts, and why, without Kafka or Elasticsearch."""

    from dashboards.terminal.watches import render_watched_page
    from deploy.settings import Settings
    from pipelines.commands.pages import read_pages
    from pipelines.grouping.claimants.entities import name_article
    from pipelines.text.watches.matching import Watchlist
    from pipelines.text.watches.reasons import explain
    from pipelines.transforms.watches import read_watches_file

    watchlist = Watchlist(read_watches_file(file or Settings.load().watches))
    refused: list[str] = []
    for page in read_pages(files or [], refused):
        found = explain(watchlist, page, name_article)
        if as_json:
            show_json(found)
        else:
            console().print(render_watched_page(found))
    raise typer.Exit(1 if refused else 0)


@watches.command("backfill")
def backfill_watches(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Watches that are new or changed.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All watches; also removes the names of deleted watches.")
    ] = False,
    since: Annotated[
        str | None, typer.Option(help="Only articles published at this time or later: 2024-10-28, 30d (ago).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would change, and write nothing.")] = False,
    file: WatchesPath = None,
    as_json: Json = False,
) -> None:
    """Mark indexed articles with the watches of today. Safe to repeat, and to run during a job."""
    from datetime import UTC, datetime

    from rich.progress import Progress

    from dashboards.ask.times import parse_time
    from deploy import bootstrap
    from deploy.settings import Settings
    from pipelines.backfill import BackfillOrder, backfill, choose_names, wait_for_jobs
    from pipelines.text.watches.matching import Watchlist
    from pipelines.transforms.watches import read_watches_file

    log_to_stderr(logging.WARNING)
    settings = Settings.load()
    path = file or settings.watches
    found = read_watches_file(path)
    first = parse_time(since, "--since", datetime.now(UTC)) if since else None
    order = BackfillOrder(Watchlist(found), choose_names(found, names or (), every), first, dry_run)
    bootstrap.check(settings)
    if not dry_run:
        wait_for_jobs(path)
    with Progress(console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("articles", total=None)
        done = backfill(settings, order, lambda count, of: progress.update(task, completed=count, total=of))
    show(done, as_json, lambda done: done.describe(dry_run))

"""`newsclaims marks`. What a command needs is imported when it is called."""

import logging
from typing import Annotated

import typer

from deploy.command_line import Json, find_user, log_to_stderr, show
from schemas.fields import MarkKind

marks = typer.Typer(no_args_is_help=True, help="Mark claims as wrong or duplicate, so that boards leave them out.")

Claims = Annotated[
    list[str], typer.Argument(metavar="CLAIM_ID...", help="Ids of claims; - reads them from stdin, one per line.")
]


@marks.command("add")
def add(
    claims: Claims,
    mark: Annotated[MarkKind, typer.Argument(metavar="wrong|duplicate", help="What is the matter with the claims.")],
    of: Annotated[
        str | None, typer.Option("--of", metavar="CLAIM_ID", help="The claim that the duplicates repeat.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="Your reason, for colleagues.")] = None,
    by: Annotated[str | None, typer.Option(help="Who marks them. Default: the name you are logged in with.")] = None,
    as_json: Json = False,
) -> None:
    """Mark claims and their figures. Safe to repeat, and to run during a job; a new mark replaces the old one."""
    from deploy import bootstrap
    from deploy.settings import Settings
    from pipelines.marking import NewMark, add_marks

    log_to_stderr(logging.WARNING)
    ids, settings = read_ids(claims), Settings.load()
    bootstrap.check(settings)
    done = add_marks(settings, ids, NewMark(mark=mark, duplicate_of=of, note=note, by=by or find_user()))
    show(done, as_json, lambda done: f"{done.claims:,} marked {mark}, {done.documents:,} documents written")


@marks.command("remove")
def remove(claims: Claims, as_json: Json = False) -> None:
    """Remove the marks of claims, which boards then count again."""
    from deploy import bootstrap
    from deploy.settings import Settings
    from pipelines.marking import remove_marks

    log_to_stderr(logging.WARNING)
    ids, settings = read_ids(claims), Settings.load()
    bootstrap.check(settings)
    done = remove_marks(settings, ids)
    show(done, as_json, lambda done: f"{done.claims:,} marks removed, {done.documents:,} documents written")


@marks.command("list")
def list_all(  # noqa: PLR0913 - typer takes one parameter for each option
    mark: Annotated[MarkKind | None, typer.Option(help="Only these marks.")] = None,
    by: Annotated[str | None, typer.Option(help="Only the marks of this person.")] = None,
    claim: Annotated[list[str] | None, typer.Option(help="Only the mark of this claim; can be repeated.")] = None,
    since: Annotated[str | None, typer.Option(help="Made at this time or later: 2024-10-28, 30d (ago).")] = None,
    until: Annotated[str | None, typer.Option(help="Made before this time.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """Show marks, newest first, and whether their claim is still there."""
    from datetime import UTC, datetime

    from dashboards.ask.times import parse_range
    from dashboards.terminal.marks import render_marks
    from deploy.settings import Settings
    from pipelines.marking import MarkSelection, list_marks

    first, last = parse_range(since, until, datetime.now(UTC))
    chosen = MarkSelection(mark=mark, by=by, claims=tuple(claim or ()), since=first, until=last)
    show(list_marks(Settings.load(), chosen, limit), as_json, render_marks)


def read_ids(given: list[str]) -> list[str]:
    """Returns the ids, each once; `-` stands for the lines of standard input. Exits if standard input is empty."""
    lines = [line.strip() for line in typer.get_text_stream("stdin")] if "-" in given else []
    ids = list(dict.fromkeys(id for id in [*(id for id in given if id != "-"), *lines] if id))
    if not ids:
        raise typer.BadParameter("standard input has no ids")
    return ids

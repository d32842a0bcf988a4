"""`newsclaims forget` and `newsclaims takedowns`. What a command needs is imported when it is called."""

from typing import Annotated

import typer

from deploy.command_line import Json, show

takedowns = typer.Typer(no_args_is_help=True, help="List pages that were taken down, and allow them again.")

By = Annotated[str | None, typer.Option(help="Who asks for it; part of the record.")]


def forget(
    urls: Annotated[
        list[str], typer.Argument(metavar="URL", help="Addresses of pages, or ids of articles without an address.")
    ],
    reason: Annotated[str | None, typer.Option(help="Why; part of the record.")] = None,
    by: By = None,
    archive: Annotated[
        str | None,
        typer.Option(help="Folder or s3://BUCKET/FOLDER to clean, too; default: the setting NEWSCLAIMS_ARCHIVE."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be removed, and write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Remove all that is stored of pages, from indices, topics and the archive, and take nothing of them in any more.

    Safe to repeat, and to run during a job.
    """
    from dashboards.terminal.takedowns import render_forgotten
    from deploy.settings import Settings
    from pipelines.forgetting.run import ForgetOrder, forget

    settings = Settings.load()
    order = ForgetOrder(reason, by, dry_run, archive or settings.archive)
    show([forget(settings, url, order) for url in dict.fromkeys(urls)], as_json, render_forgotten)


@takedowns.command("list")
def list_takedowns(as_json: Json = False) -> None:
    """Show what was taken down: when, why, at whose request, and what was removed."""
    from dashboards.terminal.takedowns import render_takedowns
    from deploy.settings import Settings
    from pipelines.forgetting.run import show_takedowns

    show(show_takedowns(Settings.load()), as_json, render_takedowns)


@takedowns.command("undo")
def undo_takedown(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address or id that was taken down.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Allow a page again. What was removed does not come back: it is taken in when it is published again."""
    from dashboards.terminal.takedowns import render_takedowns
    from deploy.settings import Settings
    from pipelines.forgetting.run import undo

    show([undo(Settings.load(), url, by)], as_json, render_takedowns)

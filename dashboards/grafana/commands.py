"""`newsclaims dashboards push` and `diff`. What a command needs is imported when it is called."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.command_line import Json, say, show

if TYPE_CHECKING:
    from dashboards.grafana.push.steps import PushStep
    from deploy.settings import Settings

boards = typer.Typer(
    no_args_is_help=True, help="Build, check and push boards, data sources and alert rules to Grafana."
)

GrafanaUrl = Annotated[str | None, typer.Option("--url", help="Grafana's address; overrides GRAFANA_URL.")]
GrafanaFolder = Annotated[str | None, typer.Option("--folder", help="Title of the folder; overrides GRAFANA_FOLDER.")]


def load_settings(url: str | None, folder: str | None) -> "Settings":
    """Returns the settings, with the options for Grafana applied."""
    from dataclasses import replace

    from deploy.settings import Settings

    settings = Settings.load()
    return replace(settings, grafana=settings.grafana.with_target(url, folder))


@boards.command("push")
def push_boards(
    url: GrafanaUrl = None,
    folder: GrafanaFolder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what a push would do.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite boards and rules that were changed in Grafana.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Push boards, data sources and alert rules to Grafana.

    Only objects of newsclaims are overwritten. Exits with 1 if Grafana refuses one.
    """
    from dashboards.grafana.push.run import compare, push

    settings = load_settings(url, folder)
    steps = print_steps((compare if dry_run else push)(settings, force), as_json, details=False)
    if dry_run and not as_json:
        say("Dry run: nothing was changed.")
    raise typer.Exit(1 if any(step.outcome == "refused" for step in steps) else 0)


@boards.command("diff")
def diff_boards(url: GrafanaUrl = None, folder: GrafanaFolder = None, as_json: Json = False) -> None:
    """Show how Grafana differs from our boards, data sources and rules. Exits with 1 if it does."""
    from dashboards.grafana.push.run import compare

    steps = print_steps(compare(load_settings(url, folder)), as_json, details=True)
    raise typer.Exit(1 if any(step.outcome != "unchanged" for step in steps) else 0)


def print_steps(steps: Iterator["PushStep"], as_json: bool, details: bool) -> list["PushStep"]:
    """Prints each step of a push as it finishes, with its differences if `details` is set. Returns all steps."""
    from dashboards.grafana.push.steps import report_steps

    done = []
    for step in steps:
        done.append(step)
        if not as_json:
            say(step.line, fg="red" if step.outcome == "refused" else None)
            for line in step.differences if details else ():
                say(f"             {line}")
    if as_json:
        show(report_steps(done), True, str)
    return done

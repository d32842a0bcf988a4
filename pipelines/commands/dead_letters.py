"""`newsclaims dead-letters`. What a command needs is imported when it is called."""

from typing import Annotated

import typer

from deploy.command_line import Json, say, show

letters = typer.Typer(no_args_is_help=True, help="List messages that could not be processed, and send them back in.")

Reason = Annotated[str | None, typer.Option(help="Only dead letters with this reason, such as `not_json`.")]
InStep = Annotated[str | None, typer.Option("--step", help="Only dead letters of this step, such as `decode`.")]


@letters.command("list")
def list_letters(
    reason: Reason = None,
    step: InStep = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """Show open dead letters, with their origin and the reason of the failure."""
    from dashboards.terminal.dead_letters import render_dead_letters
    from deploy.settings import Settings
    from pipelines.replay import Selection, find_open_letters

    show(find_open_letters(Settings.load(), Selection(reason=reason, step=step), limit), as_json, render_dead_letters)


@letters.command("replay")
def replay_letters(
    reason: Reason = None,
    step: InStep = None,
    id: Annotated[str | None, typer.Option("--id", help="Only this dead letter.")] = None,
) -> None:
    """Send open dead letters back to the topic they came from, for example after a release that can read them."""
    from deploy.settings import Settings
    from pipelines.replay import Selection, replay

    done = replay(Settings.load(), Selection(reason=reason, step=step, id=id))
    say(f"{done.sent} sent back")
    for missing in done.missing:
        say(f"{missing}: the topic dead-letters no longer has its whole original", fg="red", err=True)
    raise typer.Exit(1 if done.missing else 0)

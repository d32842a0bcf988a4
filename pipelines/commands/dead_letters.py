"""`newsclaims dead-letters`. What a command needs is imported when it is called."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from dashboards.ask.options import expand_options
from deploy.command_line import Json, find_user, say, show

if TYPE_CHECKING:
    from pipelines.replay import Selection

letters = typer.Typer(no_args_is_help=True, help="List messages that could not be processed, and send them back in.")


@dataclass(frozen=True, kw_only=True)
class LetterOptions:
    """The options that choose dead letters."""

    reason: Annotated[str | None, typer.Option(help="Only dead letters with this reason, such as `not_json`.")] = None
    step: Annotated[str | None, typer.Option(help="Only dead letters of this step, such as `decode`.")] = None
    feed: Annotated[str | None, typer.Option(help="Only dead letters of this feed.")] = None
    topic: Annotated[str | None, typer.Option(help="Only messages of this topic.")] = None
    error: Annotated[str | None, typer.Option(help="Only errors with all of these words.")] = None
    since: Annotated[str | None, typer.Option(help="Failed at this time or later: 2024-10-28, 30d (ago).")] = None
    until: Annotated[str | None, typer.Option(help="Failed before this time.")] = None
    id: Annotated[str | None, typer.Option("--id", help="Only this dead letter.")] = None

    def select(self) -> "Selection":
        """Returns the selection. Raises `Permanent` for a time that cannot be parsed."""
        from datetime import UTC, datetime

        from dashboards.ask.times import parse_range
        from pipelines.replay import Selection

        since, until = parse_range(self.since, self.until, datetime.now(UTC))
        return Selection(
            reason=self.reason, step=self.step, feed=self.feed, topic=self.topic, text=self.error, id=self.id,
            since=since, until=until,
        )  # fmt: skip


@letters.command("list")
@expand_options
def list_letters(
    chosen: LetterOptions,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Those that were sent back in, with what became of them.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Open ones and those that were sent back in.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """Show open dead letters, with their origin and the reason of the failure."""
    from dashboards.terminal.dead_letters import render_dead_letters
    from deploy.settings import Settings
    from pipelines.replay import find_letters

    kind = "all" if every else "resolved" if resolved else "open"
    found = find_letters(Settings.load(), chosen.select(), limit, kind)  # type: ignore[arg-type]
    show(found, as_json, lambda found: render_dead_letters(found, with_state=kind != "open"))


@letters.command("show")
def show_one(
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a dead letter, as `list` shows it.")],
    as_json: Json = False,
) -> None:
    """Show a dead letter with its whole message and its history. Control characters are shown as escapes."""
    from dashboards.terminal.dead_letters import render_dead_letter
    from deploy.settings import Settings
    from pipelines.replay import show_letter

    found = show_letter(Settings.load(), id)
    show(found, as_json, lambda found: render_dead_letter(found.letter, found.replays, found.original, found.is_cut))


@letters.command("replay")
@expand_options
def replay_letters(
    chosen: LetterOptions,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be sent, and send nothing.")] = False,
    by: Annotated[str | None, typer.Option(help="Who sends them. Default: the name you are logged in with.")] = None,
    as_json: Json = False,
) -> None:
    """Send open dead letters back to the topic they came from, for example after a release that can read them."""
    from deploy.settings import Settings
    from pipelines.replay import replay

    done = replay(Settings.load(), chosen.select(), by or find_user(), dry_run)
    if as_json:
        show(done, True, str)
    else:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in done.reasons.items())
        say(f"{done.sent:,} {'would be ' if dry_run else ''}sent back{f' ({reasons})' if reasons else ''}")
    for missing in done.missing:
        say(f"{missing}: the topic dead-letters no longer has its whole original", fg="red", err=True)
    raise typer.Exit(1 if done.missing else 0)

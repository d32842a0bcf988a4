"""`newsclaims aliases`. What a command needs is imported when it is called."""

import logging
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.command_line import Json, find_user, log_to_stderr, show

if TYPE_CHECKING:
    from deploy.settings import Settings
    from pipelines.grouping.renaming import RenamingResult

aliases = typer.Typer(no_args_is_help=True, help="Names of claimants: what was taken for one, and corrections of that.")

Note = Annotated[str | None, typer.Option(help="Your reason, for colleagues.")]
By = Annotated[str | None, typer.Option(help="Who decides it. Default: the name you are logged in with.")]


@aliases.command("list")
def list_all(
    matching: Annotated[str | None, typer.Argument(metavar="[WORDS]", help="Only claimants with these words.")] = None,
    decisions: Annotated[bool, typer.Option("--decisions", help="Show stored merges and splits instead.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
    as_json: Json = False,
) -> None:
    """Show the claimants that articles name in several ways, with the written forms; or the stored decisions."""
    from dashboards.terminal.aliases import render_claimants, render_decisions
    from deploy.settings import Settings
    from pipelines.grouping.renaming import list_claimants, list_decisions

    if decisions:
        show(list_decisions(Settings.load(), limit), as_json, render_decisions)
    else:
        show(list_claimants(Settings.load(), limit, matching), as_json, render_claimants)


@aliases.command("merge")
def merge_claimants(
    one: Annotated[str, typer.Argument(metavar="CLAIMANT", help="Id or name of a claimant.")],
    other: Annotated[str, typer.Argument(metavar="SAME_CLAIMANT", help="Id or name of the claimant that it is.")],
    note: Note = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Make two claimants one, under the name of the second. `split` takes it back."""
    from pipelines.grouping.renaming import DecisionReason, merge

    done = merge(prepare(), one, other, DecisionReason(by=by or find_user(), note=note))
    show(done, as_json, describe)


@aliases.command("split")
def split_claimant(
    form: Annotated[
        str, typer.Argument(metavar="FORM", help="Id of a claimant that was merged, or a name as articles write it.")
    ],
    note: Note = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take a merge back, or make a written form a claimant of its own."""
    from pipelines.grouping.renaming import DecisionReason, split

    show(split(prepare(), form, DecisionReason(by=by or find_user(), note=note)), as_json, describe)


@aliases.command("remove")
def remove_decision(
    decision: Annotated[str, typer.Argument(metavar="ALIAS_ID", help="The alias_id of the decision.")],
    as_json: Json = False,
) -> None:
    """Remove a stored decision, so that the rules alone name the claimant."""
    from pipelines.grouping.renaming import forget

    show(forget(prepare(), decision), as_json, describe)


@aliases.command("learn")
def learn_forms(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be learned, and change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Learn short forms that articles define, such as "Varnholm Port Authority (VPA)". Safe to repeat, daily."""
    from pipelines.grouping.learning import LearningResult, learn

    show(learn(prepare(), dry_run), as_json, LearningResult.describe)


@aliases.command("apply")
def apply_all(as_json: Json = False) -> None:
    """Name the claimants of all indexed claims again. Safe to repeat; do it once after an upgrade."""
    from pipelines.grouping.renaming import apply

    show(apply(prepare()), as_json, describe)


def prepare() -> "Settings":
    """Returns the settings, once it is sure that the servers are prepared for this release."""
    from deploy import bootstrap
    from deploy.settings import Settings

    log_to_stderr(logging.WARNING)
    settings = Settings.load()
    bootstrap.check(settings)
    return settings


def describe(done: "RenamingResult") -> str:
    """Returns what was done in words."""
    return done.describe()

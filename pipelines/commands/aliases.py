"""`newsclaims aliases`. What a command needs is imported when it is called."""

import logging
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.command_line import Json, find_user, log_to_stderr, show

if TYPE_CHECKING:
    from deploy.settings import Settings
    from pipelines.grouping.renaming import RenamingResult

aliases = typer.Typer(
    no_args_is_help=True, help="Names of claimants and entities: what is one, and corrections of that."
)

Note = Annotated[str | None, typer.Option(help="Your reason, for colleagues.")]
By = Annotated[str | None, typer.Option(help="Who decides it. Default: the name you are logged in with.")]


@aliases.command("list")
def list_all(
    matching: Annotated[str | None, typer.Argument(metavar="[WORDS]", help="Only names with these words.")] = None,
    entities: Annotated[
        bool, typer.Option("--entities", help="Show the entities of the newest 10,000 articles instead of claimants.")
    ] = False,
    decisions: Annotated[bool, typer.Option("--decisions", help="Show stored merges and splits instead.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
    as_json: Json = False,
) -> None:
    """Show the claimants that articles name in several ways, with the written forms; or entities, or decisions."""
    from dashboards.terminal.aliases import render_claimants, render_decisions, render_entities
    from deploy.settings import Settings
    from pipelines.grouping.listing import list_claimants, list_decisions, list_entities

    if decisions and (entities or matching):
        raise typer.BadParameter("--decisions shows all decisions: leave out --entities and words")
    if decisions:
        show(list_decisions(Settings.load(), limit), as_json, render_decisions)
    elif entities:
        show(list_entities(Settings.load(), limit, matching), as_json, render_entities)
    else:
        show(list_claimants(Settings.load(), limit, matching), as_json, render_claimants)


@aliases.command("merge")
def merge_claimants(
    one: Annotated[str, typer.Argument(metavar="NAME", help="Id or name of a claimant or entity.")],
    other: Annotated[str, typer.Argument(metavar="SAME_NAME", help="Id or name of the one that it is.")],
    note: Note = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Make two claimants or entities one, under the name of the second. `split` takes it back."""
    from pipelines.grouping.renaming import DecisionReason, merge

    done = merge(prepare(), one, other, DecisionReason(by=by or find_user(), note=note))
    show(done, as_json, describe)


@aliases.command("split")
def split_claimant(
    form: Annotated[str, typer.Argument(metavar="FORM", help="Id that was merged, or a name as articles write it.")],
    note: Note = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take a merge back, or make a written form somebody of its own."""
    from pipelines.grouping.renaming import DecisionReason, split

    show(split(prepare(), form, DecisionReason(by=by or find_user(), note=note)), as_json, describe)


@aliases.command("remove")
def remove_decision(
    decision: Annotated[str, typer.Argument(metavar="ALIAS_ID", help="The alias_id of the decision.")],
    as_json: Json = False,
) -> None:
    """Remove a stored decision, so that the rules alone name claimants and entities."""
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
    """Name the claimants and entities of all indexed articles again. Safe to repeat; do it once after an upgrade."""
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

"""`newsclaims stories`. What a command needs is imported when it is called."""

from datetime import datetime
from typing import Annotated

import typer

from deploy.command_line import Json, console, say, show

stories = typer.Typer(no_args_is_help=True, help="Groups of near copies: reprints, re-posts and excerpts of one text.")

Since = Annotated[
    datetime | None, typer.Option(help="Only articles published since then, in UTC.", formats=["%Y-%m-%d"])
]


@stories.command("list")
def list_stories(
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many, those with the most articles first.")] = 20,
    as_json: Json = False,
) -> None:
    """Show the stories that more than one article tells, with their first article."""
    from dashboards.terminal.stories import find_stories, render_stories
    from deploy.settings import Settings

    show(find_stories(Settings.load(), since, limit), as_json, render_stories)


@stories.command("show")
def show_story(
    story: Annotated[str, typer.Argument(metavar="STORY_ID", help="The story_id of any of its articles.")],
    as_json: Json = False,
) -> None:
    """Show the articles of one story, in the order of publication."""
    from dashboards.terminal.stories import read_story, render_story
    from deploy.settings import Settings

    show(read_story(Settings.load(), story), as_json, render_story)


@stories.command("regroup")
def regroup_stories(
    since: Since = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
) -> None:
    """Group indexed articles again, in the order of publication. Safe to repeat, also while a job runs."""
    from datetime import UTC

    from deploy.settings import Settings
    from pipelines.stories.regroup import regroup

    with console(stderr=True).status("reading articles") as status:
        done = regroup(
            Settings.load(),
            since.replace(tzinfo=UTC) if since else None,
            dry_run,
            lambda articles: status.update(f"{articles:,} articles read"),
        )
    say(done.describe(dry_run))

"""Renders takedowns for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.console import Group, RenderableType
from rich.text import Text

from schemas.elasticsearch.takedowns import Takedown


class Forgotten(Protocol):
    """What was removed of a page."""

    url: str

    def describe(self) -> str:
        """Returns the counts in words."""


def render_forgotten(results: Sequence[Forgotten]) -> RenderableType:
    """Returns a line for each page."""
    return Group(*(Text.assemble((each.url, "bold"), f": {each.describe()}") for each in results))


def render_takedowns(found: Sequence[Takedown]) -> RenderableType:
    """Returns some lines for each takedown, or a sentence if there is none."""
    if not found:
        return Text("Nothing was taken down.", style="green")
    return Group(*map(render_takedown, found))


def render_takedown(found: Takedown) -> Text:
    """Returns the page, its state, who asked for it and why, and what was removed."""
    asked = f"asked for {found.at:%Y-%m-%d %H:%M}" + (f" by {found.by}" if found.by else "")
    lifted = f"allowed again {found.lifted_at:%Y-%m-%d %H:%M}" if found.lifted_at else ""
    state = (lifted + (f" by {found.lifted_by}" if found.lifted_by else ""), "green") if lifted else ("in force", "red")
    why = f"\n  reason: {found.reason}" if found.reason else ""
    return Text.assemble(
        (found.url, "bold"), "  ", state, f"\n  {asked}{why}\n  removed: {describe_removed(found.removed)}"
    )


def describe_removed(removed: Mapping[str, int]) -> str:
    """Returns what was removed, in words."""
    return ", ".join(f"{number:,} {place.replace('_', ' ')}" for place, number in removed.items()) or "nothing yet"

"""Renders the names of claimants and entities, and the decisions about them, for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text


def render_claimants(found: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Returns a table of claimants with their written forms, or a sentence if there is none."""
    return render_names(found, "claimant", "claims")


def render_entities(found: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Returns a table of entities with their written forms, or a sentence if there is none."""
    return render_names(found, "entity", "articles")


def render_names(found: Sequence[Mapping[str, Any]], what: str, counted: str) -> RenderableType:
    """Returns a table of names with their written forms. `counted` is the field with the number of documents."""
    if not found:
        return Text(f"No {what} has more than one written form.", style="yellow")
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    table.add_column(counted, justify="right")
    for name, ratio in ((what, 3), ("written forms", 5), ("id", 3)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for each in found:
        forms = ", ".join(f"{form} ({count:,})" for form, count in each["forms"].items())
        table.add_row(f"{each[counted]:,}", Text(each["name"]), Text(forms), Text(each["id"]))
    return table


def render_decisions(found: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Returns a table of merges and splits, or a sentence if there is none."""
    if not found:
        return Text("No decision about a claimant is stored.", style="yellow")
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, ratio in (("decided", 2), ("decision", 4), ("by", 1), ("note", 2), ("alias_id", 3)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for each in found:
        table.add_row(
            each["at"][:16].replace("T", " "), Text(describe_decision(each)), Text(each.get("by") or each["origin"]),
            Text(each.get("note") or ""), Text(each["alias_id"]),
        )  # fmt: skip
    return table


def describe_decision(alias: Mapping[str, Any]) -> str:
    """Returns a decision in words."""
    if alias["decision"] == "split":
        return f"“{alias['form']}” is somebody of its own"
    seen = f", as {alias['evidence_count']:,} stories show" if alias.get("evidence_count") else ""
    words = f": “{alias['sentence']}”" if alias.get("sentence") else ""
    return f"{alias['from_id']} is {alias['to_name']} ({alias['to_id']}){seen}{words}"

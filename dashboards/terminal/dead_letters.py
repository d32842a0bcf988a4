"""Renders open dead letters for the terminal."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text


def render_dead_letters(letters: Sequence[dict[str, Any]]) -> Table | Text:
    """Returns a table of dead letters, given as indexed documents, or a sentence if the list is empty."""
    if not letters:
        return Text("No open dead letters.", style="green")
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for heading, ratio in (("failed at", 5), ("from", 6), ("step", 3), ("reason", 4), ("tries", 2), ("error", 14)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for letter in letters:
        table.add_row(
            letter["failed_at"][:19].replace("T", " "),
            Text(f"{letter['topic']}[{letter['partition']}]@{letter['offset']}"),
            letter["step"],
            Text(letter["reason"], style="red"),
            str(letter.get("attempts", 1)),
            Text(letter["error"]),
        )
    return table

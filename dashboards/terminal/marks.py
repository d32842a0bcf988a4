"""Renders analysts' marks for the terminal."""

from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from dashboards.terminal.printable import printable

STATES: Final = {"set": "green", "orphaned": "yellow", "not set yet": "red"}
STATE_WORDS: Final = {"orphaned": "claim is gone"}


def render_marks(marks: Sequence[dict[str, Any]]) -> Table | Text:
    """Returns a table of marks, given as indexed documents with their `state`, or a sentence if there are none."""
    if not marks:
        return Text("No marks.", style="green")
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for heading, ratio in (("marked at", 4), ("mark", 3), ("claim", 6), ("by", 3), ("state", 3), ("text, note", 14)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for mark in marks:
        original = mark.get("duplicate_of")
        table.add_row(
            mark["at"][:19].replace("T", " "),
            mark["mark"],
            Text(printable(mark["claim_id"]) + (f"\nof {printable(original)}" if original else "")),
            Text(printable(mark.get("by") or "")),
            Text(STATE_WORDS.get(mark["state"], mark["state"]), style=STATES[mark["state"]]),
            Text.assemble(
                printable(mark.get("text") or ""),
                *([("\n" + printable(mark["note"]), "italic")] if mark.get("note") else []),
            ),
        )
    return table

"""Renders dead letters for the terminal. Everything in them may come from anybody, so it is made printable."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dashboards.terminal.printable import printable

COLUMNS: Final = (
    ("failed at", 5), ("id", 5), ("from", 6), ("step", 3), ("reason", 4), ("tries", 2), ("error", 14),
)  # fmt: skip
STATES: Final = {"open": "red", "sent": "yellow", "resolved": "green", "failed_again": "red"}
STATE_WORDS: Final = {"sent": "sent, not read yet", "failed_again": "failed again"}


def render_dead_letters(letters: Sequence[dict[str, Any]], with_state: bool = False) -> Table | Text:
    """Returns a table of dead letters, given as indexed documents, or a sentence if the list is empty."""
    if not letters:
        return Text("No dead letters." if with_state else "No open dead letters.", style="green")
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for heading, ratio in (*COLUMNS, *((("state", 4),) if with_state else ())):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for letter in letters:
        table.add_row(
            format_moment(letter["failed_at"]),
            Text(printable(letter["dead_letter_id"])),
            Text(format_place(letter)),
            Text(printable(letter["step"])),
            Text(letter["reason"], style="red"),
            str(letter.get("attempts", 1)),
            Text(printable(letter["error"])),
            *([format_state(letter)] if with_state else []),
        )
    return table


def render_dead_letter(
    letter: Mapping[str, Any], replays: Sequence[Mapping[str, Any]], original: bytes | None, is_cut: bool
) -> RenderableType:
    """Returns all that is known of one dead letter: its fields, its history, and its message."""
    fields = Table(box=None, pad_edge=False, show_header=False)
    fields.add_column(style="bold")
    fields.add_column(overflow="fold")
    for name, value in letter.items():
        if value not in (None, "", {}, []):
            shown = ", ".join(f"{key}: {each}" for key, each in value.items()) if isinstance(value, dict) else value
            fields.add_row(name, Text(printable(str(shown))))
    parts: list[RenderableType] = [fields]
    if replays:
        parts += [Text("\nReplays", style="bold"), *(Text(describe_replay(each)) for each in replays)]
    note = "nothing is left of it" if original is None else "the index has only its beginning" if is_cut else ""
    parts.append(Text(f"\nMessage{f' ({note})' if note else ''}", style="bold"))
    if original is not None:
        parts.append(Text(format_original(original)))
    return Group(*parts)


def describe_replay(replay: Mapping[str, Any]) -> str:
    """Returns a replay in one line: when, by whom, which attempt, and what became of it."""
    outcome = STATE_WORDS.get(replay["outcome"], replay["outcome"])
    who = f" by {printable(replay['by'])}" if replay.get("by") else ""
    where = f"{printable(replay['topic'])}[{replay['sent_partition']}]@{replay['sent_offset']}"
    became = f" as {replay['failed_as']}" if replay.get("failed_as") else ""
    return f"{format_moment(replay['at'])}{who}: attempt {replay.get('attempts', 1) + 1} at {where}, {outcome}{became}"


def format_original(original: bytes) -> str:
    """Returns a message as printable text: JSON is indented, and bytes that are not UTF-8 are shown as escapes."""
    text = original.decode("utf-8", "backslashreplace")
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return printable(text, lines=True)


def format_moment(time: str) -> str:
    """Returns an indexed time for people, to the second."""
    return time[:19].replace("T", " ")


def format_place(letter: Mapping[str, Any]) -> str:
    """Returns topic, partition and offset of a letter's message."""
    return f"{printable(letter['topic'])}[{letter['partition']}]@{letter['offset']}"


def format_state(letter: Mapping[str, Any]) -> Text:
    """Returns what became of a letter."""
    state = letter.get("state", "open")
    return Text(STATE_WORDS.get(state, state), style=STATES.get(state, ""))

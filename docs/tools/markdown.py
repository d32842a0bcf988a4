"""Markdown that the generated pages share."""

import re
from collections.abc import Iterable, Sequence

PROGRAMS = ("newsclaims ", "curl ", "make ")
"""What a block of shell commands starts with."""


def table(head: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    """Returns a table. Line breaks become spaces and `|` is escaped, so any text can be a cell."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(each) for each in line) + " |" for line in lines)


def cell(text: str | None) -> str:
    """Returns the text as a table cell."""
    return " ".join((text or "").split()).replace("|", r"\|")


def code(text: str) -> str:
    """Returns the text as inline code, or nothing if it is empty."""
    return f"`{text}`" if text else ""


def code_blocks(text: str) -> str:
    """Returns the page with its indented code blocks fenced, which readers of the site can copy with one click.

    Blocks inside lists are left alone: their indentation belongs to the list.
    """
    lines: list[str] = []
    block: list[str] = []
    fenced = False
    for line in [*text.split("\n"), ""]:
        fenced ^= line.startswith("```")
        starts = line.startswith("    ") and not fenced and (block or not lines or not lines[-1].strip())
        if starts and not (not block and in_list(lines)):
            block.append(line[4:])
        elif block and not line.strip() and not fenced:
            block.append("")
        else:
            if block:
                content = "\n".join(block).rstrip("\n")
                lines += ["```sh" if content.startswith(PROGRAMS) else "```text", content, "```", ""]
                block = []
            lines.append(line)
    return "\n".join(lines[:-1])


def in_list(lines: Sequence[str]) -> bool:
    """Returns whether the text before ends in a list."""
    before = [line for line in lines if line.strip()]
    return bool(before) and re.match(r"\s*([*-]|\d+\.)\s", before[-1]) is not None

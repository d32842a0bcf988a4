"""The project's own gold pages: texts written for it, each line marked with the part that it is.

`T|` the title, `B|` a line of the body, `-|` a line that belongs to no article, `=|` the next item of several,
`T0|` a heading of the page that is no item's title, `T1|` a title after a time and a dash, `#|` a note or an
expectation (`kind: forum`, `speakers: a, b`, `quoted: 2-3`, counting body lines from 0). A blank line is one.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "gold"
_DASH = " - "


@dataclass
class GoldItem:
    """One article that the page holds."""

    title: str | None = None
    body: list[str] = field(default_factory=list)


@dataclass
class GoldPage:
    """A page with what should be read from it."""

    name: str
    text: str
    items: list[GoldItem]
    noise: list[str]
    notes: dict[str, str]
    lines: list[tuple[str, str]]

    @property
    def single(self) -> bool:
        return "=" not in {mark for mark, _ in self.lines}


def pages() -> Iterator[GoldPage]:
    """All gold pages, by name."""
    for path in sorted(FOLDER.glob("*.page")):
        yield _parse(path.stem, path.read_text("utf-8"))


def _parse(name: str, source: str) -> GoldPage:
    items, noise, notes, lines = [GoldItem()], [], {}, []
    for row in source.splitlines():
        mark, _, text = row.partition("|")
        lines.append((mark, text))
        if mark == "=" and (items[-1].body or items[-1].title):
            items.append(GoldItem())
        elif mark in ("T", "T1"):
            items[-1].title = text.split(_DASH, 1)[1] if mark == "T1" else text
        elif mark == "B":
            items[-1].body.append(text)
        elif mark in ("-", "T0"):
            noise.append(text)
        elif mark == "#" and ":" in text:
            key, _, value = text.partition(":")
            notes[key.strip()] = value.strip()
    shown = "\n".join(text for mark, text in lines if mark not in ("#", "="))
    return GoldPage(name, shown, items, noise, notes, lines)


def words(text: str) -> Counter[str]:
    """Words, and single signs of scripts without spaces."""
    return Counter(re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|\w+", text))


def f1(wanted: str, got: str) -> float:
    """Harmonic mean of precision and recall of words, 0 to 1."""
    left, right = words(wanted), words(got)
    both = (left & right).total()
    return 2 * both / (left.total() + right.total()) if left or right else 1.0


def as_html(page: GoldPage, template: int) -> str:
    """The page as one of three kinds of markup; lines above the title are its navigation, below the body its foot."""
    marks = [mark for mark, _ in page.lines]
    first = next((index for index, mark in enumerate(marks) if mark in ("T", "B")), 0)
    last = max(index for index, mark in enumerate(marks) if mark == "B")
    head, body, foot = page.lines[:first], page.lines[first : last + 1], page.lines[last + 1 :]
    nav = "".join(f"<li><a href='/x'>{escape(text)}</a></li>" for mark, text in head if mark == "-")
    shut = "".join(f"<li>{escape(text)}</li>" for mark, text in foot if mark == "-")
    tags = {"T": "h1", "B": "p", "-": ("aside", "div class='share'", "div class='related'")[template]}
    text = "".join(
        f"<{tags[mark]}>{escape(text)}</{tags[mark].split()[0]}>" for mark, text in body if mark in tags and text
    )
    title = escape(page.items[0].title or "News")
    shells = (
        "<article>{}</article>",
        "<div id='content'><div class='post-content'>{}</div></div>",
        "<main role='main'><section class='story-body'>{}</section></main>",
    )
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title} - The Ellery Courier</title></head><body>"
        f"<nav><ul>{nav}</ul></nav>{shells[template].format(text)}<footer><ul>{shut}</ul></footer></body></html>"
    )

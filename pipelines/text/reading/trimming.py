"""Inside the run that is the article: which lines are its text, and which only stand among it."""

import re
from collections.abc import Sequence

from pipelines.text.reading.lines import Line
from pipelines.text.reading.segments import Mark


def kept_lines(marks: Sequence[Mark]) -> list[Line]:
    """The lines of a run that are article: no furniture, no byline, nothing twice, no links, no note on the author."""
    kept: list[Mark] = []
    seen: set[str] = set()
    for index, item in enumerate(marks):
        if item.role in ("furniture", "meta") or (item.line.words > 3 and item.line.text in seen):
            continue
        if item.role == "bullet" and not _introduced(marks, index):
            continue
        if _is_shouted(item.line) or _is_caption(marks, index):
            continue
        seen.add(item.line.text)
        kept.append(item)
    while kept and (
        (kept[-1].role == "short" and not kept[-1].line.ends_sentence) or _is_author_note(kept[-1].line, len(kept))
    ):
        kept.pop()
    return [item.line for item in kept]


def _introduced(marks: Sequence[Mark], index: int) -> bool:
    """The list stands under a heading of its own, so it is content and not links."""
    while index and marks[index].role == "bullet":
        index -= 1
    return marks[index].role == "short"


def _is_shouted(line: Line) -> bool:
    """A headline in capitals between paragraphs is a link to another story; subheads in capitals are shorter."""
    return line.words >= 6 and line.text.isupper() and not line.text.endswith(".")


_CAPTION = re.compile(
    r"\b(?:left|right|cent(?:er|re)|pictured|seen (?:here|in|at|during)|shown (?:here|in|at)|poses?|file (?:photo"
    r"|picture|image)|arrives?|looks? on|gestures?|speaks? (?:at|during|to)|attends?|walks?|stands?|holds?)\b"
)


def _is_caption(marks: Sequence[Mark], index: int) -> bool:
    """A sentence that says what a picture shows, right above the picture's credit."""
    after = marks[index + 1].found if index + 1 < len(marks) else None
    line = marks[index].line
    return (
        after is not None and after.reason == "photo_credit" and line.words <= 50 and bool(_CAPTION.search(line.text))
    )


_AUTHOR_NOTE = re.compile(
    r"^(?:[^\W\d_][\w.'’-]*\s){1,4}(?:is|was|writes|covers|reports|has (?:been|written"
    r"|covered))\b.{0,80}\b(?:reporter|writer|journalist|editor|correspondent|columnist|author|contributor"
    r"|producer"
    r"|professor|fellow|blogger|analyst|director|covers|writes|covering|based in)\b|^I(?:'m|’m| am) (?:a|an"
    r"|the) .{0,80}\b(?:writer|journalist|reporter|author|editor|blogger)\b"
)


def _is_author_note(line: Line, position: int) -> bool:
    """A last paragraph on who the author is."""
    return position > 3 and line.words <= 80 and bool(_AUTHOR_NOTE.match(line.text[:300]))

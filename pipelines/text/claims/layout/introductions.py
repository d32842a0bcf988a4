"""Paragraphs that introduce what somebody says in the next ones: "And from the leader:", "She wrote:"."""

import re
from collections.abc import Sequence
from functools import cache

from pipelines.text.english.cues import cue_verbs
from pipelines.text.english.quotes import Quotation

_OPENING_MARKS = "“\"«„‘'"
_BULLETS = "-–—•*·▪"
_SHORTEST = 40
"""Characters of a paragraph that is a quotation without marks: a shorter one is a heading or an entry of a list."""
_MOST_PARAGRAPHS = 5
"""Paragraphs of a quotation without marks: the first one, and those until the last one in the first person."""
_GAP = re.compile(r"\s*")
_FIRST_PERSON = re.compile(r"\b(?:i|me|my|we|us|our)\b", re.IGNORECASE)
Spans = list[tuple[int, int]]


@cache
def _saying() -> re.Pattern[str]:
    """Matches the verb of saying in the last clause of a paragraph that ends with a colon."""
    forms = "|".join(sorted(form for form, cue in cue_verbs().items() if {"quote", "clause"} <= cue.takes))
    return re.compile(rf"\b(?:{forms})\b[^.:;“”\"\n]{{0,60}}:$")


def join_introductions(
    text: str, spans: Sequence[tuple[int, int]], quotations: Sequence[Quotation]
) -> tuple[Spans, list[Quotation]]:
    """Returns the sentences, each that ends with a colon joined to what follows, and the quotations.

    What follows is the quotation that begins the next line, or after a verb of saying the next paragraph as a whole,
    which is then a quotation without marks.
    """
    joined: Spans = []
    unmarked: list[Quotation] = []
    end = 0
    for start, stop in spans:
        if start < end:
            continue
        if joined and text[joined[-1][1] - 1] == ":" and "\n" in text[joined[-1][1] : start]:
            if text[start] in _OPENING_MARKS:
                joined[-1] = joined[-1][0], stop
                continue
            if _saying().search(text, *joined[-1]) and (end := _end_of_speech(text, start)):
                unmarked.append(Quotation(start, end, start, end))
                joined[-1] = joined[-1][0], end
                continue
        joined.append((start, stop))
    return joined, _merge(quotations, unmarked)


def _end_of_speech(text: str, start: int) -> int:
    """Returns where the paragraphs end that are a quotation without marks; 0 if the first one is a list or heading."""
    end = 0
    for _ in range(_MOST_PARAGRAPHS):
        line = text.find("\n", start)
        line = len(text) if line < 0 else line
        paragraph = text[start:line].rstrip()
        if len(paragraph) < _SHORTEST or paragraph[0] in _BULLETS or paragraph[-1] not in ".!?…":
            break
        if not end or _FIRST_PERSON.search(paragraph):
            end = start + len(paragraph)
        following = _GAP.match(text, line)
        start = following.end() if following else line
    return end


def _merge(quotations: Sequence[Quotation], unmarked: Sequence[Quotation]) -> list[Quotation]:
    """Returns all quotations in reading order, without those inside one that has no marks."""
    outside = [one for one in quotations if all(one.end <= other.start or one.start >= other.end for other in unmarked)]
    return sorted([*outside, *unmarked], key=lambda one: one.start)

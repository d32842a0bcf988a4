"""Quotations of a text: where somebody's own words begin and end."""

import re
from dataclasses import dataclass
from functools import cache

from pipelines.text.english.cues import cue_verbs

# Begins with all signs, because the search for one of a few characters is fast; what is before a sign comes second.
_MARK = re.compile(
    r"[“”„\"«»\n‘’'`](?:(?<=[“”„\"«»\n])|(?<=')'{1,2}|(?<=`)`"
    r"|(?<=[‘'])(?<![\w’'].)(?=\w)|(?<=[’'])(?<=[\w.,!?…].)(?!\w))"
)
_OPENING = frozenset("“„«") | {"``"}
_CLOSING = frozenset("”»") | {"''"}
_DOUBLED = frozenset(("''", "'''"))
"""Two single marks for a double one, perhaps next to a single one: a quotation in a quotation."""
_TWO_WAY = _DOUBLED | {'"'}
_SINGLE = frozenset("‘’'")
_LONGEST_SINGLE = 600
"""A single mark further away than this closes nothing: it is an apostrophe."""


_NEXT_OPENING = 4
"""Characters after a paragraph in which the next one may open its quotation again."""


@cache
def _speaker() -> re.Pattern[str]:
    """Matches the end of a sentence with somebody and a verb of saying after it: ". The union said"."""
    forms = "|".join(sorted(form for form, cue in cue_verbs().items() if {"quote", "after"} <= cue.takes))
    return re.compile(rf"[.!?](?P<sentence>)\s+[A-Z](?:[\w.’'-]*[ \xa0]+){{1,6}}?(?:{forms})\b")


@dataclass(frozen=True, slots=True)
class Quotation:
    """`start` and `end` with the marks, `inner_start` and `inner_end` without; `single` for single marks."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    single: bool = False

    @property
    def length(self) -> int:
        return self.inner_end - self.inner_start


def find_quotations(text: str) -> list[Quotation]:
    """Outermost quotations in reading order, none overlapping.

    One left open ends with its line, or before a sentence with a speaker of its own.
    """
    found: list[Quotation] = []
    opened: re.Match[str] | None = None
    for mark in _MARK.finditer(text):
        sign = mark.group()
        if sign == "\n":
            if opened is not None and opened.group() not in _SINGLE:
                _close_open(found, opened, text, mark.start())
            opened = None
        elif opened is None:
            if _opens(text, mark):
                opened = mark
        elif _matches(opened, mark, text):
            _close(found, opened, mark.start(), mark.end())
            opened = None
        elif opened.group() in _SINGLE and sign not in _SINGLE:
            opened = mark if _opens(text, mark) else None
    if opened is not None and opened.group() not in _SINGLE:
        _close_open(found, opened, text, len(text))
    return found


def _opens(text: str, mark: re.Match[str]) -> bool:
    sign = mark.group()
    if sign in _OPENING:
        return True
    if sign in "‘'":
        return mark.end() < len(text) and text[mark.end()].isalnum()
    before = text[mark.start() - 1] if mark.start() else " "
    after = text[mark.end()] if mark.end() < len(text) else " "
    return (
        sign in _TWO_WAY and not after.isspace() and not before.isdigit() and (not before.isalnum() or before.isspace())
    )


def _matches(opened: re.Match[str], mark: re.Match[str], text: str) -> bool:
    start, sign = opened.group(), mark.group()
    if start in _SINGLE:
        after = text[mark.end()] if mark.end() < len(text) else " "
        near = mark.start() - opened.end() <= _LONGEST_SINGLE
        return sign in "’'" and near and not after.isalnum() and mark.start() > opened.end()
    if start in _TWO_WAY:
        return sign in (start, "”") or (start in _DOUBLED and sign in _DOUBLED)
    if start == "„":
        return sign in "“”"
    return sign in _CLOSING or (sign == '"' and start != "«")


def _close_open(found: list[Quotation], opened: re.Match[str], text: str, end: int) -> None:
    """Closes a quotation that has no closing mark; the next paragraph may open it again and go on."""
    goes_on = text[end : end + _NEXT_OPENING].lstrip()[:1] == opened.group()
    speaker = None if goes_on else _speaker().search(text, opened.end(), end)
    stop = speaker.start("sentence") if speaker else end
    _close(found, opened, stop, stop)


def _close(found: list[Quotation], opened: re.Match[str], inner_end: int, end: int) -> None:
    if inner_end > opened.end():
        found.append(Quotation(opened.start(), end, opened.end(), inner_end, opened.group() in _SINGLE))

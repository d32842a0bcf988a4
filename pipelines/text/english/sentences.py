"""Sentences of a text with their offsets. A quotation is never cut, however many sentences it holds."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from pipelines.text.english.cues import cue_verbs
from pipelines.text.english.inflection import grammar
from pipelines.text.english.quotes import Quotation, find_quotations

_STOP = re.compile(r"\n+|[.!?…]+[\"'”’»)\]]*(?=\s)")
_LAST_WORD = re.compile(r"(?:\w\.)*[\w&]+\Z")
_LONGEST_WORD = 24
_LONGEST = 3000
"""Characters from which a sentence is cut, between two quotations."""
_NEXT = re.compile(r"\s*(\S)")
_WORD = re.compile(r"\w+")
# After one of these a sentence may end, and then goes on with a word that names nothing.
_MAY_END = frozenset(("u.s", "u.k", "u.n", "a.m", "p.m", "d.c", "inc", "corp", "jr", "co", "etc"))


@cache
def _speaker() -> re.Pattern[str]:
    """Somebody named and a verb of saying right after "…?": the sentence goes on."""
    forms = "|".join(sorted(form for form, cue in cue_verbs().items() if {"quote", "after"} <= cue.takes))
    return re.compile(rf"(?:[\w.’'-]+[ \xa0]+){{1,6}}?(?:{forms})\b")


@cache
def _starters() -> frozenset[str]:
    table = grammar()
    names = ("determiners", "possessives", "pronouns", "prepositions", "subordinators", "conjunctions", "relatives")
    return frozenset(word for name in names for word in table[name].split())


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(grammar()["abbreviations"].split())


def split_sentences(text: str, quotations: Sequence[Quotation] | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences in reading order, without the white space around them; a line's end ends a sentence."""
    quotations = find_quotations(text) if quotations is None else quotations
    spans: list[tuple[int, int]] = []
    start = quoted = 0
    for stop in _STOP.finditer(text):
        while quoted < len(quotations) and quotations[quoted].end <= stop.start():
            quoted += 1
        line = text[stop.start()] == "\n"
        if not line and quoted < len(quotations) and quotations[quoted].start < stop.start():
            if quotations[quoted].inner_end > stop.end() or not _ends_with_quotation(text, stop, quotations[quoted]):
                continue
        elif not line and not _ends(text, stop):
            continue
        _append(spans, text, start, stop.start() if line else stop.end())
        start = stop.end()
    _append(spans, text, start, len(text))
    return [piece for span in spans for piece in _cut(text, span, quotations)]


def _cut(text: str, span: tuple[int, int], quotations: Sequence[Quotation]) -> list[tuple[int, int]]:
    """Pieces of a sentence longer than any that is written: what reads it may take time by the square of its length."""
    start, end = span
    if end - start <= _LONGEST:
        return [span]
    pieces: list[tuple[int, int]] = []
    while end - start > _LONGEST:
        stop = text.rfind(" ", start, start + _LONGEST)
        stop = start + _LONGEST if stop <= start else stop
        index = bisect_right(quotations, stop, key=lambda one: one.start) - 1
        if index >= 0 and stop < quotations[index].end:
            stop = min(end, quotations[index].end)
        _append(pieces, text, start, stop)
        start = stop
    _append(pieces, text, start, end)
    return pieces


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        left = start + len(piece) - len(piece.lstrip())
        spans.append((left, left + len(stripped)))


def _ends_with_quotation(text: str, stop: re.Match[str], quotation: Quotation) -> bool:
    """The stop is the last one inside the quotation: a sentence ends there unless its clause goes on."""
    follower = _NEXT.match(text, max(stop.end(), quotation.end))
    if follower is None or follower.group(1).islower() or follower.group(1) in ",;–—-":
        return False
    asked = not stop.group().startswith(".")
    return not (asked and _speaker().match(text, follower.start(1)))


def _ends(text: str, stop: re.Match[str]) -> bool:
    follower = _NEXT.match(text, stop.end())
    if follower is None:
        return True
    sign = follower.group(1)
    if sign.islower() or sign in ",;)":
        return False
    if stop.group() != ".":
        return True
    last = _LAST_WORD.search(text, max(0, stop.start() - _LONGEST_WORD), stop.start())
    if last is None:
        return True
    word = last.group()
    if len(word) == 1:
        return not word.isalpha() or word in "I" or not word.isupper()
    if word.casefold() in _abbreviations():
        return (
            sign.isupper()
            and word.casefold() in ("u.s", "u.k", "u.n", "a.m", "p.m", "d.c", "inc", "corp", "jr", "co")
            and _starts(text, follower.start(1))
        )
    return True


def _starts(text: str, position: int) -> bool:
    """A word that usually begins a sentence stands here: after "U.S." a name goes on, "The" does not."""
    word = _WORD.match(text, position)
    return word is not None and word.group()[0].isupper() and word.group().lower() in _starters()

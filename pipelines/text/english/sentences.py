"""Sentences of a text with their offsets. A quotation is never cut, however many sentences it holds."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from pipelines.text.english.abbreviations import abbreviations, sentence_end_abbreviations
from pipelines.text.english.cues import cue_verbs
from pipelines.text.english.inflection import grammar
from pipelines.text.english.quotes import Quotation, find_quotations

# Begins with all signs, because the search for one of a few characters is fast.
_STOP = re.compile(r"[\n.!?…](?:(?<=\n)\n*|(?<!\n)[.!?…]*[\"'”’»)\]]*(?=\s))")
_LAST_WORD = re.compile(r"(?:\w\.)*[\w&]+\Z")
_LONGEST_WORD = 24
"""Characters before a stop that are searched for the last word."""
_LONGEST = 3000
"""Characters from which a sentence is cut, between two quotations."""
_NEXT = re.compile(r"\s*(\S)")
_WORD = re.compile(r"\w+")
_CONTINUES = ",;–—-"
"""A sentence goes on with one of these after a quotation."""
_SENTENCE_OPENING_ROWS = (
    "determiners", "possessives", "pronouns", "prepositions", "subordinators", "conjunctions", "relatives",
)  # fmt: skip


@cache
def _speaker() -> re.Pattern[str]:
    """Matches somebody and a verb of saying right after "…?": the sentence goes on."""
    forms = "|".join(sorted(form for form, cue in cue_verbs().items() if {"quote", "after"} <= cue.takes))
    return re.compile(rf"(?:[\w.’'-]+[ \xa0]+){{1,6}}?(?:{forms})\b")


@cache
def _opening_words() -> frozenset[str]:
    """Returns the words that usually begin a sentence and do not belong to a name."""
    return frozenset(word for row in _SENTENCE_OPENING_ROWS for word in grammar()[row].split())


def split_sentences(text: str, quotations: Sequence[Quotation] | None = None) -> list[tuple[int, int]]:
    """Returns the spans of the sentences in reading order, without the white space around them.

    A line break always ends a sentence. `quotations` are those of the text, if the caller has them already.
    """
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
        elif not line and not _ends_sentence(text, stop):
            continue
        _append(spans, text, start, stop.start() if line else stop.end())
        start = stop.end()
    _append(spans, text, start, len(text))
    return [piece for span in spans for piece in _cut(text, span, quotations)]


def _cut(text: str, span: tuple[int, int], quotations: Sequence[Quotation]) -> list[tuple[int, int]]:
    """Returns the pieces of an overlong sentence: the grammar takes time quadratic in a sentence's length."""
    start, end = span
    if end - start <= _LONGEST:
        return [span]
    pieces: list[tuple[int, int]] = []
    while end - start > _LONGEST:
        stop = text.rfind(" ", start, start + _LONGEST)
        stop = start + _LONGEST if stop <= start else stop
        index = bisect_right(quotations, stop, key=lambda quotation: quotation.start) - 1
        if index >= 0 and stop < quotations[index].end:
            stop = min(end, quotations[index].end)
        _append(pieces, text, start, stop)
        start = stop
    _append(pieces, text, start, end)
    return pieces


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Appends a span without the white space at its ends, unless nothing is left."""
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        left = start + len(piece) - len(piece.lstrip())
        spans.append((left, left + len(stripped)))


def _ends_with_quotation(text: str, stop: re.Match[str], quotation: Quotation) -> bool:
    """Whether the last stop inside a quotation ends the sentence: it does unless its clause goes on."""
    follower = _NEXT.match(text, max(stop.end(), quotation.end))
    if follower is None or follower.group(1).islower() or follower.group(1) in _CONTINUES:
        return False
    exclaimed = not stop.group().startswith(".")
    return not (exclaimed and _speaker().match(text, follower.start(1)))


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    follower = _NEXT.match(text, stop.end())
    if follower is None:
        return True
    character = follower.group(1)
    if character.islower() or character in ",;)":
        return False
    if stop.group() != ".":
        return True
    first = max(0, stop.start() - _LONGEST_WORD, text.rfind(" ", 0, stop.start()) + 1)
    last = _LAST_WORD.search(text, first, stop.start())
    return last is None or _may_end_sentence(last.group(), text, follower.start(1))


def _may_end_sentence(word: str, text: str, position: int) -> bool:
    """Whether a stop after this word ends a sentence if the text goes on at `position`."""
    if len(word) == 1:  # an initial does not, "I" does
        return not word.isalpha() or word in "I" or not word.isupper()
    if word.casefold() not in abbreviations():
        return True
    return word.casefold() in sentence_end_abbreviations() and _starts_sentence(text, position)


def _starts_sentence(text: str, position: int) -> bool:
    """Whether the word here usually begins a sentence: after "U.S." a name continues one, "The" does not."""
    word = _WORD.match(text, position)
    return word is not None and word.group()[0].isupper() and word.group().lower() in _opening_words()

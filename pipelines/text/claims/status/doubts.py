"""Remarks of a text that what somebody says is not confirmed: "The figure could not be verified"."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.claims.status.table import status_table, status_words

_SIGN = re.compile(r"verif|onfirm|orrobor")
"""Nearly all texts have none of these, and are not searched any further."""
_SUBJECT_REACH = 60
"""Characters of a sentence before its remark about the sentence before it: "Northwire could not verify the figure"."""
_SEVERAL = re.compile(r"neither|none|.* either ", re.IGNORECASE)


class Doubts(NamedTuple):
    """What the remarks of a text do to its attributions, by their numbers."""

    doubted: set[int]
    """What is said there is not confirmed."""
    remarks: set[int]
    """They are such remarks themselves, and say nothing of their own."""


@cache
def _remarks() -> re.Pattern[str]:
    table = status_table()["doubts"]
    parts = {name: "|".join(table[name].split()) for name in ("reports", "adverbs", "pointers")}
    patterns = (re.sub("<([a-z]+)>", lambda name: f"(?:{parts[name[1]]})", one["pattern"]) for one in table["remarks"])
    return re.compile("|".join(patterns), re.IGNORECASE)


@cache
def _remark_openings() -> re.Pattern[str]:
    reports = "|".join(status_table()["doubts"]["reports"].split())
    openings = "|".join(status_words("remark_openings"))
    return re.compile(rf",? (?:(?:an?|the) (?:\w+ )?(?:{reports})|(?:{openings})(?! that\b))\b[^,;]*\Z")


def find_doubts(text: str, spans: Sequence[tuple[int, int]], found: Sequence[Attribution]) -> Doubts:
    """Finds the attributions that a remark after them doubts; `spans` are the sentences of the text."""
    doubts = Doubts(set(), set())
    if not found or _SIGN.search(text) is None:
        return doubts
    starts = [start for start, _ in spans]
    for remark in _remarks().finditer(text):
        sentence = bisect_right(starts, remark.start()) - 1
        own = {number for number, one in enumerate(found) if one.cue and _is_inside(one.cue, remark)}
        others = [(number, one) for number, one in enumerate(found) if number not in own]
        for _, one in others:
            _cut_remark(text, one, remark.start())
        if any(_is_inside(remark.span(), span) for _, one in others for span in one.content):
            continue  # somebody else says so
        doubted = set(_find_doubted(others, remark, sentence, text[starts[sentence] : remark.start()]))
        if doubted:
            doubts.doubted.update(doubted)
            doubts.remarks.update(own)
    return doubts


def _cut_remark(text: str, one: Attribution, start: int) -> None:
    """Ends what somebody says before a remark of the writer: "… sold arms, a charge it has neither confirmed …"."""
    first, end = one.content[-1]
    opening = _remark_openings().search(text, first, start) if first < start < end else None
    if opening is not None and opening.start() > first:
        one.content[-1] = (first, opening.start())


def _is_inside(part: tuple[int, int], whole: tuple[int, int] | re.Match[str]) -> bool:
    start, end = whole if isinstance(whole, tuple) else whole.span()
    return start <= part[0] < end


def _find_doubted(
    others: Sequence[tuple[int, Attribution]], remark: re.Match[str], sentence: int, before: str
) -> Iterator[int]:
    """Finds the last attribution before a remark in its sentence, or else those of the sentence before it.

    `before` are the words of the sentence before the remark.
    """
    same = [n for n, one in others if one.sentence == sentence and all(end <= remark.start() for _, end in one.content)]
    if same:
        yield same[-1]
        return
    opening = before.partition(" ")[0].lower()
    own_clause = remark.group().lower().startswith("which") or opening in status_words("background")
    if own_clause or len(before) > _SUBJECT_REACH:
        return
    reach = 2 if _SEVERAL.match(remark.group()) else 1
    yield from (number for number, one in others if sentence - reach <= one.sentence < sentence)

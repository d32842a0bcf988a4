"""Numbers as news writes them: digits with any usual separators, words, vague plurals, fractions, ratios."""

from dataclasses import replace
from typing import Final

from pipelines.text.figures.counted.nouns import is_hyphen
from pipelines.text.figures.digits import read_number
from pipelines.text.figures.fractions import read_part
from pipelines.text.figures.number_words import PARTS, SCALES, SEVERAL, STARTERS, Numeral
from pipelines.text.figures.spelled import read_part_of_scale, read_vague, read_words
from pipelines.text.figures.tokens import Tokens

AFTER_ARTICLES: Final = {*SCALES, *PARTS, *SEVERAL, "couple"}
"""What makes a number of an article: "a million", "a third"."""
_LEAST_NOT_SHARED: Final = 100
"""A ratio starts with a smaller number: "three out of four"."""
_GREATEST_WHOLE: Final = 10
"""A greater whole after "out of" makes a ratio only if it is a multiple of this: "74 out of 93" does not."""
_ROUND: Final = frozenset((100, 1000))
_FIRST_YEAR: Final = 1001
_LAST_YEAR: Final = 2099
"""Bare digits from the first to the last are a year after "in": "one in 2014"."""


def read_numeral(tokens: Tokens, first: int, *, english: bool = True) -> Numeral | None:
    """Reads the longest number that starts at the token; None if there is none."""
    word = tokens.words[first]
    if word[0].isdecimal():
        count = read_number(tokens, first, english)
        return _extend_to_ratio(tokens, count) if english else count
    if not english or word not in STARTERS or (word in ("a", "an") and tokens.word(first + 1) not in AFTER_ARTICLES):
        return None
    found = (
        read_part_of_scale(tokens, first)
        or read_part(tokens, first)
        or read_vague(tokens, first)
        or _extend_to_ratio(tokens, read_words(tokens, first))
    )
    if found and found.form == "words" and tokens.word(first - 1) == "minus":
        return replace(found, first=first - 1, low=-found.low, high=-found.high)
    return found


def _extend_to_ratio(tokens: Tokens, count: Numeral | None) -> Numeral | None:
    """Extends "one" of "one in five" and "three" of "three out of four" to the whole ratio."""
    if count is None or not 0 < count.low < _LEAST_NOT_SHARED or count.low % 1:
        return count
    index = _find_whole(tokens, count.last)
    if index is None:
        return count
    whole = _read_plain(tokens, index)
    if whole and tokens.word(index - 1) == "of" and _are_counts(count, whole):
        return count
    if whole is None or not count.low < whole.low or (whole.plain and _FIRST_YEAR <= whole.low <= _LAST_YEAR):
        return count
    share = count.low / whole.low
    return Numeral(count.first, whole.last, share, share, "part")


def _find_whole(tokens: Tokens, index: int) -> int | None:
    """Returns the token after "in" or "out of", in which a ratio may have hyphens: "a one-in-five chance"."""
    joint = index + 1 if is_hyphen(tokens, index) else index
    if tokens.word(joint) == "in" or tokens.words[joint : joint + 2] == ["of", "every"]:
        index = joint + 1
    elif tokens.word(joint) == "out" and "of" in tokens.words[joint + 1 : joint + 3]:
        index = tokens.words.index("of", joint) + 1
    else:
        return None
    return index + 1 if tokens.word(index) == "every" or is_hyphen(tokens, index) else index


def _are_counts(count: Numeral, whole: Numeral) -> bool:
    """Whether "74 out of 93" and "36 out of 40" count both, unlike "nine out of ten" or "7 out of 100"."""
    if {count.form, whole.form} != {"digits"} or whole.low <= _GREATEST_WHOLE or whole.low in _ROUND:
        return False
    return whole.low % _GREATEST_WHOLE != 0 or count.low >= _GREATEST_WHOLE


def _read_plain(tokens: Tokens, index: int) -> Numeral | None:
    """Reads a number in digits or words."""
    word = tokens.word(index)
    if word[:1].isdecimal():
        return read_number(tokens, index, english=True)
    return read_words(tokens, index) if word in STARTERS else None

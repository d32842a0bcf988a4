"""Fractions in words: "one-third", "two thirds of", "half the", "a quarter of a million"."""

from typing import Final

from pipelines.text.figures.context_words import WORDS
from pipelines.text.figures.digits import scales_at
from pipelines.text.figures.number_words import PARTS, SCALES, SMALL, Numeral
from pipelines.text.figures.tokens import Tokens


def part_at(tokens: Tokens, first: int) -> Numeral | None:
    """ "one-third", "two thirds", "a quarter of", "half of", "½ of"."""
    word = tokens.words[first]
    if word == "half":
        return _half(tokens, first, first)
    if word in ("a", "an"):
        index, count = first + 1, 1
        if tokens.word(index) == "half":
            return _half(tokens, first, index)
        if tokens.word(index) not in PARTS:
            return None
        if tokens.word(index + 1) not in ("of", "") and tokens.word(first - 1) != "by":
            return None
    elif word in SMALL and word != "zero":
        index, count = first + 1, SMALL[word]
        if tokens.word(index) == "-" and tokens.glued(index):
            index += 1
    else:
        return None
    name = tokens.word(index)
    if name not in PARTS or (count > 1) != name.endswith(("s", "ves")) or count > PARTS[name] * 3:
        return None
    if tokens.word(index + 1) == "of" and tokens.word(index + 2) in ("a", "an") and tokens.word(index + 3) in SCALES:
        scale, last = scales_at(tokens, first, index + 3)
        value = count / PARTS[name] * scale
        return Numeral(first, last, value, value, "words", scale)
    if _is_place(tokens, index + 1):
        return None
    value = count / PARTS[name]
    return Numeral(first, index + 1, value, value, "part")


def _is_place(tokens: Tokens, index: int) -> bool:
    """Whether the part is compounded with what follows ("third-placed", "quarter-final")."""
    return tokens.word(index) == "-" and tokens.glued(index)


_NOT_BEFORE_HALF: Final = WORDS["not_before_half"]
_AFTER_HALF: Final = WORDS["after_half"]


def _half(tokens: Tokens, first: int, half: int) -> Numeral | None:
    """ "half of", "half the", "by half", "more than half"; not the first half, in half, half-time."""
    if tokens.word(first - 1) in _NOT_BEFORE_HALF or tokens.word(first - 1) == "-" or _is_place(tokens, half + 1):
        return None
    if tokens.word(half + 1) == "of" and tokens.word(half + 2) in ("a", "an") and tokens.word(half + 3) in SCALES:
        return None
    measured = tokens.word(half + 1) in ("a", "an") and tokens.word(half + 2) not in SCALES
    bounded = tokens.word(first - 1) in ("by", "to", "than", "nearly", "almost", "about", "over", "around", "roughly")
    alone = first == 0 and half + 1 == tokens.size
    if bounded or alone or (first == half and (measured or tokens.word(half + 1) in _AFTER_HALF)):
        return Numeral(first, half + 1, 0.5, 0.5, "part")
    return None

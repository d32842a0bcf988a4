"""Fractions in words: "one-third", "two thirds of", "half the", "a quarter of a million"."""

from decimal import Decimal
from typing import Final

from pipelines.text.figures.digits import read_scales
from pipelines.text.figures.number_words import PARTS, SCALES, SMALL, WORDS, Numeral
from pipelines.text.figures.tokens import Tokens

_HALF: Final = Decimal("0.5")
_NOT_BEFORE_HALF: Final = WORDS["not_before_half"]
_BEFORE_HALF: Final = WORDS["before_half"]
_AFTER_HALF: Final = WORDS["after_half"]
_MOST_BETWEEN: Final = 5
"""Most tokens from "between" to the end of its range: "between a third and a half"."""
_MOST_WHOLES: Final = 3
"""A fraction of more wholes than this is read as something else: "nineteen sixths"."""


def read_part(tokens: Tokens, first: int) -> Numeral | None:
    """Reads "one-third", "two thirds", "a quarter of", "half of"; returns None for anything else."""
    half = first + 1 if tokens.words[first] in ("a", "an") else first
    if tokens.word(half) == "half":
        return _read_half(tokens, first, half)
    counted = _read_count(tokens, first)
    return _read_named_part(tokens, first, *counted) if counted else None


def _read_count(tokens: Tokens, first: int) -> tuple[int, int] | None:
    """Returns how many parts there are, and the token of their name."""
    word = tokens.words[first]
    if word in ("a", "an"):
        is_part = tokens.word(first + 2) in ("of", "") or tokens.word(first - 1) in ("by", "between")
        return (1, first + 1) if is_part else None
    if word not in SMALL or word == "zero":
        return None
    is_hyphenated = tokens.word(first + 1) == "-" and tokens.is_glued(first + 1)
    return SMALL[word], first + 2 if is_hyphenated else first + 1


def _read_named_part(tokens: Tokens, first: int, count: int, index: int) -> Numeral | None:
    name = tokens.word(index)
    if name not in PARTS or (count > 1) != name.endswith("s") or count > PARTS[name] * _MOST_WHOLES:
        return None
    value = Decimal(count) / PARTS[name]
    if _multiplies(tokens, index + 1):
        scale, last = read_scales(tokens, first, index + 3)
        return Numeral(first, last, value * scale, value * scale, "words", scale)
    if _is_compounded(tokens, index + 1):
        return None
    return Numeral(first, index + 1, value, value, "part")


def _multiplies(tokens: Tokens, index: int) -> bool:
    """Whether "of a million" follows: "a quarter of a million"."""
    return tokens.word(index) == "of" and tokens.word(index + 1) in ("a", "an") and tokens.word(index + 2) in SCALES


def _is_compounded(tokens: Tokens, index: int) -> bool:
    """Whether a hyphen joins the part to the next word: "third-placed", "quarter-final"."""
    return tokens.word(index) == "-" and tokens.is_glued(index)


def _read_half(tokens: Tokens, first: int, half: int) -> Numeral | None:
    """Reads "half of", "half the", "by half", "more than half"; not "the first half", "in half", "half-time"."""
    before, after = tokens.word(first - 1), tokens.word(half + 1)
    if before in _NOT_BEFORE_HALF or before == "-" or _is_compounded(tokens, half + 1):
        return None
    measured = after in ("a", "an") or (after == "as" and tokens.word(half + 2) in ("many", "much"))
    alone = first == 0 and half + 1 == tokens.size
    if before == "and" and "between" in tokens.words[max(0, first - _MOST_BETWEEN) : first]:
        return Numeral(first, half + 1, _HALF, _HALF, "part")
    if before in _BEFORE_HALF or alone or (first == half and (measured or after in _AFTER_HALF)):
        return Numeral(first, half + 1, _HALF, _HALF, "part")
    return None

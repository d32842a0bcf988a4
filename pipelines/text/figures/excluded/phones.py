"""Phone numbers: "0800 555 123", "+49 (0)40 890 85-433", "(212) 555-0199"; and emergency lines: "called 911"."""

from typing import Final

from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens

_SIGNS: Final = frozenset("+-–()/")
_REACH: Final = 12
"""Most tokens on each side that belong to one phone number."""
_LEAST_GROUPS: Final = 3
_LEAST_DIGITS: Final = 7
_LEAST_DIGITS_OF_TWO: Final = 9
"""Fewer digits in two groups may be anything: "(12) 3,400"."""
_EMERGENCY_NUMBERS: Final = WORDS["emergency_numbers"]
_EMERGENCY: Final = WORDS["emergency"]
_CALLING: Final = WORDS["calling"]


def is_phone(tokens: Tokens, index: int) -> bool:
    """Whether the digits at the token belong to a phone number, or are one themselves: "called 911"."""
    return _is_emergency_line(tokens, index) or _is_grouped(tokens, index)


def _is_emergency_line(tokens: Tokens, index: int) -> bool:
    if tokens.words[index] not in _EMERGENCY_NUMBERS:
        return False
    after = tokens.word(index + 1)
    return after in _EMERGENCY or (tokens.word(index - 1) in _CALLING and not after.endswith("s"))


def _is_grouped(tokens: Tokens, index: int) -> bool:
    """Whether several groups of digits are one number, which begins with a plus sign, a zero or an area code."""
    if not (_belongs(tokens, index - 1) or _belongs(tokens, index + 1)):
        return False
    first = last = index
    while index - first < _REACH and _belongs(tokens, first - 1):
        first -= 1
    while last - index < _REACH and _belongs(tokens, last + 1):
        last += 1
    groups = [word for word in tokens.words[first : last + 1] if word not in _SIGNS]
    least = _LEAST_DIGITS if len(groups) >= _LEAST_GROUPS else _LEAST_DIGITS_OF_TWO
    if len(groups) < 2 or sum(map(len, groups)) < least:
        return False
    return tokens.words[first] in ("+", "(") or groups[0][0] == "0"


def _belongs(tokens: Tokens, index: int) -> bool:
    word = tokens.word(index)
    return word.isdecimal() or word in _SIGNS

"""The tally that a bare number belongs to: "the death toll rose to 48", "the number of dead rose by 12"."""

from typing import Final

from pipelines.text.figures.counted.nouns import FATES, is_plural
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Unit, Units

_REACH: Final = 30
"""Tokens back to the tally: "the number of people killed in the valley in the last three weeks is now"."""
_LONGEST_NOUN: Final = 7
"""Most tokens from "number of" to its noun: "the number of older, more polluting vehicles"."""
_REACHING: Final = WORDS["reaching"]
_LINKS: Final = WORDS["parallel_links"] | WORDS["being"] | _REACHING | {":", "but"}
_NUMBERS: Final = WORDS["numbers_of"]
_CLAUSES: Final = WORDS["clause_starts"]
_ENDS: Final = frozenset(".!?;\n")


def find_tally(tokens: Tokens, first: int, units: Units) -> tuple[Unit | None, tuple[int, int] | None] | None:
    """Returns the unit or the noun that the number at the token counts, from a tally before it in its sentence."""
    if tokens.word(first - 1) not in _LINKS and tokens.words[first] not in _REACHING:
        return None
    for index in range(first - 1, max(-1, first - 1 - _REACH), -1):
        word = tokens.words[index]
        if word[0] in _ENDS or (word in _CLAUSES and tokens.words[index + 1] != "of"):
            return None
        if word in units.tallies:
            return units.tallies[word], None
        if word in _NUMBERS and (noun := _find_noun(tokens, index + 1)):
            return None, noun
    return None


def find_casualties(tokens: Tokens, first: int, units: Units) -> tuple[int, int] | None:
    """Returns the losses that came to the number, with words between: "casualties on both sides stood at 1,200"."""
    if tokens.word(first - 1) not in _REACHING - {"of"}:
        return None
    for index in range(first - 1, max(-1, first - 1 - _REACH), -1):
        word = tokens.words[index]
        if word[0] in _ENDS or word == "," or word in _CLAUSES:
            return None
        if is_plural(word) and units.find_noun_class(word) == "casualties":
            return index, index + 1
    return None


def find_question(tokens: Tokens, draft_first: int) -> tuple[int, int] | None:
    """Returns what a question in the sentence asks for: "asked how many men had died, he said 12"."""
    for step in (-1, 1):
        for index in range(draft_first + step, draft_first + step * _REACH, step):
            word = tokens.word(index)
            if word[:1] in ("", *_ENDS):
                break
            if word == "many" and tokens.word(index - 1) == "how":
                return _find_noun(tokens, index)
    return None


def find_number_of(tokens: Tokens, first: int) -> tuple[int, int] | None:
    """Returns the noun of the "number of" before the token in its sentence: "the number of cars has halved"."""
    for index in range(first - 1, max(-1, first - 1 - _REACH), -1):
        if tokens.words[index][0] in _ENDS:
            return None
        if tokens.words[index] in _NUMBERS:
            return _find_noun(tokens, index + 1)
    return None


def _find_noun(tokens: Tokens, of: int) -> tuple[int, int] | None:
    """Finds the first plural after "of" or "many": "displaced families"; or what happened to people: "dead"."""
    if tokens.word(of) not in ("of", "many"):
        return None
    for index in range(of + 1, min(of + 1 + _LONGEST_NOUN, tokens.size)):
        if is_plural(tokens.words[index]):
            return index, index + 1
    return (of + 1, of + 2) if tokens.word(of + 1) in FATES else None

"""Figures in the form of verbs or adverbs: "tripling its commitment", "fourfold", "three times as many"."""

from decimal import Decimal
from typing import Final

from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.nouns import is_stop
from pipelines.text.figures.number_words import MULTIPLIERS, SMALL, STARTERS, WORDS, Numeral
from pipelines.text.figures.tokens import Tokens

_REACH: Final = 8
"""Tokens after the verb in which a number makes the verb redundant: "doubled its 50,000 recruits", "doubled to 9"."""
_ALONE: Final = 3
"""Tokens of a text that holds only the multiplier with its bound: "more than doubled"."""
_OWNERS: Final = WORDS["owners"]
_COMPARING: Final = WORDS["comparing"]
_OBJECT_LENGTH: Final = 4
"""Most tokens of what is multiplied: "its grain exports"."""
_FOLD: Final = "fold"


def may_start(word: str) -> bool:
    """Whether a figure can start with the word. This alone rules out most words."""
    return word[0].isdecimal() or word in STARTERS or word in MULTIPLIERS or word.endswith(_FOLD)


def read_multiplier(tokens: Tokens, index: int) -> Draft | None:
    """Reads the multiplier that starts at the token. A verb with a number of its own is left to that number."""
    word = tokens.words[index]
    if word.endswith(_FOLD) and word[:-4] in SMALL:
        return _make_draft(index, index + 1, Decimal(SMALL[word[:-4]]))
    factor = MULTIPLIERS.get(word)
    if factor is not None and index + 1 == tokens.size <= _ALONE:
        return _make_draft(index, index + 1, factor)
    if factor is None or not word.endswith(("ing", "ed")) or tokens.word(index + 1) not in _OWNERS:
        return None
    if is_stop(tokens, index + 2) or tokens.word(index - 1) in ("and", "be", "-"):
        return None
    for after in range(index + 1, min(tokens.size, index + 1 + _REACH)):
        if tokens.words[after][0] in ".;\n":
            break
        if tokens.words[after][0].isdecimal() or tokens.words[after] in SMALL:
            return None
    draft = _make_draft(index, index + 1, factor)
    draft.noun = _object(tokens, index + 2)
    draft.change = "up" if factor > 1 else "down"
    return draft


def read_fold(tokens: Tokens, numeral: Numeral) -> Draft | None:
    """Reads "10-fold", "4 times as many", "six times the", "3x" after a number."""
    last = numeral.last
    at = last + 1 if tokens.word(last) == "-" else last
    if tokens.word(at) == _FOLD:
        return _make_draft(numeral.first, at + 1, numeral.low, numeral)
    if tokens.word(last) == "x" and tokens.is_glued(last) and numeral.form == "digits":
        return _make_draft(numeral.first, last + 1, numeral.low, numeral)
    if tokens.word(last) == "times" and numeral.form in ("digits", "words") and _compares(tokens, last + 1):
        return _make_draft(numeral.first, last + 1, numeral.low, numeral)
    return None


def _compares(tokens: Tokens, index: int) -> bool:
    """Whether "times" multiplies ("times more", "times earnings") instead of counting occasions."""
    word = tokens.word(index)
    return word in _COMPARING or (not is_stop(tokens, index) and not word.endswith("ly"))


def _make_draft(first: int, last: int, factor: Decimal, numeral: Numeral | None = None) -> Draft:
    numeral = numeral or Numeral(first, last, factor, factor, "words")
    return Draft(numeral, first, last, factor, factor, "multiplier", last)


def _object(tokens: Tokens, start: int) -> tuple[int, int] | None:
    end = start
    while end < tokens.size and end - start < _OBJECT_LENGTH and not is_stop(tokens, end):
        end += 1
    return (start, end) if end > start else None

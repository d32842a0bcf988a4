"""Figures in the form of verbs or adverbs: "tripling its commitment", "fourfold", "three times as many"."""

from decimal import Decimal
from typing import Final

from pipelines.text.figures.counted.nouns import is_hyphen, is_stop
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.number_words import MULTIPLIERS, SMALL, STARTERS, WORDS, Numeral
from pipelines.text.figures.tokens import Tokens

_REACH: Final = 8
"""Tokens after the verb in which a number makes the verb redundant: "doubled its 50,000 recruits", "doubled to 9"."""
_ALONE: Final = 3
"""Tokens of a text that holds only the multiplier with its bound: "more than doubled"."""
_OWNERS: Final = WORDS["owners"]
_COMPARING: Final = WORDS["comparing"]
_ADVERBS: Final = WORDS["multiplying_adverbs"]
_BEFORE_VERBS: Final = WORDS["before_multiplying"]
_NOT_AFTER_VERBS: Final = WORDS["not_after_multiplying"]
_OBJECT_LENGTH: Final = 4
"""Most tokens of what is multiplied: "its grain exports"."""
_FOLD: Final = "fold"
FIRST_WORDS: Final = STARTERS | MULTIPLIERS.keys() | {f"{small}{_FOLD}" for small in SMALL}
"""The words that a figure can start with, if it does not start with a digit."""


def read_multiplier(tokens: Tokens, index: int) -> Draft | None:
    """Reads the multiplier that starts at the token. A verb with a number of its own is left to that number."""
    word = tokens.words[index]
    if word.endswith(_FOLD) and word[:-4] in SMALL:
        return _make_draft(index, index + 1, Decimal(SMALL[word[:-4]]))
    factor = MULTIPLIERS.get(word)
    if factor is None:
        return None
    draft = _make_draft(index, index + 1, factor)
    if index + 1 == tokens.size <= _ALONE:
        return draft
    if word in _ADVERBS:
        return draft if tokens.word(index + 1) in _COMPARING else None
    draft.change = "up" if factor > 1 else "down"
    if _has_object(tokens, index):
        draft.noun = _object(tokens, index + 2)
        return draft
    return draft if _has_subject_only(tokens, index) else None


def _has_object(tokens: Tokens, index: int) -> bool:
    """Whether the verb multiplies what follows it: "tripling its exports"; not a number: "doubled its 50,000 men"."""
    if tokens.word(index + 1) not in _OWNERS or is_stop(tokens, index + 2):
        return False
    if tokens.word(index - 1) in ("and", "be", "-"):
        return False
    for after in range(index + 1, min(tokens.size, index + 1 + _REACH)):
        if tokens.words[after][0] in ".;\n":
            break
        if tokens.words[after][0].isdecimal() or tokens.words[after] in SMALL:
            return False
    return True


def _has_subject_only(tokens: Tokens, index: int) -> bool:
    """ "Traffic has almost halved since May": a verb without an object; not "doubled to 9", "doubled down"."""
    if not tokens.words[index].endswith("ed") or tokens.word(index - 1) not in _BEFORE_VERBS:
        return False
    after = tokens.word(index + 1)
    return after not in _NOT_AFTER_VERBS and after not in _OWNERS and is_stop(tokens, index + 1)


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
    while end < tokens.size and end - start < _OBJECT_LENGTH and (not is_stop(tokens, end) or is_hyphen(tokens, end)):
        end += 1
    return (start, end) if end > start else None

"""Figures in the form of verbs or adverbs: "tripling its commitment", "fourfold", "three times as many"."""

from decimal import Decimal
from typing import Final

from pipelines.text.figures.counted.nouns import is_hyphen, is_plural, is_stop
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
_NUMBERS: Final = WORDS["numbers_of"]
_MODALS: Final = WORDS["modals"]
_TIME_LINKS: Final = WORDS["time_links"]
_DIGITS_OF_A_YEAR: Final = 4
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
    return _read_verb(tokens, draft)


def _read_verb(tokens: Tokens, draft: Draft) -> Draft | None:
    """Reads "tripling its exports", "will double", "has halved"; None for a verb that multiplies nothing."""
    index = draft.numeral.first
    if _has_object(tokens, index):
        draft.noun = _object(tokens, index + 2)
        return draft
    if tokens.word(index - 1) in _MODALS:
        return _read_plain_form(tokens, draft)
    return draft if _has_subject_only(tokens, index) else None


def _read_plain_form(tokens: Tokens, draft: Draft) -> Draft | None:
    """ "The fee will double", "plans to halve emissions"; not "will double to 9", "will double as a school"."""
    after = draft.last
    if tokens.word(after) in _NOT_AFTER_VERBS - _TIME_LINKS or _has_own_number(tokens, after - 1):
        return None
    draft.noun = _object(tokens, after)
    return draft if draft.noun or _ends_clause(tokens, after) else None


def _has_object(tokens: Tokens, index: int) -> bool:
    """Whether the verb multiplies what follows it: "tripling its exports"; not a number: "doubled its 50,000 men"."""
    if tokens.word(index + 1) not in _OWNERS or is_stop(tokens, index + 2):
        return False
    return tokens.word(index - 1) not in ("and", "be", "-") and not _has_own_number(tokens, index)


def _has_own_number(tokens: Tokens, index: int) -> bool:
    """Whether the verb has a number of its own: "doubled its 50,000 men", "will double to 9"."""
    for after in range(index + 1, min(tokens.size, index + 1 + _REACH)):
        word = tokens.words[after]
        if word[0] in ".;\n" or word in _TIME_LINKS:
            break
        if word[0].isdecimal() or word in SMALL:
            return True
    return False


def _has_subject_only(tokens: Tokens, index: int) -> bool:
    """ "Traffic has almost halved since May", "exports tripled": a verb without an object."""
    if not tokens.words[index].endswith("ed") or not _ends_clause(tokens, index + 1):
        return False
    return tokens.word(index - 1) in _BEFORE_VERBS or is_plural(tokens.word(index - 1))


def _ends_clause(tokens: Tokens, index: int) -> bool:
    """Whether nothing that the verb could take follows; not "doubled to 9", "doubled down", "doubled as a school"."""
    after = tokens.word(index)
    if after == "over":
        return tokens.word(index + 1) in ("the", "a")
    if after == "by":
        return tokens.word(index + 1)[:1].isdecimal() and len(tokens.words[index + 1]) == _DIGITS_OF_A_YEAR
    return after not in _NOT_AFTER_VERBS and after not in _OWNERS and is_stop(tokens, index)


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
    if end > start and tokens.words[end - 1] in _NUMBERS and tokens.word(end) == "of":
        return _object(tokens, end + 1)
    return (start, end) if end > start else None

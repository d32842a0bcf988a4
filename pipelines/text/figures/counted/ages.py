"""Whether a bare number is somebody's age: "Anna Reed, 54, said", "she turned 40", "children under 5"."""

from typing import Final

from pipelines.text.figures.counted.nouns import is_plural, is_stop
from pipelines.text.figures.drafts import GREATEST_AGE, Draft
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Units

_PRONOUNS: Final = WORDS["pronouns_of_age"]
_TURNS: Final = WORDS["verbs_of_age"]
_ARE: Final = WORDS["being"]
_GROUP_PRONOUNS: Final = WORDS["group_pronouns"]
_NOT_NAMES: Final = WORDS["months"] | WORDS["stops"]
_PEOPLE: Final = frozenset(("people", "military_personnel"))
_YOUNGEST: Final = 4
"""A smaller number after a name and a comma is not an age."""
_LIMITS: Final = frozenset(("more_than", "less_than", "at_least", "at_most"))
_LONGEST_NOTE: Final = 4
"""Most tokens of a note between a name and the age: "Adam Hart (pictured), 58"."""


def is_age(tokens: Tokens, draft: Draft, units: Units) -> bool:
    """Whether the count, which has no noun, says how old somebody is."""
    if not 0 < draft.low <= draft.high < GREATEST_AGE or draft.low % 1 or draft.change:
        return False
    before = tokens.word(draft.first - 1)
    if before == "," and draft.numeral.plain and draft.low >= _YOUNGEST:
        return _follows_person(tokens, draft, units)
    if draft.modifier in _LIMITS and units.find_noun_class(before) in _PEOPLE:
        return is_stop(tokens, draft.last)
    return _is_predicate(tokens, draft, before)


def _is_predicate(tokens: Tokens, draft: Draft, before: str) -> bool:
    """ "She turned 40", "most were under 30", where nothing follows that would be counted."""
    if not is_stop(tokens, draft.last) or tokens.word(draft.last) in ("-", "%"):
        return False
    if before in _ARE and draft.modifier in _LIMITS and tokens.word(draft.first - 2) in _GROUP_PRONOUNS:
        return True
    return before in _TURNS and tokens.word(draft.first - (3 if before == "be" else 2)) in _PRONOUNS


def _follows_person(tokens: Tokens, draft: Draft, units: Units) -> bool:
    """Whether the number between commas follows a name or a noun for one person."""
    last = draft.last
    if tokens.word(last) not in (",", ".", ")") or tokens.word(last + 1)[:1].isdecimal():
        return False
    name = _skip_note(tokens, draft.first - 2)
    word = tokens.word(name)
    if not word.isalpha():
        return False
    if units.find_noun_class(word) in _PEOPLE:
        return not is_plural(word)
    if not tokens.is_capitalised(name) or word in _NOT_NAMES:
        return False
    return tokens.is_capitalised(name - 1) or (tokens.word(last) == "," and tokens.word(name - 1) not in ("in", "at"))


def _skip_note(tokens: Tokens, index: int) -> int:
    """Returns the token before a note in brackets that ends at the token; else the token."""
    if tokens.word(index) != ")":
        return index
    for opening in range(index - 1, max(-1, index - _LONGEST_NOTE), -1):
        if tokens.words[opening] == "(":
            return opening - 1
    return index

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
_CONTRACTIONS: Final = WORDS["contractions_of_age"]
_EXTREMES: Final = WORDS["extremes_of_age"]
_JOINTS: Final = frozenset((",", "and", "or"))
_PAUSES: Final = frozenset((",", ".", ";", ")", "\n", ""))
_NOT_PEOPLE: Final = WORDS["estimates"] | WORDS["worths"] | WORDS["stops"]
_SUBJECT_VERBS: Final = WORDS["subject_verbs"] | {"who", "said"}
_INSIDE: Final = frozenset((",", "–", "—"))
_AFTER_AGES: Final = _INSIDE | {".", ")"}
_JUNIORS: Final = (["jr", "."], ["sr", "."])
_LIMITS: Final = frozenset(("more_than", "less_than", "at_least", "at_most"))
_LONGEST_PAIR: Final = 5
"""Most tokens from the "and" between two people to the first of their ages: "Ivo and Mats Rehn, 22 and 25"."""
_LONGEST_NOTE: Final = 4
"""Most tokens of a note between a name and the age: "Adam Hart (pictured), 58"."""


def is_age(tokens: Tokens, draft: Draft, units: Units) -> bool:
    """Whether the count, which has no noun, says how old somebody is."""
    if not _may_be_age(draft):
        return False
    before = tokens.word(draft.first - 1)
    if before == "," and draft.numeral.plain and draft.low >= _YOUNGEST:
        return _follows_person(tokens, draft, units)
    if draft.modifier in _LIMITS and units.find_noun_class(before) in _PEOPLE:
        return is_stop(tokens, draft.last)
    return _is_predicate(tokens, draft, before, units)


def continues_age(tokens: Tokens, draft: Draft, before: Draft) -> bool:
    """Whether the count goes on with a list of ages: "aged 7, nine and 12", "Ivo and Mats Rehn, 22 and 25"."""
    between = tokens.words[before.last : draft.first]
    if before.kind != "age" or (before.unit and before.unit.name != "year") or not _may_be_age(draft):
        return False
    if len(between) > 1 and tokens.word(draft.last) not in _PAUSES:
        return False  # another clause: "the oldest was 91, and 14 were killed"
    return bool(between) and _JOINTS.issuperset(between)


def _may_be_age(draft: Draft) -> bool:
    return 0 < draft.low <= draft.high < GREATEST_AGE and not draft.low % 1 and draft.change is None


def _is_predicate(tokens: Tokens, draft: Draft, before: str, units: Units) -> bool:
    """ "She turned 40", "most were under 30", "the oldest was 91", where nothing follows that would be counted."""
    if not is_stop(tokens, draft.last) or tokens.word(draft.last) in ("-", "%"):
        return False
    subject = draft.first - (3 if before == "be" else 2)
    if before in _ARE and draft.modifier in _LIMITS and _is_group(tokens, subject, units):
        return True
    extremes = tokens.words[max(0, subject - 2) : subject + 1] if before in _ARE else [before]
    if not _EXTREMES.isdisjoint(extremes):
        return draft.modifier not in _LIMITS
    if before == "both":
        return tokens.word(draft.last) in _PAUSES
    return before in _CONTRACTIONS or (before in _TURNS and tokens.word(subject) in _PRONOUNS)


def _is_group(tokens: Tokens, index: int, units: Units) -> bool:
    """Whether several people are the subject: "those", "most", "the fighters"."""
    word = tokens.word(index)
    return word in _GROUP_PRONOUNS or (units.find_noun_class(word) in _PEOPLE and is_plural(word))


def _follows_person(tokens: Tokens, draft: Draft, units: Units) -> bool:
    """Whether the number between commas follows a name or a noun for one person."""
    last = draft.last
    two = tokens.word(last) == "and" and tokens.word(last + 1).isdecimal()
    if two and "and" in tokens.words[max(0, draft.first - _LONGEST_PAIR) : draft.first]:
        last += 2  # two people with two ages
    if tokens.word(last) not in _AFTER_AGES or tokens.word(last + 1)[:1].isdecimal():
        return False
    name = _skip_note(tokens, draft.first - 2)
    if tokens.words[name - 1 : name + 1] in _JUNIORS:
        name -= 1
    word = tokens.word(name)
    if not word.isalpha():
        return False
    if units.find_noun_class(word) in _PEOPLE:
        return not is_plural(word)
    if not tokens.is_capitalised(name):
        is_person = _NOT_PEOPLE.isdisjoint((word, word + "s")) and tokens.word(last) == ","
        return is_person and tokens.word(last + 1) in _SUBJECT_VERBS
    if word in _NOT_NAMES:
        return False
    return tokens.is_capitalised(name - 1) or (
        tokens.word(last) in _INSIDE and tokens.word(name - 1) not in ("in", "at")
    )


def _skip_note(tokens: Tokens, index: int) -> int:
    """Returns the token before a note in brackets that ends at the token; else the token."""
    if tokens.word(index) != ")":
        return index
    for opening in range(index - 1, max(-1, index - _LONGEST_NOTE), -1):
        if tokens.words[opening] == "(":
            return opening - 1
    return index

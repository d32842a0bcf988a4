"""What a number counts if no noun follows it: taken from a neighbour or from the words before."""

from typing import Final

from pipelines.text.figures.drafts import GREATEST_AGE, Draft
from pipelines.text.figures.nouns import FATES, find_noun_phrase, is_plural, is_stop
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Units

_BEING: Final = WORDS["being"]
_REACHING: Final = WORDS["reaching"]
_REACH: Final = 60
"""Tokens back to the noun that "30,000 more" or "the 11,000" counts."""
_OWNER_REACH: Final = 6
"""Most tokens from "of" to the owner of what is counted: "half of North Korea's 11,000 troops"."""
_COUNTED: Final = frozenset(("military_personnel", "military_units", "people", "vehicles", "weapons"))
"""Classes of units whose noun may be far before its number."""
_GROUPS: Final = frozenset(("military_personnel", "military_units", "people", "organisations"))
"""Classes of units that people belong to: "a garrison of 3,000"."""
_COLLECTIVES: Final = WORDS["collectives"]
_POINTERS: Final = WORDS["pointers_before"]
_NEIGHBOURS: Final = 4
"""Figures before a number whose noun it may share."""
_PRONOUNS: Final = WORDS["pronouns_of_age"]
_TURNS: Final = WORDS["verbs_of_age"]
_COORDINATION: Final = WORDS["coordination"] | {","}
_ENDS: Final = frozenset(".!?\n")
_YOUNGEST_AGE: Final = 4
"""A smaller number after a name and a comma is not an age."""
_LINKS: Final = WORDS["parallel_links"]


def fill_units(tokens: Tokens, drafts: list[Draft], units: Units) -> None:
    """Adds a noun or unit to each count without one, if the text has it. The drafts are in reading order."""
    for position in range(len(drafts) - 1, -1, -1):
        draft = drafts[position]
        if position + 1 < len(drafts) and (_is_bare(draft) or (draft.kind == "fraction" and draft.noun is None)):
            _fill_from_next(tokens, draft, drafts[position + 1])
    for position, draft in enumerate(drafts):
        if _is_bare(draft) or _is_fate(tokens, draft):
            _fill_from_before(tokens, draft, drafts[max(0, position - _NEIGHBOURS) : position], units)


def _is_bare(draft: Draft) -> bool:
    return draft.unit is None and draft.noun is None and draft.kind == "count"


def _is_fate(tokens: Tokens, draft: Draft) -> bool:
    return draft.noun is not None and tokens.words[draft.noun[1] - 1] in FATES


def _fill_from_next(tokens: Tokens, draft: Draft, after: Draft) -> None:
    """Takes the unit of the last number of a list: "7- or 8-inch", "two and three weeks", "5, 6 or 7 percent"."""
    between = tokens.words[draft.last : after.first]
    if between == [","] and (after.unit is None or not draft.numeral.plain):
        return
    if draft.kind == "fraction" and after.kind != "count":
        return
    owned = 1 < len(between) <= _OWNER_REACH and between[0] == "of" and between[-1].endswith(("'s", "s'"))
    if owned or (0 < len(between) <= 3 and all(word in _COORDINATION for word in between)):
        draft.unit, draft.noun, draft.per = after.unit, after.noun, after.per
        if after.unit:
            draft.kind = after.kind


def _fill_from_before(tokens: Tokens, draft: Draft, before: list[Draft], units: Units) -> None:
    if _is_age(tokens, draft, units):
        draft.kind = "age"
        return
    noun = _find_predicate(tokens, draft, units) or _find_collective(tokens, draft.first, units)
    if noun:
        draft.noun = noun
        return
    near = [other for other in before if not _ends_between(tokens, other.last, draft.first)]
    counted = [other for other in near if other.noun and not _is_fate(tokens, other) and other.kind == "count"]
    fate = _is_fate(tokens, draft)
    if counted and (not fate or _find_class(tokens, counted[-1], units) in _COUNTED):
        draft.noun = counted[-1].noun
    elif not fate:
        _fill_from_unit_or_subject(tokens, draft, near, units)


def _fill_from_unit_or_subject(tokens: Tokens, draft: Draft, near: list[Draft], units: Units) -> None:
    if near and near[-1].unit and near[-1].kind != "age" and _is_parallel(tokens, near[-1], draft):
        draft.unit, draft.kind, draft.per = near[-1].unit, near[-1].kind, near[-1].per
        return
    draft.noun = _find_subject(tokens, draft.first, units)
    if draft.noun is None and (draft.change == "additional" or tokens.word(draft.first - 1) in _POINTERS):
        draft.noun = _find_noun_before(tokens, draft.first, units)


def _is_age(tokens: Tokens, draft: Draft, units: Units) -> bool:
    """ "he will be 35", "she turned 40", "Anna Reed, 54, said"."""
    if draft.low != draft.high or not 0 < draft.low < GREATEST_AGE or draft.low % 1 or draft.change:
        return False
    first, last = draft.first, draft.last
    if tokens.word(first - 1) == "," and draft.numeral.plain and draft.low >= _YOUNGEST_AGE:
        named = (
            tokens.is_capitalised(first - 2) and tokens.word(first - 2).isalpha() and tokens.is_capitalised(first - 3)
        )
        person = units.find_noun_class(tokens.word(first - 2)) in ("people", "military_personnel")
        return (named or person) and tokens.word(last) in (",", ".", ")") and not tokens.word(last + 1)[:1].isdecimal()
    subject = first - 2 if tokens.word(first - 1) != "be" else first - 3
    if tokens.word(first - 1) in _TURNS and tokens.word(subject) in _PRONOUNS:
        return is_stop(tokens, last) and tokens.word(last) not in ("-", "%")
    return False


def _find_predicate(tokens: Tokens, draft: Draft, units: Units) -> tuple[int, int] | None:
    """ "4,000 are casualties"."""
    if tokens.word(draft.last) not in _BEING or not is_plural(tokens.word(draft.last + 1)):
        return None
    return find_noun_phrase(tokens, draft.last + 1, units)


def _ends_between(tokens: Tokens, left: int, right: int) -> bool:
    """Whether a sentence ends between the tokens."""
    return right - left > _REACH or any(word[0] in _ENDS for word in tokens.words[left:right])


def _find_class(tokens: Tokens, draft: Draft, units: Units) -> str:
    return units.find_noun_class(tokens.words[draft.noun[1] - 1]) if draft.noun else "other"


def _is_parallel(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Whether like words are before both: "by 2 percent ... by 1", "from 21 mpg ... to 23", "$5 and 7"."""
    preposition = tokens.word(right.first - 1)
    if preposition not in _LINKS or not is_stop(tokens, right.last):
        return False
    other = tokens.word(left.first - 1)
    if preposition == "by" or left.kind == "percent":
        return preposition == other or (other == "from" and preposition == "to")
    return left.kind == "measure" and ((other == "from" and preposition == "to") or preposition in ("or", "and"))


def _find_collective(tokens: Tokens, first: int, units: Units) -> tuple[int, int] | None:
    """ "a crew of 22", "a garrison of 3,000"."""
    noun = tokens.word(first - 2)
    if tokens.word(first - 1) != "of" or is_plural(noun) != (noun in _COLLECTIVES) or not noun.isalpha():
        return None
    return (first - 2, first - 1) if units.find_noun_class(noun) in _GROUPS else None


def _find_subject(tokens: Tokens, first: int, units: Units) -> tuple[int, int] | None:
    """ "Casualties reached 45,000", "drones: 120 launched"."""
    index = first - 1
    while index > first - 4 and (tokens.word(index) in _REACHING or tokens.word(index) == ":"):
        index -= 1
    if (index == first - 1 and tokens.words[first] not in _REACHING) or not is_plural(tokens.word(index)):
        return None
    return (index, index + 1) if units.find_noun_class(tokens.words[index]) != "other" else None


def _find_noun_before(tokens: Tokens, first: int, units: Units) -> tuple[int, int] | None:
    """The nearest noun before the token that names soldiers, people, vehicles or weapons."""
    for index in range(first - 1, max(-1, first - 1 - _REACH), -1):
        if is_plural(tokens.words[index]) and units.find_noun_class(tokens.words[index]) in _COUNTED:
            return index, index + 1
    return None

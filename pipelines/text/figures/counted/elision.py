"""What a number counts if no noun follows it: taken from a neighbour or from the words before."""

from typing import Final

from pipelines.text.figures.bounds import FALLING, RISING
from pipelines.text.figures.counted.ages import continues_age, is_age
from pipelines.text.figures.counted.antecedents import find_antecedent, is_counted
from pipelines.text.figures.counted.nouns import FATES, find_noun_phrase, is_plural
from pipelines.text.figures.counted.parallels import counts_points, find_level, is_sum, shares_unit, take_currency
from pipelines.text.figures.counted.tallies import find_casualties, find_number_of, find_question, find_tally
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Units

_BEING: Final = WORDS["being"]
_CHANGING: Final = RISING | FALLING
_SUBJECT_VERBS: Final = WORDS["subject_verbs"]
_JOINING: Final = WORDS["joining"]
_WORTHS: Final = WORDS["worths"]
_REACHING: Final = WORDS["reaching"]
_REACH: Final = 60
"""Tokens back to the noun that "30,000 more" or "the 11,000" counts."""
_OWNER_REACH: Final = 6
"""Most tokens from "of" to the owner of what is counted: "half of North Korea's 11,000 troops"."""
_ESTIMATES: Final = WORDS["estimates"]
_COUNTED: Final = frozenset(("military_personnel", "military_units", "people", "vehicles", "weapons"))
"""Classes of units whose noun may be far before its number."""
_GROUPS: Final = frozenset(("military_personnel", "military_units", "people", "organisations", "casualties"))
"""Classes of what has a number of its own: "a garrison of 3,000", "a loss of 12"."""
_COLLECTIVES: Final = WORDS["collectives"]
_POINTERS: Final = WORDS["pointers_before"]
_GETTING: Final = WORDS["getting"]
_PAUSES: Final = frozenset((".", ",", ";", ")", "\n", ""))
_NEIGHBOURS: Final = 4
"""Figures before a number whose noun it may share."""
_COORDINATION: Final = WORDS["coordination"] | {","}
_ENDS: Final = frozenset(".!?\n")
_ENCLOSING: Final = {"(": ")", "-": "-", "–": "–", "—": "—"}


def fill_units(tokens: Tokens, drafts: list[Draft], units: Units) -> None:
    """Adds a noun or unit to each count without one, if the text has it. The drafts are in reading order."""
    chained = False
    for position in range(len(drafts) - 2, -1, -1):
        draft = drafts[position]
        _take_noun_behind(tokens, drafts[position + 1], draft, units)
        lacks = _is_bare(draft) or (draft.kind == "fraction" and draft.noun is None)
        chained = lacks and _fill_from_next(tokens, draft, drafts[position + 1], chained)
    _name_hundredths(drafts)
    for position, draft in enumerate(drafts):
        before = drafts[max(0, position - _NEIGHBOURS) : position]
        if draft.unit is None and draft.noun is None:
            draft.noun = find_antecedent(tokens, draft, before, units)
        if draft.kind == "multiplier" and draft.noun is None and draft.change:
            draft.noun = find_number_of(tokens, draft.first)
        if _is_bare(draft) or _is_fate(tokens, draft):
            _fill_from_before(tokens, draft, before, units)
        if _is_bare(draft) and tokens.words[draft.last - 1] == "others":
            draft.noun = draft.last - 1, draft.last
        if _is_bare(draft):
            draft.noun = find_question(tokens, draft.first)
        if before and _is_share_of_same(tokens, before[-1], draft):
            draft.noun = before[-1].noun


def _take_noun_behind(tokens: Tokens, draft: Draft, before: Draft, units: Units) -> None:
    """Gives a number between commas the noun behind them: "at least 12, and perhaps 20, miners"."""
    between = tokens.words[before.last : draft.first]
    inserted = between[:1] == [","] and len(between) > 1 and _COORDINATION.issuperset(between)
    if inserted and _is_bare(draft) and _is_bare(before) and tokens.word(draft.last) == ",":
        noun = find_noun_phrase(tokens, draft.last + 1, units)
        draft.noun = noun if noun and is_plural(tokens.words[noun[1] - 1]) else None


def _name_hundredths(drafts: list[Draft]) -> None:
    """Gives "cents" the currency that the last cent with a name had: "one Singapore cent ... 5.5 cents"."""
    named = None
    for draft in drafts:
        if draft.unit and draft.unit.hundredth:
            named = draft.unit
        elif draft.unit and named and draft.unit.name == named.hundredth:
            draft.unit = named


def _is_bare(draft: Draft) -> bool:
    return draft.unit is None and draft.noun is None and draft.kind == "count"


def _is_fate(tokens: Tokens, draft: Draft) -> bool:
    return draft.noun is not None and tokens.words[draft.noun[1] - 1] in FATES


def _fill_from_next(tokens: Tokens, draft: Draft, after: Draft, chained: bool) -> bool:
    """Takes the unit of the last number of a list: "7- or 8-inch", "two and three weeks", "5, 6 or 7 percent".

    Returns whether it did. With `chained`, the next number took its unit in the same way.
    """
    between = tokens.words[draft.last : after.first]
    if between == [","] and not chained and (after.unit is None or not draft.numeral.plain):
        return False
    if draft.kind == "fraction" and after.kind != "count":
        return False
    if between[-1:] in (["up"], ["down"]) and len(between) <= 2 and counts_points(tokens, after):
        draft.noun = after.noun
        return True
    owned = 1 < len(between) <= _OWNER_REACH and between[0] == "of" and between[-1].endswith(("'s", "s'"))
    if owned or (0 < len(between) <= 3 and all(word in _COORDINATION for word in between)):
        draft.unit, draft.noun, draft.per = after.unit, after.noun, after.per
        if after.unit:
            draft.kind = after.kind
        return after.unit is not None or after.noun is not None
    return False


def _fill_from_before(tokens: Tokens, draft: Draft, before: list[Draft], units: Units) -> None:
    if is_age(tokens, draft, units) or (before and continues_age(tokens, draft, before[-1])):
        draft.kind = "age"
        return
    fate = _is_fate(tokens, draft)
    if is_sum(tokens, draft):
        take_currency(draft, before)
        return
    if not fate:
        tally = find_level(tokens, draft, before) or find_tally(tokens, draft.first, units)
        subject = _find_subject(tokens, draft, units) or find_casualties(tokens, draft.first, units)
        draft.unit, draft.noun = tally or (None, subject)
        if draft.noun or draft.unit or tokens.word(_find_reached(tokens, draft.first)) in _WORTHS:
            return
    noun = _find_predicate(tokens, draft, units) or _find_collective(tokens, draft.first, units)
    if noun:
        draft.noun = noun
        return
    near = [other for other in before if not _ends_between(tokens, other.last, draft.first)]
    counted = [other for other in near if is_counted(tokens, other) and not _has_own_group(tokens, draft)]
    if counted and tokens.word(draft.first - 2) in _ESTIMATES and tokens.word(draft.first - 1) == "of":
        draft.noun = counted[0].noun
    elif counted and (not fate or _find_class(tokens, counted[-1], units) in _COUNTED):
        draft.noun = counted[-1].noun
    elif not fate:
        _fill_from_unit_or_subject(tokens, draft, near, units)


def _fill_from_unit_or_subject(tokens: Tokens, draft: Draft, near: list[Draft], units: Units) -> None:
    last = near[-1] if near else None
    if last and last.unit and last.kind != "age" and shares_unit(tokens, last, draft):
        draft.unit, draft.kind, draft.per = last.unit, last.kind, draft.per or last.per
        return
    adds = draft.change == "additional" and tokens.words[draft.last - 1] != "others"
    if draft.noun is None and (adds or _points_back(tokens, draft)):
        draft.noun = _find_noun_before(tokens, draft.first, units)


def _is_share_of_same(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """ "Two thirds of the Danes agree and one in five is undecided": both are shares of the same."""
    if left.kind != "fraction" or right.kind != "fraction" or left.noun is None or right.noun is not None:
        return False
    is_subject = tokens.word(right.first - 1) in _JOINING and tokens.word(right.last) in _SUBJECT_VERBS
    return is_subject and not _ends_between(tokens, left.last, right.first)


def _points_back(tokens: Tokens, draft: Draft) -> bool:
    """ "the 11,000"; "I got 90." """
    before = tokens.word(draft.first - 1)
    return before in _POINTERS or (before in _GETTING and tokens.word(draft.last) in _PAUSES)


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


def _find_collective(tokens: Tokens, first: int, units: Units) -> tuple[int, int] | None:
    """ "a crew of 22", "a garrison of 3,000"."""
    noun = tokens.word(first - 2)
    if tokens.word(first - 1) != "of" or is_plural(noun) != (noun in _COLLECTIVES) or not noun.isalpha():
        return None
    return (first - 2, first - 1) if units.find_noun_class(noun) in _GROUPS else None


def _has_own_group(tokens: Tokens, draft: Draft) -> bool:
    """ "A gang of five", "a crowd of 4,000": not the men or women who were counted before."""
    noun = draft.first - 2
    if tokens.word(noun + 1) != "of" or tokens.word(noun) in _ESTIMATES:
        return False
    return "a" in tokens.words[max(0, noun - 2) : noun] or "an" in tokens.words[max(0, noun - 2) : noun]


def _find_subject(tokens: Tokens, draft: Draft, units: Units) -> tuple[int, int] | None:
    """ "Casualties reached 45,000", "births fell to 300", "drones: 120 launched", "the men, six in all"."""
    first, index = draft.first, draft.first - 1
    if draft.change == "total" and tokens.word(index) == "," and is_plural(tokens.word(index - 1)):
        return index - 1, index
    if (enclosed := _find_enclosing(tokens, draft)) is not None:
        return enclosed
    index = _find_reached(tokens, first)
    noun = tokens.word(index)
    if (index == first - 1 and tokens.words[first] not in _REACHING) or not is_plural(noun) or noun in _WORTHS:
        return None
    named = tokens.is_capitalised(index) and not tokens.opens_sentence(index)
    if units.find_noun_class(noun) == "other" and (named or tokens.words[index + 1] not in _CHANGING):
        return None
    return index, index + 1


def _find_enclosing(tokens: Tokens, draft: Draft) -> tuple[int, int] | None:
    """ "The most seats -- 123 -- in the vote", "the fewest seats (12)": the noun before brackets or dashes."""
    index = draft.first - 1
    sign = tokens.word(index)
    if sign not in _ENCLOSING or tokens.word(draft.last) != _ENCLOSING[sign]:
        return None
    while tokens.word(index) == sign:
        index -= 1
    noun = tokens.word(index)
    return (index, index + 1) if is_plural(noun) and noun not in _WORTHS and not tokens.is_capitalised(index) else None


def _find_reached(tokens: Tokens, first: int) -> int:
    """Returns the token before the words that say that the number is reached: "rose to"."""
    index = first - 1
    while index > first - 4 and (tokens.word(index) in _REACHING or tokens.word(index) == ":"):
        index -= 1
    return index


def _find_noun_before(tokens: Tokens, first: int, units: Units) -> tuple[int, int] | None:
    """The nearest noun before the token that names soldiers, people, vehicles or weapons."""
    for index in range(first - 1, max(-1, first - 1 - _REACH), -1):
        if is_plural(tokens.words[index]) and units.find_noun_class(tokens.words[index]) in _COUNTED:
            return index, index + 1
    return None

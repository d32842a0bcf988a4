"""What a number counts if a word points back to it: "36 of them", "of these, 12 fled", "Twelve have been freed"."""

from typing import Final

from pipelines.text.figures.counted.nouns import FATES, is_stop
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Units

_PRONOUNS: Final = WORDS["pronouns_counted"]
_DETERMINERS: Final = WORDS["determiners"]
_SUBJECT_VERBS: Final = WORDS["subject_verbs"]
_RESTATING: Final = WORDS["restating"]
_TOTALS: Final = WORDS["totals"]
_PEOPLE: Final = frozenset(("military_personnel", "people"))
_FOCUS: Final = frozenset(("only", "just"))
_ENDINGS_OF_PEOPLE: Final = ("ers", "ors", "ists", "ians", "men")
_REACH: Final = 60
"""Tokens back to what a number counts."""


def find_antecedent(tokens: Tokens, draft: Draft, before: list[Draft], units: Units) -> tuple[int, int] | None:
    """Returns the noun of the last number that has one, if the words around this number point back to it."""
    counted = [other for other in before if is_counted(tokens, other)]
    if not counted or draft.first - counted[-1].last > _REACH:
        return None
    points_back = _has_pronoun(tokens, draft) or _follows_pronoun(tokens, draft) or _is_restated(tokens, draft)
    return counted[-1].noun if points_back or _is_part(tokens, draft, counted[-1], units) else None


def is_counted(tokens: Tokens, draft: Draft) -> bool:
    """Whether the number counts something that others may share; not what happened to people ("12 dead")."""
    return draft.noun is not None and draft.kind == "count" and tokens.words[draft.noun[1] - 1] not in FATES


def _has_pronoun(tokens: Tokens, draft: Draft) -> bool:
    """ "36 of them", "half of those, ..."; not "half of those surveyed"."""
    pronoun = tokens.word(draft.last + 1)
    if tokens.word(draft.last) != "of" or pronoun not in _PRONOUNS:
        return False
    return pronoun not in _DETERMINERS or is_stop(tokens, draft.last + 2)


def _follows_pronoun(tokens: Tokens, draft: Draft) -> bool:
    """ "Of these, 12 fled"; "of them 12 were children"."""
    last = draft.first - 2 if tokens.word(draft.first - 1) == "," else draft.first - 1
    return tokens.word(last) in _PRONOUNS and tokens.word(last - 1) == "of"


def _is_restated(tokens: Tokens, draft: Draft) -> bool:
    """ "Gave the number as nine", "put the figure at nine": what was counted before."""
    return tokens.word(draft.first - 1) in _RESTATING and tokens.word(draft.first - 2) in _TOTALS


def _is_part(tokens: Tokens, draft: Draft, whole: Draft, units: Units) -> bool:
    """Whether the number is the subject of a sentence and may be some of what the sentence before counts.

    It counts people: "Twelve were freed", "only 12 applied"; or what remains: "only three remained".
    """
    only = tokens.word(draft.first - 1) in _FOCUS
    after = tokens.word(draft.last)
    opens = tokens.opens_sentence(draft.first - 1 if only else draft.first)
    if draft.high > whole.high or not ((opens and after in _SUBJECT_VERBS) or (only and after.endswith("ed"))):
        return False
    noun = tokens.words[whole.noun[1] - 1] if whole.noun else ""
    if not (only and after.startswith("remain")) and not _are_people(noun, units):
        return False
    between = tokens.words[whole.last : draft.first]
    return between.count(".") == 1 and not any(word[0] == "\n" for word in between)


def _are_people(noun: str, units: Units) -> bool:
    """Whether the noun is in the tables as one for people, or may be one by its ending: "miners"."""
    noun_class = units.find_noun_class(noun)
    return noun_class in _PEOPLE or (noun_class == "other" and noun.endswith(_ENDINGS_OF_PEOPLE))

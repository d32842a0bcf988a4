"""Words that bound a number ("as many as", "or more") or make it a change ("another", "rose by")."""

from typing import Any, Final, TypeVar, cast

from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens
from pipelines.text.tables import load_typed_table
from schemas.fields import Change, Modifier

_Meaning = TypeVar("_Meaning", Modifier, Change)

VERB_REACH: Final = 4
"""Tokens between a verb of change and its number: "rose by another", "fell a further"."""
_OBJECT_REACH: Final = 5
"""Tokens back from "by" to its verb: "cut its main interest rate by"."""


def _load() -> dict[str, Any]:
    return load_typed_table(__package__, "bounds.yaml")


_TABLE: Final = _load()


def _phrases(section: dict[str, list[str]]) -> dict[str, str]:
    return {phrase: meaning for meaning, phrases in section.items() for phrase in phrases}


_BEFORE: Final = cast(dict[str, Modifier], _phrases(_TABLE["before"]))
_AFTER: Final = cast(dict[str, Modifier], _phrases(_TABLE["after"]))
_CHANGE_BEFORE: Final = cast(dict[str, Change], _phrases(_TABLE["change_before"]))
_CHANGE_AFTER: Final = cast(dict[str, Change], _phrases(_TABLE["change_after"]))
_LONGEST: Final = max(len(phrase.split()) for phrase in (*_BEFORE, *_AFTER, *_CHANGE_BEFORE, *_CHANGE_AFTER))
"""Most tokens in a phrase of the table."""
_LAST_BEFORE: Final = frozenset(phrase.split()[-1] for phrase in (*_BEFORE, *_CHANGE_BEFORE))
_FIRST_AFTER: Final = frozenset(phrase.split()[0] for phrase in (*_AFTER, *_CHANGE_AFTER))
_WEAK: Final = frozenset((*_TABLE["weak_rising"], *_TABLE["weak_falling"]))
RISING: Final = frozenset((*_TABLE["rising"], *_TABLE["weak_rising"]))
FALLING: Final = frozenset((*_TABLE["falling"], *_TABLE["weak_falling"]))
TALLIES: Final = frozenset(_TABLE["tallies"])
_LINKS: Final = frozenset(_TABLE["links"])
_MOVING: Final = frozenset(_TABLE["moving"])
_PHRASAL: Final = frozenset(_TABLE["phrasal"])
_BEING: Final = WORDS["being"] | {"now"}
_TALLY_REACH: Final = 8
"""Tokens back from "is up to" to the tally: "the toll of the blast is now up to 19"."""


def read_bound_before(tokens: Tokens, first: int) -> tuple[Modifier, Change | None, int]:
    """Returns modifier and change from the words before token `first`, and the first token of the bound.

    Words of change ("an additional") are read, but they belong to the bound only if more bound words precede them.
    """
    modifier: Modifier = "exact"
    change: Change | None = None
    start = outer = first
    while True:
        bound = _find_ending_at(tokens, outer, _BEFORE) if modifier in ("exact", "approx") else None
        if bound and not _arrives_at(tokens, bound[1], outer):
            if modifier == "exact" or bound[0] != "approx":
                modifier = bound[0]
            start = outer = bound[1]
            continue
        added = _find_ending_at(tokens, outer, _CHANGE_BEFORE) if change is None else None
        if added is None:
            return modifier, change or _find_change_by_verb(tokens, outer), start
        change, outer = added


def _arrives_at(tokens: Tokens, start: int, end: int) -> bool:
    """Whether "up to" says where something rose to: "crept back up to 4.8 percent", "the toll is up to 19"."""
    if tokens.words[start:end] != ["up", "to"]:
        return False
    before = start - 1
    if tokens.word(before) in _MOVING:
        return True
    while tokens.word(before) in _BEING:
        before -= 1
    return before < start - 1 and not TALLIES.isdisjoint(tokens.words[max(0, before - _TALLY_REACH) : before + 1])


def _find_ending_at(tokens: Tokens, index: int, phrases: dict[str, _Meaning]) -> tuple[_Meaning, int] | None:
    if tokens.word(index - 1) not in _LAST_BEFORE:
        return None
    for length in range(min(_LONGEST, index), 0, -1):
        meaning = phrases.get(" ".join(tokens.words[index - length : index]))
        if meaning is not None:
            return meaning, index - length
    return None


def _find_change_by_verb(tokens: Tokens, first: int) -> Change | None:
    if tokens.word(first - 1) == "by":
        return _find_change_by(tokens, first - 2)
    reached = False
    for index in range(first - 1, max(-1, first - 1 - VERB_REACH), -1):
        word = tokens.words[index]
        if word in TALLIES or word in ("total", "totals"):
            return "total" if index < first - 1 else None
        if word in _WEAK and tokens.words[first - 1] != "to":
            return None
        if word in RISING or word in FALLING:
            return _name_change(tokens, index, reached)
        if word not in _LINKS:
            return None
        reached = reached or word in ("to", "at")
    return None


def _name_change(tokens: Tokens, index: int, reached: bool) -> Change | None:
    """Names the change of the verb at the token; None for a verb like "shot down"."""
    word = tokens.words[index]
    if word in ("up", "down") and tokens.word(index - 1) in _PHRASAL:
        return None
    return "total" if reached else "up" if word in RISING else "down"


def _find_change_by(tokens: Tokens, last: int) -> Change | None:
    """Allows for the verb's object before "by": "cut its rates by 5 percent"."""
    for index in range(last, max(-1, last - _OBJECT_REACH), -1):
        word = tokens.words[index]
        if word in RISING:
            return "up"
        if word in FALLING:
            return "down"
        if not word[0].isalnum():
            return None
    return None


def read_bound_after(tokens: Tokens, index: int) -> tuple[Modifier | None, Change | None, int]:
    """Returns modifier and change from the words at the token, and the token after them: "or more", "more"."""
    if tokens.word(index) not in _FIRST_AFTER:
        return None, None, index
    for length in range(min(_LONGEST, tokens.size - index), 0, -1):
        phrase = " ".join(tokens.words[index : index + length])
        end = index + length
        if phrase in _AFTER and not tokens.word(index) == "+" == tokens.word(end):
            return _AFTER[phrase], None, end
        if phrase in _CHANGE_AFTER and tokens.word(end) not in ("than", "-"):
            return None, _CHANGE_AFTER[phrase], end
    return None, None, index

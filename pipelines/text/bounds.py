"""Words that bound a number ("as many as", "or more") or tell how it changes something ("another", "rose by")."""

from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import yaml

from pipelines.text.figure_tokens import Tokens
from schemas.fields import Change, Modifier

_LONGEST: Final = 5
"""Most tokens in a phrase of the table."""
_VERB_REACH: Final = 3
"""Tokens between a verb of change and its number: "rose by another", "fell a further"."""


@dataclass(slots=True, frozen=True)
class Bound:
    """What stands around a number: its modifier and change, and the tokens from `first` to before `last`."""

    modifier: Modifier
    change: Change | None
    first: int
    last: int
    outer: int
    """First token of all words before the number that belong to it, those of change included."""


def _load() -> dict[str, Any]:
    text = resources.files("pipelines.text").joinpath("tables/bounds.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


_TABLE: Final = _load()


def _phrases(section: dict[str, list[str]]) -> dict[str, str]:
    return {phrase: meaning for meaning, phrases in section.items() for phrase in phrases}


_BEFORE: Final = _phrases(_TABLE["before"])
_AFTER: Final = _phrases(_TABLE["after"])
_CHANGE_BEFORE: Final = _phrases(_TABLE["change_before"])
_CHANGE_AFTER: Final = _phrases(_TABLE["change_after"])
_LAST_BEFORE: Final = frozenset(phrase.split()[-1] for phrase in (*_BEFORE, *_CHANGE_BEFORE)) | {"sub"}
_FIRST_AFTER: Final = frozenset(phrase.split()[0] for phrase in (*_AFTER, *_CHANGE_AFTER)) | {"-"}
RISING: Final = frozenset(_TABLE["rising"])
FALLING: Final = frozenset(_TABLE["falling"])
TALLIES: Final = frozenset(_TABLE["tallies"])
_BETWEEN: Final = frozenset("by to at a an the some about around nearly another further up down just its".split())


def bound_before(tokens: Tokens, first: int) -> tuple[Modifier, Change | None, int, int]:
    """Modifier and change from the words before token `first`; where the bound words start; where all of them do."""
    modifier, start = "exact", first
    change: str | None = None
    outer = first
    for _ in range(3):
        found = _ending_at(tokens, outer, _BEFORE) if modifier in ("exact", "approx") else None
        if found:
            modifier, outer = (found[0] if modifier == "exact" or found[0] != "approx" else modifier), found[1]
            start = outer
            continue
        found = _ending_at(tokens, outer, _CHANGE_BEFORE) if change is None else None
        if found is None:
            break
        change, outer = found
    return modifier, change or _change_by_verb(tokens, outer), start, outer  # type: ignore[return-value]


def _ending_at(tokens: Tokens, index: int, phrases: dict[str, str]) -> tuple[str, int] | None:
    if tokens.word(index - 1) not in _LAST_BEFORE and tokens.word(index - 1) != "-":
        return None
    for length in range(min(_LONGEST, index), 0, -1):
        phrase = " ".join(tokens.words[index - length : index])
        if phrase in phrases:
            return phrases[phrase], index - length
        if phrase == "sub -":
            return "less_than", index - length
    return None


def _change_by_verb(tokens: Tokens, first: int) -> Change | None:
    to = False
    for index in range(first - 1, max(-1, first - 1 - _VERB_REACH), -1):
        word = tokens.words[index]
        if word in RISING or word in FALLING:
            if to:
                return "total"
            return "up" if word in RISING else "down"
        if word not in _BETWEEN:
            return None
        to = to or word in ("to", "at")
    return None


def bound_after(tokens: Tokens, index: int) -> tuple[Modifier | None, Change | None, int]:
    """Modifier and change from the words at the token, and the token after them: "or more", "more"."""
    if tokens.word(index) not in _FIRST_AFTER:
        return None, None, index
    for length in range(min(_LONGEST, tokens.size - index), 0, -1):
        phrase = " ".join(tokens.words[index : index + length])
        if phrase in _AFTER or phrase == "- odd":
            return _AFTER.get(phrase, "approx"), None, index + length  # type: ignore[return-value]
        if phrase in _CHANGE_AFTER and tokens.word(index + length) != "than":
            return None, _CHANGE_AFTER[phrase], index + length  # type: ignore[return-value]
    return None, None, index

"""The noun phrase after a number: what is counted, with its head noun last."""

from importlib import resources
from typing import Any, Final

import yaml

from pipelines.text.figure_tokens import Tokens
from pipelines.text.units import Units

_REACH: Final = 8
"""Most words in a noun phrase."""


def load_context() -> dict[str, frozenset[str]]:
    """The word lists of tables/figure_context.yaml."""
    text = resources.files("pipelines.text").joinpath("tables/figure_context.yaml").read_text(encoding="utf-8")
    lists: dict[str, Any] = yaml.safe_load(text)
    return {name: frozenset(words.split()) for name, words in lists.items()}


_CONTEXT: Final = load_context()
STOPS: Final = _CONTEXT["stops"]
_PLURALS: Final = _CONTEXT["plurals"]
_NOT_PLURALS: Final = _CONTEXT["not_plurals"]
_MODIFIERS: Final = _CONTEXT["modifying_plurals"]
_OPENING: Final = frozenset("\"“‘'«")
_DETERMINERS: Final = frozenset("the its their his her our my these those all this that first last".split())
_FATES: Final = frozenset("killed wounded injured dead missing captured hurt arrested detained".split())


def is_plural(word: str) -> bool:
    """Whether the word may be a plural noun, by its form."""
    if word in _PLURALS:
        return True
    return (
        len(word) > 2
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s", "ous"))
        and word not in _NOT_PLURALS
        and word.isalpha()
    )


def noun_phrase(tokens: Tokens, index: int, units: Units) -> tuple[int, int] | None:
    """First token and end of the noun phrase that starts at the token: "highly armed volunteer soldiers"."""
    start = _skip_opening(tokens, index)
    head = singular = None
    position = start
    while position < tokens.size and position - start < _REACH:
        word = tokens.words[position]
        if word == "-" and tokens.glued(position) and tokens.glued(position + 1):
            position += 1
            continue
        if head is not None:
            break
        if word in _OPENING and position == start:
            position += 1
            continue
        if word == "and" and position > start and _joins(tokens, position):
            position += 1
            continue
        if word in STOPS or not word[0].isalpha():
            break
        if is_plural(word) and not (word in _MODIFIERS and is_plural(tokens.word(position + 1))):
            head = position + 1
        else:
            singular = position + 1
        position += 1
    if head is None:
        head = _singular_head(tokens, start, singular, units)
    return None if head is None else (_trim(tokens, start, head), head)


def _skip_opening(tokens: Tokens, index: int) -> int:
    while tokens.word(index) in _OPENING and tokens.word(index):
        index += 1
    return index


def _joins(tokens: Tokens, index: int) -> bool:
    """Whether the "and" joins two modifiers of one noun: "460 Kia and Hyundai vehicles"."""
    return (
        tokens.word(index - 1) not in STOPS
        and tokens.word(index + 1)[:1].isalpha()
        and tokens.word(index + 1) not in STOPS
        and not is_plural(tokens.word(index + 1))
        and is_plural(tokens.word(index + 2))
    )


def _singular_head(tokens: Tokens, start: int, end: int | None, units: Units) -> int | None:
    if end is None:
        return None
    if tokens.words[start] in _FATES:
        return start + 1
    while (
        end > start
        and tokens.words[end - 1].endswith(("ed", "ly", "ing"))
        and units.noun_class(tokens.words[end - 1]) == "other"
    ):
        end -= 1
    if end == start or end - start > 4:
        return None
    return end


def _trim(tokens: Tokens, start: int, head: int) -> int:
    """Drops adverbs and the participles after them from the front: "highly armed volunteer soldiers"."""
    while start < head - 1 and tokens.words[start].endswith("ly"):
        start += 1
        if start < head - 1 and tokens.words[start].endswith("ed"):
            start += 1
    return start


def after_of(tokens: Tokens, index: int) -> int | None:
    """The token where the noun phrase after "of (the)" starts, or none."""
    if tokens.word(index) != "of":
        return None
    index += 1
    while tokens.word(index) in _DETERMINERS:
        index += 1
    return index

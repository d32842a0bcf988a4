"""Numbers in names: "Channel Four", "the Group of Seven", "Leopard 2 tanks", "a 787 Dreamliner"."""

from typing import Final

from pipelines.text.figures.counted.nouns import is_plural
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens

_LABELS: Final = WORDS["labels"]
_STOPS: Final = WORDS["stops"]
_NOT_MODELS: Final = WORDS["months"] | _STOPS
_PLACING: Final = WORDS["placing"]
_BEFORE_MODELS: Final = WORDS["before_models"]
_REACH: Final = 8
"""Tokens on each side in which small letters show that a text is not a headline with capitals."""
_LEAST_LETTERS: Final = 4
"""Letters of a word that headlines with capitals write with one."""
_GREATEST_MODEL: Final = 9
"""Digits up to this before a plural may be part of a name, because news spells small counts out."""
_LEAST_MODEL: Final = 100
"""The least number that begins a name of its own: "a 787 Dreamliner"."""


def is_in_name(tokens: Tokens, draft: Draft) -> bool:
    """ "Channel Four", "Chapter Twelve", "the Five Star Party": a number in words that has a capital like a name."""
    first, last = draft.numeral.first, draft.numeral.last
    if not tokens.is_capitalised(first):
        return False
    if _is_in_running_text(tokens, first):
        return True
    if not tokens.is_capitalised(first - 1):
        return False
    if last == first + 1 and not tokens.opens_sentence(first - 1):
        return draft.unit is None and not is_plural(tokens.word(last)) and not tokens.is_capitalised(last)
    return tokens.word(first - 1) in _LABELS


def _is_in_running_text(tokens: Tokens, index: int) -> bool:
    """Whether the token is inside a sentence in which capitals mark names, not every word."""
    if not tokens.word(index - 1)[-1:].isalpha() or tokens.written(index).isupper():
        return False
    for step in (-1, 1):
        for at in range(index + step, index + step * (_REACH + 1), step):
            word = tokens.word(at)
            if word[:1] in ("", "\n"):
                break
            if len(word) >= _LEAST_LETTERS and word not in _STOPS and tokens.written(at).islower():
                return True
    return False


def is_after_model(tokens: Tokens, draft: Draft) -> bool:
    """Whether the number follows a name in capitals: "Zenit 5", "iPhone 11", not "Kill 5" or "NOW 5"."""
    name = draft.numeral.first - 1
    written = tokens.written(name)
    if tokens.opens_sentence(name) and (written.isupper() or not any(map(str.isupper, written[1:]))):
        return False
    if not any(map(str.isupper, written)):
        return False
    return not is_plural(tokens.word(draft.numeral.last)) or _is_small_model(tokens, draft, name)


def _is_small_model(tokens: Tokens, draft: Draft, name: int) -> bool:
    """ "Leopard 2 tanks"; not "in Galmouth 2 tanks" or "on Monday 2 tanks"."""
    if draft.numeral.high > _GREATEST_MODEL or tokens.words[name] in _NOT_MODELS or tokens.opens_sentence(name):
        return False
    return tokens.word(name - 1) not in _PLACING


def begins_name(tokens: Tokens, draft: Draft) -> bool:
    """Whether number and noun are one name: "a 787 Dreamliner", "Seven Network said"."""
    if draft.noun is None or draft.noun[0] != draft.numeral.last or tokens.word(draft.noun[1])[:1].isdecimal():
        return False
    first, head = draft.numeral.first, draft.noun[1] - 1
    if is_plural(tokens.words[head]) or not all(map(tokens.is_capitalised, range(*draft.noun))):
        return False
    if draft.numeral.plain:
        return draft.numeral.low >= _LEAST_MODEL and tokens.word(first - 1) in _BEFORE_MODELS
    return draft.numeral.form == "words" and tokens.is_capitalised(first) and tokens.written(head + 1).islower()

"""The noun phrase after a number: what is counted, with its head noun last."""

from typing import Final

from pipelines.text.figures.context_words import WORDS
from pipelines.text.figures.number_words import SMALL, TENS
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Units

_REACH: Final = 9
"""Most tokens in a noun phrase."""
_SINGULAR_REACH: Final = 4
"""Most words in a noun phrase without a plural."""


_STOPS: Final = WORDS["stops"]
_PLURALS: Final = WORDS["plurals"]
_NOT_PLURALS: Final = WORDS["not_plurals"]
_MODIFIERS: Final = WORDS["modifying_plurals"]
_VERBS_FIRST: Final = WORDS["verbs_first"]
FATES: Final = WORDS["fates"]
_NUMBERS: Final = frozenset((*SMALL, *TENS))
_OPENING: Final = frozenset("\"“‘'«„")
_CLOSING: Final = frozenset("\"”’'»“")
_DETERMINERS: Final = WORDS["determiners"]
_NAMES: Final = frozenset(("US", "WHO", "IT"))


def is_plural(word: str) -> bool:
    """Whether the word may be a plural noun, by its form."""
    if word in _PLURALS:
        return True
    return (
        len(word) > 2
        and word[-1] == "s"
        and word.isalpha()
        and not word.endswith(("ss", "us", "is", "ous"))
        and word not in _NOT_PLURALS
    )


def is_stop(tokens: Tokens, index: int) -> bool:
    """Whether no noun phrase goes on at this token."""
    word = tokens.word(index)
    if not word or not word[0].isalpha():
        return True
    if word not in _STOPS or tokens.surface[index] in _NAMES:
        return False
    return not (tokens.glued(index) and tokens.words[index - 1] == "-")


def noun_phrase(tokens: Tokens, index: int, units: Units, *, many: bool = False) -> tuple[int, int] | None:
    """First token and end of the noun phrase that starts at the token: "highly armed volunteer soldiers".

    `many`: the number before it calls for a plural, or for a noun known to do without.
    """
    start = position = _skip(tokens, index, _OPENING)
    words: list[int] = []
    while position < tokens.size and position - start < _REACH:
        word = tokens.words[position]
        if _continues(tokens, position, start):
            position += 1
            continue
        if word[0].isdecimal() and not words:
            after = _after_measure(tokens, position, units)
            if after == position:
                break
            position = after
            continue
        if is_stop(tokens, position) or (not words and word in _VERBS_FIRST and not _is_head(tokens, position + 1)):
            break
        if word in _NUMBERS and not tokens.glued(position):
            break
        words.append(position)
        position += 1
        if is_plural(word) and not (word in _MODIFIERS and _is_head(tokens, position)):
            return _trim(tokens, start, position), position
    end = _singular_head(tokens, words, units, many)
    return None if end is None else (_trim(tokens, words[0], end), end)


def _skip(tokens: Tokens, index: int, signs: frozenset[str]) -> int:
    limit = index + 3
    while index < limit and tokens.word(index) in signs:
        index += 1
    return index


def _continues(tokens: Tokens, index: int, start: int) -> bool:
    """Whether the token only joins words of the phrase: a hyphen, an "and" between modifiers, a closing quote."""
    word = tokens.words[index]
    if index == start:
        return False
    if word == ".":
        return tokens.glued(index) and len(tokens.words[index - 1]) == 1 and tokens.capitalised(index - 1)
    if word == "-" or word == "‑":
        return tokens.glued(index) and tokens.glued(index + 1)
    if word[0].isdecimal():
        return tokens.glued(index) and tokens.words[index - 1] == "-"
    if word == "and" or word == ",":
        return _joins(tokens, index)
    return (
        word in _CLOSING
        and word in "”’\"'»"
        and not is_plural(tokens.words[index - 1])
        and tokens.word(index + 1).isalpha()
    )


def _joins(tokens: Tokens, index: int) -> bool:
    """Whether "and" or a comma joins two modifiers of one noun: "460 Kia and Hyundai vehicles"."""
    return (
        not is_stop(tokens, index - 1)
        and not is_stop(tokens, index + 1)
        and not is_plural(tokens.words[index + 1])
        and any(_is_head(tokens, index + ahead) for ahead in (2, 3))
    )


def _is_head(tokens: Tokens, index: int) -> bool:
    """Whether a plural noun stands at the token, or one word on."""
    if is_stop(tokens, index):
        return False
    return is_plural(tokens.words[index])


def _after_measure(tokens: Tokens, index: int, units: Units) -> int:
    """The token after a measure that describes the noun: "six 155mm howitzers", "two 500-pound bombs"."""
    at = index + 1
    if tokens.word(at) == "-":
        at += 1
    found = units.after(tokens, at, digits=True) if at < tokens.size else None
    at = found[1] if found else at + 1 if tokens.glued(at) else index
    if at > index and tokens.word(at) == "-" and tokens.word(at + 1) == "old":
        at += 2
    return at


def _singular_head(tokens: Tokens, words: list[int], units: Units, many: bool) -> int | None:
    """Where a phrase without a plural ends: "5 launch sites" has one, "36,000 staff", "12 page document" have none."""
    if not words or tokens.words[words[-1]].endswith("'s"):
        return None
    if tokens.words[words[0]] in FATES:
        return words[0] + 1
    if len(words) == 1 and many and _unknown(tokens, words[0], units) and tokens.surface[words[0]].islower():
        return None  # what follows many and is no plural is a verb: "thousands descend on the town"
    if tokens.words[words[0]].endswith("ed") and _unknown(tokens, words[0], units):
        return None
    end = len(words)
    while (
        end and tokens.words[words[end - 1]].endswith(("ed", "ly", "ing")) and _unknown(tokens, words[end - 1], units)
    ):
        end -= 1
    if end == 0 or end > _SINGULAR_REACH:
        known = [word for word in words[:3] if not tokens.capitalised(word) and not _unknown(tokens, word, units)]
        return known[0] + 1 if known else None
    if end > 1 and not tokens.capitalised(words[0]) and not _unknown(tokens, words[0], units):
        return words[0] + 1
    return words[end - 1] + 1


def _unknown(tokens: Tokens, index: int, units: Units) -> bool:
    return units.noun_class(tokens.words[index]) == "other"


def _trim(tokens: Tokens, start: int, head: int) -> int:
    """Drops adverbs and the participles after them from the front: "highly armed volunteer soldiers"."""
    for index in range(start, head - 1):
        if tokens.words[index].endswith(("'s", "s'")):
            start = index + 1
    while start < head - 1 and tokens.words[start].endswith("ly") and tokens.words[start] not in ("family", "daily"):
        start += 1
        if start < head - 1 and tokens.words[start].endswith("ed"):
            start += 1
    return start


def after_determiner(tokens: Tokens, index: int, *, bare: bool) -> int:
    """The token where the noun phrase after "of the" starts; `bare`: also after "the" alone ("half the fleet")."""
    if tokens.word(index) == "of":
        index += 1
    elif not bare:
        return index
    limit = index + 3
    while index < limit and tokens.word(index) in _DETERMINERS:
        index += 1
    if tokens.word(index) in ("first", "last", "initial", "original"):
        index += 1
    return index

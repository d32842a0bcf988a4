"""Counts, scales and percent in other languages than English: "9.087 unerlaubte Einreisen", "300 mil empleos"."""

from dataclasses import replace
from itertools import pairwise
from typing import Final

from pipelines.text.figures.digits import read_digits
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.excluded.exclusions import is_excluded
from pipelines.text.figures.foreign.words import Language
from pipelines.text.figures.number_words import Numeral
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Units

_MOST_BEFORE_NOUN: Final = 3
"""Most words between a number and its noun: "474 solcher illegalen Einreisen"."""
_SHORTEST_NOUN: Final = 3
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2099
"""After the name of a month, numbers from the first to the last are years: "im Juni 2021"."""
_DIGITS_OF_A_GROUP: Final = 3


def read_scale(tokens: Tokens, numeral: Numeral, words: Language) -> Numeral:
    """Adds the scale after the number: "4,6 Millionen", "48 тысяч", "2,5 Mrd."."""
    scale = words.scales.get(tokens.word(numeral.last))
    if scale is None:
        return numeral
    last = numeral.last + 1
    if tokens.word(last) == "." and tokens.is_glued(last) and tokens.word(last + 1).isalpha():
        last += 1
    if tokens.word(last) in words.of:
        last += 1
    if tokens.word(last) == "'":
        last += 1
    return replace(numeral, last=last, low=numeral.low * scale, high=numeral.high * scale, scale=scale, plain=False)


def read_count(tokens: Tokens, draft: Draft, words: Language, units: Units) -> bool:
    """Reads what the number without a unit counts, with the bound before it; returns whether it counts anything."""
    before = tokens.word(draft.first - 1)
    if draft.numeral.low < 0 or before in words.labels:
        return False
    noun = _find_noun(tokens, draft.last, words)
    is_named = before in words.stops and tokens.is_capitalised(draft.first - 1)  # a month is not the name of a model
    follows_month = noun is not None and is_named and not _FIRST_YEAR <= draft.low <= _LAST_YEAR
    if not follows_month and is_excluded(tokens, draft):
        return False
    if _read_percent(tokens, draft, words, units):
        return True
    draft.noun = (noun, noun + 1) if noun is not None else None
    return not draft.low % 1 and (noun is not None or _is_grouped(tokens, draft, words))


def read_bound(tokens: Tokens, draft: Draft, words: Language) -> None:
    """Reads the phrase before the number that bounds it: "mindestens 60", "por lo menos 40"."""
    if _read_lower_end(tokens, draft, words):
        return
    for phrase, modifier in words.bounds.items():
        start = draft.first - len(phrase)
        if start >= 0 and tuple(tokens.words[start : draft.first]) == phrase:
            draft.modifier, draft.first = modifier, start
            return


def _read_lower_end(tokens: Tokens, draft: Draft, words: Language) -> bool:
    """Reads the other end of a range: "25 000 bis 28 000", "від 24 до 26 млн", "entre 35 et 40"; False without one."""
    joint = draft.numeral.first - 1
    end = joint - 1
    start = end
    while _is_group(tokens, start) and tokens.words[start - 1].isdecimal():
        start -= 1
    low = read_digits("".join(tokens.words[start : end + 1]), decimal_comma=True) if end >= 0 else None
    if low is None:
        return False
    is_and = tokens.words[joint] in words.ands and tokens.word(start - 1) in words.between
    if low >= draft.numeral.high or not (tokens.words[joint] in words.joints or is_and):
        return False
    scaled = low * draft.numeral.scale
    draft.low, draft.modifier, draft.first = scaled if scaled < draft.high else low, "range", start
    return True


def _is_group(tokens: Tokens, index: int) -> bool:
    """Whether the token is the last three digits of a number with spaces: "000" of "25 000"."""
    return index > 0 and len(tokens.words[index]) == _DIGITS_OF_A_GROUP and tokens.words[index].isdecimal()


def _read_percent(tokens: Tokens, draft: Draft, words: Language, units: Units) -> bool:
    for phrase in words.percent:
        end = draft.last + len(phrase)
        if tuple(tokens.words[draft.last : end]) == phrase:
            draft.unit, draft.kind, draft.last = units.get("percent"), "percent", end
            return True
    return False


def _is_grouped(tokens: Tokens, draft: Draft, words: Language) -> bool:
    """Whether the number is surely a quantity: "auf 1.903, allein im Oktober"; not "16.00" or "12"."""
    is_clock = tokens.word(draft.last) in words.stops - words.joints - words.ands
    return not draft.numeral.plain and draft.numeral.low.as_tuple().exponent == 0 and not is_clock


def _find_noun(tokens: Tokens, first: int, words: Language) -> int | None:
    """Returns the token of what is counted; an adjective stands for it if no noun follows: "600 пожарных тушат"."""
    adjective = None
    for index in range(first, min(first + _MOST_BEFORE_NOUN + 1, tokens.size)):
        word = tokens.words[index]
        if not word.isalpha() or word in words.stops:
            return adjective
        if words.capitals:
            if tokens.is_capitalised(index):
                return index
        elif word in words.adjectives or (words.endings and word.endswith(words.endings)):
            adjective = index
        else:
            return index if _may_be_noun(word, words) else adjective
    return adjective


def _may_be_noun(word: str, words: Language) -> bool:
    if len(word) < _SHORTEST_NOUN or (words.plurals and not word.endswith(words.plurals)):
        return False
    return not (words.verbs and word.endswith(words.verbs))


def complete_counts(tokens: Tokens, drafts: list[Draft]) -> list[Draft]:
    """Drops the lower ends of ranges, and gives each number without a noun that of the next one in its sentence."""
    kept = [left for left, right in pairwise([*drafts, None]) if left and not (right and right.first <= left.first)]
    for left, right in zip(reversed(kept[:-1]), reversed(kept[1:]), strict=True):
        if left.noun is None and left.kind == "count" and "." not in tokens.words[left.last : right.first]:
            left.noun = right.noun
    return kept

"""The noun phrase after a number: what is counted, with its head noun last."""

from typing import Final

from pipelines.text.figures.number_words import SMALL, TENS, WORDS
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
_DESCRIBING_FATES: Final = WORDS["describing_fates"]
_BEFORE_FATES: Final = WORDS["before_fates"]
_NUMBERS: Final = frozenset((*SMALL, *TENS))
_OPENING: Final = frozenset("\"“‘'«„")
_CLOSING: Final = frozenset("\"”’'»“")
_DETERMINERS: Final = WORDS["determiners"]
_AFTER_DETERMINERS: Final = WORDS["after_determiners"]
_NOT_ADVERBS: Final = WORDS["not_adverbs"]
_NAMES: Final = WORDS["names_like_stops"]
_DEGREES: Final = WORDS["degrees"]
_VERBS_OR_PLURALS: Final = WORDS["verbs_or_plurals"]
_NAME_PLURALS: Final = WORDS["plurals_in_names"]
_MOST_AHEAD: Final = 5
"""Most tokens from a word inside a noun phrase to its head: "most powerful White House officials"."""


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
    """Whether a noun phrase ends before this token."""
    word = tokens.word(index)
    if not word or not word[0].isalpha():
        return True
    if word not in _STOPS or tokens.written(index) in _NAMES:
        return False
    return not (tokens.is_glued(index) and tokens.words[index - 1] == "-")


def is_hyphen(tokens: Tokens, index: int) -> bool:
    """Whether the token joins the words on both sides: "full-size"."""
    return tokens.word(index) in ("-", "‑") and tokens.is_glued(index) and tokens.is_glued(index + 1)


def find_noun_phrase(tokens: Tokens, index: int, units: Units, *, many: bool = False) -> tuple[int, int] | None:
    """Returns the first token and the end of the noun phrase that starts at the token; None if there is none.

    With `many`, the number before it needs a plural, or a noun of the tables that has none ("36,000 staff").
    """
    start = position = _skip(tokens, index, _OPENING)
    words: list[int] = []
    while position < tokens.size and position - start < _REACH:
        word = tokens.words[position]
        if words and _ends_model(tokens, position):
            return _trim(tokens, start, position + 2), position + 2
        if _continues(tokens, position, start):
            position += 1
            continue
        if word[0].isdecimal() and not words:
            after = _after_measure(tokens, position, units)
            if after == position:
                break
            position = after
            continue
        if is_stop(tokens, position) or (not words and _may_be_verb(tokens, position)):
            break
        if word in _NUMBERS and not tokens.is_glued(position):
            break
        words.append(position)
        position += 1
        plural = is_plural(word) or (len(words) > 1 and word in _VERBS_OR_PLURALS)
        if plural and not _leads_on(tokens, position - 1):
            return _trim(tokens, start, position), position
    end = _find_singular_end(tokens, words, units, many)
    return None if end is None else (_trim(tokens, words[0], end), end)


def find_fate(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """Finds what happened to people, with the words that say how sure it is: "dead", "still missing", "feared dead"."""
    while tokens.word(index) in _BEFORE_FATES:
        index += 1
    describes = tokens.word(index) in _DESCRIBING_FATES and _is_head(tokens, index + 1)  # "30 dead bodies"
    return (index, index + 1) if tokens.word(index) in FATES and not describes else None


def _may_be_verb(tokens: Tokens, index: int) -> bool:
    """Whether the first word after a number is a verb: "14 percent back him"; not "half of her support"."""
    if tokens.words[index] not in _VERBS_FIRST or _is_head(tokens, index + 1):
        return False
    return tokens.word(index - 1) not in _DETERMINERS and not tokens.word(index - 1).endswith(("'s", "s'"))


def _ends_model(tokens: Tokens, index: int) -> bool:
    """Whether the plural of a name with a number ends here: "two Su-35s", "40 AK47s", "900 Boeing 737s"."""
    if not tokens.words[index].isdecimal() or tokens.word(index + 1) != "s" or not tokens.is_glued(index + 1):
        return False
    before = index - 2 if tokens.words[index - 1] == "-" else index - 1
    return tokens.is_capitalised(before)


def _is_inside_name(tokens: Tokens, index: int) -> bool:
    """ "six United Nations human rights treaties": the plural is part of a name before the noun that is counted."""
    return tokens.words[index] in _NAME_PLURALS and tokens.is_capitalised(index) and _has_head_ahead(tokens, index + 1)


def _leads_on(tokens: Tokens, index: int) -> bool:
    """Whether the noun phrase goes on after this plural."""
    return (_may_modify(tokens, index) and _is_head(tokens, index + 1)) or _is_inside_name(tokens, index)


def _has_head_ahead(tokens: Tokens, index: int) -> bool:
    """Whether a plural noun in small letters comes before the phrase ends."""
    for at in range(index, min(index + _MOST_AHEAD, tokens.size)):
        if is_stop(tokens, at) and not is_hyphen(tokens, at):
            return False
        if is_plural(tokens.words[at]) and not tokens.is_capitalised(at):
            return True
    return False


def _may_modify(tokens: Tokens, index: int) -> bool:
    """Whether a plural may come before the noun that is counted: "arms factories", "Hamas militants"."""
    return tokens.words[index] in _MODIFIERS or tokens.is_capitalised(index)


def _skip(tokens: Tokens, index: int, signs: frozenset[str]) -> int:
    limit = index + 3
    while index < limit and tokens.word(index) in signs:
        index += 1
    return index


def _continues(tokens: Tokens, index: int, start: int) -> bool:
    """Whether the token only joins words of the phrase: a hyphen, an "and" between modifiers, a word of degree."""
    word = tokens.words[index]
    if word in _DEGREES:
        return leads_to_head(tokens, index)
    if index == start:
        return False
    if word in ("of", "the"):
        return leads_to_head(tokens, index - (word == "the"))
    return _is_joint(tokens, index)


def _is_joint(tokens: Tokens, index: int) -> bool:
    """Whether the sign or word joins those on both sides of it: "U.S.", "T-72 tanks", "black or blue cars"."""
    word = tokens.words[index]
    if word == ".":
        return tokens.is_glued(index) and len(tokens.words[index - 1]) == 1 and tokens.is_capitalised(index - 1)
    if is_hyphen(tokens, index) or (word == "-" and _is_torn(tokens, index)):
        return True
    if word[0].isdecimal():
        return tokens.is_glued(index) and (tokens.words[index - 1] == "-" or tokens.is_capitalised(index - 1))
    if word in ("and", "or", ","):
        return _joins(tokens, index)
    return (
        word in _CLOSING
        and word in "”’\"'»"
        and not is_plural(tokens.words[index - 1])
        and tokens.word(index + 1).isalpha()
    )


def _is_torn(tokens: Tokens, index: int) -> bool:
    """Whether a space got into a name before its hyphen and number: "COVID -19 tests"."""
    return tokens.word(index + 1).isdecimal() and tokens.is_glued(index + 1) and tokens.written(index - 1).isupper()


def leads_to_head(tokens: Tokens, index: int) -> bool:
    """Whether the words after a degree or inside a name lead to a plural: "six most powerful officials".

    "Of" is inside a name if capitals are on both sides: "two Ministry of Defence officials".
    """
    if tokens.words[index] != "of":
        return _has_head_ahead(tokens, index + 1)
    after = index + 2 if tokens.word(index + 1) == "the" else index + 1
    return tokens.is_capitalised(index - 1) and tokens.is_capitalised(after) and _has_head_ahead(tokens, after)


def _joins(tokens: Tokens, index: int) -> bool:
    """Whether "and", "or" or a comma joins two modifiers of one noun: "460 Kia and Hyundai vehicles"."""
    return (
        not is_stop(tokens, index - 1)
        and not is_stop(tokens, index + 1)
        and not is_plural(tokens.words[index + 1])
        and any(_is_head(tokens, index + ahead) for ahead in (2, 3))
    )


def _is_head(tokens: Tokens, index: int) -> bool:
    """Whether a plural noun is at the token."""
    return not is_stop(tokens, index) and is_plural(tokens.words[index])


def _after_measure(tokens: Tokens, index: int, units: Units) -> int:
    """Skips a measure that describes the noun: "six 155mm howitzers", "two 500-pound bombs"."""
    at = index + 1
    if tokens.word(at) == "-":
        at += 1
    found = units.find_after(tokens, at, digits=True) if at < tokens.size else None
    at = found[1] if found else at + 1 if tokens.is_glued(at) else index
    if at > index and tokens.word(at) == "-" and tokens.word(at + 1) == "old":
        at += 2
    return at


def _find_singular_end(tokens: Tokens, words: list[int], units: Units, many: bool) -> int | None:
    """Returns the end of a phrase without a plural: "36,000 staff", "12 page document"; None if nothing is counted."""
    if not words or tokens.words[words[-1]].endswith("'s"):
        return None
    if tokens.words[words[0]] in FATES:
        return words[0] + 1
    if _is_verb(tokens, words, units, many):
        return None
    end = len(words)
    while (
        end and tokens.words[words[end - 1]].endswith(("ed", "ly", "ing")) and _unknown(tokens, words[end - 1], units)
    ):
        end -= 1
    if end == 0 or end > _SINGULAR_REACH:
        known = [word for word in words[:3] if not tokens.is_capitalised(word) and not _unknown(tokens, word, units)]
        return known[0] + 1 if known else None
    if end > 1 and not tokens.is_capitalised(words[0]) and not _unknown(tokens, words[0], units):
        return words[0] + 1
    return words[end - 1] + 1


def _is_verb(tokens: Tokens, words: list[int], units: Units, many: bool) -> bool:
    """Whether a verb follows the number, not a noun: "thousands descend on the town", "30 landed"."""
    first = words[0]
    if not _unknown(tokens, first, units):
        return False
    return tokens.words[first].endswith("ed") or (len(words) == 1 and many and tokens.written(first).islower())


def _unknown(tokens: Tokens, index: int, units: Units) -> bool:
    return units.find_noun_class(tokens.words[index]) == "other"


def _trim(tokens: Tokens, start: int, head: int) -> int:
    """Drops an owner, adverbs and the participles after them from the front: "highly armed volunteer soldiers"."""
    for index in range(start, head - 1):
        if tokens.words[index].endswith(("'s", "s'")):
            start = index + 1
    while start < head - 1 and tokens.words[start].endswith("ly") and tokens.words[start] not in _NOT_ADVERBS:
        start += 2 if is_hyphen(tokens, start + 1) else 1
        if start < head - 1 and tokens.words[start].endswith("ed"):
            start += 1
    return start


def skip_determiner(tokens: Tokens, index: int, *, bare: bool) -> int:
    """Returns the token after "of the". With `bare`, "the" alone is skipped too ("half the fleet")."""
    if tokens.word(index) == "of":
        index += 1
    elif not bare:
        return index
    limit = index + 3
    while index < limit and tokens.word(index) in _DETERMINERS:
        index += 1
    if tokens.word(index) in _AFTER_DETERMINERS:
        index += 1
    return index

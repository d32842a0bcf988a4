"""Numbers that are no figures: years, dates, clock times, scores, labels, names, ordinals, addresses, phone numbers."""

from typing import Final

from pipelines.text.figures.context_words import WORDS
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.nouns import is_plural, is_stop
from pipelines.text.figures.number_words import SMALL, TENS
from pipelines.text.figures.tokens import Tokens

_MONTHS: Final = WORDS["months"]
_LABELS: Final = WORDS["labels"]
_NAMED: Final = WORDS["named"]
_YEAR_CUES: Final = WORDS["year_cues"]
_STREETS: Final = WORDS["streets"]
_RANKS: Final = frozenset(["top", "bottom", "last", "first", "final"])
_CLOCK: Final = WORDS["clock"]
_HYPHENS: Final = frozenset("-–—")
_WORDS_BEFORE_HYPHEN: Final = WORDS["before_hyphen"]
_EMERGENCY: Final = WORDS["emergency"]
_SCREENS: Final = WORDS["screens"]
_LONGEST_PLAIN: Final = 12
"""Digits of the longest number written without separators; what is longer is a key."""
_POINTERS: Final = frozenset(["the", "all", "these", "those"])
_SHORT_LABELS: Final = frozenset(("no", "nos", "art", "fig", "p", "pp", "ch", "vol", "sec"))
_CENTURIES: Final = frozenset(("eighteen", "nineteen", "twenty"))
_YEARS: Final = frozenset((*TENS, *(word for word, value in SMALL.items() if value >= 10)))
_ORDINALS: Final = frozenset(["st", "nd", "rd", "th", "s"])


def is_excluded(tokens: Tokens, draft: Draft) -> bool:
    """Whether the number neither counts nor measures anything."""
    if _is_ago(tokens, draft):
        return True
    if draft.kind == "age":
        return False
    form = draft.numeral.form
    if form == "words":
        return _is_word_of_speech(tokens, draft)
    if form != "digits":
        return False
    if _is_glued(tokens, draft):
        return True
    if draft.unit and not _is_label(tokens, draft):
        return False
    return (
        draft.unit is None
        and (
            _is_clock_or_score(tokens, draft)
            or _is_date(tokens, draft)
            or _is_year(tokens, draft)
            or _is_number_of(tokens, draft)
        )
    ) or _is_label(tokens, draft)


def _is_ago(tokens: Tokens, draft: Draft) -> bool:
    return draft.kind == "duration" and tokens.word(draft.last) == "ago"


def _is_word_of_speech(tokens: Tokens, draft: Draft) -> bool:
    """ "one" as determiner or pronoun, and numbers inside names ("Channel Four", "Kick Six")."""
    numeral = draft.numeral
    single = numeral.last == numeral.first + 1
    if draft.unit is None and _is_spoken_year(tokens, numeral.first, numeral.last):
        return True
    if numeral.low == 0 and draft.unit is None and draft.noun is None and not _counts(tokens, numeral.last):
        return True
    if numeral.low == 1 and single:
        return not _is_one_of_two(tokens, numeral.last) and (draft.unit is None or _is_one_day(tokens, draft))
    before, first = tokens.word(numeral.first - 1), numeral.first
    if before in _HYPHENS and tokens.glued(first) and tokens.glued(first - 1):
        return True
    if tokens.word(numeral.last) == "-" and draft.unit is None and tokens.glued(numeral.last + 1) and not draft.noun:
        return True
    bare = draft.unit is None and draft.noun is None and is_stop(tokens, numeral.last)
    if bare and (before in _RANKS or (before in _POINTERS and numeral.low <= 12 and tokens.word(numeral.last) != "of")):
        return True
    if single and tokens.capitalised(first) and tokens.capitalised(first - 1) and not tokens.opens_sentence(first - 1):
        return draft.unit is None and not is_plural(tokens.word(numeral.last)) and not tokens.capitalised(numeral.last)
    return before in _LABELS and tokens.capitalised(first - 1) and tokens.capitalised(first)


def _is_spoken_year(tokens: Tokens, first: int, last: int) -> bool:
    """ "nineteen eighty-four", "twenty twenty-four": both halves."""
    before, after = tokens.word(first - 1), tokens.word(last)
    return (tokens.words[last - 1] in _CENTURIES and after in _YEARS) or (
        before in _CENTURIES and tokens.words[first] in _YEARS
    )


def _is_one_of_two(tokens: Tokens, index: int) -> bool:
    """ "one to two years", "one or two"."""
    return tokens.word(index) in ("to", "or") and (tokens.word(index + 1) in SMALL or _digit(tokens, index + 1))


def _is_one_day(tokens: Tokens, draft: Draft) -> bool:
    """ "one day", "one night": once, or some time; "a one-day strike" lasts."""
    return (
        draft.kind == "duration"
        and draft.unit is not None
        and draft.unit.name in ("day", "night")
        and tokens.word(draft.numeral.last) != "-"
    )


def _is_glued(tokens: Tokens, draft: Draft) -> bool:
    """Part of a word, a code or a link: MI6, F-16, 3rd, 1990s, 5G, #4, v2.1."""
    first, last = draft.numeral.first, draft.numeral.last
    if draft.first == first and tokens.glued(first):
        before = tokens.words[first - 1]
        if before[-1].isalnum() or before in "#_@&\\=*":
            return True
        letters = tokens.glued(first - 1) and tokens.words[first - 2][-1].isalpha()
        if letters and before in "/.":
            return True
        if letters and before in "-–":
            return tokens.words[first - 2] not in _WORDS_BEFORE_HYPHEN
    if draft.unit is not None or not tokens.glued(last):
        return False
    after = tokens.words[last]
    if after[0].isalnum() or after in "_@":
        return True
    return after == "-" and tokens.glued(last + 1) and tokens.word(last + 1) in _ORDINALS


def _is_clock_or_score(tokens: Tokens, draft: Draft) -> bool:
    """ "9:30", "2-1", "24/7", "1/2/2020", "9 a.m."."""
    first, last = draft.numeral.first, draft.numeral.last
    if tokens.word(first - 1) in _HYPHENS and tokens.word(first - 3) in ("aged", "ages", "age"):
        return False
    for sign in (":", "-", "–", "/"):
        if tokens.word(last) == sign and tokens.glued(last) and tokens.glued(last + 1) and _digit(tokens, last + 1):
            return not _is_span(tokens, first, sign, last + 1)
        if (
            tokens.word(first - 1) == sign
            and tokens.glued(first)
            and tokens.glued(first - 1)
            and _digit(tokens, first - 2)
        ):
            return not _is_span(tokens, first - 2, sign, first)
    return tokens.word(last) in _CLOCK or tokens.word(last).startswith("o'")


def _digit(tokens: Tokens, index: int) -> bool:
    return tokens.word(index)[:1].isdecimal()


def _is_span(tokens: Tokens, left: int, sign: str, right: int) -> bool:
    """Whether "A-B" is a range of what follows: smaller to larger, and something counted after it."""
    if sign not in "-–" or tokens.word(right + 1) in ("-", "–", ":") or tokens.word(left - 1) in ("-", "–", ":"):
        return False
    low, high = tokens.words[left].replace(",", ""), tokens.words[right].replace(",", "")
    if len(low) > 12 or len(high) > 12 or low.startswith("0") or not low.isdecimal() or not high.isdecimal():
        return False
    after = tokens.word(right + 1)
    counted = after in ("%", "°") or (after.isalpha() and not is_stop(tokens, right + 1))
    return int(low) < int(high) and (counted or "," in tokens.words[right])


def _is_date(tokens: Tokens, draft: Draft) -> bool:
    """A day or a year beside the name of a month."""
    numeral = draft.numeral
    if not numeral.plain:
        return False
    before, after = numeral.first - 1, numeral.last
    if tokens.word(before) == ".":
        before -= 1
    if tokens.word(before) in _MONTHS and tokens.capitalised(before):
        return (numeral.low <= 31 and not _counts(tokens, after)) or 1000 <= numeral.low <= 2199
    if tokens.word(after) == "of" and tokens.word(after + 1) in _MONTHS:
        after += 1
    return numeral.low <= 31 and tokens.word(after) in _MONTHS and tokens.capitalised(after)


def _counts(tokens: Tokens, index: int) -> bool:
    return is_plural(tokens.word(index)) and not is_stop(tokens, index) and not tokens.capitalised(index)


def _is_year(tokens: Tokens, draft: Draft) -> bool:
    numeral = draft.numeral
    if not numeral.plain or len(tokens.surface[numeral.first]) != 4 or not 1000 <= numeral.low <= 2199:
        return False
    before, after = tokens.word(numeral.first - 1), tokens.word(numeral.last)
    counted = _counts(tokens, numeral.last)
    if after in ("to", "-", "–", "and") and _digit(tokens, numeral.last + 1):
        counted = _counts(tokens, numeral.last + 2)
    if _is_recent_year(tokens, numeral.first) and (
        _is_recent_year(tokens, numeral.last + 1) or _is_recent_year(tokens, numeral.first - 2)
    ):
        return True
    if before == "," and _digit(tokens, numeral.first - 2) and tokens.word(numeral.first - 3) in _MONTHS:
        return True
    if after in ("ad", "bc", "bce", "ce", "b.c.", "a.d."):
        return True
    if before in _YEAR_CUES:
        return not counted or (before in ("in", "since", "the", "model") and numeral.low >= 1900)
    return 1900 <= numeral.low <= 2099 and not counted


def _is_recent_year(tokens: Tokens, index: int) -> bool:
    word = tokens.word(index)
    return len(word) == 4 and word[:2] in ("19", "20") and word.isdecimal()


def _is_number_of(tokens: Tokens, draft: Draft) -> bool:
    """Phone numbers and codes: leading zeros, runs of digit groups; addresses: "10 Harbour Street"."""
    numeral = draft.numeral
    written = tokens.surface[numeral.first]
    if numeral.plain and ((len(written) > 1 and written[0] == "0") or len(written) > _LONGEST_PLAIN):
        return True
    if _is_marker(tokens, numeral.first, numeral.last):
        return True
    if tokens.word(numeral.first - 1) == "+" and tokens.glued(numeral.first):
        return len(written) > 3 or _digit(tokens, numeral.last)
    if numeral.plain and _digit(tokens, numeral.last) and _digit(tokens, numeral.last + 1):
        return True
    return (
        numeral.plain
        and any(
            tokens.word(index) in _STREETS and tokens.capitalised(index)
            for index in (numeral.last + 1, numeral.last + 2)
        )
        and tokens.capitalised(numeral.last)
    )


def _is_marker(tokens: Tokens, first: int, last: int) -> bool:
    """The number of a list item or a note: "3. Prices", "[12]"; or of an emergency line ("a 911 call")."""
    if tokens.word(first - 1) == "[" and tokens.word(last) == "]":
        return True
    opens = first == 0 or tokens.words[first - 1][0] == "\n"
    if opens and tokens.word(last) in (".", ")") and tokens.glued(last) and tokens.word(last + 1)[:1] not in ("", "\n"):
        return True
    if tokens.word(last - 1) == "k" and tokens.words[first] in ("2", "4", "5", "8") and tokens.word(last) in _SCREENS:
        return True
    return tokens.words[first] in ("911", "999", "112", "000") and tokens.word(last) in _EMERGENCY


def _is_label(tokens: Tokens, draft: Draft) -> bool:
    """ "Article 5", "Game 2", "Nasdaq 100", "iPhone 11", "top 10"."""
    numeral = draft.numeral
    before = tokens.word(numeral.first - 1)
    if before == "." and tokens.word(numeral.first - 2) in _SHORT_LABELS:
        return draft.unit is None
    if before == "of" and tokens.word(numeral.first - 2) == "group" and tokens.capitalised(numeral.first - 2):
        return draft.unit is None and draft.noun is None
    if draft.first < numeral.first or not before[:1].isalpha():
        return False
    if before in _NAMED and not draft.unit:
        return True
    if not numeral.plain:
        return False
    if before in _RANKS:
        return draft.unit is None and draft.noun is None
    if before in _LABELS:
        if draft.unit and (draft.unit.kind in ("percent", "money") or not tokens.capitalised(numeral.first - 1)):
            return False
        return (tokens.capitalised(numeral.first - 1) and not tokens.opens_sentence(numeral.first - 1)) or not (
            _counts(tokens, numeral.last) or draft.unit
        )
    if draft.unit or is_stop(tokens, numeral.first - 1):
        return False
    written = tokens.surface[numeral.first - 1]
    if tokens.opens_sentence(numeral.first - 1) and (written.isupper() or not any(map(str.isupper, written[1:]))):
        return False
    return any(letter.isupper() for letter in tokens.surface[numeral.first - 1]) and not is_plural(
        tokens.word(numeral.last)
    )

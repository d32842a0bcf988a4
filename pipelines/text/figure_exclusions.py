"""Numbers that are no figures: years, dates, clock times, scores, labels, names, ordinals, phone numbers."""

from typing import Final

from pipelines.text.figure_nouns import STOPS, is_plural, load_context
from pipelines.text.figure_tokens import Tokens
from pipelines.text.numerals import Numeral

_CONTEXT: Final = load_context()
_MONTHS: Final = _CONTEXT["months"]
_LABELS: Final = _CONTEXT["labels"]
_NAMED: Final = _CONTEXT["named"]
_YEAR_CUES: Final = _CONTEXT["year_cues"]
_CLOCK: Final = frozenset("am pm a.m. p.m. gmt utc est edt pdt pst bst cet o'clock noon midnight hrs".split())


def is_excluded(tokens: Tokens, numeral: Numeral, *, has_unit: bool) -> bool:
    """Whether the number is none that counts or measures. `has_unit`: a measure or currency is written with it."""
    if numeral.form == "words":
        return _is_word_of_speech(tokens, numeral, has_unit)
    if numeral.form != "digits":
        return False
    return _is_glued(tokens, numeral, has_unit) or (
        not has_unit
        and (
            _is_clock_or_score(tokens, numeral)
            or _is_date(tokens, numeral)
            or _is_year(tokens, numeral)
            or _is_label(tokens, numeral)
        )
    )


def _is_word_of_speech(tokens: Tokens, numeral: Numeral, has_unit: bool) -> bool:
    """ "one" as determiner or pronoun, "zero" in names, and numbers inside names ("Channel Four")."""
    if numeral.low == 1 and not has_unit:
        return True
    before = tokens.word(numeral.first - 1)
    return before in _LABELS and tokens.capitalised(numeral.first - 1) and tokens.capitalised(numeral.first)


def _is_glued(tokens: Tokens, numeral: Numeral, has_unit: bool) -> bool:
    """Part of a word or code: MI6, F-16, 3rd, 1990s, 5G, #4, 12:30."""
    first, last = numeral.first, numeral.last
    if tokens.glued(first) and not has_unit:
        before = tokens.words[first - 1]
        if before[-1].isalnum() or before in "#_@&":
            return True
        if before in "-/." and tokens.glued(first - 1) and tokens.word(first - 2)[-1:].isalpha():
            return tokens.word(first - 2) not in ("mid", "sub", "to", "of", "the", "minus")
    after = tokens.word(last)
    return bool(tokens.glued(last) and after[0].isalnum() and not has_unit)


def _is_clock_or_score(tokens: Tokens, numeral: Numeral) -> bool:
    first, last = numeral.first, numeral.last
    for sign in (":", "-", "–", "/"):
        if (
            tokens.word(last) == sign
            and tokens.glued(last)
            and tokens.glued(last + 1)
            and tokens.word(last + 1)[:1].isdecimal()
        ):
            return True
        if (
            tokens.word(first - 1) == sign
            and tokens.glued(first)
            and tokens.glued(first - 1)
            and tokens.word(first - 2)[-1:].isdecimal()
        ):
            return True
    return tokens.word(last) in _CLOCK


def _is_date(tokens: Tokens, numeral: Numeral) -> bool:
    if not numeral.plain:
        return False
    before, after = tokens.word(numeral.first - 1), tokens.word(numeral.last)
    if before == "." and tokens.glued(numeral.first - 1):
        before = tokens.word(numeral.first - 2)
    if (
        numeral.low <= 31
        and (before in _MONTHS or after in _MONTHS)
        and not (before == "may" and not tokens.capitalised(numeral.first - 1))
    ):
        return (
            before != "fall"
            and after not in ("may", "march", "fall")
            or tokens.capitalised(numeral.last)
            or before in _MONTHS
        )
    return before in _MONTHS and 1000 <= numeral.low <= 2199


def _is_year(tokens: Tokens, numeral: Numeral) -> bool:
    if not numeral.plain or len(tokens.surface[numeral.first]) != 4 or not 1000 <= numeral.low <= 2199:
        return False
    before, after = tokens.word(numeral.first - 1), tokens.word(numeral.last)
    counted = is_plural(after) and after not in STOPS and not tokens.capitalised(numeral.last)
    if before in _YEAR_CUES:
        return not counted or before in ("in", "since") and 1900 <= numeral.low
    return 1900 <= numeral.low <= 2099 and not counted


def _is_label(tokens: Tokens, numeral: Numeral) -> bool:
    """ "Article 5", "Game 2", "Nasdaq 100", "iPhone 11"."""
    before = tokens.word(numeral.first - 1)
    if not numeral.plain or not before[:1].isalpha():
        return False
    if before in _NAMED:
        return True
    if before in _LABELS:
        return tokens.capitalised(numeral.first - 1) or not is_plural(tokens.word(numeral.last))
    after = tokens.word(numeral.last)
    return (
        any(letter.isupper() for letter in tokens.surface[numeral.first - 1])
        and not tokens.opens_sentence(numeral.first - 1)
        and not is_plural(after)
        and before not in STOPS
    )

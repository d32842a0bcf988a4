"""Reads one number in digits of a text that is not in English."""

from typing import Final

from pipelines.text.figures.drafts import Draft, read_draft
from pipelines.text.figures.excluded.exclusions import is_excluded
from pipelines.text.figures.foreign.counts import read_bound, read_count, read_scale
from pipelines.text.figures.foreign.words import Language
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.numerals import read_numeral
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Units

_SCALES: Final = tuple(WORDS["foreign_scales"])
"""A number before a scale of a language without words is left out, because its value is unknown."""


def read_foreign(tokens: Tokens, index: int, units: Units, words: Language | None) -> Draft | int:
    """Returns the figure that starts at the token, or the token to continue from.

    Without words of the language only numbers with a percent sign, a currency or a measure are figures.
    """
    numeral = read_numeral(tokens, index, english=False)
    if numeral is None:
        return index + 1
    if words:
        numeral = read_scale(tokens, numeral, words)
    draft = read_draft(tokens, numeral, units)
    if words is None and tokens.word(draft.last).startswith(_SCALES):
        return draft.last
    if draft.unit is None:
        if words is None or not read_count(tokens, draft, words, units):
            return draft.last
    elif is_excluded(tokens, draft):
        return max(numeral.last, draft.last)
    if words:
        read_bound(tokens, draft, words)
    return draft

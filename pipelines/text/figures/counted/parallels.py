"""Whether a number takes the unit of the one before it: "5 percent, up from 4", "by 2 percent ... by 1"."""

from typing import Final

from pipelines.text.figures.counted.nouns import is_stop
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens

_BEING: Final = WORDS["being"]
_PAUSES: Final = frozenset((".", ",", ";", ")", "\n", ""))
_LINKS: Final = WORDS["parallel_links"]
_COMPARED: Final = WORDS["compared_links"]
_COMPARING: Final = _COMPARED | {",", "up", "down", "compared"}
_SUMS: Final = WORDS["sums"]
_LEAST_SUM: Final = 1_000_000
_LONGEST_COMPARISON: Final = 3
"""Most tokens of a comparison: ", up from", "compared with"."""


def shares_unit(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Whether the number on the right, without a unit of its own, has that of the measure on the left."""
    return _is_parallel(tokens, left, right) or _is_same(tokens, left, right) or _is_compared(tokens, left, right)


def is_sum(tokens: Tokens, draft: Draft) -> bool:
    """ "A loss of 12 million", "debts of 3 billion": a sum of money whose currency is not next to it."""
    if draft.kind != "count" or draft.numeral.scale < _LEAST_SUM or tokens.word(draft.first - 1) != "of":
        return False
    return tokens.word(draft.first - 2) in _SUMS


def take_currency(draft: Draft, before: list[Draft]) -> None:
    """Gives a sum the currency of the last amount before it, if there is one: "a loss of 12 million"."""
    for other in reversed(before):
        if other.unit and other.unit.kind == "money":
            draft.unit, draft.kind = other.unit, other.kind
            return


def find_level(tokens: Tokens, draft: Draft, before: list[Draft]) -> tuple[None, tuple[int, int]] | None:
    """Returns the noun of the points by which an index came to the number: "rose 120.5 points to 33,400"."""
    last = before[-1] if before else None
    if last is None or last.noun is None or not counts_points(tokens, last):
        return None
    return (None, last.noun) if tokens.words[last.last : draft.first] == ["points", "to"] else None


def _is_parallel(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Whether like words are before both: "by 2 percent ... by 1", "from 21 mpg ... to 23", "$5 and 7"."""
    preposition = tokens.word(right.first - 1)
    if preposition not in _LINKS or not is_stop(tokens, right.last):
        return False
    other = "from" if tokens.words[left.first] == "from" else tokens.word(left.first - 1)
    if preposition == "by" or left.kind == "percent" or (preposition == "for" and left.kind == "duration"):
        return preposition == other or (other == "from" and preposition == "to")
    return left.kind == "measure" and ((other == "from" and preposition == "to") or preposition in ("or", "and"))


def _is_same(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Whether the number, without a unit, takes the place of another measure: "a draw of 900,000"."""
    if left.kind not in ("measure", "money") or tokens.word(right.last) not in _PAUSES:
        return False
    before = tokens.word(right.first - 1)
    if before == "to" and right.first - left.last == 1:
        return left.unit is not None and left.unit.unit_class == "temperature"  # "by 3 degrees to minus 12"
    return before in _BEING or (before in ("of", "against") and left.kind == "measure")


def _is_compared(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Whether the number is what the one before is compared with: "5 percent, up from 4"."""
    between = tokens.words[left.last : right.first]
    return 0 < len(between) <= _LONGEST_COMPARISON and between[-1] in _COMPARED and _COMPARING.issuperset(between)


def counts_points(tokens: Tokens, draft: Draft) -> bool:
    """Whether an index rose or fell by the number: "16,369, up 58 points"."""
    return draft.noun is not None and tokens.words[draft.noun[1] - 1] == "points"

"""Joins two numbers that are the ends of one range: "25,000 to 30,000", "between 5 and 7 percent"."""

from decimal import Decimal
from typing import Final

from pipelines.text.figures.bounds import FALLING, RISING, TALLIES
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.tokens import Tokens
from schemas.fields import Change

_JOINTS: Final = WORDS["range_joints"]
_AGE_CUES: Final = WORDS["age_cues"]
_TIMES_OF_ENDS: Final = WORDS["times_of_ends"]
_REACH: Final = 6
"""Most tokens between the ends: "from 20 mpg in March 2008 to 29"."""
_TALLY_REACH: Final = 12
"""Tokens before "from" in which a tally is looked for: "the toll of the storm rose from 12 to 15"."""
_MOST_OF_A_CHANGE: Final = 10
"""Times that the greater end of "by 3 to 5 percent" may be the smaller one."""
_VERB_REACH: Final = 6
"""Tokens before "from" in which a verb of change is looked for."""


def join_ranges(tokens: Tokens, drafts: list[Draft]) -> list[Draft]:
    """Joins neighbours that are the ends of one range; of a tally ("from 12 to 15") only the new count is kept."""
    joined: list[Draft] = []
    for draft in drafts:
        left = joined[-1] if joined else None
        if left is None or not _is_range(tokens, left, draft):
            joined.append(draft)
        elif _replaces(tokens, left):
            draft.change = "total"
            joined[-1] = draft
        else:
            joined[-1] = _join(tokens, left, draft)
    return joined


def _is_range(tokens: Tokens, left: Draft, right: Draft) -> bool:
    if right.first - left.last > _REACH or not _may_join(left, right):
        return False
    between = tokens.words[left.last : right.first]
    before = tokens.word(left.first - 1)
    if not between:
        from_before = before == "from" or tokens.words[left.first + 1] == "from"
        return right.modifier == "at_most" and left.unit is not None and from_before
    if between == ["and"]:
        return before == "between" or (before == "of" and tokens.word(left.first - 2) == "range")
    if between == ["or"]:
        return right.low - left.low == 1
    if len(between) == 1 or (len(between) <= 3 and {*between} == {"-", "to"}):
        return not _JOINTS.isdisjoint(between) and _rises(tokens, left, right)
    follows_time = between[0] in _TIMES_OF_ENDS and tokens.words[left.last - 1] != ","
    return between[-1] in _JOINTS and before == "from" and follows_time


def _may_join(left: Draft, right: Draft) -> bool:
    """Whether both numbers are of the same kind and unit."""
    if "multiplier" in (left.kind, right.kind) or left.modifier == "range" or right.numeral.form == "vague":
        return False
    if (left.numeral.form == "part") != (right.numeral.form == "part"):
        return False
    return left.has_same_measure(right) and not (left.unit and not right.unit and left.kind == "percent")


def _rises(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Whether "A to B" is one range: not a score, and not a change by A to the total B."""
    before = tokens.word(left.first - 1)
    if before == "from":
        return True
    if tokens.words[left.last] == "to" and left.change in ("up", "down"):
        return before == "by" and _share_unit(left, right)
    return left.low < right.high


def _share_unit(left: Draft, right: Draft) -> bool:
    """Whether "by A to B percent" names the unit of both once. A total would be far greater than A."""
    return left.unit is None and right.unit is not None and left.low < right.high <= left.low * _MOST_OF_A_CHANGE


def _replaces(tokens: Tokens, left: Draft) -> bool:
    """Whether a tally went from one count to the next, so that only the new count holds."""
    return tokens.word(left.first - 1) == "from" and any(
        word in TALLIES for word in tokens.words[max(0, left.first - _TALLY_REACH) : left.first]
    )


def _join(tokens: Tokens, left: Draft, right: Draft) -> Draft:
    low, high = left.low, right.high
    if left.numeral.scale == 1 < right.numeral.scale and low * right.numeral.scale < high:
        low *= right.numeral.scale
    left.change = left.change or right.change
    if tokens.word(left.first - 1) == "from":
        left.change = _direction(tokens, left.first, low, high) or left.change
        left.end_point = high if left.change in ("up", "down") else None
    left.low, left.high = min(low, high), max(low, high)
    left.modifier = "range" if low != high else left.modifier
    left.unit, left.per, left.kind = (
        left.unit or right.unit,
        right.per or left.per,
        right.kind if right.unit else left.kind,
    )
    if tokens.word(left.first - 1) in ("from", "between"):
        left.first -= 1
    if left.kind == "count" and tokens.word(left.first - 1) in _AGE_CUES:
        left.kind = "age"
    left.last, left.noun_at = right.last, right.noun_at
    return left


def _direction(tokens: Tokens, first: int, low: Decimal, high: Decimal) -> Change | None:
    words = tokens.words[max(0, first - 1 - _VERB_REACH) : first - 1]
    if high > low and any(word in RISING for word in words):
        return "up"
    if high < low and any(word in FALLING for word in words):
        return "down"
    return None

"""Joins measures that are one amount: "1 minute and 45 seconds", "6 feet 2 inches", "3 years and 6 months"."""

from dataclasses import replace
from typing import Final

from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import Units

_JOINTS: Final[tuple[list[str], ...]] = ([], ["and"])


def join_compounds(tokens: Tokens, drafts: list[Draft], units: Units) -> list[Draft]:
    """Joins each measure with the smaller one after it, in the smaller unit."""
    joined: list[Draft] = []
    for draft in drafts:
        factor = _find_factor(tokens, joined[-1], draft, units) if joined else None
        if factor is None:
            joined.append(draft)
            continue
        left = joined[-1]
        joined[-1] = replace(
            left,
            low=left.low * factor + draft.low,
            high=left.high * factor + draft.high,
            last=draft.last,
            noun_at=draft.noun_at,
            unit=draft.unit,
            kind=draft.kind,
        )
    return joined


def _find_factor(tokens: Tokens, left: Draft, right: Draft, units: Units) -> int | None:
    """Returns how many of the right unit make one of the left, if both are parts of one amount."""
    if left.unit is None or right.unit is None or left.low != left.high or left.per:
        return None
    factor = units.parts.get((left.unit.name, right.unit.name))
    if factor is None or right.high >= factor or right.modifier != "exact" or tokens.word(left.first - 1) == "between":
        return None
    return factor if tokens.words[left.last : right.first] in _JOINTS else None

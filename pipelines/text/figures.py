"""Figures in a text: each number with its bounds, its change and what it counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.text.bounds import bound_after, bound_before
from pipelines.text.figure_exclusions import is_excluded
from pipelines.text.figure_nouns import after_of, noun_phrase
from pipelines.text.figure_tokens import Tokens
from pipelines.text.numerals import Numeral, read_numeral
from pipelines.text.units import Unit, Units, standard_units
from schemas.fields import Change, Field, FigureKind, Modifier
from schemas.text import FigureText


@dataclass(slots=True)
class Draft:
    """A figure in the making. `first` to `last` are the tokens of number, currency and measure."""

    numeral: Numeral
    first: int
    last: int
    low: float
    high: float
    unit: Unit | None
    after: int
    modifier: Modifier = "exact"
    change: Change | None = None
    noun: tuple[int, int] | None = None


def find_figures(
    text: str,
    field: Field = "body",
    language: str = "en",
    date_spans: Sequence[tuple[int, int]] = (),
    units: Units | None = None,
) -> list[FigureText]:
    """Finds the figures of a text, in reading order, with offsets in it.

    `date_spans` are stretches that hold dates and times: no figure starts there. `units` replaces the standard tables.
    For languages other than English only digits with percent, currency or measure signs are read.
    """
    units = units or standard_units()
    english = language.split("-")[0] in ("en", "und")
    tokens = Tokens(text)
    drafts = _ranges(tokens, _drafts(tokens, units, english, date_spans))
    found = [_figure(tokens, draft, units, field) for draft in drafts]
    return [figure for figure in found if figure is not None]


def _drafts(tokens: Tokens, units: Units, english: bool, date_spans: Sequence[tuple[int, int]]) -> list[Draft]:
    drafts = []
    index = 0
    while index < tokens.size:
        numeral = read_numeral(tokens, index, english=english)
        if numeral is None:
            index += 1
            continue
        draft = _with_unit(tokens, numeral, units)
        index = max(draft.last, numeral.last)
        if math.isfinite(numeral.high) and not is_excluded(tokens, numeral, has_unit=draft.unit is not None):
            if english or draft.unit:
                drafts.append(draft)
    return drafts


def _with_unit(tokens: Tokens, numeral: Numeral, units: Units) -> Draft:
    first, last = numeral.first, numeral.last
    before = units.before(tokens, first)
    unit = None
    if before:
        unit, first = before
    at = last + 1 if tokens.word(last) == "-" and tokens.glued(last) else last
    after = units.after(tokens, at, digits=numeral.form == "digits") if at < tokens.size else None
    if after and (unit is None or after[0] is unit):
        unit, last = after
    return Draft(numeral, first, last, numeral.low, numeral.high, unit, last)


def _ranges(tokens: Tokens, drafts: list[Draft]) -> list[Draft]:
    merged: list[Draft] = []
    for draft in drafts:
        modifier, change, start, _ = bound_before(tokens, draft.first)
        if merged and _spans(tokens, merged[-1], start) and _alike(merged[-1], draft):
            _merge(merged[-1], draft)
            continue
        draft.modifier, draft.change = modifier, change
        if draft.numeral.form == "vague":
            draft.modifier = "vague"
        draft.first = start
        more, change, end = bound_after(tokens, draft.last)
        draft.modifier, draft.change = more or draft.modifier, draft.change or change
        draft.last = end
        merged.append(draft)
    return merged


def _spans(tokens: Tokens, left: Draft, start: int) -> bool:
    between = tokens.words[left.last : start]
    if between in (["to"], ["-"], ["–"], ["—"]):
        return True
    return between == ["and"] and tokens.word(left.first - 1) == "between"


def _alike(left: Draft, right: Draft) -> bool:
    return left.unit is None or right.unit is None or left.unit is right.unit


def _merge(left: Draft, right: Draft) -> None:
    if left.numeral.scale == 1 and right.numeral.scale > 1 and left.low * right.numeral.scale < right.low:
        left.low, left.high = left.low * right.numeral.scale, left.high * right.numeral.scale
    left.low, left.high = min(left.low, right.low), max(left.high, right.high)
    left.modifier = "range"
    left.unit = left.unit or right.unit
    left.last = right.last
    left.after = right.after


def _figure(tokens: Tokens, draft: Draft, units: Units, field: Field) -> FigureText | None:
    kind: FigureKind = draft.unit.kind if draft.unit else "fraction" if draft.numeral.form == "part" else "count"
    name, unit_class, currency = "", "other", None
    if draft.unit:
        name, unit_class, currency = draft.unit.name, draft.unit.unit_class, draft.unit.currency
    else:
        start = after_of(tokens, draft.last)
        noun = noun_phrase(tokens, draft.last if start is None else start, units)
        if noun:
            name = tokens.phrase(*noun)
            unit_class = units.noun_class(tokens.words[noun[1] - 1])
    low, high = _limits(draft)
    value = low if high is None else high if low is None else (low + high) / 2
    if value is None:
        return None
    start, end = tokens.starts[draft.first], tokens.ends[draft.last - 1]
    return FigureText(
        text=tokens.text[start:end],
        field=field,
        start=start,
        end=end,
        kind=kind,
        low=low,
        high=high,
        value=value,
        modifier=draft.modifier,
        unit=name,
        unit_class=unit_class,
        currency=currency,
        change=draft.change,
    )


def _limits(draft: Draft) -> tuple[float | None, float | None]:
    if draft.modifier in ("at_least", "more_than"):
        return draft.low, None
    if draft.modifier in ("at_most", "less_than"):
        return None, draft.high
    return draft.low, draft.high

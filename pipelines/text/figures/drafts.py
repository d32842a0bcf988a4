"""Drafts of figures: a number with its currency, measure, bounds and change, before ranges and nouns."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipelines.text.figures.bounds import read_bound_after, read_bound_before
from pipelines.text.figures.number_words import PARTS, WORDS, Numeral
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import LONGEST_UNIT, Unit, Units
from schemas.fields import Change, FigureKind, Modifier

_RATE_WORDS: Final = WORDS["rate_words"]
_AFTER_TIME: Final = WORDS["after_time"]
_AGES: Final = WORDS["ages"]
_AGE_CUES: Final = WORDS["age_cues"]
_NARROWING: Final = WORDS["narrowing"]
_AGE_WORDS: Final = _AGE_CUES | {"the", "of"}
_AGE_BOUNDS: Final = WORDS["age_bounds"]
_LASTING: Final = WORDS["lasting"]
GREATEST_AGE: Final = 125
"""Ages are below this."""
_LEAST_WON: Final = 1000
"""Fewer "won" are a verb: "3 won"."""
_LEAST_SCALE_OF_STERLING: Final = 100_000
"""Pounds in millions are money, not a weight."""
_MAGNITUDES: Final = (["magnitude", "-"], ["magnitude", "of"])
JOINS_PARTS: Final = frozenset(("and", "or"))
"""Words after the unit of "an hour and a half" and "a year or two"."""
_QUOTATION: Final = 60
"""Tokens back to the quotation mark that an apostrophe may close."""
_LONGEST_BRACKET: Final = 9
"""Most tokens of an amount in brackets: "($2.4 billion)", "(about 1.1 million US dollars)"."""
_LONGEST_NAME: Final = 10
"""A plain number below this after letters that are also a currency is part of a name: "PS5"."""


@dataclass(slots=True)
class Draft:
    """The tokens from `first` to before `last` are the figure's own words; its noun is looked for from `noun_at` on."""

    numeral: Numeral
    first: int
    last: int
    low: Decimal
    high: Decimal
    kind: FigureKind
    noun_at: int
    unit: Unit | None = None
    per: str = ""
    """The base of a rate: "hour" in "80 kilometres an hour"."""
    modifier: Modifier = "exact"
    change: Change | None = None
    noun: tuple[int, int] | None = None
    """Tokens of the counted noun phrase."""
    end_point: Decimal | None = None
    """The number that a change from one to another ended at."""

    def has_same_measure(self, other: "Draft") -> bool:
        """Whether the units allow both to be ends of one range."""
        return self.unit is None or other.unit is None or self.unit == other.unit


def read_draft(tokens: Tokens, numeral: Numeral, units: Units) -> Draft:
    """Adds the currency or measure that is written with the number."""
    first, last = numeral.first, numeral.last
    unit, first = units.find_before(tokens, first) or (None, first)
    if unit and numeral.plain and numeral.high < _LONGEST_NAME and tokens.words[numeral.first - 1].isalpha():
        unit, first = None, numeral.first  # a name: "PS5"
    found = _find_unit_after(tokens, numeral, units)
    if found and (unit is None or found[0].currency == unit.currency):
        unit, last = (unit or found[0]), found[1]
    kind: FigureKind = unit.kind if unit else "fraction" if numeral.form == "part" else "count"
    draft = Draft(numeral, first, last, numeral.low, numeral.high, kind, last, unit)
    if draft.kind == "count":
        draft.kind = _read_kind_before(tokens, first)
    if numeral.form == "vague":
        draft.modifier = "vague"
    elif numeral.approximate:
        draft.modifier = "approx"
    _read_age(tokens, draft)
    if draft.unit and draft.kind != "age":
        _read_rate(tokens, draft, units)
    return draft


def _find_unit_after(tokens: Tokens, numeral: Numeral, units: Units) -> tuple[Unit, int] | None:
    """Returns the currency or measure after the number, and the token after it."""
    at = numeral.last
    if tokens.word(at) == "-" and tokens.is_glued(at) and tokens.word(at + 1) != "-":
        at += 1
    digits = tokens.words[numeral.last - 1][0].isdecimal() or numeral.form == "digits"
    found = units.find_after(tokens, at, digits=digits) if at < tokens.size else None
    if found is None and numeral.form in ("part", "vague"):
        return _measure_after_of(tokens, numeral, units)
    if found is None:
        return (units.get("foot"), at + 1) if _is_prime(tokens, at) else None
    unit, end = found
    if unit.name == "won" and numeral.high < _LEAST_WON:
        return None
    if unit.name == "pound" and numeral.scale >= _LEAST_SCALE_OF_STERLING and tokens.word(end) != "of":
        return units.get("pound sterling"), end
    return found


def _is_prime(tokens: Tokens, index: int) -> bool:
    """Whether the apostrophe after a number means feet: "at an altitude of 30' when"; not the end of a quotation."""
    if tokens.word(index) != "'" or not tokens.is_glued(index) or not tokens.words[index - 1].isdecimal():
        return False
    start = index
    while start > max(0, index - _QUOTATION) and tokens.words[start - 1][0] not in ".!?\n":
        start -= 1
    return tokens.words[start:index].count("'") % 2 == 0 and tokens.word(index + 1).isalpha()


def _read_kind_before(tokens: Tokens, first: int) -> FigureKind:
    """ "Rose by a factor of three" multiplies; "a magnitude 6.2 quake" measures without a unit."""
    before = tokens.words[max(0, first - 2) : first]
    if before == ["factor", "of"]:
        return "multiplier"
    return "measure" if before[-1:] == ["magnitude"] or before in _MAGNITUDES else "count"


def read_one_and_half(tokens: Tokens, index: int, units: Units) -> Draft | None:
    """ "an hour and a half", "a cup and a quarter": one and a part of it; "a year or two"."""
    if tokens.words[index] not in ("a", "an") or index + 1 >= tokens.size:
        return None
    if JOINS_PARTS.isdisjoint(tokens.words[index + 2 : index + 2 + LONGEST_UNIT]):
        return None  # most nouns: saves the search for a unit
    unit, end = units.find_after(tokens, index + 1, digits=False) or (None, index + 2)
    low = high = Decimal(1)
    if tokens.words[end : end + 2] == ["and", "a"] and tokens.word(end + 2) in ("half", "quarter"):
        low = high = 1 + 1 / Decimal(PARTS[tokens.words[end + 2]])
        last = end + 3
    elif unit and tokens.words[end : end + 2] == ["or", "two"]:
        high, last = Decimal(2), end + 2
    else:
        return None
    numeral = Numeral(index, last, low, high, "words")
    draft = Draft(numeral, index, last, low, high, unit.kind if unit else "count", last, unit)
    draft.noun = None if unit else (index + 1, end)
    draft.modifier = "exact" if low == high else "range"
    return draft


def _measure_after_of(tokens: Tokens, numeral: Numeral, units: Units) -> tuple[Unit, int] | None:
    """ "hundreds of miles", "tens of thousands of dollars", "half a mile", "half an hour"."""
    at = numeral.last
    if numeral.form == "vague" and tokens.word(at) == "of":
        return units.find_after(tokens, at + 1, digits=False)
    if (tokens.word(at) == "of" and tokens.word(at + 1) in ("a", "an")) or tokens.word(at) in ("a", "an"):
        return units.find_after(tokens, at + (2 if tokens.words[at] == "of" else 1), digits=False)
    return None


def _read_age(tokens: Tokens, draft: Draft) -> None:
    """ "52-year-old", "52 years old", "aged 52", "age 52"."""
    if draft.unit and draft.unit.name in ("year", "month", "week", "day"):
        at = draft.last + 1 if tokens.word(draft.last) == "-" else draft.last
        if tokens.word(at) in _AGES:
            draft.kind, draft.last = "age", at + 1
        elif tokens.word(at) == "of" and tokens.word(at + 1) == "age":
            draft.kind, draft.last = "age", at + 2
        draft.noun_at = draft.last
    elif draft.unit is None and 0 < draft.high < GREATEST_AGE and draft.numeral.form in ("digits", "words"):
        before = tokens.word(draft.first - 1)
        ages = before == "of" and tokens.word(draft.first - 2) in ("age", "ages")
        if before in _AGE_CUES or ages:
            draft.kind = "age"


def _read_rate(tokens: Tokens, draft: Draft, units: Units) -> None:
    """ "a day", "per barrel", "/hour" after a measure or currency."""
    rate = read_rate(tokens, draft.last, units)
    if rate:
        draft.per, draft.last = rate
        draft.noun_at = draft.last
    elif draft.unit and draft.unit.currency and (end := _find_bracket_end(tokens, draft.last)):
        rate = read_rate(tokens, end, units)
        draft.per = rate[0] if rate else ""


def _find_bracket_end(tokens: Tokens, index: int) -> int | None:
    """Returns the token after the same amount in another currency: "C$6 (US$4.46) per share"."""
    if tokens.word(index) != "(":
        return None
    end = min(index + _LONGEST_BRACKET, tokens.size)
    closing = next((at for at in range(index, end) if tokens.words[at] == ")"), None)
    return closing + 1 if closing and any(tokens.words[at][0].isdecimal() for at in range(index, closing)) else None


def read_rate(tokens: Tokens, index: int, units: Units) -> tuple[str, int] | None:
    """Returns the base of a rate that starts at the token, and the token after it."""
    skipped = index + 1 if tokens.word(index) == "-" else index
    word = tokens.word(skipped)
    if word not in _RATE_WORDS:
        return None
    at = skipped + 1
    if tokens.word(at) == "-" and tokens.is_glued(at):
        at += 1
    base = units.find_after(tokens, at, digits=word in ("/", "per")) if at < tokens.size else None
    if (
        base
        and base[0].kind not in ("percent", "money")
        and (word in ("per", "/") or base[0].kind in ("duration", "measure"))
    ):
        if word in ("a", "an") and tokens.word(base[1]) in _AFTER_TIME:
            return None
        return base[0].name, base[1]
    if word == "per" and tokens.word(at).isalpha():
        return tokens.written(at), at + 1
    return None


def _is_during(tokens: Tokens, start: int, first: int, last: int) -> bool:
    """Whether "over" means "within" ("over two days three towns fell"), not "longer than"."""
    if first - start != 1 or tokens.words[start] != "over" or tokens.word(start - 1) in _LASTING:
        return False
    describes = not tokens.words[last - 1].endswith("s") and tokens.word(last).isalpha()  # "an over three hour talk"
    return not describes and (start > 0 or last < tokens.size)


def _find_outer_bound(tokens: Tokens, draft: Draft) -> tuple[Modifier, int] | None:
    """Finds a bound with other words between it and the number: "just under the two-thirds", "over the age of 18"."""
    index = draft.first - 1
    if draft.kind == "age":
        while tokens.word(index) in _AGE_WORDS:
            index -= 1
        index += 1
    elif draft.kind not in ("percent", "fraction") or tokens.word(index) != "the":
        return None
    modifier, _, start = read_bound_before(tokens, index)
    if modifier == "exact" or (draft.kind != "age" and tokens.words[start] not in _NARROWING):
        return None
    return modifier, start


def read_bounds(tokens: Tokens, draft: Draft) -> None:
    """Reads the words on both sides of the number that bound or change it."""
    modifier, change, start = read_bound_before(tokens, draft.first)
    if modifier == "exact" and (outer := _find_outer_bound(tokens, draft)):
        modifier, start = outer
    if draft.kind == "duration" and modifier == "more_than" and _is_during(tokens, start, draft.first, draft.last):
        modifier, start = "exact", draft.first
    if modifier != "exact" and draft.modifier in ("exact", "approx"):
        draft.modifier = modifier
    elif modifier != "exact" and draft.modifier == "vague":
        draft.modifier = "vague"
    draft.change = draft.change or change
    first, draft.first = draft.first, start
    more, added, end = read_bound_after(tokens, draft.last)
    if more and draft.modifier == "exact":
        draft.modifier = more
    if draft.kind != "multiplier":
        draft.change = added or draft.change
    if draft.kind == "count" and _AGE_BOUNDS.intersection(tokens.words[start:first] + tokens.words[draft.last : end]):
        draft.kind = "age"
    if end > draft.last:
        draft.last = end
        draft.noun_at = max(draft.noun_at, end)

"""Superscript digits: the marks of notes are dropped, prices, times and fractions are written out, exponents stay."""

import re
from functools import cache
from typing import NamedTuple

from pipelines.text.tables import load_table

_UP = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_ANY = re.compile(f"[{_UP}]")
_FRACTION = re.compile(
    rf"(?P<whole>\d? ?)(?<![{_UP}])(?P<top>[{_UP}]{{1,2}})[/⁄∕](?P<bottom>[₀₁₂₃₄₅₆₇₈₉]{{1,2}}|\d{{1,2}})"
)
_NUMBER = re.compile(rf"(?P<space> ?)(?P<digits>[{_UP}]+(?: ?[,–-] ?[{_UP}]+)*)(?![{_UP}⁺⁻])")
_MARK = re.compile(r"(?<=[\w.,;:!?%”\"’')])(?:\[(?:\d{1,3}|note \d{1,2}|citation needed)\]|[†‡])+(?=[\s.,;:!?)]|$)")
_MARK_SIGNS = "[†‡"
"""Looked for first, because that is far faster: each mark has one of these."""
_PLAIN = str.maketrans(f"{_UP}₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_VULGAR = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞"}
_BEFORE = 24
"""Characters before a superscript that say what it is."""
_POWER = re.compile(r"(?P<times>[×·x*]\s*)?(?<![\d.,])10$")
_LEAST_POWER = 4
"""Exponent of ten from which it is one without a sign of multiplication: "10² people" is ten people and a note."""
_HOUR = re.compile(r"(?<![\d.,:])\d{1,2}$")
_WHOLE = re.compile(r"(?<![\d.,])\d{1,3}(?P<group>[.,]\d{3})*$|(?<![\d.,])\d+$")
_CENT = re.compile(r"\d[.,]\d\d$")


class _Patterns(NamedTuple):
    currency_before: re.Pattern[str]
    currency_after: re.Pattern[str]
    hour_after: re.Pattern[str]
    base: re.Pattern[str]
    """A unit or variable, which can have an exponent."""


@cache
def _load_patterns() -> _Patterns:
    table = {name: "|".join(entries) for name, entries in load_table(__package__, "superscripts.yaml").items()}
    return _Patterns(
        re.compile(rf"(?:{table['signs']}|\b(?:{table['codes']})) ?\d[\d.,]*$"),
        re.compile(rf" ?(?:(?:{table['signs']})|(?:{table['codes']}|{table['currencies']})\b)"),
        re.compile(rf"\s?(?:{table['hours']})\b"),
        re.compile(rf"(?:(?<![^\W\d_])(?:{table['units']})|(?<![\w.’'])[^\W\d_]|\b[^\W\d_]\^?\))$"),
    )


def resolve_superscripts(text: str) -> str:
    """Returns the text with each superscript number as what it is: "12¹ people" becomes "12 people", "$9⁵⁰" "$9.50"."""
    if any(sign in text for sign in _MARK_SIGNS):
        text = _MARK.sub("", text)
    if text.isascii() or not _ANY.search(text):
        return text
    return _NUMBER.sub(_resolve, _FRACTION.sub(_write_fraction, text))


def _write_fraction(match: re.Match[str]) -> str:
    fraction = f"{match['top']}/{match['bottom']}".translate(_PLAIN)
    whole = match["whole"]
    if fraction in _VULGAR:
        return whole + _VULGAR[fraction]
    return f"{whole.strip()} {fraction}" if whole.strip() else whole + fraction


def _resolve(match: re.Match[str]) -> str:
    start = match.start()
    before, after = match.string[max(0, start - _BEFORE) : start], match.string[match.end() :][:16]
    before = before[before.rfind("\n") + 1 :]
    found = match["digits"]
    if match["space"]:
        # A mark between spaces is a note; before a letter it is part of a formula.
        return match.group() if not before or after[:1].isalnum() else ""
    if not before or not (before[-1].isalnum() or before[-1] in _TOUCHED):
        return found
    if before[-1].isdigit():
        return _resolve_after_number(before, after, found, found.translate(_PLAIN))
    if _load_patterns().base.search(before):
        # A unit has one digit as its exponent; what follows is a note.
        return found[0] if found[0] in "²³" else found
    return ""


_TOUCHED = ".,;:!?%)]}”“\"'’»…"
"""What may be between a word and the mark of its note."""


def _resolve_after_number(before: str, after: str, found: str, digits: str) -> str:
    patterns = _load_patterns()
    priced = patterns.currency_before.search(before) or patterns.currency_after.match(after)
    if priced and len(digits) == 2 and (whole := _WHOLE.search(before)):
        return ("," if (whole["group"] or "").startswith(".") else ".") + digits
    if priced and digits == "9" and _CENT.search(before):
        return digits
    if len(digits) == 2 and _HOUR.search(before) and (digits[0] == "0" or patterns.hour_after.match(after)):
        return f":{digits}"
    power = _POWER.search(before)
    return found if power and (power["times"] or int(digits) >= _LEAST_POWER) else ""

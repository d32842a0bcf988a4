"""Numbers in digits: "1,250,000", "1.5bn", "10 000", "2½", "3/4 of", "-1.3"."""

import re
from decimal import Decimal
from typing import Final

from pipelines.text.figures.number_words import ABBREVIATIONS, PARTS, SCALES, VULGAR, WORDS, Numeral
from pipelines.text.figures.tokens import Tokens

_SPACES: Final = "\u00a0\u202f\u2009"
_GROUPED: Final = re.compile(rf"\d{{1,3}}(?:([,'’{_SPACES}])\d{{3}}(?:\1\d{{3}})*)(\.\d+)?")
_INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_POINT: Final = re.compile(r"\d+(?:\.\d+)?")
_CONTINENTAL: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMA: Final = re.compile(r"\d+,\d{1,2}")
_LONGEST: Final = 24
"""Most digits and separators of a number; more are a key or a hash."""
GREATEST_SCALE: Final = 10**15
"""Scales are not multiplied beyond this: "million billion million"."""
_MOST_GROUPS: Final = 5
"""Most groups of digits that spaces join: "1 250 000"."""
_MIL: Final = "mil"
"""Million in English, thousand in Spanish and Portuguese."""
_TIMES: Final = frozenset("×x*")
_BEFORE_POWER: Final = frozenset("^+-−")
_AFTER_METRES: Final = WORDS["after_metres"]
_NUMERATORS: Final = WORDS["numerators"]
_DENOMINATORS: Final = WORDS["denominators"]
_DENOMINATORS_AFTER_WHOLES: Final = WORDS["denominators_after_wholes"]
_LENGTHS: Final = WORDS["lengths"]
_MONTHS: Final = WORDS["months"]
_MONEY_SIGNS: Final = WORDS["money_signs"]
_NOT_COUNTED: Final = WORDS["not_counted"]


def read_digits(written: str, *, decimal_comma: bool = False) -> Decimal | None:
    """Returns the value of digits with separators; None if they are not a number (an address, a version, a list)."""
    if len(written) > _LONGEST:
        return None
    if _POINT.fullmatch(written) and not (decimal_comma and _CONTINENTAL.fullmatch(written)):
        return Decimal(written)
    if _GROUPED.fullmatch(written) or _INDIAN.fullmatch(written):
        return Decimal(re.sub(rf"[,'’{_SPACES}]", "", written))
    if (decimal_comma or written.count(".") > 1) and _CONTINENTAL.fullmatch(written):
        return Decimal(written.replace(".", "").replace(",", "."))
    if decimal_comma and _COMMA.fullmatch(written):
        return Decimal(written.replace(",", "."))
    return None


def read_number(tokens: Tokens, first: int, english: bool) -> Numeral | None:
    """Reads the number in digits at the token, with sign, fraction and scale; None if it is not a number."""
    written = tokens.written(first)
    value = read_digits(written, decimal_comma=not english)
    if value is None:
        return None
    start, last = first, first + 1
    if english and tokens.word(first + 1) == "/":
        return _read_fraction(tokens, first)
    if tokens.is_glued(first) and tokens.word(first - 1) == "." and not _glued_word(tokens, first - 1):
        start, value = first - 1, value.scaleb(-len(written))
    elif written.isdecimal():
        value, last = _read_groups(tokens, first, value)
    plain = last == first + 1 and start == first and written.isdecimal()
    value, after = _read_power(tokens, last, value) or _add_fraction(tokens, last, value)
    scale, end = read_scales(tokens, start, after) if english or tokens.word(after) != _MIL else (1, after)
    start, sign = _read_sign(tokens, start)
    value *= scale * sign
    return Numeral(start, end, value, value, "digits", scale, plain and end == last and sign == 1)


def _read_power(tokens: Tokens, index: int, value: Decimal) -> tuple[Decimal, int] | None:
    """ "1.99 × 10−30", "6 x 10^23": a number times a power of ten."""
    if tokens.word(index) not in _TIMES or tokens.word(index + 1) != "10":
        return None
    at = index + 2
    while tokens.word(at) in _BEFORE_POWER and tokens.is_glued(at):
        at += 1
    if at == index + 2 or not tokens.is_glued(at) or not tokens.words[at].isdecimal() or len(tokens.words[at]) > 2:
        return None
    power = int(tokens.words[at])
    return value.scaleb(power if tokens.words[at - 1] in "^+" else -power), at + 1


def _read_fraction(tokens: Tokens, first: int) -> Numeral | None:
    """ "3/4 of", "1/4 mile"; not dates and "24/7"."""
    over, under = tokens.words[first], tokens.word(first + 2)
    if over not in _NUMERATORS or under not in _DENOMINATORS or int(over) >= int(under):
        return None
    if not tokens.is_glued(first + 2) or tokens.word(first + 3) == "/" or tokens.word(first - 1) == "/":
        return None
    value = Decimal(over) / Decimal(under)
    return Numeral(first, first + 3, value, value, "part")


def _read_sign(tokens: Tokens, first: int) -> tuple[int, int]:
    """Returns the first token of a number with its minus sign, and the sign: "-1.3%", "minus 5", "minus-260"."""
    before = tokens.word(first - 1)
    if before and before in "-−–" and tokens.is_glued(first):
        if not tokens.is_glued(first - 1) and (first == 1 or before != "–" or tokens.word(first - 2).isalpha()):
            return first - 1, -1
        if tokens.word(first - 2) == "minus":
            return first - 2, -1
    elif before == "minus" and tokens.word(first - 2) != "or":
        return first - 1, -1
    return first, 1


def _glued_word(tokens: Tokens, index: int) -> bool:
    return tokens.is_glued(index) and tokens.word(index - 1)[-1:].isalnum()


def _read_groups(tokens: Tokens, first: int, value: Decimal) -> tuple[Decimal, int]:
    """ "1 250 000": groups of three digits, each after one space."""
    last = first + 1
    if len(tokens.written(first)) > 3 or value == 0 or tokens.word(first - 1) in _MONTHS:
        return value, last
    while (
        len(tokens.written(last)) == 3
        and tokens.words[last].isdecimal()
        and tokens.text[tokens.ends[last - 1] : tokens.starts[last]] == " "
        and last - first < _MOST_GROUPS
    ):
        value = value * 1000 + Decimal(tokens.words[last])
        last += 1
    return value, last


def _add_fraction(tokens: Tokens, index: int, value: Decimal) -> tuple[Decimal, int]:
    """ "2½", "2 1/2", "3 and a half"."""
    word = tokens.word(index)
    if word in VULGAR:
        return value + VULGAR[word], index + 1
    if word == "and" and tokens.word(index + 1) == "a" and tokens.word(index + 2) in ("half", "quarter"):
        return value + 1 / Decimal(PARTS[tokens.words[index + 2]]), index + 3
    if (
        tokens.word(index + 1) == "/"
        and word in _NUMERATORS
        and tokens.word(index + 2) in _DENOMINATORS_AFTER_WHOLES
        and tokens.is_glued(index + 1)
        and tokens.is_glued(index + 2)
        and not tokens.is_glued(index)
    ):
        return value + Decimal(word) / Decimal(tokens.words[index + 2]), index + 3
    return value, index


def read_scales(tokens: Tokens, first: int, index: int) -> tuple[int, int]:
    """Returns the product of the scales from the token on, and the token after them."""
    scale = 1
    if tokens.written(index) in ABBREVIATIONS and (tokens.is_glued(index) or len(tokens.words[index]) > 1):
        scale, index = ABBREVIATIONS[tokens.written(index)], index + 1
    elif tokens.written(index) == "m" and _means_million(tokens, first, index):
        scale, index = 1_000_000, index + 1
    while True:
        skipped = (
            index + 1 if tokens.word(index) == "-" and tokens.is_glued(index) and tokens.is_glued(index + 1) else index
        )
        if tokens.word(skipped) not in SCALES or scale >= GREATEST_SCALE:
            return scale, index
        scale, index = scale * SCALES[tokens.words[skipped]], skipped + 1


def _converts_length(tokens: Tokens, first: int) -> bool:
    """Whether the number is the same length in another measure: "10 feet (some 3m)"."""
    opening = first - 1 if tokens.word(first - 1) == "(" else first - 2
    return tokens.word(opening) == "(" and tokens.word(opening - 1) in _LENGTHS


def _means_million(tokens: Tokens, first: int, index: int) -> bool:
    """Whether "m" is million, as it mostly is in news, not metre ("a 3m wall", "8m high", "5m (16ft)")."""
    if tokens.word(first - 1) in _MONEY_SIGNS:
        return True
    if not tokens.is_glued(index) or tokens.word(first - 1) in ("x", "×") or _converts_length(tokens, first):
        return False
    after = tokens.word(index + 1)
    if after in _AFTER_METRES or (after == "(" and tokens.word(index + 2)[:1].isdecimal()):
        return False
    adjective = tokens.word(first - 1) in ("a", "an", "the") and after.isalpha() and after not in _NOT_COUNTED
    return not adjective or after.endswith("s") or after in SCALES

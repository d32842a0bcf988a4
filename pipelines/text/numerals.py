"""Numbers as news writes them: digits with any usual separators, words, vague plurals, fractions, ratios."""

import re
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Final, Literal

import yaml

from pipelines.text.figure_tokens import Tokens
from pipelines.text.figure_words import WORDS

Form = Literal["digits", "words", "vague", "part"]
"""`part` is a fraction or a ratio, of something."""


@dataclass(slots=True, frozen=True)
class Numeral:
    """A number in the tokens `first` to before `last`. `low` and `high` differ only for vague plurals."""

    first: int
    last: int
    low: float
    high: float
    form: Form
    scale: float = 1.0
    """The product of the scales that were written with it: 1e6 for "1.5 million"."""
    plain: bool = False
    """Bare digits, without separator, decimals or scale: what may be a year or part of a name."""
    approximate: bool = False


def _load() -> dict[str, Any]:
    text = resources.files("pipelines.text").joinpath("tables/number_words.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables


_TABLES: Final = _load()
SMALL: Final[dict[str, int]] = _TABLES["small"]
TENS: Final[dict[str, int]] = _TABLES["tens"]
SCALES: Final[dict[str, int]] = _TABLES["scales"]
_ABBREVIATIONS: Final[dict[str, int]] = _TABLES["abbreviations"]
_PLURALS: Final[dict[str, list[int]]] = _TABLES["plurals"]
_SEVERAL: Final = frozenset(_TABLES["several"])
_SEVERAL_TIMES: Final[list[int]] = _TABLES["several_times"]
_PARTS: Final[dict[str, int]] = _TABLES["parts"]
_VULGAR: Final[dict[str, float]] = _TABLES["vulgar"]
MULTIPLIERS: Final[dict[str, float]] = _TABLES["multipliers"]
NUMBER_WORDS: Final = frozenset({*SMALL, *TENS, *_PLURALS, *_VULGAR})
STARTERS: Final = NUMBER_WORDS | _SEVERAL | {"a", "an", "tens", "scores", "half", "couple", "quarter"}

_SPACES: Final = "\u00a0\u202f\u2009"
_GROUPED: Final = re.compile(rf"\d{{1,3}}(?:([,'’{_SPACES}])\d{{3}}(?:\1\d{{3}})*)(\.\d+)?")
_INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_POINT: Final = re.compile(r"\d+(?:\.\d+)?")
_CONTINENTAL: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMA: Final = re.compile(r"\d+,\d{1,2}")
_LONGEST: Final = 24
"""Digits and separators of the longest number read; what is longer is a key or a hash."""
_AFTER_METRES: Final = WORDS["after_metres"]
_OVER: Final = frozenset("12357")
_UNDER: Final = frozenset(("2", "3", "4", "5", "8", "10", "16"))
_MONTHS: Final = WORDS["months"]
_MONEY_SIGNS: Final = frozenset("$€£¥₹₽₩₺₴₪") | {"rm", "rs"}
_NOT_COUNTED: Final = WORDS["not_counted"]


def read_digits(written: str, *, decimal_comma: bool = False) -> float | None:
    """The value of digits with separators, or none where they are no number (addresses, versions, lists)."""
    if len(written) > _LONGEST:
        return None
    if _POINT.fullmatch(written) and not (decimal_comma and _CONTINENTAL.fullmatch(written)):
        return float(written)
    if _GROUPED.fullmatch(written) or _INDIAN.fullmatch(written):
        return float(re.sub(rf"[,'’{_SPACES}]", "", written))
    if (decimal_comma or written.count(".") > 1) and _CONTINENTAL.fullmatch(written):
        return float(written.replace(".", "").replace(",", "."))
    if decimal_comma and _COMMA.fullmatch(written):
        return float(written.replace(",", "."))
    return None


def read_numeral(tokens: Tokens, first: int, *, english: bool = True) -> Numeral | None:
    """The longest number that starts at the token, or none."""
    word = tokens.words[first]
    if word[0].isdecimal():
        return _with_ratio(tokens, _digits(tokens, first, english), english)
    if not english or word not in STARTERS:
        return None
    found = _part(tokens, first) or _vague(tokens, first) or _with_ratio(tokens, _words(tokens, first), english)
    if found and found.form == "words" and tokens.word(first - 1) == "minus":
        return replace(found, first=first - 1, low=-found.low, high=-found.high)
    return found


# Digits ------------------------------------------------------------------------------------------------------------


def _digits(tokens: Tokens, first: int, english: bool) -> Numeral | None:
    written = tokens.surface[first]
    value = read_digits(written, decimal_comma=not english)
    if value is None:
        return None
    start, last = first, first + 1
    if english and tokens.word(first + 1) == "/":
        return _digit_fraction(tokens, first)
    if tokens.glued(first) and tokens.word(first - 1) == "." and not _glued_word(tokens, first - 1):
        start, value = first - 1, value / 10.0 ** len(written)
    elif written.isdecimal():
        value, last = _spaced_groups(tokens, first, value)
    plain = last == first + 1 and start == first and written.isdecimal()
    value, after = _mixed_fraction(tokens, last, value)
    scale, end = _scales(tokens, start, after)
    start, sign = _sign(tokens, start)
    value *= scale * sign
    return Numeral(start, end, value, value, "digits", scale, plain and end == last and sign == 1)


def _digit_fraction(tokens: Tokens, first: int) -> Numeral | None:
    """ "3/4 of", "1/4 mile"; not dates and "24/7"."""
    over, under = tokens.words[first], tokens.word(first + 2)
    if over not in _OVER or under not in _UNDER or int(over) >= int(under):
        return None
    if not tokens.glued(first + 2) or tokens.word(first + 3) == "/" or tokens.word(first - 1) == "/":
        return None
    value = float(over) / float(under)
    return Numeral(first, first + 3, value, value, "part")


def _sign(tokens: Tokens, first: int) -> tuple[int, int]:
    """Where a number with its minus sign starts, and the sign: "-1.3%", "minus 5", "minus-260"."""
    before = tokens.word(first - 1)
    if before and before in "-−–" and tokens.glued(first):
        if not tokens.glued(first - 1) and (first == 1 or before != "–" or tokens.word(first - 2).isalpha()):
            return first - 1, -1
        if tokens.word(first - 2) == "minus":
            return first - 2, -1
    elif before == "minus":
        return first - 1, -1
    return first, 1


def _glued_word(tokens: Tokens, index: int) -> bool:
    return tokens.glued(index) and tokens.word(index - 1)[-1:].isalnum()


def _spaced_groups(tokens: Tokens, first: int, value: float) -> tuple[float, int]:
    """ "1 250 000": groups of three digits, each after one space."""
    last = first + 1
    if len(tokens.surface[first]) > 3 or value == 0 or tokens.word(first - 1) in _MONTHS:
        return value, last
    while (
        len(tokens.written(last)) == 3
        and tokens.words[last].isdecimal()
        and tokens.text[tokens.ends[last - 1] : tokens.starts[last]] == " "
        and last - first < 5
    ):
        value = value * 1000 + float(tokens.words[last])
        last += 1
    return value, last


def _mixed_fraction(tokens: Tokens, index: int, value: float) -> tuple[float, int]:
    """ "2½", "2 1/2", "3 and a half"."""
    word = tokens.word(index)
    if word in _VULGAR:
        return value + _VULGAR[word], index + 1
    if word == "and" and tokens.word(index + 1) == "a" and tokens.word(index + 2) in ("half", "quarter"):
        return value + 1 / _PARTS[tokens.words[index + 2]], index + 3
    if (
        tokens.word(index + 1) == "/"
        and word in ("1", "2", "3", "5", "7")
        and tokens.word(index + 2) in ("2", "3", "4", "8")
        and tokens.glued(index + 1)
        and tokens.glued(index + 2)
        and not tokens.glued(index)
    ):
        return value + float(word) / float(tokens.words[index + 2]), index + 3
    return value, index


def _scales(tokens: Tokens, first: int, index: int) -> tuple[float, int]:
    """The product of the scales from the token on, and the token after them."""
    scale = 1.0
    if tokens.written(index) in _ABBREVIATIONS and (tokens.glued(index) or len(tokens.words[index]) > 1):
        scale, index = float(_ABBREVIATIONS[tokens.surface[index]]), index + 1
    elif tokens.written(index) == "m" and _means_million(tokens, first, index):
        scale, index = 1e6, index + 1
    while True:
        skipped = index + 1 if tokens.word(index) == "-" and tokens.glued(index) and tokens.glued(index + 1) else index
        if tokens.word(skipped) not in SCALES or scale >= 1e15:
            return scale, index
        scale, index = scale * SCALES[tokens.words[skipped]], skipped + 1


def _means_million(tokens: Tokens, first: int, index: int) -> bool:
    """Whether "m" is million, as it mostly is in news, rather than metre ("a 3m wall", "8m high", "5m (16ft)")."""
    if tokens.word(first - 1) in _MONEY_SIGNS:
        return True
    if not tokens.glued(index) or tokens.word(first - 1) in ("x", "×"):
        return False
    after = tokens.word(index + 1)
    if after in _AFTER_METRES or (after == "(" and tokens.word(index + 2)[:1].isdecimal()):
        return False
    adjective = tokens.word(first - 1) in ("a", "an", "the") and after.isalpha() and after not in _NOT_COUNTED
    return not adjective or after.endswith("s") or after in SCALES


# Words -------------------------------------------------------------------------------------------------------------


def _words(tokens: Tokens, first: int) -> Numeral | None:
    """ "twenty-five", "one hundred and twenty thousand", "a dozen", "half a million", "one and a half million"."""
    word = tokens.words[first]
    if word in ("half", "quarter"):
        return _half_scale(tokens, first)
    if word in ("a", "an") and tokens.word(first + 1) in ("half", "quarter"):
        return _half_scale(tokens, first + 1, first)
    if word in _VULGAR:
        scale, last = _scales(tokens, first, first + 1)
        return Numeral(first, last, _VULGAR[word] * scale, _VULGAR[word] * scale, "words", scale)
    return _Cardinal(tokens, first).read()


def _half_scale(tokens: Tokens, half: int, first: int | None = None) -> Numeral | None:
    """ "half a million", "half-million", "quarter of a million"."""
    index = half + 1
    if tokens.word(index) == "of":
        index += 1
    if tokens.word(index) in ("a", "-"):
        index += 1
    if tokens.word(index) not in SCALES:
        return None
    scale, last = _scales(tokens, half, index)
    value = scale / _PARTS[tokens.words[half]]
    return Numeral(half if first is None else first, last, value, value, "words", scale)


class _Cardinal:
    """Reads one spelled-out whole number, word by word."""

    def __init__(self, tokens: Tokens, first: int) -> None:
        self.tokens = tokens
        self.first = self.index = first
        self.total = 0.0
        self.group = 0.0
        self.scale = 1.0
        self.room = 100
        """The next plain number word must be below this: 10 after "twenty", 100 after "hundred"."""

    def read(self) -> Numeral | None:
        if self.tokens.words[self.first] in ("a", "an"):
            if self.tokens.word(self.first + 1) not in SCALES:
                return None
            self.group, self.room, self.index = 1.0, 0, self.first + 1
        while self._step():
            pass
        if self.index == self.first:
            return None
        value = self.total + self.group
        return Numeral(self.first, self.index, value, value, "words", self.scale)

    def _step(self) -> bool:
        index = self._after_hyphen()
        word = self.tokens.word(index)
        if word in SCALES:
            return self._take_scale(float(SCALES[word]), index)
        if word == "and":
            return self._take_and(index)
        value = SMALL.get(word, TENS.get(word, 0 if word == "zero" else -1))
        if value < 0 or value >= self.room:
            return False
        self.group += value
        self.room = 10 if word in TENS else 0
        self.index = index + 1
        return True

    def _after_hyphen(self) -> int:
        tokens, index = self.tokens, self.index
        if index > self.first and tokens.word(index) == "-" and tokens.glued(index) and tokens.glued(index + 1):
            return index + 1
        return index

    def _take_scale(self, scale: float, index: int) -> bool:
        if index == self.first or self.total + self.group == 0 or self.scale >= 1e15:
            return False
        if scale == 100:
            if self.group >= 100:
                return False
            self.group *= scale
            self.room = 100
        else:
            self.total += (self.group or self.total) * scale - (0 if self.group else self.total)
            self.group, self.room = 0.0, 100
        self.scale *= scale
        self.index = index + 1
        return True

    def _take_and(self, index: int) -> bool:
        """ "hundred and twenty", "one and a half"; not the "and" of "between one hundred and two hundred"."""
        tokens, after = self.tokens, index + 1
        if index == self.first:
            return False
        if tokens.word(after) == "-" and tokens.glued(after):
            after += 1
        if tokens.word(after) == "a":
            half = after + 2 if tokens.word(after + 1) == "-" else after + 1
            if tokens.word(half) not in ("half", "quarter"):
                return False
            share = 1 / _PARTS[tokens.words[half]]
            self.group += share * (self.scale if self.group == 0 else 1)
            self.room, self.index = 0, half + 1
            return True
        if self.room != 100 or self.scale == 1 or (tokens.word(after) not in SMALL and tokens.word(after) not in TENS):
            return False
        end = after + 1
        if tokens.word(end) == "-":
            end += 1
        if tokens.words[after] in TENS and tokens.word(end) in SMALL:
            end += 1
        if SCALES.get(tokens.word(end), 0) and not (tokens.words[end] == "thousand" and self.total == 0):
            return False
        self.index = after
        return True


# Vague plurals -------------------------------------------------------------------------------------------------------


def _vague(tokens: Tokens, first: int) -> Numeral | None:
    word = tokens.words[first]
    if word in ("tens", "scores", "hundreds", "thousands", "dozens", "millions", "billions", "trillions"):
        return _plural(tokens, first)
    start = first + 1 if word == "a" else first
    if tokens.word(start) in _SEVERAL and (tokens.words[start] == "several" or start > first):
        if tokens.word(start + 1) not in SCALES:
            return None
        scale, last = _scales(tokens, first, start + 1)
        low, high = _SEVERAL_TIMES
        return Numeral(first, last, low * scale, high * scale, "vague", scale)
    if tokens.word(start) == "couple":
        index = start + 2 if tokens.word(start + 1) == "of" else start + 1
        if tokens.word(index) in SCALES:
            scale, last = _scales(tokens, first, index)
            return Numeral(first, last, 2 * scale, 2 * scale, "words", scale, approximate=True)
    return None


def _plural(tokens: Tokens, first: int) -> Numeral | None:
    word = tokens.words[first]
    larger = tokens.word(first + 2)
    if tokens.word(first + 1) == "of" and larger in _PLURALS and larger not in ("dozens", "hundreds"):
        unit = (10 if word == "tens" else _PLURALS[word][0] / 2 if word in _PLURALS else 20) * _PLURALS[larger][0] / 2
        return Numeral(first, first + 3, 2 * unit, 10 * unit - 1, "vague", unit)
    if word == "tens" or (word == "scores" and tokens.word(first + 1) not in ("of", "")):
        return None
    low, high = _PLURALS.get(word, [40, 99])
    return Numeral(first, first + 1, float(low), float(high), "vague")


# Fractions and ratios ------------------------------------------------------------------------------------------------


def _part(tokens: Tokens, first: int) -> Numeral | None:
    """ "one-third", "two thirds", "a quarter of", "half of", "½ of"."""
    word = tokens.words[first]
    if word == "half":
        return _half(tokens, first, first)
    if word in ("a", "an"):
        index, count = first + 1, 1
        if tokens.word(index) == "half":
            return _half(tokens, first, index)
        if tokens.word(index) not in _PARTS:
            return None
        if tokens.word(index + 1) not in ("of", "") and tokens.word(first - 1) != "by":
            return None
    elif word in SMALL and word != "zero":
        index, count = first + 1, SMALL[word]
        if tokens.word(index) == "-" and tokens.glued(index):
            index += 1
    else:
        return None
    name = tokens.word(index)
    if name not in _PARTS or (count > 1) != name.endswith(("s", "ves")) or count > _PARTS[name] * 3:
        return None
    if tokens.word(index + 1) == "of" and tokens.word(index + 2) in ("a", "an") and tokens.word(index + 3) in SCALES:
        scale, last = _scales(tokens, first, index + 3)
        value = count / _PARTS[name] * scale
        return Numeral(first, last, value, value, "words", scale)
    if _is_place(tokens, index + 1):
        return None
    value = count / _PARTS[name]
    return Numeral(first, index + 1, value, value, "part")


def _is_place(tokens: Tokens, index: int) -> bool:
    """Whether the part is compounded with what follows ("third-placed", "quarter-final")."""
    return tokens.word(index) == "-" and tokens.glued(index)


_NOT_BEFORE_HALF: Final = WORDS["not_before_half"]
_AFTER_HALF: Final = WORDS["after_half"]


def _half(tokens: Tokens, first: int, half: int) -> Numeral | None:
    """ "half of", "half the", "by half", "more than half"; not the first half, in half, half-time."""
    if tokens.word(first - 1) in _NOT_BEFORE_HALF or tokens.word(first - 1) == "-" or _is_place(tokens, half + 1):
        return None
    if tokens.word(half + 1) == "of" and tokens.word(half + 2) in ("a", "an") and tokens.word(half + 3) in SCALES:
        return None
    measured = tokens.word(half + 1) in ("a", "an") and tokens.word(half + 2) not in SCALES
    bounded = tokens.word(first - 1) in ("by", "to", "than", "nearly", "almost", "about", "over", "around", "roughly")
    alone = first == 0 and half + 1 == tokens.size
    if bounded or alone or (first == half and (measured or tokens.word(half + 1) in _AFTER_HALF)):
        return Numeral(first, half + 1, 0.5, 0.5, "part")
    return None


def _with_ratio(tokens: Tokens, count: Numeral | None, english: bool) -> Numeral | None:
    """Turns "one" of "one in five" and "three" of "three out of four" into the whole ratio."""
    if count is None or not english or not 0 < count.low < 100 or count.low % 1:
        return count
    index = count.last
    if tokens.word(index) == "in":
        index += 2 if tokens.word(index + 1) == "every" else 1
    elif tokens.word(index) == "out" and tokens.word(index + 1) == "of":
        index += 3 if tokens.word(index + 2) == "every" else 2
    else:
        return count
    word = tokens.word(index)
    whole = (
        _digits(tokens, index, True) if word[:1].isdecimal() else _words(tokens, index) if word in STARTERS else None
    )
    if whole is None or not count.low < whole.low or (whole.plain and 1000 < whole.low < 2100):
        return count
    share = count.low / whole.low
    return Numeral(count.first, whole.last, share, share, "part")

"""Numbers in words, and the vague plurals: "one hundred and twenty thousand", "half a million", "dozens"."""

from decimal import Decimal
from typing import Final

from pipelines.text.figures.counted.nouns import is_hyphen, is_plural, is_stop
from pipelines.text.figures.digits import GREATEST_SCALE, read_scales
from pipelines.text.figures.number_words import (
    MULTIPLIED_PLURALS,
    PARTS,
    PLURALS,
    SCALES,
    SEVERAL,
    SEVERAL_TIMES,
    SMALL,
    TENS,
    VULGAR,
    WORDS,
    Numeral,
)
from pipelines.text.figures.tokens import Tokens

_AFTER_SOME: Final = WORDS["being"] | {"of", "more", "other", "others", "have", "had"}
_LONGEST_PHRASE: Final = 5
"""Most tokens from "several" to its plural: "several large fishing boats"."""


def read_words(tokens: Tokens, first: int) -> Numeral | None:
    """ "twenty-five", "one hundred and twenty thousand", "a dozen", "half a million", "one and a half million"."""
    word = tokens.words[first]
    if word in VULGAR:
        scale, last = read_scales(tokens, first, first + 1)
        return Numeral(first, last, VULGAR[word] * scale, VULGAR[word] * scale, "words", scale)
    return _Cardinal(tokens, first).read()


def read_part_of_scale(tokens: Tokens, first: int) -> Numeral | None:
    """Reads "half a million", "a half-million", "quarter of a million", "half-a-dozen"; None for anything else."""
    half = first + 1 if tokens.words[first] in ("a", "an") else first
    if tokens.word(half) not in ("half", "quarter"):
        return None
    index = half + 1
    for joint in ("-", "of", "a", "-"):
        if tokens.word(index) == joint:
            index += 1
    if tokens.word(index) not in SCALES:
        return None
    scale, last = read_scales(tokens, half, index)
    value = Decimal(scale) / PARTS[tokens.words[half]]
    return Numeral(first, last, value, value, "words", scale)


class _Cardinal:
    """Reads one spelled-out number, word by word."""

    def __init__(self, tokens: Tokens, first: int) -> None:
        self.tokens = tokens
        self.first = self.index = first
        self.total = Decimal(0)
        self.group = Decimal(0)
        self.scale = 1
        self.limit = 100
        """The next plain number word must be below this: 10 after "twenty", 100 after "hundred"."""

    def read(self) -> Numeral | None:
        if self.tokens.words[self.first] in ("a", "an"):
            if self.tokens.word(self.first + 1) not in SCALES:
                return None
            self.group, self.limit, self.index = Decimal(1), 0, self.first + 1
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
            return self._take_scale(SCALES[word], index)
        if word == "and":
            return self._take_and(index)
        if word == "point":
            return self._take_decimals(index)
        value = SMALL.get(word, TENS.get(word, 0 if word == "zero" else -1))
        if value < 0 or value >= self.limit:
            return False
        self.group += value
        self.limit = 10 if word in TENS else 0
        self.index = index + 1
        return True

    def _after_hyphen(self) -> int:
        tokens, index = self.tokens, self.index
        if index > self.first and tokens.word(index) == "-" and tokens.is_glued(index) and tokens.is_glued(index + 1):
            return index + 1
        return index

    def _take_decimals(self, point: int) -> bool:
        """ "two point five": each word after the point is one digit."""
        if point == self.first:
            return False
        index, digits = point + 1, ""
        while (digit := SMALL.get(self.tokens.word(index), 10)) < 10:
            index, digits = index + 1, f"{digits}{digit}"
        if not digits:
            return False
        self.group += Decimal(f"0.{digits}")
        self.limit, self.index = 0, index
        return True

    def _take_scale(self, scale: int, index: int) -> bool:
        if index == self.first or self.total + self.group == 0 or self.scale >= GREATEST_SCALE:
            return False
        if scale == 100:
            if self.group >= 100:
                return False
            self.group *= scale
            self.limit = 100
        else:
            self.total += (self.group or self.total) * scale - (0 if self.group else self.total)
            self.group, self.limit = Decimal(0), 100
        self.scale *= scale
        self.index = index + 1
        return True

    def _take_and(self, index: int) -> bool:
        """ "hundred and twenty", "one and a half"; not the "and" of "between one hundred and two hundred"."""
        tokens, after = self.tokens, index + 1
        if index == self.first:
            return False
        if tokens.word(after) == "-" and tokens.is_glued(after):
            after += 1
        if tokens.word(after) == "a":
            half = after + 2 if tokens.word(after + 1) == "-" else after + 1
            if tokens.word(half) not in ("half", "quarter"):
                return False
            share = 1 / Decimal(PARTS[tokens.words[half]])
            self.group += share * (self.scale if self.group == 0 else 1)
            self.limit, self.index = 0, half + 1
            return True
        if self.limit != 100 or self.scale == 1 or (tokens.word(after) not in SMALL and tokens.word(after) not in TENS):
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


def read_vague(tokens: Tokens, first: int) -> Numeral | None:
    """Reads a band: "dozens", "tens of thousands", "several hundred"; "a couple of hundred" is about 200."""
    word = tokens.words[first]
    if word == "tens" or word in PLURALS:
        return _read_plural(tokens, first)
    start = first + 1 if word == "a" else first
    if tokens.word(start) in SEVERAL:
        return _read_some(tokens, first, start)
    if tokens.word(start) == "couple":
        index = start + 2 if tokens.word(start + 1) == "of" else start + 1
        if tokens.word(index) in SCALES:
            scale, last = read_scales(tokens, first, index)
            return Numeral(first, last, Decimal(2 * scale), Decimal(2 * scale), "words", scale, approximate=True)
    return None


def _read_some(tokens: Tokens, first: int, some: int) -> Numeral | None:
    """ "several hundred", "a few boats"; not "few boats", nor "the next few weeks", which is a time."""
    if tokens.words[some] == "few" and first == some:
        return None
    scale, last = read_scales(tokens, first, some + 1)
    if scale == 1 and not _counts_some(tokens, last):
        return None
    low, high = SEVERAL_TIMES
    return Numeral(first, last, Decimal(low * scale), Decimal(high * scale), "vague", scale)


def _counts_some(tokens: Tokens, index: int) -> bool:
    """Whether "several" or "a few" counts what follows: "several of", "a few small boats"; not occasions."""
    if index == tokens.size or tokens.words[index] in _AFTER_SOME:
        return True
    for after in range(index, min(index + _LONGEST_PHRASE, tokens.size)):
        if tokens.words[after] == "times" or (is_stop(tokens, after) and not is_hyphen(tokens, after)):
            return False
        if is_plural(tokens.words[after]):
            return True
    return False


def _read_plural(tokens: Tokens, first: int) -> Numeral | None:
    word = tokens.words[first]
    larger = tokens.word(first + 2)
    if tokens.word(first + 1) == "of" and larger in MULTIPLIED_PLURALS:
        unit = (10 if word == "tens" else PLURALS[word][0] // 2) * PLURALS[larger][0] // 2
        return Numeral(first, first + 3, Decimal(2 * unit), Decimal(10 * unit - 1), "vague", unit)
    if word == "tens" or (word == "scores" and tokens.word(first + 1) not in ("of", "")):
        return None
    low, high = PLURALS[word]
    return Numeral(first, first + 1, Decimal(low), Decimal(high), "vague")

"""Units: the names of measures, currencies and counted nouns, and their classes, from tables/units.yaml."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pipelines.text.figures.cldr import complete_table
from pipelines.text.figures.tokens import Tokens
from pipelines.text.tables import load_typed_table
from schemas.fields import FigureKind

LONGEST_UNIT: Final = 4
"""Most tokens in the name of a unit."""
_LONGEST_SIGN: Final = 3
"""Most tokens in a currency sign or code before a number: "A $", "US $"."""


@dataclass(slots=True, frozen=True)
class Unit:
    """A measure, a currency or "percent"."""

    name: str
    unit_class: str
    kind: FigureKind
    currency: str | None = None
    hundredth: str = ""
    """The name of the hundredth of a currency, if the unit is one: "kopeck", "cent"."""


class Units:
    """Finds units in a text, by tables in the form of tables/units.yaml; a later table overrides an earlier one."""

    def __init__(self, tables: Iterable[Mapping[str, Any]]) -> None:
        self._tables = list(tables)
        self._words: dict[str, Unit] = {}
        self._symbols: dict[str, Unit] = {}
        self._before: dict[str, Unit] = {}
        self._nouns: dict[str, str] = {}
        self.parts: dict[tuple[str, str], int] = {}
        """How many of a smaller unit make one of a larger: 60 for hour and minute."""
        self.tallies: dict[str, Unit] = {}
        """What a tally counts, by its word: deaths for "toll"."""
        for table in self._tables:
            self._add(table)
        self._first_words = {Tokens(name).words[0] for name in (*self._words, *self._symbols)}
        """The first words of measures and currencies, which rule most words out."""
        self._last_signs = {Tokens(sign).words[-1] for sign in self._before}

    def extend(self, table: Mapping[str, Any]) -> "Units":
        """Returns these units with another table that overrides theirs."""
        return Units([*self._tables, table])

    def _add(self, table: Mapping[str, Any]) -> None:
        for row in table.get("measures", ()):
            unit = Unit(row["name"], row["class"], row.get("kind", "measure"))
            self._add_words(row.get("words", ()), unit)
            self._symbols.update(dict.fromkeys(row.get("symbols", ()), unit))
        for larger, smaller in table.get("parts", {}).items():
            self.parts |= {(larger, name): factor for name, factor in smaller.items()}
        for row in table.get("money", ()):
            unit = Unit(row["name"], "money", "money", row.get("code") or None)
            self._add_words(row.get("words", ()), unit)
            symbols = row.get("symbols", ())
            self._symbols.update(dict.fromkeys(symbols, unit))
            self._before.update({s: unit for s in symbols if unit.currency or not s.isalpha()})
        for code, words in table.get("subunits", {}).items():
            whole = next(unit for unit in self._before.values() if unit.currency == code)
            self._add_words(words, replace(whole, hundredth=words[0].split()[-1]))
        for unit_class, nouns in table.get("nouns", {}).items():
            for noun in nouns:
                self._nouns[noun] = unit_class
        for tally, noun in table.get("tallies", {}).items():
            self.tallies[tally] = Unit(noun, self.find_noun_class(noun), "count")

    def _add_words(self, words: Iterable[str], unit: Unit) -> None:
        for word in words:
            self._words[word] = unit
            if not word.endswith("s"):
                self._words[word + "s"] = unit

    @property
    def classes(self) -> frozenset[str]:
        """All classes that the unit of a figure may have."""
        units = (*self._words.values(), *self._symbols.values(), *self._before.values())
        return frozenset({"other", *self._nouns.values(), *(unit.unit_class for unit in units)})

    def get(self, word: str) -> Unit:
        """Returns the unit that the word names. Raises `KeyError` for an unknown word."""
        return self._words[word]

    def find_before(self, tokens: Tokens, first: int) -> tuple[Unit, int] | None:
        """Returns the currency sign or code right before the token, and its first token: "US$", "€", "RM", "USD"."""
        if tokens.word(first - 1) not in self._last_signs:
            return None
        for length in range(_LONGEST_SIGN, 0, -1):
            start = first - length
            if start < 0 or tokens.ends[first - 1] < tokens.starts[first] - 1:
                continue
            written = tokens.phrase(start, first).rstrip()
            unit = self._before.get(written)
            if unit is None and not written.startswith("A "):  # "US $5", but "a $5 note" at the start of a sentence
                unit = self._before.get(written.replace(" ", ""))
            if unit and not (tokens.is_glued(start) and tokens.word(start - 1)[-1:].isalnum()):
                return unit, start
        return None

    def find_after(self, tokens: Tokens, index: int, *, digits: bool) -> tuple[Unit, int] | None:
        """Returns the measure or currency at the token, and the token after it. Symbols are read after digits only."""
        if tokens.word(index) not in self._first_words:
            return None
        longest = min(LONGEST_UNIT, tokens.size - index)
        for length in range(longest, 0, -1):
            end = index + length
            written = tokens.phrase(index, end)
            unit = self._words.get(written.lower()) or (self._symbols.get(written) if digits else None)
            if unit is None and length > 2:
                unit = self._words.get(written.lower().replace("-", " "))  # "a 150,000-square-foot hall"
            if unit is None:
                continue
            after = tokens.words[end][0] if tokens.is_glued(end) else ""
            if after.isalnum() and tokens.words[end - 1][-1].isalnum():
                continue  # part of a longer word
            if after.isdecimal() and unit.currency:
                continue  # the sign of the next number: "$3-$5"
            if length == 1 and not tokens.is_glued(index) and _begins_model(tokens, index, written):
                continue
            return unit, end
        return None

    def find_noun_class(self, noun: str) -> str:
        """Returns the class of a head noun in singular or plural; `other` if no table has it."""
        for form in _find_singulars(noun.lower()):
            if form in self._nouns:
                return self._nouns[form]
        return "other"


def _begins_model(tokens: Tokens, index: int, written: str) -> bool:
    """Whether a sign of one letter begins a name, as in "40 F-16s"."""
    if len(written) > 1 or not tokens.is_glued(index + 1) or not tokens.is_glued(index + 2):
        return False
    return tokens.words[index + 1] == "-" and tokens.words[index + 2].isdecimal()


def _find_singulars(noun: str) -> Iterable[str]:
    """Yields the noun as written, then its possible singulars, the likeliest first."""
    yield noun
    if noun.endswith("ies"):
        yield noun[:-3] + "y"
    if noun.endswith(("ses", "xes", "zes", "ches", "shes")):
        yield noun[:-2]
    if noun.endswith("s") and not noun.endswith("ss"):
        yield noun[:-1]
    if noun.endswith("men"):
        yield noun[:-3] + "man"


@functools.cache
def standard_units() -> Units:
    """Returns the units of tables/units.yaml with those of CLDR."""
    return Units([complete_table(load_typed_table(__package__, "units.yaml"))])

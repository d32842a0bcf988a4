"""The evidence for each language: frequencies of n-grams and of words.

N-grams are langdetect's profiles (55 languages, 1 to 3 characters, from Wikipedia). Words are jusText's stop lists,
which are in order of frequency. Both come with packages that the project depends on anyway.
"""

import functools
import importlib.resources
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipelines.text.tables import load_table

_NGRAM_FLOOR = 1e-5
"""Added to an n-gram's share, so that an n-gram missing from a profile does not rule the language out.

It is of the same order as the rarest n-gram that langdetect keeps.
"""
_WORD_FLOOR = 1e-6
"""Share of a text that a word missing from a list counts for."""
_ZIPF = 0.1
"""Zipf's law: the word of rank r makes up about 0.1 / r of a text."""


@dataclass(frozen=True, slots=True)
class Logarithms:
    """What each word, or each n-gram, adds to the score of each language."""

    rows: dict[str, int]
    """Word or n-gram to its row in `table`. Row 0 is for all others; it favours no language."""
    table: NDArray[np.float32]

    def sum_up(self, found: Iterable[str]) -> NDArray[np.float32]:
        """Returns what all of `found` add to the score of each language."""
        row = self.rows.get
        rows = [row(item, 0) for item in found]
        total: NDArray[np.float32] = self.table[rows].sum(axis=0)
        return total


@dataclass(frozen=True, slots=True)
class Evidence:
    """Frequency tables of all languages, as logarithms that can be added up."""

    languages: tuple[str, ...]
    """ISO 639-1 codes, in the order of the columns of the tables."""
    ngrams: Logarithms
    """Natural logarithm of each n-gram's share among those of its length."""
    words: Logarithms
    """Natural logarithm of the share of each lower-case word over the floor."""


@functools.cache
def load_evidence() -> Evidence:
    """Reads the tables of langdetect and jusText, once in a process (a quarter of a second, 40 MB)."""
    profiles = [
        msgspec.json.decode(path.read_bytes())
        for path in sorted(importlib.resources.files("langdetect.profiles").iterdir(), key=lambda path: path.name)
        if not path.name.startswith("_")
    ]
    languages = tuple(sorted({profile["name"].split("-")[0] for profile in profiles}))
    grams: dict[str, int] = {}
    for profile in profiles:
        for gram in profile["freq"]:
            grams.setdefault(gram, len(grams) + 1)
    shares = np.zeros((len(grams) + 1, len(languages)), np.float32)
    for profile in profiles:
        column = shares[:, languages.index(profile["name"].split("-")[0])]
        rows = np.fromiter(map(grams.__getitem__, profile["freq"]), np.intp)
        counts = np.fromiter(profile["freq"].values(), np.float32)
        totals = np.array(profile["n_words"], np.float32)[np.fromiter(map(len, profile["freq"]), np.intp) - 1]
        # Traditional and simplified Chinese become one language.
        column[rows] = np.maximum(column[rows], counts / totals)
    return Evidence(languages, Logarithms(grams, np.log(shares + np.float32(_NGRAM_FLOOR))), _load_words(languages))


def _load_words(languages: tuple[str, ...]) -> Logarithms:
    stoplists = importlib.resources.files("justext") / "stoplists"
    lists = {
        languages.index(language): (stoplists / f"{name}.txt").read_text(encoding="utf-8").lower().split()
        for language, name in load_table(__package__, "languages.yaml")["word_lists"].items()
    }
    words: dict[str, int] = {}
    for listed in lists.values():
        for word in listed:
            words.setdefault(word, len(words) + 1)
    gains = np.zeros((len(words) + 1, len(languages)), np.float32)
    for column, listed in lists.items():
        ranks = np.arange(1, len(listed) + 1)
        rows = np.fromiter(map(words.__getitem__, listed), np.intp)
        # A word that a list has twice, in capitals too, counts by its better rank.
        np.maximum.at(gains[:, column], rows, np.log(_ZIPF / ranks / _WORD_FLOOR))
    return Logarithms(words, gains)

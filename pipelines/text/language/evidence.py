"""The evidence for each language: frequencies of words and of n-grams.

Words are jusText's stop lists, which are in order of frequency. N-grams are langdetect's profiles (55 languages, 1 to 3
characters, from Wikipedia). Both come with packages that the project depends on anyway.
"""

import functools
import importlib.resources
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from langdetect import PROFILES_DIRECTORY
from numpy.typing import NDArray

from pipelines.text.language.codes import strip_region
from pipelines.text.language.known_languages import load_languages

_NGRAM_FLOOR = 1e-5
"""Added to an n-gram's share, so that an n-gram missing from a profile does not rule the language out.

It is of the same order as the rarest n-gram that langdetect keeps.
"""
_WORD_FLOOR = 1e-6
"""Share of a text that a word missing from a list counts for."""
_ZIPF = 0.1
"""Zipf's law: the word of rank r makes up about 0.1 / r of a text."""
_FREQUENT = 200
"""Rank of a word that can be believed in spite of its capital."""
_SPOKEN = 200
"""Rank that the spoken words share."""


@dataclass(frozen=True, slots=True)
class Logarithms:
    """What each word, or each n-gram, adds to the score of each language that is compared."""

    rows: dict[str, int]
    """Word or n-gram to its row in `table`. Row 0 is for all others; it favours no language."""
    table: NDArray[np.float32]
    """One column for each of the languages that are compared."""
    covered: NDArray[np.bool_]
    """Whether there are frequencies for the language at all."""

    def sum_up(self, found: Iterable[str]) -> NDArray[np.float32]:
        """Returns what all of `found` add to the score of each language."""
        rows = list(map(self.rows.get, found, repeat(0)))
        total: NDArray[np.float32] = np.add.reduce(self.table.take(rows, 0))
        return total


@functools.cache
def load_words() -> Logarithms:
    """Returns the logarithm of the share of each lower-case word over the floor, read once in a process."""
    stoplists = importlib.resources.files("justext") / "stoplists"
    languages = load_languages()
    lists = {
        languages.compared.index(language): (stoplists / f"{name}.txt").read_text(encoding="utf-8").lower().split()
        for language, name in languages.word_lists.items()
    }
    spoken = {languages.compared.index(language): words for language, words in languages.spoken_words.items()}
    words: dict[str, int] = {}
    for word in (word for listed in [*lists.values(), *spoken.values()] for word in listed):
        words.setdefault(word, len(words) + 1)
    gains = np.zeros((len(words) + 1, len(languages.compared)), np.float32)
    for column, listed in lists.items():
        rows = np.fromiter(map(words.__getitem__, listed), np.intp)
        # A word that a list has twice, in capitals too, counts by its better rank.
        np.maximum.at(gains[:, column], rows, _gain_by_rank(np.arange(1, len(listed) + 1)))
    for column, listed in spoken.items():
        gains[[words[word] for word in listed], column] = _gain_by_rank(_SPOKEN)
    return Logarithms(words, gains, np.asarray(gains.any(axis=0)))


def _gain_by_rank(rank: Any) -> Any:
    """Returns the logarithm of the share of a text that the word of a rank makes up over that of a missing word."""
    return np.log(_ZIPF / rank / _WORD_FLOOR)


@functools.cache
def load_frequent_words() -> frozenset[str]:
    """Returns the words among the first of a list: further down the lists have names."""
    words = load_words()
    is_frequent = words.table.max(axis=1) >= _gain_by_rank(_FREQUENT)
    return frozenset(word for word, row in words.rows.items() if is_frequent[row])


class _Profile(msgspec.Struct):
    """One of langdetect's profiles."""

    name: str
    freq: dict[str, int]
    """How often each n-gram occurs."""
    n_words: tuple[int, int, int]
    """How many n-grams of one, two and three characters there are."""


@functools.cache
def load_ngrams() -> Logarithms:
    """Returns the logarithm of each n-gram's share among those of its length, read once in a process.

    That takes a quarter of a second, so it is left until a text is not decided by its words.
    """
    compared = load_languages().compared
    profiles = _read_profiles(compared)
    rows = {"": 0}
    for profile in profiles.values():
        for gram in profile.freq:
            rows.setdefault(gram, len(rows))
    shares = np.zeros((len(rows), len(compared)), np.float32)
    for column, profile in profiles.items():
        totals = np.array(profile.n_words)[np.fromiter(map(len, profile.freq), np.intp) - 1]
        places = np.fromiter(map(rows.__getitem__, profile.freq), np.intp)
        shares[places, column] = np.fromiter(profile.freq.values(), np.intp) / totals
    _add_serbian(shares, rows)
    return Logarithms(rows, np.log(shares + np.float32(_NGRAM_FLOOR)), np.asarray(shares.any(axis=0)))


def _read_profiles(compared: Sequence[str]) -> dict[int, _Profile]:
    """Returns langdetect's profiles by column. Its own reader takes ten times as long."""
    found: dict[int, _Profile] = {}
    for file in sorted(Path(PROFILES_DIRECTORY).iterdir()):
        language = strip_region(file.name)
        if language in compared:
            found.setdefault(compared.index(language), msgspec.json.decode(file.read_bytes(), type=_Profile))
    return found


def _add_serbian(shares: NDArray[np.float32], rows: dict[str, int]) -> None:
    """Gives Serbian, which has no profile, the Croatian shares of its n-grams in Latin letters."""
    languages = load_languages()
    letters = str.maketrans(languages.serbian_letters)
    croatian, serbian = (languages.compared.index(language) for language in ("hr", "sr"))
    for gram, row in rows.items():
        latin = gram.translate(letters)
        if latin != gram and latin in rows:
            shares[row, serbian] = shares[rows[latin], croatian]

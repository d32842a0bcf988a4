"""The evidence for each language: frequencies of n-grams and of words.

N-grams are langdetect's profiles (55 languages, 1 to 3 characters, from Wikipedia). Words are jusText's stop lists,
which are in order of frequency. Both come with packages that the project depends on anyway.
"""

import functools
import importlib.resources
import math
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
class Evidence:
    """Frequency tables of all languages, as logarithms that can be added up."""

    languages: tuple[str, ...]
    """ISO 639-1 codes, in the order of the columns below."""
    ngrams: dict[str, int]
    """N-gram to its row in `ngram_logs`."""
    ngram_logs: NDArray[np.float32]
    """Natural logarithm of each n-gram's share among those of its length, by language."""
    words: dict[str, tuple[tuple[int, float], ...]]
    """Lower-case word to pairs of a language's column and the natural logarithm of the word's share over the floor."""


@functools.cache
def load_evidence() -> Evidence:
    """Reads the tables of langdetect and jusText, once in a process (a quarter of a second, 40 MB)."""
    profiles = [
        msgspec.json.decode(path.read_bytes())
        for path in sorted(importlib.resources.files("langdetect.profiles").iterdir(), key=lambda path: path.name)
        if not path.name.startswith("_")
    ]
    languages = tuple(sorted({profile["name"].split("-")[0] for profile in profiles}))
    # Row 0 is for n-grams that no profile has; it favours no language.
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
    return Evidence(languages, grams, np.log(shares + np.float32(_NGRAM_FLOOR)), _load_words(languages))


def _load_words(languages: tuple[str, ...]) -> dict[str, tuple[tuple[int, float], ...]]:
    stoplists = importlib.resources.files("justext") / "stoplists"
    words: dict[str, dict[int, float]] = {}
    for language, name in load_table(__package__, "languages.yaml")["word_lists"].items():
        column = languages.index(language)
        text = (stoplists / f"{name}.txt").read_text(encoding="utf-8")
        for rank, word in enumerate(text.lower().split(), start=1):
            words.setdefault(word, {}).setdefault(column, math.log(_ZIPF / rank / _WORD_FLOOR))
    return {word: tuple(columns.items()) for word, columns in words.items()}

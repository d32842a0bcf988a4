"""What the letters of a text say about its language: those that a language does not use, those that it must have."""

import re

import numpy as np
from numpy.typing import NDArray

from pipelines.text.language.evidence import load_ngrams, load_words
from pipelines.text.language.known_languages import load_languages
from pipelines.text.language.plain_words import list_plain_words, list_words

_LETTER_WEIGHT = 5.0
"""What each letter that a language does not have takes from its score."""
_CHARACTERS_PER_FOREIGN_LETTER = 30
"""A text is not in a language if one character in so many is a letter that the language does not use."""
_LATIN_CHARACTERS_PER_FOREIGN_LETTER = 50
"""The same in Latin script, of the letters in plain words."""
_FEWEST_FOREIGN_LETTERS = 2
"""One such letter in Latin script may be that of a loan word."""
_WORDS_PER_KNOWN_ONE = 5
"""A text is in a language without n-grams only if one word in so many is on the language's list."""
_LATIN_BEYOND_Z = re.compile("[ß-öø-ɏəḁ-ỿ]")


def score_letters(sample: str, script: str, hint: str) -> NDArray[np.float64]:
    """Returns what the letters of the sample, in lower case, say against each language of the script."""
    languages = load_languages()
    scores = np.zeros(len(languages.compared))
    for language in languages.by_script[script]:
        foreign, own = languages.foreign_letters.get(language), languages.own_letters.get(language)
        if foreign:
            scores[languages.compared.index(language)] = -_LETTER_WEIGHT * len(foreign.findall(sample))
        if own and language != hint and not own.search(sample):
            scores[languages.compared.index(language)] = -np.inf
    return scores


def is_spelt_in(column: int, sample: str) -> bool:
    """Whether a text can be in the language of a column: few letters are foreign, some words known.

    Otherwise it is in a language that is not compared. Words decide for languages without n-grams.
    """
    letters = load_languages().foreign_letters.get(load_languages().compared[column])
    if letters and len(letters.findall(sample.lower())) * _CHARACTERS_PER_FOREIGN_LETTER >= len(sample):
        return False
    if load_ngrams().covered[column]:
        return True
    words, known = list_words(sample), load_words()
    on_list = sum(bool(known.table[known.rows.get(word, 0), column]) for word in words)
    return on_list * _WORDS_PER_KNOWN_ONE >= len(words)


def is_spelt_in_latin(column: int, sample: str) -> bool:
    """Whether the plain words of a text have few letters that the language of a column does not use."""
    own = load_languages().latin_letters.get(load_languages().compared[column])
    if sample.isascii() or own is None:
        return True
    words = "".join(list_plain_words(sample)).lower()
    foreign = sum(letter not in own for letter in _LATIN_BEYOND_Z.findall(words))
    return foreign < _FEWEST_FOREIGN_LETTERS or foreign * _LATIN_CHARACTERS_PER_FOREIGN_LETTER < len(words)

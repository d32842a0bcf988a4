"""The words of a text by which its language is recognised: names are left out, because all languages share them."""

import re
from collections.abc import Container
from typing import NamedTuple

from pipelines.text.language.known_languages import load_languages
from pipelines.text.language.scripts import COMBINING_MARKS, LATIN_CAPITALS

_SEVERAL = 3
"""Frequent words with a capital that make a headline."""
_WORD = re.compile(rf"[^\W\d_]++(?:[’'{COMBINING_MARKS}][^\W\d_]*+)*+")
# The unit in "103m" is not a word of the language, and neither is the article in "al-Mawasi".
_PARTS = re.compile(rf"\d\w+|\b[^\W\d_]\.|[^\W\d_]+[-‐‑](?=[{LATIN_CAPITALS}])")


def list_plain_words(sample: str) -> list[str]:
    """Returns the words without a capital."""
    return [word for word in _WORD.findall(sample) if not word[0].isupper()]


def list_words(sample: str) -> list[str]:
    """Returns all words in lower case."""
    return _WORD.findall(sample.lower())


class SeparatedWords(NamedTuple):
    """The words of a text in a script with capitals."""

    plain: list[str]
    """Words without a capital."""
    frequent: list[str]
    """Words with a capital that are frequent words nevertheless."""
    capitalised: int
    """Number of all words with a capital."""


def separate_names(sample: str, frequent_words: Container[str]) -> SeparatedWords:
    """Separates plain words from names; all of a text in capitals is plain if it has a frequent word.

    A frequent word with a capital counts before a plain word, as the first of a sentence does, or if there are several,
    as in a headline. Small words between two names belong to them: "Luiz Inácio Lula da Silva".
    """
    words = _WORD.findall(_PARTS.sub(" ", sample))
    particles = load_languages().name_particles
    if sample.isupper():
        lower = [word.lower() for word in words]
        is_text = any(word in frequent_words and word not in particles for word in lower)
        return SeparatedWords(lower if is_text else [], [], len(words))
    plain: list[str] = []
    opening: list[str] = []
    capitalised: list[str] = []
    joining: list[str] = []
    after_capital = False
    for word in words:
        if word[0].isupper():
            capitalised.append(word.lower())
            joining = []
        elif (after_capital or joining) and word in particles:
            joining.append(word)
        else:
            opening += [capitalised[-1]] if after_capital else []
            plain += [*joining, word]
            joining = []
        after_capital = word[0].isupper()
    frequent = [word for word in capitalised if len(word) > 1 and word in frequent_words]
    if len(set(frequent)) < _SEVERAL:
        frequent = [word for word in frequent if word in opening]
    return SeparatedWords(plain + joining, frequent, len(capitalised))

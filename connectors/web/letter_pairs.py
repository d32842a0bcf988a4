"""How likely a text is in a language, by the pairs of letters of which one is not ASCII.

The pairs are counted in justext's lists of frequent words. A text that is decoded with the wrong encoding has pairs
that no language has: `powiedzia³`, `baþkaný`.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

import justext

UNSEEN = -11.0
"""The logarithm of the probability of a pair that a language does not have."""
RARE = -8.5
"""That of a pair that the language does not have, of letters that it or its neighbours have."""
PUNCTUATION = -6.5
"""That of a pair with punctuation that every language has: rarer than a usual pair of letters."""
NEUTRAL = frozenset("“”„‟‘’‚«»‹›–—…•·£€§°©®™¿¡№\u00a0")
"""Punctuation and symbols that say nothing about the language."""
JOINING = frozenset("’‘–—…•·\u00a0")
"""Those of them that may be between two letters."""
LATIN_END = "\u024f"
"""The last Latin letter; one of another script next to a Latin letter is in no word."""
MISPLACED = "\ufffc"
"""Stands for any other of them between two letters."""


@cache
def load_pairs(language: str) -> Mapping[str, float]:
    """Returns the logarithms of the probabilities of the pairs that the words of a language have."""
    counts = Counter(
        pair for word in justext.get_stoplist(language) for pair in list_pairs(unicodedata.normalize("NFC", word))
    )
    total = sum(counts.values()) + len(counts)
    return {pair: math.log((count + 1) / total) for pair, count in counts.items()}


@cache
def load_letters(languages: tuple[str, ...]) -> frozenset[str]:
    """Returns the letters of these languages that are not ASCII."""
    return frozenset(
        sign
        for language in languages
        for pair in load_pairs(language)
        for sign in pair
        if sign > "\x7f" and sign.isalpha()
    )


def list_pairs(text: str) -> Iterator[str]:
    """Yields the pairs of neighbours of which one is not ASCII, in lower case.

    A digit is `0`, anything else that is not a letter a space, unless it is not ASCII. A capital after a small letter
    is kept: no word has that.
    """
    signs = [simplify(character) for character in f" {text} "]
    for place, sign in enumerate(signs[1:-1], 1):
        if sign in NEUTRAL and sign not in JOINING and signs[place - 1].isalpha() and signs[place + 1].isalpha():
            signs[place] = MISPLACED
    for first, second in pairwise(signs):
        if first > "\x7f" or second > "\x7f":
            yield first + second if first.islower() and second.isupper() else (first + second).lower()


def simplify(character: str) -> str:
    """Returns the class of a character: itself if it is a letter or not ASCII, else `0` or a space."""
    if character.isalpha() or character > "\x7f":
        return character
    return "0" if character.isdigit() else " "


def score_pairs(counts: Mapping[str, int], languages: tuple[str, ...]) -> float:
    """Returns the logarithm of the probability of a text's pairs in the language that suits them best."""
    letters = load_letters(languages)
    return max(
        sum(count * _score_pair(pair, load_pairs(language), letters) for pair, count in counts.items())
        for language in languages
    )


def _score_pair(pair: str, pairs: Mapping[str, float], letters: frozenset[str]) -> float:
    if pair in pairs:
        return pairs[pair]
    if pair[0] in NEUTRAL or pair[1] in NEUTRAL:
        return PUNCTUATION
    if "0" in pair or any(sign > "\x7f" and sign not in letters for sign in pair):
        return UNSEEN
    is_mixed = any("a" <= sign <= "z" for sign in pair) and any(sign > LATIN_END for sign in pair)
    return UNSEEN if is_mixed else RARE

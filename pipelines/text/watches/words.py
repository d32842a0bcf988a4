"""Finds many words and phrases in one pass over a text, and compares names without case and accents.

Each word of the text needs two look-ups, however many phrases there are. Scripts without spaces between words (Chinese,
Japanese, Thai, …) have no whole words to compare: in them, phrases are found anywhere.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipelines.text.language.scripts import UNSPACED

_HAS_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_GAP: Final = re.compile(r"[\s\u2010\u2011\u2013-]+")
_APOSTROPHES: Final = str.maketrans("’ʼ", "''")
_NO_DECOMPOSITION: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_SEPARATORS: Final = re.compile(r"[\s\u2010-\u2015-]+")


class FoundEntry(NamedTuple):
    """An entry found in a text, with its place."""

    entry: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    entry: str
    words: tuple[str, ...]
    gaps: tuple[str, ...]
    """The characters between the words."""
    open: bool
    """Whether the last word may have any ending."""


class WordIndex:
    """Finds entries of the form that `schemas.watches.check_phrase` accepts: words, phrases, a trailing `*`."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._by_word: dict[str, list[_Phrase]] = defaultdict(list)
        self._by_beginning: dict[str, list[_Phrase]] = defaultdict(list)
        """Single words with any ending, by their first two letters."""
        self._anywhere: list[tuple[str, re.Pattern[str]]] = []
        for entry in dict.fromkeys(entries):
            self._add(entry)

    def _add(self, entry: str) -> None:
        text = unicodedata.normalize("NFC", entry.removesuffix("*"))
        if _HAS_UNSPACED.search(text):
            self._anywhere.append((entry, _compile_anywhere(text, entry.endswith("*"))))
            return
        spans = [match.span() for match in _compile_word().finditer(text)]
        words = tuple(fold_case(text[start:end]) for start, end in spans)
        gaps = tuple(_normalise_gap(text, spans[n][1], spans[n + 1][0]) for n in range(len(spans) - 1))
        phrase = _Phrase(entry, words, gaps, entry.endswith("*"))
        if len(words) == 1 and phrase.open:
            self._by_beginning[words[0][:2]].append(phrase)
        else:
            self._by_word[words[0]].append(phrase)

    def find(self, text: str) -> Iterator[FoundEntry]:
        """Yields every place of every entry, in no particular order."""
        found = list(_compile_word().finditer(text))
        spans = [match.span() for match in found]
        words = [fold_case(match[0]) for match in found]
        for first, word in enumerate(words):
            for phrase in self._by_beginning.get(word[:2], ()):
                if word.startswith(phrase.words[0]):
                    yield FoundEntry(phrase.entry, *spans[first])
            for phrase in self._by_word.get(word, ()):
                last = first + len(phrase.words) - 1
                if last == first or self._follows(phrase, text, words, spans, first):
                    yield FoundEntry(phrase.entry, spans[first][0], spans[last][1])
        if self._anywhere and _HAS_UNSPACED.search(text):
            for entry, pattern in self._anywhere:
                for match in pattern.finditer(text):
                    yield FoundEntry(entry, *match.span())

    @staticmethod
    def _follows(phrase: _Phrase, text: str, words: list[str], spans: list[tuple[int, int]], first: int) -> bool:
        """Whether the other words follow the first one, with the same characters between them as in the phrase."""
        end = first + len(phrase.words)
        if end > len(words):
            return False
        last_is = str.startswith if phrase.open else str.__eq__
        return (
            words[first + 1 : end - 1] == list(phrase.words[1:-1])
            and last_is(words[end - 1], phrase.words[-1])
            and all(
                _normalise_gap(text, spans[n][1], spans[n + 1][0]) == gap for n, gap in enumerate(phrase.gaps, first)
            )
        )


def fold_case(word: str) -> str:
    """Returns the word without differences of case."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word.casefold()).replace("i\u0307", "i")


def simplify_name(name: str) -> str:
    """Returns the name without case, accents and a leading "the", and with spaces for hyphens."""
    if not name.isascii():
        name = _ACCENTS.sub("", unicodedata.normalize("NFD", name.translate(_APOSTROPHES)))
        name = unicodedata.normalize("NFC", name)
    return _SEPARATORS.sub(" ", name.casefold().translate(_NO_DECOMPOSITION)).strip().removeprefix("the ")


def _normalise_gap(text: str, start: int, end: int) -> str:
    """Returns the characters between two words. White space and hyphens become one space, but an empty line is kept."""
    gap = text[start:end]
    if gap == " ":
        return gap
    return "\n" if gap.count("\n") > 1 else _GAP.sub(" ", gap).translate(_APOSTROPHES)


def _compile_anywhere(text: str, is_open: bool) -> re.Pattern[str]:
    """Compiles an expression that finds the text anywhere, but not inside a word of a script with spaces."""
    inside = f"[^\\W{UNSPACED}]"
    left = "" if _HAS_UNSPACED.match(text[0]) else f"(?<!{inside})"
    right = "" if is_open or _HAS_UNSPACED.match(text[-1]) else f"(?!{inside})"
    return re.compile(left + re.escape(text) + right, re.IGNORECASE)


@cache
def _compile_word() -> re.Pattern[str]:
    """Returns the expression of a word: letters, digits and their combining marks, which `\\w` does not include."""
    characters = map(chr, range(0x300, 0xFFFF))
    marks = "".join(one for one in characters if unicodedata.category(one)[0] == "M" and not _HAS_UNSPACED.match(one))
    return re.compile(f"(?:[^\\W{UNSPACED}]|[{marks}])+")

"""Many words and phrases looked for at once, in one walk over a text; and names told apart without case and accents.

Each word of the text costs a look into two dictionaries, however many phrases there are. Scripts that put no spaces
between words (Chinese, Japanese, Thai, …) have no whole words to compare: there, phrases are found anywhere.
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
_APART: Final = re.compile(r"[\s\u2010-\u2015-]+")


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
    """What stands between the words."""
    open: bool
    """Whether the last word may go on."""


class WordIndex:
    """Finds entries of the form that `schemas.watches.wrong_phrase` accepts: words, phrases, a trailing `*`."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._by_word: dict[str, list[_Phrase]] = defaultdict(list)
        self._by_beginning: dict[str, list[_Phrase]] = defaultdict(list)
        """Single words with an open end, by their first two letters."""
        self._anywhere: list[tuple[str, re.Pattern[str]]] = []
        for entry in dict.fromkeys(entries):
            self._add(entry)

    def _add(self, entry: str) -> None:
        text = unicodedata.normalize("NFC", entry.removesuffix("*"))
        if _HAS_UNSPACED.search(text):
            self._anywhere.append((entry, _anywhere(text, entry.endswith("*"))))
            return
        spans = [match.span() for match in _token().finditer(text)]
        words = tuple(folded(text[start:end]) for start, end in spans)
        gaps = tuple(_gap(text, spans[n][1], spans[n + 1][0]) for n in range(len(spans) - 1))
        phrase = _Phrase(entry, words, gaps, entry.endswith("*"))
        if len(words) == 1 and phrase.open:
            self._by_beginning[words[0][:2]].append(phrase)
        else:
            self._by_word[words[0]].append(phrase)

    def find(self, text: str) -> Iterator[FoundEntry]:
        """Every place of every entry, in no order."""
        found = list(_token().finditer(text))
        spans = [match.span() for match in found]
        words = [folded(match[0]) for match in found]
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
        """Whether the words after the first stand there, with between them what stands between them in the phrase."""
        end = first + len(phrase.words)
        if end > len(words):
            return False
        last_is = str.startswith if phrase.open else str.__eq__
        return (
            words[first + 1 : end - 1] == list(phrase.words[1:-1])
            and last_is(words[end - 1], phrase.words[-1])
            and all(_gap(text, spans[n][1], spans[n + 1][0]) == gap for n, gap in enumerate(phrase.gaps, first))
        )


def folded(word: str) -> str:
    """The word without the differences of case."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word.casefold()).replace("i\u0307", "i")


def plain_name(name: str) -> str:
    """The name without case, accents, article in front, and the difference between hyphen and space."""
    if not name.isascii():
        name = _ACCENTS.sub("", unicodedata.normalize("NFD", name.translate(_APOSTROPHES)))
        name = unicodedata.normalize("NFC", name)
    return _APART.sub(" ", name.casefold().translate(_NO_DECOMPOSITION)).strip().removeprefix("the ")


def _gap(text: str, start: int, end: int) -> str:
    """What stands between two words; white space and hyphens are all one, but an empty line is not."""
    gap = text[start:end]
    if gap == " ":
        return gap
    return "\n" if gap.count("\n") > 1 else _GAP.sub(" ", gap).translate(_APOSTROPHES)


def _anywhere(text: str, is_open: bool) -> re.Pattern[str]:
    """The text wherever it stands, but not within a word of a script that has spaces."""
    inside = f"[^\\W{UNSPACED}]"
    left = "" if _HAS_UNSPACED.match(text[0]) else f"(?<!{inside})"
    right = "" if is_open or _HAS_UNSPACED.match(text[-1]) else f"(?!{inside})"
    return re.compile(left + re.escape(text) + right, re.IGNORECASE)


@cache
def _token() -> re.Pattern[str]:
    """A word: letters, digits and the marks on them, which Python's `\\w` leaves out."""
    signs = map(chr, range(0x300, 0xFFFF))
    marks = "".join(sign for sign in signs if unicodedata.category(sign)[0] == "M" and not _HAS_UNSPACED.match(sign))
    return re.compile(f"(?:[^\\W{UNSPACED}]|[{marks}])+")

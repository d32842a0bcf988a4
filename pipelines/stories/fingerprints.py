"""The fingerprint of an article: hashes of its pairs of neighbouring words, which survive a reprint.

Words that carry no meaning are left out, so that a pair says something ("troops deployed"). A copy that is cut,
surrounded by other lines, or edited keeps many of its pairs; another text about the same topic shares few.
`docs/decisions/stories.md` has the measurements.
"""

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipelines.text.english.inflection import grammar

Hashes = NDArray[np.uint32]

_ALL = 2**32
MOST_PAIRS = 1_000
"""Pairs of a fingerprint. Of a longer text, those with the smallest hashes are kept: a sample that two texts share."""
MOST_NUMBERS = 200
"""Numbers of a fingerprint."""
LEAD_PAIRS = 64
"""Pairs at the start of a text, from which an excerpt usually comes."""
LEAD_KEYS = 24
"""Keys from the lead."""
KEYS = 40
"""Keys from the whole text."""
LEAD_PROBES = 4
"""Probes from the lead."""
PROBES = 12
"""Probes from the whole text."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that set no spaces between words: their words are pairs of characters."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_SEPARATOR = re.compile(r"[.,](?=\d{3}(?!\d))")
_EMPTY_ROWS = (
    "determiners", "possessives", "pronouns", "relatives", "prepositions", "subordinators", "conjunctions", "modals",
    "auxiliaries",
)  # fmt: skip
"""English words that carry no meaning. In other languages all words count, which makes pairs less telling."""
_HEADER = 3
"""Numbers before the hashes of a packed fingerprint: its limit, and how many pairs and numbers it has."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What two articles are compared by.

    `pairs` are the sorted hashes of word pairs that are at most `limit`, `numbers` those of the numbers in the text
    except years. `lead` and `whole` are the smallest hashes of the start and of the whole text; together they are the
    `keys` by which the article is found. Only a fresh fingerprint has keys.
    """

    pairs: Hashes
    numbers: Hashes
    limit: int = _ALL - 1
    lead: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, sorted."""
        return tuple(sorted({*self.lead, *self.whole}))

    def choose_probes(self, is_common: Callable[[str], bool] = lambda _: False) -> tuple[str, ...]:
        """Returns the keys by which Elasticsearch is searched for others, sorted.

        They are few because each costs a look-up in every segment. Keys that many articles have come last: each of
        these articles would be compared, and a copy shares other keys too.
        """
        lead, whole = (sorted(keys, key=is_common) for keys in (self.lead, self.whole))
        return tuple(sorted({*lead[:LEAD_PROBES], *whole[:PROBES]}))

    def pack(self) -> bytes:
        """Returns the fingerprint without keys, as little-endian 32-bit numbers."""
        header = np.array([self.limit, len(self.pairs), len(self.numbers)], dtype="<u4")
        return np.concatenate([header, self.pairs, self.numbers]).astype("<u4").tobytes()


def unpack(packed: bytes) -> Fingerprint:
    """Reads what `Fingerprint.pack` wrote. Raises `ValueError` for anything else."""
    found = np.frombuffer(packed, dtype="<u4")
    if len(found) < _HEADER or len(found) != _HEADER + int(found[1]) + int(found[2]):
        raise ValueError(f"{len(packed)} bytes are not a packed fingerprint")
    middle = _HEADER + int(found[1])
    return Fingerprint(found[_HEADER:middle], found[middle:], int(found[0]))


def make_fingerprint(title: str, body: str) -> Fingerprint:
    """Returns the fingerprint of an article. The title counts only if the body has no pair of words."""
    words = find_words(body)
    numbers = sorted({zlib.crc32(word.encode()) for word in words if _is_figure(word)})[:MOST_NUMBERS]
    return build_fingerprint(_hash_pairs(words) or _hash_pairs(find_words(title)), numbers)


def build_fingerprint(ordered: Sequence[int], numbers: Sequence[int]) -> Fingerprint:
    """Returns the fingerprint of a text from the hashes of its pairs, in their order, and of its numbers, sorted."""
    pairs = np.unique(np.array(ordered, dtype=np.uint32))
    limit = _ALL - 1
    if len(pairs) > MOST_PAIRS:
        limit = int(pairs[MOST_PAIRS - 1])
        pairs = pairs[:MOST_PAIRS]
    lead = sorted(set(ordered[:LEAD_PAIRS]))[:LEAD_KEYS]
    return Fingerprint(
        pairs, np.array(numbers, dtype=np.uint32), limit, _format(lead), _format(pairs[:KEYS].tolist())
    )  # fmt: skip


def find_words(text: str) -> list[str]:
    """Returns the words of a text that carry meaning, in order, in one spelling; numbers without separators."""
    empty = _empty_words()
    words: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if word in empty:
            continue
        if not word.isascii() and _UNSPACED.search(word):
            words += (word[start : start + 2] for start in range(max(1, len(word) - 1)))
        else:
            words.append(_SEPARATOR.sub("", word) if word[0].isdigit() else word)
    return words


def _hash_pairs(words: list[str]) -> list[int]:
    return [zlib.crc32(f"{first} {second}".encode()) for first, second in pairwise(words)]


def _format(hashes: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"{each:08x}" for each in hashes)


def _is_figure(word: str) -> bool:
    return word[0].isdigit() and not _YEAR.fullmatch(word)


@cache
def _empty_words() -> frozenset[str]:
    table = grammar()
    return frozenset(word for row in _EMPTY_ROWS for word in table[row].split()) | {"said", "says"}

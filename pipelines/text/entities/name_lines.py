"""How the form of a line explains its capitals: title case, all capitals, quoted titles."""

import functools
import re

from pipelines.text.english.inflection import grammar
from pipelines.text.entities import gazetteer

_LONGEST_HEADLINE = 250
"""Characters of a headline."""
_LEAST_WORDS = 5
"""Long words of a sentence in title case."""
_LEAST_HEADLINE_WORDS = 3
"""Long words of a headline."""
_LONG_WORD = 4
"""Letters; title case leaves shorter words in small letters."""
_CAPITALISED_SHARE = 0.8
"""Least share of long words of a headline that begin with a capital."""
_COMMON_SHARE = 1 / 3
"""Least share of long words of a sentence in title case that are common words."""
_SHORTEST_CAPITALS = 16
"""Characters; a shorter line in capitals may be an acronym."""
_STOP = re.compile(r"[.!?][\"”’)]?\s+(?=[\"“‘(]?[A-Z])")
_LONG_WORD_OF_LETTERS = re.compile(rf"[^\W\d_]{{{_LONG_WORD},}}")
_MARK = re.compile('["“”«»]')
_LONGEST_WORK = 8
"""Words of a quoted title; more are a quotation."""
_LONGEST_SMALL_WORD = 4
"""Letters of a word that may be in small letters in a quoted title."""


def find_quoted_works(line: str) -> list[tuple[int, int]]:
    """Returns the spans of quoted titles: a few capitalised words in quotation marks. Straight marks alternate."""
    works: list[tuple[int, int]] = []
    if not ('"' in line or "“" in line or "«" in line):
        return works  # most lines: saves the search
    opened = -1
    for mark in _MARK.finditer(line):
        if mark[0] in "“«" or (mark[0] == '"' and opened < 0):
            opened = mark.end()
        elif opened >= 0:
            words = line[opened : mark.start()].split()
            if (
                words
                and len(words) <= _LONGEST_WORK
                and all(word[0].isupper() or len(word) <= _LONGEST_SMALL_WORD for word in words)
            ):
                works.append((opened, mark.start()))
            opened = -1
    return works


def convert_capitals(line: str) -> str:
    """Converts a line in capitals to title case, so that the lists know its names; returns other lines unchanged."""
    if len(line) < _SHORTEST_CAPITALS or not line.isupper():
        return line
    titled = line.title()
    return titled if len(titled) == len(line) else line


def find_headlines(line: str) -> list[tuple[int, int]]:
    """Returns the parts of a line in title case or all capitals: the whole line, or sentences of it."""
    if len(line) <= _LONGEST_HEADLINE and not line.endswith("."):
        long = _find_long_words(line)
        capitalised = sum(not word.islower() for word in long)
        if len(long) >= _LEAST_HEADLINE_WORDS and capitalised >= _CAPITALISED_SHARE * len(long):
            return [(0, len(line))]
    headlines: list[tuple[int, int]] = []
    start = 0
    for stop in [*(found.end() for found in _STOP.finditer(line)), len(line)]:
        if stop - start <= _LONGEST_HEADLINE and _in_capitals(line[start:stop]):
            headlines.append((start, stop))
        start = stop
    return headlines


def _find_long_words(text: str) -> list[str]:
    return _LONG_WORD_OF_LETTERS.findall(text)


def _in_capitals(sentence: str) -> bool:
    """Whether the common words of the sentence have capitals too, and there are several of them."""
    long: list[str] = []
    for found in _LONG_WORD_OF_LETTERS.finditer(sentence):
        word = found[0]
        if word.islower() and word not in _small_words():
            return False  # most sentences: one of the first words
        long.append(word)
    if len(long) < _LEAST_WORDS:
        return False
    return sum(word.lower() in gazetteer.common_words() for word in long[1:]) >= len(long) * _COMMON_SHARE


@functools.cache
def _small_words() -> frozenset[str]:
    """Long words that title case leaves in small letters."""
    table = grammar()
    return frozenset(f"{table['prepositions']} {table['conjunctions']} {table['subordinators']} that".split())

"""What a line's look says of its capitals: title case, all capitals, quoted titles."""

import functools
import re

from pipelines.text.english.inflection import grammar
from pipelines.text.entities import gazetteer

_LONGEST_HEADLINE = 250
_FEWEST_WORDS = 5
# A shorter line of capitals may be an acronym.
_SHORTEST_SHOUT = 16
_STOP = re.compile(r"[.!?][\"”’)]?\s+(?=[\"“‘(]?[A-Z])")
_LETTERS = re.compile(r"[^\W\d_]+")
_MARK = re.compile('["“”«»]')
# Words of a quoted title; more is something said.
_LONGEST_WORK = 8


def quoted_works(line: str) -> list[tuple[int, int]]:
    """Where a few capitalised words stand between quotation marks. Straight marks open and close in turn."""
    works: list[tuple[int, int]] = []
    opened = -1
    for mark in _MARK.finditer(line):
        if mark[0] in "“«" or (mark[0] == '"' and opened < 0):
            opened = mark.end()
        elif opened >= 0:
            words = line[opened : mark.start()].split()
            if words and len(words) <= _LONGEST_WORK and all(word[0].isupper() or len(word) <= 4 for word in words):
                works.append((opened, mark.start()))
            opened = -1
    return works


def in_title_case(line: str) -> str:
    """A line of nothing but capitals in title case, in which lists know its names; other lines as they are."""
    if len(line) < _SHORTEST_SHOUT or not line.isupper():
        return line
    titled = line.title()
    return titled if len(titled) == len(line) else line


def headlines_of(line: str) -> list[tuple[int, int]]:
    """The parts of a line in title case or all capitals: all of it, or sentences of it."""
    if len(line) <= _LONGEST_HEADLINE and not line.endswith("."):
        long = [word for word in _LETTERS.findall(line) if len(word) > 3]
        if len(long) >= 3 and sum(not word.islower() for word in long) >= 0.8 * len(long):
            return [(0, len(line))]
    headlines: list[tuple[int, int]] = []
    start = 0
    for stop in [*(found.end() for found in _STOP.finditer(line)), len(line)]:
        if stop - start <= _LONGEST_HEADLINE and _in_capitals(line[start:stop]):
            headlines.append((start, stop))
        start = stop
    return headlines


def _in_capitals(sentence: str) -> bool:
    """Whether even the sentence's common words have capitals, several of them."""
    long = [word for word in _LETTERS.findall(sentence) if len(word) > 3]
    if len(long) < _FEWEST_WORDS or any(word.islower() and word not in _small_words() for word in long):
        return False
    return sum(word.lower() in gazetteer.common_words() for word in long[1:]) * 3 >= len(long)


@functools.cache
def _small_words() -> frozenset[str]:
    """Long words that stay small in title case."""
    table = grammar()
    return frozenset(f"{table['prepositions']} {table['conjunctions']} {table['subordinators']} that".split())

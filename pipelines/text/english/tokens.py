"""The words of a text: where each of them begins and ends."""

import re
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from pipelines.text.english.abbreviations import abbreviations_as_words

# The first form is that of most words, the second that of most marks; the others are for joined and shortened words and
# for the rest. White space is read with the token after it: a search would try all forms at it.
_TOKEN = re.compile(
    rf"\s*+(?:[^\W\d]\w*+(?=[\s,])|[^\w\s.'’-]|(?:[A-Z]\.){{2,}}|(?:{abbreviations_as_words()})\.(?=\s|,)"
    r"|\d[\d,.]*[-–]\d(?:[\d,.]*\d)?(?!\w)|\d[\d,.]*\d|\w+(?:[-&.]\w+)*?(?=(?:n['’]t|['’](?:s|re|ve|ll|d|m))\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b"
    r"|\w++(?:[-&]\w++|['’](?=\w)\w++)*+|--|\.\.\.|[^\w\s])",
    re.UNICODE,
)


class LocatedWords(NamedTuple):
    """Words and punctuation marks as parallel lists: as written, where they start, where they end."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def find_tokens(text: str, start: int, end: int) -> LocatedWords:
    """Returns the words and punctuation marks of `text[start:end]` with their offsets in the text."""
    matches = _TOKEN.findall(text, start, end)
    words = list(map(str.lstrip, matches))
    ends = list(accumulate(map(len, matches), initial=start))
    del ends[0]
    return LocatedWords(words, list(map(sub, ends, map(len, words))), ends)

"""Text cut into the tokens that the figure grammar reads: numbers, words, other characters and line ends."""

import re
from itertools import accumulate, repeat
from operator import sub
from typing import Final

_TOKEN: Final = re.compile(
    r"[^\S\n]*(?:"  # the spaces before a token belong to its match, so that the lengths of the matches add up
    r"[a-z]+(?![\w'.])"  # most words
    r"|[^\W\d_](?:(?:\.[^\W\d_])+\.|[^\W\d_]*(?:'[^\W\d_]+)*)"  # u.s.  a.m.  and words with their apostrophes
    r"|\d+(?:[.,'\u00a0\u202f\u2009]\d+)*"  # 1,250,000  1 250 000  4.5  192.168.0.1, which read_digits refuses
    r"|\n+|\w|[^\s\w])"
)

_SPACES: Final = "".join(space for space in map(chr, range(0x3001)) if space.isspace() and space != "\n")
_NOTHING: Final = ""


class Tokens:
    """The tokens of one text. Reading past either end gives an empty word, so callers need no bounds checks."""

    __slots__ = ("ends", "size", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        matches = _TOKEN.findall(_fold_case(text))
        self.words: list[str] = list(map(str.lstrip, matches, repeat(_SPACES)))
        """Lower case, with straight apostrophes."""
        self.ends: list[int] = list(accumulate(map(len, matches)))
        self.starts: list[int] = list(map(sub, self.ends, map(len, self.words)))
        self.size = len(self.words)

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < self.size else _NOTHING

    def written(self, index: int) -> str:
        """The token as the text has it."""
        return self.text[self.starts[index] : self.ends[index]] if 0 <= index < self.size else _NOTHING

    def is_glued(self, index: int) -> bool:
        """Whether this token follows the one before it without a space."""
        return 0 < index < self.size and self.starts[index] == self.ends[index - 1]

    def phrase(self, first: int, last: int) -> str:
        """The text from token `first` to before token `last`."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def is_capitalised(self, index: int) -> bool:
        return 0 <= index < self.size and self.text[self.starts[index]].isupper()

    def opens_sentence(self, index: int) -> bool:
        """Whether a sentence or line may start at this token."""
        before = index - 1
        while self.word(before) in _QUOTES:
            before -= 1
        return before < 0 or self.words[before][0] in "\n.!?:;…•|"


_QUOTES: Final = frozenset("\"“”‘’'«»([")


def _fold_case(text: str) -> str:
    """Returns the text in lower case with straight apostrophes, character for character."""
    lower = text.lower()
    if len(lower) != len(text):  # a capital whose small letter is two characters: "İ"
        lower = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return lower.replace("’", "'")

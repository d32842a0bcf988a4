"""Text cut into the tokens that the figure grammar reads: numbers, words, other characters and line ends."""

import re
from typing import Final

_TOKEN: Final = re.compile(
    r"\d+(?:[.,'’\u00a0\u202f\u2009]\d+)*"  # 1,250,000  1 250 000  4.5  192.168.0.1, which read_digits refuses
    r"|(?:[^\W\d_]\.){2,}"  # U.S.  a.m.
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*"  # words, with their apostrophes
    r"|\n+|\w|[^\s\w]"
)

_NOTHING: Final = ""


class Tokens:
    """The tokens of one text. Reading past either end gives an empty word, so callers need no bounds checks."""

    __slots__ = ("ends", "size", "starts", "surface", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.surface: list[str] = []
        self.words: list[str] = []
        """Lower case, with straight apostrophes."""
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            self.surface.append(match[0])
            self.starts.append(start)
            self.ends.append(end)
        self.words = [surface.lower().replace("’", "'") for surface in self.surface]
        self.size = len(self.words)

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < self.size else _NOTHING

    def written(self, index: int) -> str:
        """The token as the text has it."""
        return self.surface[index] if 0 <= index < self.size else _NOTHING

    def is_glued(self, index: int) -> bool:
        """Whether this token follows the one before it without a space."""
        return 0 < index < self.size and self.starts[index] == self.ends[index - 1]

    def phrase(self, first: int, last: int) -> str:
        """The text from token `first` to before token `last`."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def is_capitalised(self, index: int) -> bool:
        return self.written(index)[:1].isupper()

    def opens_sentence(self, index: int) -> bool:
        """Whether a sentence or line may start at this token."""
        before = index - 1
        while self.word(before) in _QUOTES:
            before -= 1
        return before < 0 or self.words[before][0] in "\n.!?:;…•|"


_QUOTES: Final = frozenset("\"“”‘’'«»([")

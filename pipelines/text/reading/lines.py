"""The lines of a page and what each looks like: words, sentences, an entry of a list."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipelines.text.language.scripts import LATIN_CAPITALS, LATIN_SMALL, UNSPACED

MAX_LINES = 20_000
"""Lines that are read. The longest pages seen have 3,000; the rest is cut and flagged `truncated`."""
MAX_CHARACTERS = 2_000_000
"""Characters that are read: two long novels. The rest is cut and flagged `truncated`."""
_MAX_SENTENCE_SEARCH = 4000
"""Characters of a line in which sentence ends are counted."""

_BULLET = re.compile(r"^(?:[•·▪◦‣●○■□»›▸►✓–*+-]|\d{1,2}[.)])\s+")
_WORD = re.compile(r"[^\W_]++(?:['’.-][^\W_]++)*+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_STOPS = tuple(".!?…。！？।؟۔։:;")
_QUOTES = tuple('”"」』')
_AFTER_STOP = "\"'”’»›)]」』"
_INNER_END = re.compile(rf"[{LATIN_SMALL})”\"’][.!?…] +[“\"'‘(]?[{LATIN_CAPITALS}]|[。！？।؟۔]")


@dataclass(frozen=True)
class TextLine:
    """One line of a page in normal form."""

    number: int
    """Its place on the page, counted from 1; 0 if it is not known."""
    text: str
    heading: int = 0
    """Level of its HTML heading, 1 to 6; 0 if it is not a heading or the page has no markup."""
    link: str | None = None
    """Address that the line links to, if all of it is one link."""

    @cached_property
    def bullet(self) -> bool:
        """Whether it is an entry of a list."""
        return bool(_BULLET.match(self.text))

    @cached_property
    def words(self) -> int:
        """Number of words; in scripts without spaces, half the number of characters."""
        words = len(_WORD.findall(self.text))
        return words if self.text.isascii() else words + len(_UNSPACED.findall(self.text)) // 2

    @cached_property
    def ends_sentence(self) -> bool:
        """Whether it ends as sentences end, with a stop or a closing quotation mark."""
        return _ends_sentence(self.text)

    @cached_property
    def sentences(self) -> int:
        """Number of sentence ends on the line, those inside it included."""
        return len(_INNER_END.findall(self.text[:_MAX_SENTENCE_SEARCH])) + self.ends_sentence


def _ends_sentence(text: str) -> bool:
    return text.endswith(_QUOTES) or text.rstrip(_AFTER_STOP).endswith(_STOPS)


def split_lines(text: str) -> tuple[list[TextLine], bool]:
    """Returns the lines that are not blank, and whether the page was cut at the limits above.

    `text` is in normal form.
    """
    cut = len(text) > MAX_CHARACTERS
    lines: list[TextLine] = []
    for number, line in enumerate(text[:MAX_CHARACTERS].split("\n"), 1):
        if not line:
            continue
        if len(lines) == MAX_LINES:
            return lines, True
        lines.append(TextLine(number, line))
    return lines, cut


# A text is broken at a margin, as mail programs and text files do, if the lines inside its paragraphs are all about as
# long and few of them end a sentence.
_WRAPPED_LENGTHS = (45, 100)
"""Lengths in characters of lines that are broken at a margin."""
_LEAST_WRAPPED = 8
"""Lines inside paragraphs that must be there to judge a text."""
_LEAST_WRAPPED_SHARE = 0.4
"""Share of all lines that must be inside paragraphs."""
_LEAST_EVEN = 0.85
"""Share of the lines inside paragraphs that must have such a length."""
_MOST_STOPS = 0.4
"""Share of them that may end a sentence."""
_LEAST_RUNNING = 0.3
"""Share of them that the next line must continue in lower case."""


def join_wrapped_lines(text: str) -> str:
    """Returns the text with each paragraph on one line if it is broken at a margin; otherwise unchanged."""
    lines = text.split("\n")
    inner = [(line, after) for line, after in pairwise(lines) if line and after and not _BULLET.match(after)]
    if len(inner) < _LEAST_WRAPPED or len(inner) < _LEAST_WRAPPED_SHARE * sum(bool(line) for line in lines):
        return text
    shortest, longest = _WRAPPED_LENGTHS
    even = sum(shortest <= len(line) <= longest for line, _ in inner)
    stops = sum(_ends_sentence(line) for line, _ in inner)
    running = sum(after[0].islower() for _, after in inner)
    if even < _LEAST_EVEN * len(inner) or stops > _MOST_STOPS * len(inner) or running < _LEAST_RUNNING * len(inner):
        return text
    joined: list[str] = []
    for before, line in pairwise(["", *lines]):
        if line and before and len(before) >= shortest and not _BULLET.match(line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return "\n".join(joined)

"""The lines of a page and what each looks like: prose, a short line, an entry of a list, nothing."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

MAX_LINES = 20_000
"""Lines that are looked at. The longest pages seen have 3,000; what lies beyond is cut and flagged `truncated`."""
MAX_CHARACTERS = 2_000_000
"""Characters that are looked at: two long novels. What lies beyond is cut and flagged `truncated`."""

_BULLET = re.compile(r"^(?:[•·▪◦‣●○■□»›▸►✓–*+-]|\d{1,2}[.)])\s+")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
# Scripts written without spaces: about two signs make a word.
_DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔։:;][\"'”’»›)\]」』]*$|[”\"」』]$")
_INNER_END = re.compile(r"[a-zß-ÿ)”\"’][.!?…] +[“\"'‘(]?[A-ZÀ-Þ]|[。！？।؟۔]")


@dataclass(frozen=True)
class Line:
    """One line of a page in normal form."""

    number: int
    """Its place on the page, from 1; 0 where it is not known."""
    text: str
    heading: int = 0
    """Level of the HTML heading that it was, 1 to 6; 0 where it was none or the markup is gone."""
    link: str | None = None
    """Where the line leads, when all of it is one link."""

    @cached_property
    def bullet(self) -> bool:
        """It is an entry of a list."""
        return bool(_BULLET.match(self.text))

    @cached_property
    def words(self) -> int:
        """Number of words; in scripts without spaces, half the signs."""
        dense = len(_DENSE.findall(self.text))
        return len(_WORD.findall(self.text)) + dense // 2

    @cached_property
    def ends_sentence(self) -> bool:
        """It ends as sentences end, with a stop or a closing quotation mark."""
        return bool(_SENTENCE_END.search(self.text))

    @cached_property
    def sentences(self) -> int:
        """Sentence ends on it, those inside it included."""
        return len(_INNER_END.findall(self.text[:4000])) + self.ends_sentence


def split(text: str) -> tuple[list[Line], bool]:
    """The lines that are not blank, and whether the page was cut at the limits above. `text` is in normal form."""
    cut = len(text) > MAX_CHARACTERS
    lines: list[Line] = []
    for number, line in enumerate(text[:MAX_CHARACTERS].split("\n"), 1):
        if not line:
            continue
        if len(lines) == MAX_LINES:
            return lines, True
        lines.append(Line(number, line))
    return lines, cut


_WRAPPED = (45, 100)
"""Lengths of lines that a mail program or a text file breaks at a margin."""
_LEAST_WRAPPED = 8


def unwrapped(text: str) -> str:
    """The text with paragraphs on one line each, where it is broken at a margin; else as it is.

    It is when lines inside a paragraph are all about as long, and few of them end a sentence.
    """
    lines = text.split("\n")
    inner = [(line, after) for line, after in pairwise(lines) if line and after and not _BULLET.match(after)]
    if len(inner) < _LEAST_WRAPPED or len(inner) < 0.4 * sum(bool(line) for line in lines):
        return text
    even = sum(_WRAPPED[0] <= len(line) <= _WRAPPED[1] for line, _ in inner)
    stops = sum(bool(_SENTENCE_END.search(line)) for line, _ in inner)
    running = sum(after[0].islower() for _, after in inner)
    if even < 0.85 * len(inner) or stops > 0.4 * len(inner) or running < 0.3 * len(inner):
        return text
    joined: list[str] = []
    for before, line in pairwise(["", *lines]):
        if line and before and len(before) >= _WRAPPED[0] and not _BULLET.match(line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return "\n".join(joined)

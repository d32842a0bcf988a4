"""The lines of a page and what each looks like: prose, a short line, an entry of a list, nothing."""

import re
from dataclasses import dataclass
from functools import cached_property

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
    """One line of a page in normal form. `number` counts from 1; `paragraph` says that a blank line (or the start) is before it."""

    number: int
    text: str
    paragraph: bool = True
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
    blank = True
    for number, line in enumerate(text[:MAX_CHARACTERS].split("\n"), 1):
        if not line:
            blank = True
            continue
        if len(lines) == MAX_LINES:
            return lines, True
        lines.append(Line(number, line, blank))
        blank = False
    return lines, cut

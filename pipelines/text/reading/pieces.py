"""What a page is found to hold, before it becomes articles: pieces made of lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.text.reading.lines import Line
from schemas.fields import ArticleKind
from schemas.text import Segment

_CUT = re.compile(r"(?:\[(?:…|\.\.\.)\]|(?<=\w)\s*(?:…|\.\.\.))$")
_BETWEEN = "\n\n"
"""What stands between two lines of a body."""


@dataclass(frozen=True)
class Stretch:
    """Whose words a stretch of lines is. `first` and `last` are indices into the piece's lines, `last` exclusive."""

    role: str
    speaker: str | None
    first: int
    last: int


@dataclass(frozen=True)
class Piece:
    """One article of a page: its lines, and what the page says of it."""

    lines: tuple[Line, ...]
    title: Line | None = None
    kind: ArticleKind = "article"
    stretches: tuple[Stretch, ...] = ()
    author: str | None = None
    published_at: datetime | None = None
    url: str | None = None
    cut_off: bool = False
    """The page shows its beginning only ("Continue reading")."""
    quality: tuple[str, ...] = ()
    """Notes on how far the text can be trusted, see `schemas.text.ArticleText`."""


def ends_cut_off(lines: Sequence[Line]) -> bool:
    """The last line breaks off, as excerpts do: "the council […]"."""
    return bool(lines) and bool(_CUT.search(lines[-1].text[-20:]))


def body_of(lines: Sequence[Line]) -> str:
    """The lines as one text, a paragraph each."""
    return _BETWEEN.join(line.text for line in lines)


def segments_of(piece: Piece) -> tuple[Segment, ...]:
    """The stretches as offsets in the body."""
    starts, offset = [], 0
    for line in piece.lines:
        starts.append(offset)
        offset += len(line.text) + len(_BETWEEN)
    return tuple(
        Segment(
            role=stretch.role,
            speaker=stretch.speaker,
            start=starts[stretch.first],
            end=starts[stretch.last - 1] + len(piece.lines[stretch.last - 1].text),
        )
        for stretch in piece.stretches
    )

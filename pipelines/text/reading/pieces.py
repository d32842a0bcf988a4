"""What a page holds, before it becomes articles: pieces made of lines, and what the page says about itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.text.reading.lines import TextLine
from schemas.fields import ArticleKind
from schemas.text import Segment

_CUT_OFF = re.compile(r"(?:\[(?:…|\.\.\.)\]|(?<=\w)\s*(?:…|\.\.\.))$")
_BETWEEN = "\n\n"
"""What separates two lines of a body."""


@dataclass(frozen=True)
class PageMetadata:
    """What a page's metadata say about its one article, or about the page as a whole."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    canonical_url: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    """As a code of BCP 47."""
    quality: tuple[str, ...] = ()
    """Notes on how far the text can be trusted, see `schemas.text.ArticleText`."""


@dataclass(frozen=True)
class LineSegment:
    """Whose words a segment of a piece is. `first` and `last` are indices into the piece's lines, `last` exclusive."""

    role: str
    speaker: str | None
    first: int
    last: int


@dataclass(frozen=True)
class Piece:
    """One article of a page: its lines, and what the page says about it."""

    lines: tuple[TextLine, ...]
    title: TextLine | None = None
    kind: ArticleKind = "article"
    segments: tuple[LineSegment, ...] = ()
    author: str | None = None
    published_at: datetime | None = None
    url: str | None = None
    cut_off: bool = False
    """The page shows only its beginning ("Continue reading")."""
    quality: tuple[str, ...] = ()
    """Notes on how far the text can be trusted, see `schemas.text.ArticleText`."""


def is_cut_off(lines: Sequence[TextLine]) -> bool:
    """Whether the last line breaks off, as excerpts do: "the council […]"."""
    return bool(lines) and bool(_CUT_OFF.search(lines[-1].text[-20:]))


def join_body(lines: Sequence[TextLine]) -> str:
    """Returns the lines as one text, a paragraph each."""
    return _BETWEEN.join(line.text for line in lines)


def locate_segments(piece: Piece) -> tuple[Segment, ...]:
    """Returns the segments of the piece as offsets in its body."""
    starts, offset = [], 0
    for line in piece.lines:
        starts.append(offset)
        offset += len(line.text) + len(_BETWEEN)
    return tuple(
        Segment(
            role=segment.role,
            speaker=segment.speaker,
            start=starts[segment.first],
            end=starts[segment.last - 1] + len(piece.lines[segment.last - 1].text),
        )
        for segment in piece.segments
    )

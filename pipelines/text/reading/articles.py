"""From the pieces found on a page to articles: title, dates, source, what was removed, and notes on quality."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from pipelines.text.reading.bylines import believable
from pipelines.text.reading.lines import Line
from pipelines.text.reading.normal_form import one_line
from pipelines.text.reading.pieces import Piece, body_of, segments_of
from pipelines.text.reading.segments import Mark
from schemas.fields import ContentScope, PublishedSource
from schemas.text import ArticleText, Page, RemovedLine

_SHORT = 40
"""Words below which an article is flagged `short`: hardly more than a headline."""
_MOST_REMOVED = 400
"""Removed lines that are kept for audit, and how much of each."""
_REMOVED_LENGTH = 300
_BROKEN = "\ufffd"


@dataclass(frozen=True)
class Source:
    """What a page's metadata say: of the page's one article, or of the page as a whole."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    canonical_url: str | None = None
    published_at: datetime | None = None
    quality: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A page as lines: `characters` are those that a reader sees, white space aside."""

    lines: Sequence[Line]
    marks: Sequence[Mark]
    source: Source = field(default_factory=Source)

    @property
    def characters(self) -> int:
        return sum(len("".join(line.text.split())) for line in self.lines)


def articles_of(pieces: Sequence[Piece], page: Page, sheet: Sheet) -> list[ArticleText]:
    """One article for each piece; what was removed from the page is told with the first."""
    many = pieces[0].kind == "digest_item" if pieces else False
    kept = sum(
        len("".join((body_of(piece.lines) + (piece.title.text if piece.title else "")).split())) for piece in pieces
    )
    share = min(1.0, max(0.0, 1.0 - kept / max(1, sheet.characters)))
    found = [_article(piece, page, sheet.source, share, index if many else None) for index, piece in enumerate(pieces)]
    if found:
        found[0] = _with_removed(found[0], removed_lines(pieces, sheet))
    return found


def _article(piece: Piece, page: Page, source: Source, removed_share: float, position: int | None) -> ArticleText:
    body = body_of(piece.lines)
    title = _title(piece, page, source, position)
    published, published_source, refused = _published(piece, page, source)
    quality = [*source.quality, *piece.quality, *(["date_refused"] if refused else [])]
    if sum(line.words for line in piece.lines) < _SHORT:
        quality.append("short")
    if title is None:
        quality.append("no_title")
    if _BROKEN in body:
        quality.append("broken_characters")
    item = position is not None
    return ArticleText(
        title=title,
        body=body,
        kind=piece.kind,
        author=piece.author or (None if item else page.author or source.author),
        publisher=page.publisher or source.publisher,
        canonical_url=None if item else source.canonical_url,
        published_at=published,
        published_source=published_source,
        content_scope=_scope(piece),
        item_position=position,
        item_url=piece.url,
        removed_share=round(removed_share, 4),
        segments=segments_of(piece),
        quality=tuple(quality),
    )


def _title(piece: Piece, page: Page, source: Source, position: int | None) -> str | None:
    """The item's own headline; of a single article the one that the feed or the page's metadata give before that."""
    own = piece.title.text if piece.title else None
    if position is not None:
        return own
    given = one_line(page.title) if page.title else None
    return given or source.title or own or None


def _published(piece: Piece, page: Page, source: Source) -> tuple[datetime | None, PublishedSource | None, bool]:
    """When it was published and how that is known; last, whether a date was refused as impossible."""
    candidates: list[tuple[datetime | None, PublishedSource]] = [
        (piece.published_at if piece.kind == "digest_item" else None, "text"),
        (page.published_at, "feed"),
        (source.published_at, "page"),
        (piece.published_at, "text"),
    ]
    given = [(moment, origin) for moment, origin in candidates if moment is not None]
    believed = [(moment, origin) for moment, origin in given if believable(moment, page.fetched_at)]
    if believed:
        return *believed[0], len(believed) < len(given)
    return None, None, bool(given)


def _scope(piece: Piece) -> ContentScope:
    if not piece.cut_off:
        return "full"
    return "teaser" if sum(line.words for line in piece.lines) < _SHORT else "partial"


def removed_lines(pieces: Sequence[Piece], sheet: Sheet) -> tuple[RemovedLine, ...]:
    """The page's lines that are in no article, with the reason, as many as are kept for audit."""
    kept = {line.number for piece in pieces for line in (*piece.lines, *([piece.title] if piece.title else []))}
    removed = []
    for item in sheet.marks:
        if item.line.number not in kept:
            removed.append(
                RemovedLine(line=item.line.number, text=item.line.text[:_REMOVED_LENGTH], reason=reason_of(item))
            )
            if len(removed) == _MOST_REMOVED:
                break
    return tuple(removed)


def reason_of(item: Mark) -> str:
    """Why a line is in no article: what it was taken for, else that it stands outside."""
    if item.found:
        return item.found.reason
    return "byline_or_date" if item.role == "meta" else "outside_article"


def _with_removed(article: ArticleText, removed: tuple[RemovedLine, ...]) -> ArticleText:
    return msgspec.structs.replace(article, removed=removed)

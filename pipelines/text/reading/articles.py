"""From the pieces found on a page to articles: title, dates, source, what was removed, and notes on quality."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from pipelines.text.reading.bylines import is_believable
from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.normal_form import normalise_line
from pipelines.text.reading.pieces import PageMetadata, Piece, join_body, locate_segments
from pipelines.text.reading.scoring import Mark
from schemas.fields import ContentScope, PublishedSource
from schemas.text import ArticleText, Page, RemovedLine

_SHORT = 40
"""An article of fewer words is flagged `short`: it is hardly more than a headline."""
MOST_REMOVED = 400
"""Removed lines that are kept for audit, and how many characters of each."""
_REMOVED_LENGTH = 300
_REPLACEMENT_CHARACTER = "\ufffd"


@dataclass(frozen=True)
class MarkedPage:
    """A page as lines, with what each is taken for and what the page says about itself."""

    lines: Sequence[TextLine]
    marks: Sequence[Mark]
    metadata: PageMetadata = field(default_factory=PageMetadata)

    @property
    def characters(self) -> int:
        """Characters that a reader sees, except white space."""
        return sum(_count_characters(line.text) for line in self.lines)


def _count_characters(text: str) -> int:
    """Counts all but white space, of which a text in normal form has only spaces and line ends."""
    return len(text) - text.count(" ") - text.count("\n")


def build_articles(pieces: Sequence[Piece], page: Page, marked: MarkedPage) -> list[ArticleText]:
    """Returns one article for each piece; the first one carries what was removed from the page."""
    if not pieces:
        return []
    is_digest = pieces[0].kind == "digest_item"
    kept = sum(
        _count_characters(join_body(piece.lines) + (piece.title.text if piece.title else "")) for piece in pieces
    )
    share = round(min(1.0, max(0.0, 1.0 - kept / max(1, marked.characters))), 4)
    articles = [
        msgspec.structs.replace(
            _build_article(piece, page, marked.metadata, index if is_digest else None), removed_share=share
        )
        for index, piece in enumerate(pieces)
    ]
    articles[0] = msgspec.structs.replace(articles[0], removed=list_removed_lines(pieces, marked))
    return articles


def _build_article(piece: Piece, page: Page, metadata: PageMetadata, position: int | None) -> ArticleText:
    body = join_body(piece.lines)
    title = _choose_title(piece, page, metadata, position)
    published, published_source, refused = _choose_date(piece, page, metadata)
    quality = [*metadata.quality, *piece.quality, *(["date_refused"] if refused else [])]
    if sum(line.words for line in piece.lines) < _SHORT:
        quality.append("short")
    if title is None:
        quality.append("no_title")
    if _REPLACEMENT_CHARACTER in body:
        quality.append("broken_characters")
    is_item = position is not None
    return ArticleText(
        title=title,
        body=body,
        kind=piece.kind,
        language=metadata.language or "und",
        author=piece.author or (None if is_item else page.author or metadata.author),
        publisher=page.publisher or metadata.publisher,
        canonical_url=None if is_item else metadata.canonical_url,
        published_at=published,
        published_source=published_source,
        content_scope=_judge_scope(piece),
        item_position=position,
        item_url=piece.url,
        segments=locate_segments(piece),
        quality=tuple(quality),
    )


def _choose_title(piece: Piece, page: Page, metadata: PageMetadata, position: int | None) -> str | None:
    """Returns an item's own headline; of a single article, preferably the title that the feed or the metadata give."""
    own = piece.title.text if piece.title else None
    if position is not None:
        return own
    given = normalise_line(page.title) if page.title else None
    return given or metadata.title or own or None


def _choose_date(
    piece: Piece, page: Page, metadata: PageMetadata
) -> tuple[datetime | None, PublishedSource | None, bool]:
    """Returns when the article was published, how that is known, and whether a date was refused as impossible."""
    candidates: list[tuple[datetime | None, PublishedSource]] = [
        (piece.published_at if piece.kind == "digest_item" else None, "text"),
        (page.published_at, "feed"),
        (metadata.published_at, "page"),
        (piece.published_at, "text"),
    ]
    given = [(moment, origin) for moment, origin in candidates if moment is not None]
    believed = [(moment, origin) for moment, origin in given if is_believable(moment, page.fetched_at)]
    if believed:
        return *believed[0], len(believed) < len(given)
    return None, None, bool(given)


def _judge_scope(piece: Piece) -> ContentScope:
    if not piece.cut_off:
        return "full"
    return "teaser" if sum(line.words for line in piece.lines) < _SHORT else "partial"


def list_removed_lines(pieces: Sequence[Piece], marked: MarkedPage) -> tuple[RemovedLine, ...]:
    """Returns the page's lines that are in no article, each with the reason, as many as are kept for audit."""
    kept = {line.number for piece in pieces for line in (*piece.lines, *([piece.title] if piece.title else []))}
    removed = [mark for mark in marked.marks if mark.line.number not in kept][:MOST_REMOVED]
    return tuple(
        RemovedLine(line=mark.line.number, text=mark.line.text[:_REMOVED_LENGTH], reason=explain_removal(mark))
        for mark in removed
    )


def explain_removal(mark: Mark) -> str:
    """Returns why a line is in no article: what kind of boilerplate it is, or that it is outside the article."""
    if mark.boilerplate:
        return mark.boilerplate.reason
    return "byline_or_date" if mark.role == "meta" else "outside_article"

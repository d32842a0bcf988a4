"""Reads a page: finds the articles on it, each with title and body, and what the page says of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.text.reading import html as markup
from pipelines.text.reading.articles import Sheet, Source, articles_of, reason_of
from pipelines.text.reading.bylines import author, parse_date
from pipelines.text.reading.digests import find_items
from pipelines.text.reading.lines import MAX_CHARACTERS, Line, split, unwrapped
from pipelines.text.reading.normal_form import normalise
from pipelines.text.reading.pieces import Piece, ends_cut_off
from pipelines.text.reading.recurring import RecurringLines
from pipelines.text.reading.segments import Mark, article_run, mark
from pipelines.text.reading.threads import find_headed_thread, find_unheaded_thread, passed_on
from pipelines.text.reading.titles import find_title
from pipelines.text.reading.trimming import kept_lines
from schemas.text import ArticleText, Page

_HEAD = 12
"""Lines above the body that are searched for byline and date."""


@dataclass(frozen=True)
class ExplainedLine:
    """A line of the page, where it went and why. `article` counts from 0; none where the line is in no article."""

    number: int
    text: str
    part: str
    """`title`, `body` or `removed`."""
    reason: str | None
    article: int | None


def read(page: Page, recurring: RecurringLines | None = None) -> list[ArticleText]:
    """The articles of a page, in page order; empty where it has no text at all. Never raises for what is in the page.

    `recurring` learns the page's lines, where the page names its feed, and those that recur are dropped.
    """
    if page.as_is:
        return [_as_is(page)]
    pieces, sheet = _pieces(page, recurring)
    return articles_of(pieces, page, sheet)


def explain(page: Page, recurring: RecurringLines | None = None) -> list[ExplainedLine]:
    """Every line of the page with the part that it became, or the reason for which it was removed."""
    if page.as_is:
        lines, _ = split(page.text or "")
        return [ExplainedLine(line.number, line.text, "body", None, 0) for line in lines]
    pieces, sheet = _pieces(page, recurring)
    titles = {piece.title.number: index for index, piece in enumerate(pieces) if piece.title}
    bodies = {line.number: index for index, piece in enumerate(pieces) for line in piece.lines}
    explained = []
    for item in sheet.marks:
        number, text = item.line.number, item.line.text
        if number in bodies:
            explained.append(ExplainedLine(number, text, "body", None, bodies[number]))
        elif number in titles:
            explained.append(ExplainedLine(number, text, "title", None, titles[number]))
        else:
            explained.append(ExplainedLine(number, text, "removed", reason_of(item), None))
    return explained


def _as_is(page: Page) -> ArticleText:
    return ArticleText(
        title=page.title,
        body=page.text if page.text is not None else page.html or "",
        author=page.author,
        publisher=page.publisher,
        published_at=page.published_at,
        published_source="feed" if page.published_at else None,
    )


def _pieces(page: Page, recurring: RecurringLines | None) -> tuple[list[Piece], Sheet]:
    if page.html is not None:
        document = markup.parse(page.html, page.url)
        marks = mark(document.lines, _learn(page, document.lines, recurring))
        return _html_pieces(document, marks), Sheet(document.lines, marks, document.source)
    normal = normalise((page.text or "")[:MAX_CHARACTERS])
    lines, cut = split(unwrapped(normal.text))
    cut = cut or len(page.text or "") > MAX_CHARACTERS
    flags = (("mojibake_repaired", normal.repaired), ("truncated", cut))
    marks = mark(lines, _learn(page, lines, recurring))
    source = Source(quality=tuple(name for name, is_so in flags if is_so))
    return _text_pieces(marks, page.title), Sheet(lines, marks, source)


def _learn(page: Page, lines: Sequence[Line], recurring: RecurringLines | None) -> Callable[[str], bool] | None:
    """Shows the page to the memory of its feed; what that knows of the feed's lines."""
    feed = page.feed
    if recurring is None or feed is None:
        return None
    recurring.learn(feed, page.url or page.id, (line.text for line in lines))
    return lambda text: recurring.recurs(feed, text)


def _text_pieces(marks: Sequence[Mark], title: str | None = None) -> list[Piece]:
    thread = find_headed_thread(marks)
    if thread:
        return [thread]
    items = find_items(marks)
    if items:
        return items
    thread = find_unheaded_thread(marks)
    return [thread] if thread else _single(marks, title)


def _single(marks: Sequence[Mark], title: str | None = None) -> list[Piece]:
    """The page's one article; none where it has no line that could be one."""
    start, end = article_run(marks)
    lines = kept_lines(marks[start:end])
    if not lines:
        if repeated := _repeated(marks):
            return repeated
        start, lines = 0, [item.line for item in marks if item.found is None and item.role != "meta"]
    if not lines:
        return []
    above = [item.line for item in marks[:start] if item.role in ("short", "prose")]
    headline = find_title(above, lines)
    if headline is None and title is None and len(lines) > 1 and start == 0 and _could_be_title(lines):
        headline, lines = lines[0], lines[1:]
    titled = headline.number if headline else 0
    head = [item.line for item in marks[max(0, start - _HEAD) : start + 1] if item.role == "meta"]
    head = [line for line in head if line.number > titled]
    return [
        Piece(
            lines=tuple(lines),
            title=headline,
            stretches=passed_on(lines),
            cut_off=_is_walled(marks) or ends_cut_off(lines),
            author=next((name for line in head if (name := author(line))), None),
            published_at=next((moment for line in head if (moment := parse_date(line.text))), None),
        )
    ]


def _repeated(marks: Sequence[Mark]) -> list[Piece]:
    """A page whose only sentences are those it repeats: each of them once, under the headline that they echo."""
    said: dict[str, Line] = {}
    for item in marks:
        if item.found and item.found.reason == "repeated":
            said.setdefault(item.line.text, item.line)
    if not said:
        return []
    lines = tuple(said.values())
    above = [item.line for item in marks if item.role == "short" and item.line.number < lines[0].number]
    return [Piece(lines=lines, title=find_title(above, lines), quality=("repeated",))]


def _is_walled(marks: Sequence[Mark]) -> bool:
    """The page shows the rest to subscribers only."""
    return any(item.found and item.found.reason == "paywall" for item in marks)


def _could_be_title(lines: Sequence[Line]) -> bool:
    return find_title(lines[:1], lines[1:]) is not None


def _html_pieces(document: markup.Document, marks: Sequence[Mark]) -> list[Piece]:
    """What the markup says goes before what the lines look like."""
    if document.items:
        return list(document.items)
    if not document.is_article:
        thread = find_headed_thread(marks)
        items = [] if thread else find_items(marks)
        if thread or items:
            return [thread] if thread else items
    kept = [item.line for item in mark(document.body) if item.found is None or item.found.reason not in _STRIPPED]
    if document.title:
        kept = [line for line in kept if line.text != document.title.text]
    if kept:
        cut_off = _is_walled(marks) or ends_cut_off(kept)
        return [Piece(lines=tuple(kept), title=document.title, stretches=passed_on(kept), cut_off=cut_off)]
    return _text_pieces(marks, document.source.title)


_STRIPPED = frozenset(
    (
        "paywall",
        "share_buttons",
        "advertisement",
        "newsletter",
        "plea",
        "related_link",
        "cookie_notice",
        "comment_prompt",
        "link_onward",
        "photo_credit",
        "copyright",
        "recurring",
    )
)  # fmt: skip

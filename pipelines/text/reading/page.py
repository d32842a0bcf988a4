"""Reads a page: finds the articles on it, each with title and body, and what the page says about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.text.reading.articles import MarkedPage, build_articles, explain_removal
from pipelines.text.reading.boilerplate import LINK_CARD
from pipelines.text.reading.bylines import parse_author, parse_date
from pipelines.text.reading.digests import find_digest_items
from pipelines.text.reading.lines import MAX_CHARACTERS, TextLine, join_wrapped_lines, split_lines
from pipelines.text.reading.markup.html import HtmlPage, parse_html
from pipelines.text.reading.markup.main_text import locate_article
from pipelines.text.reading.markup.metadata import DeclaredContent, read_metadata
from pipelines.text.reading.normal_form import normalise
from pipelines.text.reading.pieces import PageMetadata, Piece, is_cut_off
from pipelines.text.reading.recurring import RecurringLines
from pipelines.text.reading.scoring import Mark, mark_lines
from pipelines.text.reading.segments import find_article_run, select_text_lines
from pipelines.text.reading.threads import find_headed_thread, find_syndicated_segments, find_unheaded_thread
from pipelines.text.reading.titles import find_title, looks_like_headline, measure_echo
from schemas.text import ArticleText, Page

_SIGNED = 2
"""Lines below a headline among which its byline or date is."""
_LEAST_STANDFIRST = 8
"""Words of a standfirst that does not end as sentences do."""
_REPEATED = 0.8
"""Share of a line's words in the headline from which it is the headline once more."""
_HEAD = 12
"""Lines above the body that are searched for byline and date."""


@dataclass(frozen=True)
class ExplainedLine:
    """A line of the page, what became of it, and why."""

    number: int
    text: str
    part: str
    """`title`, `body` or `removed`."""
    reason: str | None
    article: int | None
    """Counted from 0; None if the line is in no article."""


def read(page: Page, recurring: RecurringLines | None = None) -> list[ArticleText]:
    """Returns the articles of a page, in page order; none if it has no text. Never raises for what is in the page.

    `recurring` learns the lines of a page that names its feed, and those that recur are dropped.
    """
    if page.as_is:
        return [_take_as_is(page)]
    pieces, marked = _find_pieces(page, recurring)
    return build_articles(pieces, page, marked)


def explain(page: Page, recurring: RecurringLines | None = None) -> list[ExplainedLine]:
    """Returns every line of the page with the part that it became, or the reason why it was removed."""
    if page.as_is:
        lines, _ = split_lines(page.text or "")
        return [ExplainedLine(line.number, line.text, "body", None, 0) for line in lines]
    pieces, marked = _find_pieces(page, recurring)
    titles = {piece.title.number: index for index, piece in enumerate(pieces) if piece.title}
    bodies = {line.number: index for index, piece in enumerate(pieces) for line in piece.lines}
    explained = []
    for mark in marked.marks:
        number, text = mark.line.number, mark.line.text
        if number in bodies:
            explained.append(ExplainedLine(number, text, "body", None, bodies[number]))
        elif number in titles:
            explained.append(ExplainedLine(number, text, "title", None, titles[number]))
        else:
            explained.append(ExplainedLine(number, text, "removed", explain_removal(mark), None))
    return explained


def _take_as_is(page: Page) -> ArticleText:
    return ArticleText(
        title=page.title,
        body=page.text if page.text is not None else page.html or "",
        author=page.author,
        publisher=page.publisher,
        published_at=page.published_at,
        published_source="feed" if page.published_at else None,
    )


def _find_pieces(page: Page, recurring: RecurringLines | None) -> tuple[list[Piece], MarkedPage]:
    if page.html is not None:
        return _read_html(page, page.html, recurring)
    normal = normalise((page.text or "")[:MAX_CHARACTERS])
    lines, cut = split_lines(join_wrapped_lines(normal.text))
    cut = cut or len(page.text or "") > MAX_CHARACTERS
    flags = (("mojibake_repaired", normal.repaired), ("truncated", cut))
    marks = mark_lines(lines, _learn_lines(page, lines, recurring))
    metadata = PageMetadata(quality=tuple(name for name, is_so in flags if is_so))
    return _find_text_pieces(marks, page.title), MarkedPage(lines, marks, metadata)


def _read_html(page: Page, markup: str, recurring: RecurringLines | None) -> tuple[list[Piece], MarkedPage]:
    parsed = parse_html(markup, page.url)
    declared = read_metadata(parsed)
    marks = mark_lines(parsed.lines, _learn_lines(page, parsed.lines, recurring))
    pieces = list(declared.updates) or _find_html_pieces(parsed, declared, marks)
    return pieces, MarkedPage(parsed.lines, marks, declared.metadata)


def _learn_lines(
    page: Page, lines: Sequence[TextLine], recurring: RecurringLines | None
) -> Callable[[str], bool] | None:
    """Shows the page to the memory of its feed; returns whether that knows a line as part of the feed's template."""
    feed = page.feed
    if recurring is None or feed is None:
        return None
    recurring.learn(feed, page.url or page.id, (line.text for line in lines))
    return lambda text: recurring.recurs(feed, text)


def _find_html_pieces(parsed: HtmlPage, declared: DeclaredContent, marks: Sequence[Mark]) -> list[Piece]:
    """Returns what the markup says; if it says nothing, what the lines look like."""
    if not declared.is_article:
        thread = find_headed_thread(marks)
        items = [] if thread else find_digest_items(marks)
        if thread or items:
            return [thread] if thread else items
    title = declared.headline
    kept = locate_article(parsed, marks, title.text if title else None)
    if title:
        kept = [line for line in kept if line.text != title.text and not line.number == title.number > 0]
    elif kept:
        title = find_title(kept[:1], kept[1:])
        kept = kept[1:] if title else kept
    if kept:
        cut_off = _has_paywall(marks) or is_cut_off(kept)
        return [Piece(lines=tuple(kept), title=title, segments=find_syndicated_segments(kept), cut_off=cut_off)]
    return _find_text_pieces(marks, title.text if title else None)


def _find_text_pieces(marks: Sequence[Mark], title: str | None) -> list[Piece]:
    """Returns what the lines look like: a thread, a digest, or one article. `title` is given by feed or metadata."""
    thread = find_headed_thread(marks)
    if thread:
        return [thread]
    items = find_digest_items(marks)
    if items:
        return items
    thread = find_unheaded_thread(marks)
    return [thread] if thread else _find_single_article(marks, title)


def _find_single_article(marks: Sequence[Mark], title: str | None) -> list[Piece]:
    """Returns the page's one article; nothing if no line could be one."""
    start, end = find_article_run(marks)
    lines = select_text_lines(marks[start:end])
    if not lines:
        if repeated := _find_repeated_sentences(marks):
            return repeated
        start, lines = 0, [mark.line for mark in marks if mark.boilerplate is None and mark.role != "meta"]
    if not lines:
        return []
    above = [mark.line for mark in marks[:start] if _may_be_headline(mark)]
    signed = _list_signed(marks[: start + _SIGNED + 1])
    headline = find_title(above, lines, signed)
    may_open = title is None and len(lines) > 1 and looks_like_headline(lines[0])
    if may_open and find_title([*above, lines[0]], lines[1:], signed) is lines[0]:
        headline, lines = lines[0], lines[1:]
    lines = [*_find_standfirst(marks[:start], headline, lines), *lines]
    title_number = headline.number if headline else 0
    head = [mark.line for mark in marks[max(0, start - _HEAD) : start + 1] if mark.role == "meta"]
    head = [line for line in head if line.number > title_number]
    return [
        Piece(
            lines=tuple(lines),
            title=headline,
            segments=find_syndicated_segments(lines),
            cut_off=_has_paywall(marks) or is_cut_off(lines),
            author=next((name for line in head if (name := parse_author(line))), None),
            published_at=next((moment for line in head if (moment := parse_date(line.text))), None),
        )
    ]


def _find_standfirst(above: Sequence[Mark], headline: TextLine | None, lines: Sequence[TextLine]) -> list[TextLine]:
    """Returns the sentence between the headline and the byline or date, unless the headline or text has it too."""
    place = next((index for index, mark in enumerate(above) if mark.line is headline), len(above))
    below = above[place + 1 : place + 2 + _SIGNED]
    if headline is None or not any(mark.role == "meta" for mark in below[1:]):
        return []
    first = below[0]
    is_sentence = first.role == "prose" or (first.role == "short" and first.line.words >= _LEAST_STANDFIRST)
    is_new = measure_echo(first.line, [headline]) < _REPEATED and all(first.line.text != line.text for line in lines)
    return [first.line] if is_sentence and is_new else []


def _may_be_headline(mark: Mark) -> bool:
    """Whether the line may be a headline: a line that is repeated is one if it is the page's title and its heading."""
    return mark.role in ("short", "prose") or mark.boilerplate is LINK_CARD


def _list_signed(marks: Sequence[Mark]) -> set[int]:
    """Returns the numbers of the lines that a byline or date follows at once, or after another line."""
    return {
        mark.line.number
        for index, mark in enumerate(marks)
        if any(after.role == "meta" for after in marks[index + 1 : index + 1 + _SIGNED])
    }


def _find_repeated_sentences(marks: Sequence[Mark]) -> list[Piece]:
    """Returns an article if the page's only sentences are repeated ones: each once, under the headline they repeat."""
    said: dict[str, TextLine] = {}
    for mark in marks:
        if mark.boilerplate and mark.boilerplate.reason == "repeated":
            said.setdefault(mark.line.text, mark.line)
    if not said:
        return []
    lines = tuple(said.values())
    above = [mark.line for mark in marks if mark.role == "short" and mark.line.number < lines[0].number]
    return [Piece(lines=lines, title=find_title(above, lines), quality=("repeated",))]


def _has_paywall(marks: Sequence[Mark]) -> bool:
    """Whether the page shows the rest of the article to subscribers only."""
    return any(mark.boilerplate and mark.boilerplate.reason == "paywall" for mark in marks)

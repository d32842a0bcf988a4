"""HTML pages: the page as lines, and what trafilatura takes for the article."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree, html  # type: ignore[import-untyped]

from pipelines.text.reading.lines import MAX_LINES, TextLine, split_lines
from pipelines.text.reading.normal_form import normalise, normalise_line

MAX_HTML = 5_000_000
"""Characters of markup that are parsed; the rest is cut and flagged `truncated`."""
_MAX_TREE = 150_000
"""Elements above which trafilatura is not asked: its time grows faster than the page."""
_LINKED = 0.7
"""Share of a block's characters that must be a link for the block to be one."""
_LEAST_HEADING = 4
"""Words that the main heading must have to be the title with less than the title's words."""
# What parsing and trafilatura raise on hostile markup, as seen in tests; anything else is a fault of ours.
_PARSER_FAULTS = (etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "li", "main", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "title", "tr", "ul",
))  # fmt: skip
_INVISIBLE = frozenset((
    "head", "script", "style", "noscript", "template", "svg", "math", "canvas", "iframe", "object",
    "audio", "video", "map", "textarea", "button", "select", "datalist",
))  # fmt: skip
_RAW = re.compile(r"<(script|style|noscript|template)\b", re.IGNORECASE)


class Extracted(NamedTuple):
    """What trafilatura finds on a page."""

    text: str = ""
    """The article; empty if it found none."""
    title: str = ""
    author: str = ""
    sitename: str = ""
    date: str | None = None


NOTHING_EXTRACTED = Extracted()


@dataclass(frozen=True)
class HtmlPage:
    """An HTML page as far as it could be read."""

    lines: Sequence[TextLine]
    """All that a reader sees."""
    url: str | None = None
    tree: html.HtmlElement | None = None
    """None if the markup could not be parsed."""
    extracted: Extracted = NOTHING_EXTRACTED
    quality: tuple[str, ...] = ()
    """Notes on how far the text can be trusted, see `schemas.text.ArticleText`."""


def parse_html(markup: str, url: str | None = None) -> HtmlPage:
    """Reads a page of HTML. Never raises: markup that cannot be parsed is read as the text between its tags."""
    cut = len(markup) > MAX_HTML
    markup = markup[:MAX_HTML]
    tree = _parse_tree(markup)
    if tree is None:
        return _read_without_tags(markup)
    lines, cut_lines, repaired = _list_visible_lines(tree, url)
    if not lines:
        # The parser drops elements that are nested too deeply.
        return _read_without_tags(markup)
    flags = (("mojibake_repaired", repaired), ("truncated", cut or cut_lines))
    quality = tuple(name for name, is_so in flags if is_so)
    return HtmlPage(lines, url, tree, _extract(tree, url), quality)


def _read_without_tags(markup: str) -> HtmlPage:
    lines, _ = split_lines(normalise(text_between_tags(markup)).text)
    return HtmlPage(lines, quality=("markup_broken",) if lines else ())


def text_between_tags(markup: str) -> str:
    """Returns the text between the tags, a line each. Every search goes on from the last, so the time is linear."""
    lowered = markup.lower() if len(markup.lower()) == len(markup) else markup
    parts: list[str] = []
    position = 0
    while (start := markup.find("<", position)) >= 0:
        parts.append(markup[position:start])
        raw = _RAW.match(markup, start)
        closing = f"</{raw[1].lower()}" if raw else "-->" if markup.startswith("<!--", start) else ">"
        end = lowered.find(closing, start)
        position = lowered.find(">", end) + 1 if end >= 0 else 0
        if not position:
            return "\n".join(parts)
    return "\n".join([*parts, markup[position:]])


def _parse_tree(markup: str) -> html.HtmlElement | None:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except _PARSER_FAULTS:
        return None
    return tree if len(tree) else None


def _extract(tree: html.HtmlElement, url: str | None) -> Extracted:
    """Returns what trafilatura finds; nothing if the page is too large for it or makes it fail."""
    if sum(1 for _ in tree.iter()) > _MAX_TREE:
        return NOTHING_EXTRACTED
    # The latest date is a constant, not the clock: dates are compared with the time of the fetch later.
    dates = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}
    try:
        found: Any = trafilatura.bare_extraction(
            tree,
            url=url,
            fast=True,
            include_comments=False,
            favor_precision=True,
            with_metadata=True,
            date_extraction_params=dates,
        )
    except _PARSER_FAULTS:
        return NOTHING_EXTRACTED
    if found is None:
        return NOTHING_EXTRACTED
    return Extracted(found.text or "", found.title or "", found.author or "", found.sitename or "", found.date)


# The page as lines


def _list_visible_lines(tree: html.HtmlElement, url: str | None) -> tuple[list[TextLine], bool, bool]:
    """Returns the lines that a reader sees, whether they were cut, and whether broken characters were repaired."""
    rows = list(_list_rows(tree, url))
    cut, rows = len(rows) > MAX_LINES, rows[:MAX_LINES]
    normal = normalise("\n".join(row.text for row in rows))
    texts = normal.text.split("\n")
    if len(texts) != len(rows):
        texts = [normalise_line(row.text) for row in rows]
    lines = [
        TextLine(number, text, row.heading, row.link)
        for number, (text, row) in enumerate(zip(texts, rows, strict=True), 1)
        if text
    ]
    return lines, cut, normal.repaired


class _Row(NamedTuple):
    """A block of the page."""

    text: str
    heading: int
    link: str | None


def _list_rows(tree: html.HtmlElement, url: str | None) -> Iterator[_Row]:
    """Yields the blocks in reading order."""
    row = _OpenRow()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS:
                yield from row.flush()
            if tag in _INVISIBLE or _is_hidden(element):
                walker.skip_subtree()
                continue
            row.open(tag, element, url)
            row.add(element.text)
        else:
            if tag in _BLOCKS:
                yield from row.flush()
            row.close(tag)
            row.add(element.tail)
    yield from row.flush()


class _OpenRow:
    """The block that is being read."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._linked = 0
        self._heading = 0
        self._link: str | None = None
        self._inside: str | None = None

    def open(self, tag: str, element: html.HtmlElement, url: str | None) -> None:
        if tag == "a":
            self._inside = resolve_link(element.get("href"), url)
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading = int(tag[1])

    def close(self, tag: str) -> None:
        if tag == "a":
            self._inside = None
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading = 0

    def add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self._inside and text.strip():
                self._link = self._link or self._inside
                self._linked += len(text.strip())

    def flush(self) -> Iterator[_Row]:
        text = " ".join("".join(self._parts).split())
        if text:
            yield _Row(text, self._heading, self._link if self._linked > _LINKED * len(text) else None)
        self._parts, self._linked, self._link = [], 0, None


def _is_hidden(element: html.HtmlElement) -> bool:
    return "hidden" in element.attrib or "display:none" in (element.get("style") or "").replace(" ", "").lower()


def resolve_link(href: str | None, url: str | None) -> str | None:
    """Returns the whole address of a link; None if it leads into the page itself or is not an address."""
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    try:
        address = urljoin(url or "", href.strip())
        return address if urlsplit(address).scheme in ("http", "https") or not url else None
    except ValueError:
        return None


# The article on the page


def locate_article(page: HtmlPage) -> tuple[TextLine, ...]:
    """Returns what trafilatura takes for the article, as lines of the page.

    A line has number 0 if the page breaks its lines at other places.
    """
    known: dict[str, TextLine] = {}
    for line in page.lines:
        known.setdefault(_strip_variable(line.text), line)
    found, _ = split_lines(normalise(page.extracted.text).text)
    return tuple(known.get(_strip_variable(line.text.removeprefix("- ")), TextLine(0, line.text)) for line in found)


def locate_title(page: HtmlPage, title: str) -> TextLine | None:
    """Returns the line that gives the title: the same words, or the main heading if the title only adds to it."""
    wanted = _strip_variable(title)
    same = next((line for line in page.lines if _strip_variable(line.text) == wanted), None)
    headings = (line for line in page.lines if line.heading == 1 and line.words >= _LEAST_HEADING)
    return same or next((line for line in headings if _strip_variable(line.text) in wanted), None)


# Trafilatura drops the joiners and direction marks that some scripts are spelt with.
_UNSPELT = dict.fromkeys(map(ord, "\u200c\u200d\u200e\u200f"))


def _strip_variable(text: str) -> str:
    """Returns the text without what may differ between two readings of it: white space, joiners, direction marks."""
    return "".join(text.split()).translate(_UNSPELT)

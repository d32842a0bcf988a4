"""HTML pages: the page as lines, and what trafilatura takes for the article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import trafilatura
from lxml import etree, html  # type: ignore[import-untyped]

from pipelines.text.reading.lines import MAX_LINES, TextLine, split_lines
from pipelines.text.reading.markup.raised import resolve_raised_text
from pipelines.text.reading.markup.rows import list_rows
from pipelines.text.reading.normal_form import normalise, normalise_line

MAX_HTML = 5_000_000
"""Characters of markup that are parsed; the rest is cut and flagged `truncated`."""
_MAX_TREE = 150_000
"""Elements above which trafilatura is not asked: its time grows faster than the page."""
# What parsing and trafilatura raise on hostile markup, as seen in tests; anything else is a fault of ours.
_PARSER_FAULTS = (etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)

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
    places: Sequence[str] = ()
    """The element that each line is in, see `Row.place`."""


def parse_html(markup: str, url: str | None = None) -> HtmlPage:
    """Reads a page of HTML. Never raises: markup that cannot be parsed is read as the text between its tags."""
    cut = len(markup) > MAX_HTML
    markup = markup[:MAX_HTML]
    tree = _parse_tree(markup)
    if tree is None:
        return _read_without_tags(markup)
    resolve_raised_text(tree)
    lines, places, cut_lines, repaired = _list_visible_lines(tree, url)
    if not lines:
        # The parser drops elements that are nested too deeply.
        return _read_without_tags(markup)
    flags = (("mojibake_repaired", repaired), ("truncated", cut or cut_lines))
    quality = tuple(name for name, is_so in flags if is_so)
    return HtmlPage(lines, url, tree, _extract(tree, url), quality, places)


def _read_without_tags(markup: str) -> HtmlPage:
    lines, _ = split_lines(normalise(text_between_tags(markup)).text)
    return HtmlPage(lines, quality=("markup_broken",) if lines else (), places=[""] * len(lines))


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
            with_metadata=True,
            date_extraction_params=dates,
        )
    except _PARSER_FAULTS:
        return NOTHING_EXTRACTED
    if found is None:
        return NOTHING_EXTRACTED
    return Extracted(found.text or "", found.title or "", found.author or "", found.sitename or "", found.date)


def _list_visible_lines(tree: html.HtmlElement, url: str | None) -> tuple[list[TextLine], list[str], bool, bool]:
    """Returns the lines that a reader sees with their places, whether they were cut, and whether any was repaired."""
    rows = list(list_rows(tree, url))
    cut, rows = len(rows) > MAX_LINES, rows[:MAX_LINES]
    normal = normalise("\n".join(row.text for row in rows))
    texts = normal.text.split("\n")
    if len(texts) != len(rows):
        texts = [normalise_line(row.text) for row in rows]
    seen = [(number, text, row) for number, (text, row) in enumerate(zip(texts, rows, strict=True), 1) if text]
    lines = [TextLine(number, text, row.heading, row.link) for number, text, row in seen]
    return lines, [row.place for _, _, row in seen], cut, normal.repaired

"""HTML pages: what trafilatura takes for the article, the page's metadata, and the page as lines."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree, html  # type: ignore[import-untyped]

from pipelines.text.reading.articles import Source
from pipelines.text.reading.bylines import parse_date
from pipelines.text.reading.lines import MAX_LINES, Line, split
from pipelines.text.reading.normal_form import normalise, one_line
from pipelines.text.reading.pieces import Piece
from pipelines.text.reading.titles import without_site

MAX_HTML = 5_000_000
"""Characters of markup that are parsed; what lies beyond is cut and flagged `truncated`."""
_MAX_TREE = 150_000
"""Elements above which trafilatura is not asked: its time grows faster than the page."""
# What parsing and trafilatura raise on hostile markup, as seen in tests; anything else is a fault of ours.
_PARSER_FAULTS = (etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "li", "main", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "title", "tr", "ul",
))  # fmt: skip
_UNSEEN = frozenset((
    "head", "script", "style", "noscript", "template", "svg", "math", "canvas", "iframe", "object", "embed",
    "audio", "video", "map", "textarea", "button", "input", "select", "datalist",
))  # fmt: skip
_RAW = re.compile(r"<(script|style|noscript|template)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """An HTML page as far as it could be read."""

    lines: Sequence[Line]
    """All that a reader sees."""
    body: Sequence[Line]
    """What trafilatura takes for the article; empty where it found none."""
    source: Source
    title: Line | None = None
    """The line that gives the page's title, where a reader sees it."""
    items: Sequence[Piece] = ()
    """Articles that the page's markup declares or lists."""
    is_article: bool = False
    """The page's metadata say that it is one article."""


def parse(markup: str, url: str | None = None) -> Document:
    """Reads a page of HTML. Never raises: what cannot be parsed is read as the text between its tags."""
    cut = len(markup) > MAX_HTML
    markup = markup[:MAX_HTML]
    tree = _tree(markup)
    if tree is None:
        return _without_tags(markup)
    lines, cut_lines, repaired = _visible(tree, url)
    if not lines:
        # The parser drops what is nested deeper than it goes.
        return _without_tags(markup)
    records = list(_json_records(tree))
    flags = (("mojibake_repaired", repaired), ("truncated", cut or cut_lines))
    quality = tuple(name for name, is_so in flags if is_so)
    extracted = _extract(tree, url)
    source = _source(tree, extracted, records, url, quality)
    title = _title_line(lines, source.title) if source.title else None
    return Document(
        lines=lines,
        body=_numbered(extracted.text or "", lines) if extracted is not None else (),
        title=title,
        source=replace(source, title=title.text) if title else source,
        items=_updates(records, url),
        is_article=_is_article(tree, records),
    )


def _without_tags(markup: str) -> Document:
    """The page as the text between its tags."""
    lines, _ = split(normalise(_between_tags(markup)).text)
    return Document(lines, (), Source(quality=("markup_broken",) if lines else ()))


def _between_tags(markup: str) -> str:
    """The text between the tags, a line each. Every search goes on from the last, so the time is linear."""
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


def _tree(markup: str) -> html.HtmlElement | None:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except _PARSER_FAULTS:
        return None
    return tree if len(tree) else None


def _extract(tree: html.HtmlElement, url: str | None) -> Any:
    """Trafilatura's view of the page; None where it has none."""
    if sum(1 for _ in tree.iter()) > _MAX_TREE:
        return None
    # The latest date is a constant, not the clock: a date is judged against the fetch, by whoever uses it.
    dates = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}
    try:
        return trafilatura.bare_extraction(
            tree,
            url=url,
            fast=True,
            include_comments=False,
            favor_precision=True,
            with_metadata=True,
            date_extraction_params=dates,
        )
    except _PARSER_FAULTS:
        return None


# The page as lines


def _visible(tree: html.HtmlElement, url: str | None) -> tuple[list[Line], bool, bool]:
    """The lines that a reader sees; whether they were cut, and whether broken letters were mended."""
    rows = list(_rows(tree, url))
    cut, rows = len(rows) > MAX_LINES, rows[:MAX_LINES]
    normal = normalise("\n".join(text for text, _, _ in rows))
    texts = normal.text.split("\n")
    if len(texts) != len(rows):
        texts = [one_line(text) for text, _, _ in rows]
    lines = [
        Line(number, text, heading, link)
        for number, (text, (_, heading, link)) in enumerate(zip(texts, rows, strict=True), 1)
        if text
    ]
    return lines, cut, normal.repaired


def _rows(tree: html.HtmlElement, url: str | None) -> Iterator[tuple[str, int, str | None]]:
    """Text, heading level and link of each block, in reading order."""
    row = _Row()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS:
                yield from row.flush()
            if tag in _UNSEEN or _is_hidden(element):
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


class _Row:
    """The block that is being read."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._linked = 0
        self._heading = 0
        self._link: str | None = None
        self._inside: str | None = None

    def open(self, tag: str, element: html.HtmlElement, url: str | None) -> None:
        if tag == "a":
            self._inside = _absolute(element.get("href"), url)
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

    def flush(self) -> Iterator[tuple[str, int, str | None]]:
        text = " ".join("".join(self._parts).split())
        if text:
            yield text, self._heading, self._link if self._linked > 0.7 * len(text) else None
        self._parts, self._linked, self._link = [], 0, None


def _is_hidden(element: html.HtmlElement) -> bool:
    return "hidden" in element.attrib or "display:none" in (element.get("style") or "").replace(" ", "").lower()


def _absolute(href: str | None, url: str | None) -> str | None:
    """The link's whole address; None where it leads nowhere or into the page itself."""
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    try:
        address = urljoin(url or "", href.strip())
        return address if urlsplit(address).scheme in ("http", "https") or not url else None
    except ValueError:
        return None


def _numbered(text: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a text as they stand on the page; with number 0 where the page breaks its lines elsewhere."""
    known: dict[str, Line] = {}
    for line in lines:
        known.setdefault(_signs(line.text), line)
    found, _ = split(normalise(text).text)
    return tuple(known.get(_signs(line.text.removeprefix("- ")), Line(0, line.text)) for line in found)


def _title_line(lines: Sequence[Line], title: str) -> Line | None:
    """The line that gives the title: the same words, or the main heading where the title only adds the site's words."""
    signs = _signs(title)
    same = next((line for line in lines if _signs(line.text) == signs), None)
    inside = (line for line in lines if line.heading == 1 and line.words >= 4 and _signs(line.text) in signs)
    return same or next(inside, None)


# Trafilatura drops the joiners and direction marks that some scripts are spelt with.
_UNSPELT = dict.fromkeys(map(ord, "\u200c\u200d\u200e\u200f"))


def _signs(text: str) -> str:
    """The text without what may differ between two readings of it: white space, joiners, direction marks."""
    return "".join(text.split()).translate(_UNSPELT)


# What the page says of itself


def _json_records(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """The records of schema.org that the page carries as JSON-LD, graphs and lists resolved one level deep."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            loaded = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for record in loaded if isinstance(loaded, list) else [loaded]:
            if isinstance(record, dict):
                yield record
                graph = record.get("@graph")
                yield from (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else ()


def _types(record: dict[str, Any]) -> set[str]:
    kind = record.get("@type")
    return {str(name) for name in kind} if isinstance(kind, list) else {str(kind)}


def _is_article(tree: html.HtmlElement, records: Sequence[dict[str, Any]]) -> bool:
    if any(name.endswith("Article") or name == "BlogPosting" for record in records for name in _types(record)):
        return True
    return _meta(tree, ("og:type",)) == "article"


def _updates(records: Sequence[dict[str, Any]], url: str | None) -> list[Piece]:
    """The entries of a live blog that the page declares."""
    declared = (record.get("liveBlogUpdate") for record in records if "LiveBlogPosting" in _types(record))
    updates = next((part for part in declared if isinstance(part, list)), [])
    pieces = []
    for update in updates[:MAX_LINES]:
        text = update.get("articleBody") if isinstance(update, dict) else None
        if not isinstance(text, str):
            continue
        lines, _ = split(normalise(_between_tags(text)).text)
        headline = update.get("headline")
        if lines:
            pieces.append(
                Piece(
                    lines=tuple(Line(0, line.text) for line in lines),
                    title=Line(0, one_line(headline)) if isinstance(headline, str) and headline.strip() else None,
                    kind="digest_item",
                    published_at=_moment(update.get("datePublished")),
                    url=_absolute(update["url"], url) if isinstance(update.get("url"), str) else None,
                )
            )
    return pieces


_DATE_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "pubdate", "publishdate",
    "publish-date", "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date",
    "article.published",
)  # fmt: skip


def _source(
    tree: html.HtmlElement, extracted: Any, records: Sequence[dict[str, Any]], url: str | None, quality: tuple[str, ...]
) -> Source:
    """Title, author, site, address and date, from the page's own records before trafilatura's reading of them."""
    declared = next(
        (record.get("datePublished") for record in records if isinstance(record.get("datePublished"), str)), None
    )
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    title = getattr(extracted, "title", None) or ""
    moments = (
        declared,
        _meta(tree, _DATE_NAMES),
        tree.xpath("string(//time[@datetime][1]/@datetime)"),
        getattr(extracted, "date", None),
    )
    return Source(
        title=without_site(one_line(title)) or None,
        author=one_line(getattr(extracted, "author", None) or "") or None,
        publisher=one_line(getattr(extracted, "sitename", None) or "") or None,
        canonical_url=_absolute(canonical, url) if canonical else None,
        published_at=next((moment for value in moments if (moment := _moment(value))), None),
        quality=quality,
    )


def _meta(tree: html.HtmlElement, names: Sequence[str]) -> str | None:
    """The first of the named properties that the page's head gives."""
    given: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and element.get("content"):
            given.setdefault(name.strip().lower(), element.get("content"))
    return next((given[name] for name in names if name in given), None)


def _moment(value: object) -> datetime | None:
    """A date as pages write it, UTC; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return parse_date(value[:100])
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None

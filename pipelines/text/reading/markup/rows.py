"""The blocks of an HTML page in the order in which a reader sees them, each as a row of text."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree, html  # type: ignore[import-untyped]

_LINKED = 0.7
"""Share of a block's characters that must be a link for the block to be one."""

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
CAPTIONS = frozenset(("figure", "figcaption"))
SIDES = CAPTIONS | {"aside", "nav", "footer"}
"""Elements whose text is next to an article and not part of it, unless trafilatura says so."""


class Row(NamedTuple):
    """A block of the page."""

    text: str
    heading: int
    link: str | None
    place: str
    """The element that the block is in: one of `SIDES`, otherwise its innermost block."""


def list_rows(tree: html.HtmlElement, url: str | None) -> Iterator[Row]:
    """Yields the blocks in reading order."""
    row = _OpenRow()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        is_block = tag in _BLOCKS
        if event == "start":
            if is_block:
                yield from row.flush()
            if tag in _INVISIBLE or _is_hidden(element):
                walker.skip_subtree()
                # The end of an element whose subtree is skipped is still reported.
                row.enter(tag, is_block=is_block)
                continue
            row.enter(tag, is_block=is_block)
            row.open(tag, element, url)
            row.add(element.text)
        else:
            if is_block:
                yield from row.flush()
            row.leave(is_block=is_block)
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
        self._places: list[str] = [""]

    def enter(self, tag: str, *, is_block: bool) -> None:
        if is_block:
            above = self._places[-1]
            is_table = above == "figure" and tag == "table"
            inherits = tag == "br" or (above in SIDES and tag not in SIDES and not is_table)
            self._places.append(above if inherits else tag)

    def leave(self, *, is_block: bool) -> None:
        if is_block:
            self._places.pop()

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

    def flush(self) -> Iterator[Row]:
        text = " ".join("".join(self._parts).split())
        if text:
            link = self._link if self._linked > _LINKED * len(text) else None
            yield Row(text, self._heading, link, self._places[-1])
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

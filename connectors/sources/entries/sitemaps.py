"""The documents of sitemaps: their entries, whatever else the document has, and even if it is broken."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree import ElementTree

from lxml import etree  # type: ignore[import-untyped]

from connectors.sources.entries.characters import cut_declaration, repair_characters
from connectors.sources.feed_dates import parse_date
from connectors.web.addresses import redact
from connectors.web.client import Response
from schemas.errors import Retryable

ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}
"""The root elements, and the names of their entries."""
DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$")
"""A year, a month or a day: all of them are dates by the protocol, and end later than they begin."""


@dataclass(frozen=True)
class SitemapEntry:
    """A page, or a sitemap of an index, with the texts of its elements. `news` has those of the news extension.

    Elements of other extensions are left out: the title and the date of a video or an image are not those of the page.
    """

    own: dict[str, str]
    news: dict[str, str]


@dataclass(frozen=True)
class SitemapDocument:
    """A sitemap or an index of sitemaps. `problem` says what is broken although entries could be read."""

    is_index: bool
    entries: tuple[SitemapEntry, ...]
    problem: str | None = None


def parse_sitemap(response: Response) -> SitemapDocument:
    """Parses a fetched document. Raises `Retryable` if it is not a sitemap."""
    shown = redact(response.url)
    text = cut_declaration(response.text.lstrip("\ufeff \t\r\n"))
    # As in `<loc>https://port.example/?a=1&b=2</loc>`: not XML, and common.
    text = repair_characters(text)[0].strip()
    if "<!DOCTYPE" in text[:2000] or "<!ENTITY" in text[:2000]:
        raise Retryable(f"{shown} is not a sitemap: it has a DOCTYPE, like a page")
    root, problem = parse_xml(text, shown)
    name = local_name(root.tag)
    if name not in ENTRIES:
        raise Retryable(f"{shown} is not a sitemap: its root element is {name[:40]}")
    entries = tuple(read_entry(each) for each in root.iter() if local_name(each.tag) == ENTRIES[name])
    if problem and not entries:
        raise Retryable(f"{shown} is not a sitemap: {problem}")
    broken = f"{shown} is broken, some entries may be missing: {problem}" if problem else None
    return SitemapDocument(name == "sitemapindex", entries, broken)


def parse_xml(text: str, shown: str) -> tuple[ElementTree.Element, str | None]:
    """Returns the root, and what is wrong with the document if it is not well-formed.

    lxml makes the best of a broken one. Raises `Retryable` if nothing can be made of it.
    """
    try:
        return ElementTree.fromstring(text), None
    except (ElementTree.ParseError, ValueError) as error:
        problem = str(error)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text else None
    if root is None:
        raise Retryable(f"{shown} is not a sitemap: {problem}")
    return root, problem


def read_entry(entry: ElementTree.Element) -> SitemapEntry:
    """Reads the elements of an entry itself, and those of its news extension."""
    news = [each for part in entry if local_name(part.tag) == "news" for each in part.iter()]
    return SitemapEntry(read_texts(entry), read_texts(news))


def read_texts(elements: Iterable[ElementTree.Element]) -> dict[str, str]:
    """Returns the texts of elements by their names; of two with one name, the first counts."""
    found: dict[str, str] = {}
    for each in elements:
        text = " ".join((each.text or "").split())
        if text:
            found.setdefault(local_name(each.tag), text)
    return found


def local_name(tag: object) -> str:
    """Returns the tag without its namespace or prefix; a comment has no name."""
    return re.split("[}:]", tag)[-1] if isinstance(tag, str) else ""


def find_latest_moment(dated: str, now: datetime) -> datetime | None:
    """Returns the last moment that a date can mean, such as the end of its day or month; None if it cannot be read."""
    found = DAY.match(dated)
    if not found:
        return parse_date(dated, now)
    year, month = int(found[1]), int(found[2] or 12)
    day = int(found[3] or (monthrange(year, month)[1] if 1 <= month <= 12 else 0))
    start = parse_date(f"{year:04}-{month:02}-{day:02}", now)
    # The current month and year end in the future, which no date may be in.
    return start + timedelta(days=1) if start else None

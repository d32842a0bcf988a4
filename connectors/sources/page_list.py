"""Page lists: an index page, the articles it links to, their pages."""

import re
from collections.abc import Iterator
from html import unescape
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

import msgspec

from connectors.kit import Cursor
from connectors.sources.pages import Link, Links, PageConnector, PageSettings, cleaned
from connectors.sources.syndication import request
from schemas.errors import Retryable

HREF = re.compile(r"""<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
ARTICLE = re.compile(r"/(?:19|20)\d\d[/-]?\d\d(?:[/-]?\d\d)?/|/[^/]*\d{5,}[^/]*/?$|/[^/-]+(?:-[^/-]+){3,}/?$")
"""Paths of articles: a date, a long number, or a name of four words and more."""


class PageList(PageConnector[PageSettings]):
    """Fetches the articles that an index page links to, for sites without feed and sitemap."""

    name: ClassVar[str] = "page_list"
    about: ClassVar[str] = "An index page, and the articles of the same site that it links to"
    example: ClassVar[str] = (
        "town-hall:\n  url: https://town.example/press\n  connector: page_list\n  settings: {match: /press/2}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = PageSettings

    def links(self, cursor: Cursor) -> Links:
        """The links that match, else those that look like articles."""
        response = self.context.web.get(request(self.context.url, self.settings))
        page = response.text
        if not re.search(r"<(?:html|body|a|div|p|ul)\b", page, re.IGNORECASE):
            raise Retryable(f"{self.context.url} is no page: links were expected")
        wanted = self.wanted if self.settings.match else ARTICLE
        found = [Link(url) for url in addresses(page, response.url) if wanted.search(url)]
        return Links(found, wait=response.holds_for, moved_to=response.moved_to)


def addresses(page: str, base: str) -> Iterator[str]:
    """Addresses on the same host that a page links to, its own left out, each once."""
    there = {cleaned(base)}
    for groups in HREF.findall(page):
        try:
            url = cleaned(urljoin(base, unescape(next(filter(None, groups), "")).strip()))
            same = urlsplit(url).hostname == urlsplit(base).hostname
        except ValueError:
            continue
        if url and same and url not in there:
            there.add(url)
            yield url

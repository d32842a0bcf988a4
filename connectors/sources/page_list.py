"""Page lists: an index page, and the articles that it links to."""

import re
from collections.abc import Iterator
from html import unescape
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

import msgspec

from connectors.kit import make_request
from connectors.sources.linked_pages import PageConnector, PageLink, PageLinks, PageSettings, clean_url
from schemas.errors import Retryable

HREF = re.compile(r"""<a\b[^<>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
ARTICLE = re.compile(r"/(?:19|20)\d\d[/-]?\d\d(?:[/-]?\d\d)?/|/[^/]*\d{5,}[^/]*/?$|/[^/-]+(?:-[^/-]+){3,}/?$")
"""Typical paths of articles: a date, a long number, or a name of four words or more."""


class PageList(PageConnector[PageSettings]):
    """Fetches the articles that an index page links to, for sites without a feed and a sitemap."""

    name: ClassVar[str] = "page_list"
    about: ClassVar[str] = "An index page, and the articles of the same site that it links to"
    example: ClassVar[str] = (
        "town-hall:\n  url: https://town.example/press\n  connector: page_list\n  settings: {match: /press/2}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = PageSettings

    def find_links(self) -> PageLinks:
        """Returns the links that match, or without `match` those that look like articles."""
        response = self.context.web.get(make_request(self.context.url, self.settings))
        page = response.text
        if not re.search(r"<(?:html|body|a|div|p|ul)\b", page, re.IGNORECASE):
            raise Retryable(f"{self.context.url} is not an HTML page with links")
        pattern = self.pattern if self.settings.match else ARTICLE
        found = [PageLink(url) for url in find_addresses(page, response.url) if pattern.search(url)]
        return PageLinks(found, wait=response.fresh_for, moved_to=response.moved_to)


def find_addresses(page: str, base: str) -> Iterator[str]:
    """Yields the addresses on the same host that a page links to, each once and without the page's own."""
    known = {clean_url(base)}
    for groups in HREF.findall(page):
        try:
            url = clean_url(urljoin(base, unescape(next(filter(None, groups), "")).strip()))
            same = urlsplit(url).hostname == urlsplit(base).hostname
        except ValueError:
            continue
        if url and same and url not in known:
            known.add(url)
            yield url

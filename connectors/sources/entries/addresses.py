"""Where an entry leads: its address without what only tracks the reader, and whether that is an article's own."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from schemas.urls import canonical_url, parse_host

DECORATION = re.compile(
    r"(?:rss|atom|feed|comments|respond|reply|disqus_thread|content|main|top|start|article|story|more(?:-\d+)?)?$|.*=",
    re.IGNORECASE,
)
"""Fragments that name no place of their own on the page: where a reader came from, and parts that every page has."""


def resolve_link(link: str, base: str) -> str:
    """Returns the address that an entry links to, or an empty string if it has none or it is not an address."""
    try:
        url = urljoin(base, link.strip()) if link.strip() else ""
        urlsplit(url)
        return f"{canonical_url(url)}#{fragment}" if (fragment := find_fragment(url)) else canonical_url(url)
    except ValueError:
        return ""


def find_fragment(url: str) -> str:
    """Returns the fragment of a web address that names a place on its page, such as an entry of a live blog."""
    fragment = urlsplit(url).fragment.strip() if is_web(url) else ""
    # A route names a page, whatever follows.
    return fragment if fragment.startswith(("!", "/")) or not DECORATION.match(fragment) else ""


def cut_fragment(url: str) -> str:
    """Returns the address of the page."""
    return url.partition("#")[0] if is_web(url) else url


def is_web(url: str) -> bool:
    """Whether an address can be fetched. Others, such as `tag:` and `urn:`, only identify."""
    return url.lower().startswith(("http://", "https://"))


@dataclass(frozen=True)
class GeneralPages:
    """The pages of a feed that belong to no article: the site's start page, the feed, and the page that it is of."""

    addresses: frozenset[str]
    hosts: frozenset[str]

    def has(self, page: str) -> bool:
        """Whether a page is one of them."""
        parts = urlsplit(page)
        is_start = parts.path in ("", "/") and not parts.query and parse_host(page) in self.hosts
        return is_start or page.rstrip("/") in self.addresses


def find_general_pages(feed_url: str, site: str) -> GeneralPages:
    """Finds them by the feed's address and by the address of the site that it names."""
    known = [url for url in (resolve_link(feed_url, feed_url), resolve_link(site, feed_url)) if url]
    return GeneralPages(
        frozenset(cut_fragment(url).rstrip("/") for url in known), frozenset(parse_host(url) for url in known)
    )

"""Feed documents: RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed, each decoded and modelled as `FeedDocument`."""

import re
from dataclasses import replace

from connectors.sources.entries.entry import FeedDocument, FeedEntry, parse_language
from connectors.sources.entries.json_feeds import parse_json_feed
from connectors.sources.entries.xml_feeds import parse_xml_feed
from connectors.web.addresses import redact
from connectors.web.client import Response
from schemas.errors import Retryable

__all__ = ["FeedDocument", "FeedEntry", "parse_feed", "parse_language"]

PAGE = re.compile(r"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def parse_feed(response: Response) -> FeedDocument:
    """Parses a fetched feed. Raises `Retryable`, with what it is instead, if the document is not a feed."""
    decoded = response.decoded
    feed = parse_text(decoded.text.lstrip("\ufeff \t\r\n"), response.url)
    if decoded.is_certain:
        return feed
    return replace(feed, repairs={**feed.repairs, "documents whose encoding is a guess": 1})


def parse_text(text: str, url: str) -> FeedDocument:
    """Parses the text of a feed; see `parse_feed`."""
    shown = redact(url)
    if not text:
        raise Retryable(f"{shown} is empty, but should be a feed")
    if text.startswith("{"):
        return parse_json_feed(text, shown)
    if PAGE.match(text[:4096]):
        raise Retryable(f"{shown} is a page, not a feed: `newsclaims feeds add` finds the feeds of a site")
    return parse_xml_feed(text, url, shown)

"""Feeds: RSS, Atom and JSON Feed."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Annotated, Any, ClassVar
from urllib.parse import urljoin

import msgspec
from msgspec import Meta

from connectors.kit import Batch, Connector, Cursor, Suggestion, batched
from connectors.kit.article_line import ArticleLine, Found, Refused
from connectors.kit.seen import Seen
from connectors.sources.feed_dates import date_of
from connectors.sources.feed_documents import Document, Entry, document
from connectors.web.addresses import origin
from connectors.web.client import Request, Response
from schemas.errors import NewsclaimsError, Permanent

BATCH = 200
"""Articles of a batch; where each takes a request of its own, `PAGES`."""
PAGES = 10
TRIES = 5
"""Polls in which the page of an entry is asked for before its teaser is left to stand."""


class HttpSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a connector that fetches does so."""

    headers: Annotated[dict[str, str], Meta(description="Headers to send, such as Authorization; `${NAME}` takes the "
                                            "value of an environment variable.")] = {}  # fmt: skip
    allow_private: Annotated[
        bool, Meta(description="Fetch from private addresses too, such as 10.0.0.1 and localhost.")
    ] = False
    robots: Annotated[bool, Meta(description="Ask the site's robots.txt first.")] = True
    ignore_validators: Annotated[
        bool, Meta(description="Fetch the whole document each time, for servers whose ETag or Last-Modified is wrong.")
    ] = False


class SyndicationSettings(HttpSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `syndication`."""

    full_text: Annotated[
        bool, Meta(description="Fetch the page of each new entry, for feeds that carry only a teaser.")
    ] = False


class Syndication(Connector[SyndicationSettings]):
    """Reads the entries that are new or changed since the cursor; an unchanged feed costs one small request."""

    name: ClassVar[str] = "syndication"
    about: ClassVar[str] = "RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed"
    example: ClassVar[str] = "harbour-ledger:\n  url: https://ledger.example/rss\n  settings: {full_text: true}\n"
    settings_type: ClassVar[type[msgspec.Struct]] = SyndicationSettings

    @classmethod
    def discover(cls, response: Response) -> Iterator[Suggestion]:
        """The document itself where it is a feed, else the feeds that its page links to."""
        try:
            feed = document(response)
        except NewsclaimsError:
            for kind, url, title in linked_feeds(response.text):
                if kind in ("rss+xml", "atom+xml", "feed+json", "rdf+xml"):
                    yield Suggestion(cls.name, urljoin(response.url, url), title)
        else:
            yield Suggestion(cls.name, response.moved_to or response.url, feed.title)

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """One poll."""
        response = self.context.web.get(request(self.context.url, self.settings, cursor))
        if response.unchanged:
            yield Batch((), cursor, wait=response.holds_for, moved_to=response.moved_to)
            return
        # Hashed whole: some servers never answer 304, and parsing is what costs.
        fingerprint = hashlib.sha256(response.body).hexdigest()[:24]
        if cursor.get("hash") == fingerprint:
            yield Batch((), {**cursor, **validators(response)}, wait=response.holds_for, moved_to=response.moved_to)
            return
        yield from self.entries(document(response), response, fingerprint, cursor)

    def entries(self, feed: Document, response: Response, fingerprint: str, cursor: Cursor) -> Iterator[Batch]:
        """Batches of the feed's new entries, oldest first; only the last one carries the new validators."""
        seen, present = Seen(cursor.get("seen", {})), {entry.key for entry in feed.entries}
        fresh = [entry for entry in distinct(feed.entries) if self.is_wanted(entry, seen)]
        size = PAGES if self.settings.full_text else BATCH
        for start in range(0, len(fresh), size):
            if self.context.cancelled.is_set():
                return
            part = fresh[start : start + size]
            found = [self.found(entry, feed, seen) for entry in part]
            yield batched(found, {**cursor, "seen": seen.kept(present)}, empty=sum(not entry.body for entry in part))
        last: Cursor = {"seen": seen.kept(present)}
        # A broken feed is fetched whole again, and so is one with pages outstanding.
        if not feed.warning and not any(":" in seen.marks.get(key, "") for key in present):
            last |= {**validators(response), "hash": fingerprint}
        yield Batch((), last, wait=max(feed.ttl, response.holds_for), moved_to=response.moved_to, warning=feed.warning)

    def is_wanted(self, entry: Entry, seen: Seen) -> bool:
        """Whether the entry is new, changed, or still waits for its page."""
        mark = seen.marks.get(entry.key, "")
        return mark.partition(":")[0] != entry.version or ":" in mark

    def found(self, entry: Entry, feed: Document, seen: Seen) -> Found | Refused:
        """The entry as an article, with its page where that is wanted; notes it as seen."""
        line = entry_line(entry, feed, self)
        mark = entry.version
        if self.settings.full_text and entry.link:
            try:
                page = self.context.web.get(page_request(line.url, self.context.url, self.settings))
                line = msgspec.structs.replace(line, body=page.text, content_type="text/html", content_scope="full")
            except NewsclaimsError as error:
                line = msgspec.structs.replace(line, extra={**line.extra, "page_error": str(error)[:300]})
                tries = int(seen.marks.get(entry.key, "").partition(":")[2] or 0) + 1
                mark = f"{entry.version}:{tries}" if tries < TRIES else entry.version
        seen.add(entry.key, mark)
        return self.article(line, f"{self.context.feed}: {entry.link or entry.id or entry.title or 'an entry'}")


def entry_line(entry: Entry, feed: Document, connector: Connector[Any]) -> ArticleLine:
    """The entry as the feed has it. One without text stands for its title; a date that cannot be is kept as `extra`."""
    fetched_at = connector.context.clock()
    dates = [date_of(text, fetched_at) for text in entry.dates]
    published = next((date for date in dates if date), None)
    extra = {"entry_id": entry.id[:500]} if entry.id and entry.id != entry.link else {}
    if entry.dates and published is None:
        extra["feed_date"] = entry.dates[0][:100]
    return ArticleLine(
        body=entry.body or entry.title or "",
        content_type="text/html" if entry.is_html and entry.body else "text/plain",
        content_scope="teaser" if entry.is_teaser else "full" if entry.whole else "partial",
        url=urljoin(connector.context.url, entry.link) if entry.link else "",
        title=entry.title,
        author=entry.author,
        publisher=None if connector.context.publisher else feed.title or None,
        language=connector.context.language or entry.language or feed.language,
        published_at=published,
        extra=extra,
    )


def distinct(entries: tuple[Entry, ...]) -> list[Entry]:
    """The entries, oldest first as feeds have the newest on top; of two of one key or address the upper one stands."""
    first: dict[str, Entry] = {}
    links: set[str] = set()
    for entry in entries:
        if entry.key not in first and entry.link not in links:
            first[entry.key] = entry
            links |= {entry.link} - {""}
    return [*first.values()][::-1]


def request(url: str, settings: HttpSettings, cursor: Mapping[str, Any] | None = None) -> Request:
    """The request for an address, conditional where the cursor has validators."""
    known = {} if settings.ignore_validators or cursor is None else cursor
    return Request(
        url,
        known.get("etag"),
        known.get("last_modified"),
        {name: expanded(value) for name, value in settings.headers.items()},
        settings.allow_private,
        settings.robots,
    )


def page_request(url: str, source: str, settings: HttpSettings) -> Request:
    """The request for a page that a source names: what opens the source is not told to other sites."""
    same = origin(url) == origin(source)
    return request(url, settings if same else msgspec.structs.replace(settings, headers={}))


def expanded(value: str) -> str:
    """The value of a header with `${NAME}` filled in from the environment. Raises `Permanent` where it is not set."""

    def found(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise Permanent(f"a header takes the environment variable {match[1]}, which is not set")
        return os.environ[match[1]]

    return re.sub(r"\$\{(\w+)\}", found, value)


def validators(response: Response) -> dict[str, str]:
    """What makes the next request conditional."""
    found = {"etag": response.headers.get("etag"), "last_modified": response.headers.get("last-modified")}
    return {name: value[:1000] for name, value in found.items() if value}


def linked_feeds(page: str) -> Iterator[tuple[str, str, str]]:
    """Type, address and title of the alternates that a page's head names."""
    for tag in re.findall(r"<link\b[^>]*>", page[:500_000], re.IGNORECASE):
        found = {name.lower(): unescape(a or b or c) for name, a, b, c in
                 re.findall(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", tag)}  # fmt: skip
        kind = found.get("type", "").lower().removeprefix("application/")
        if "alternate" in found.get("rel", "").lower().split() and found.get("href"):
            yield kind, found["href"], found.get("title", "")

"""Feeds: RSS, Atom and JSON Feed."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Annotated, ClassVar
from urllib.parse import urljoin

import msgspec
from msgspec import Meta

from connectors.kit import (
    ArticleLine,
    Batch,
    Connector,
    Cursor,
    FoundArticle,
    HttpSettings,
    RefusedItem,
    Seen,
    Suggestion,
    batched,
    make_page_request,
    make_request,
)
from connectors.sources.entries.addresses import find_general_pages, is_web
from connectors.sources.entries.identity import EntryIdentifier, IdentifiedEntry
from connectors.sources.entries.marks import EntryMark, decode_mark
from connectors.sources.entries.relisted import ListedEntry
from connectors.sources.feed_dates import (
    IMPOSSIBLE,
    IN_DOUBT,
    NOT_A_DATE,
    UNKNOWN_ZONE,
    DateReading,
    read_date,
)
from connectors.sources.feed_documents import FeedDocument, FeedEntry, parse_feed
from connectors.sources.linked_pages import PAGES_PER_BATCH, TRIES
from connectors.web.client import Response
from schemas.errors import NewsclaimsError
from schemas.identity import article_id, digest

BATCH = 200
"""Articles in a batch if their pages are not fetched."""
DATE_PROBLEMS = {NOT_A_DATE: "n", UNKNOWN_ZONE: "z", IN_DOUBT: "d", IMPOSSIBLE: "i"}
"""Why a date cannot be used, and the letter for it in an entry's mark."""
FEED_TYPES = ("rss+xml", "atom+xml", "feed+json", "rdf+xml")


class SyndicationSettings(HttpSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `syndication`."""

    full_text: Annotated[
        bool, Meta(description="Fetch the page of each new entry, for feeds that contain only teasers.")
    ] = False


class Syndication(Connector[SyndicationSettings]):
    """Reads the entries that are new or have changed since the cursor. An unchanged feed costs one small request.

    Which entries are articles of their own, and under which id, is decided by `EntryIdentifier`.
    """

    name: ClassVar[str] = "syndication"
    about: ClassVar[str] = "RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed"
    example: ClassVar[str] = "harbour-ledger:\n  url: https://ledger.example/rss\n  settings: {full_text: true}\n"
    settings_type: ClassVar[type[msgspec.Struct]] = SyndicationSettings

    @classmethod
    def discover(cls, response: Response) -> Iterator[Suggestion]:
        """Suggests the document itself if it is a feed, otherwise the feeds that its page links to."""
        try:
            feed = parse_feed(response)
        except NewsclaimsError:
            for kind, url, title in find_alternates(response.text):
                if kind in FEED_TYPES:
                    yield Suggestion(cls.name, urljoin(response.url, url), title)
        else:
            yield Suggestion(cls.name, response.moved_to or response.url, feed.title)

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """Polls once."""
        response = self.context.web.get(make_request(self.context.url, self.settings, cursor))
        if response.unchanged:
            yield Batch((), cursor, wait=response.fresh_for, moved_to=response.moved_to)
            return
        # The hash of the document saves parsing it again: some servers never return 304.
        fingerprint = hashlib.sha256(response.body).hexdigest()[:24]
        if cursor.get("hash") == fingerprint:
            last = {**cursor, **find_validators(response)}
            yield Batch((), last, wait=response.fresh_for, moved_to=response.moved_to)
            return
        yield from self.read_entries(parse_feed(response), response, fingerprint, cursor)

    def read_entries(self, feed: FeedDocument, response: Response, fingerprint: str, cursor: Cursor) -> Iterator[Batch]:
        """Yields the new entries in batches, the oldest first. Only the last batch has the new validators."""
        seen = Seen(cursor.get("seen", {}))
        general = find_general_pages(self.context.url, feed.link)
        identifier = EntryIdentifier(feed.entries, self.context.url, general, seen)
        # Feeds list the newest first.
        identified = [*identifier.identify()][::-1]
        present, repairs = identifier.present, self.count_repairs(feed, identified)
        fresh = [entry for entry in identified if entry.is_wanted]
        size = PAGES_PER_BATCH if self.settings.full_text else BATCH
        for start in range(0, len(fresh), size):
            if self.context.cancelled.is_set():
                return
            part = fresh[start : start + size]
            items = [self.read_entry(entry, feed, seen) for entry in part]
            repairs += count_date_problems(decode_mark(seen.marks[entry.key]) for entry in part)
            kept = {**cursor, "seen": seen.select_kept(present)}
            empty = sum(not entry.listed.entry.body for entry in part)
            yield batched(items, kept, empty=empty, warning=feed.warning, repairs=+repairs)
        retracted = [*self.read_deleted(feed, seen, present)]
        last: Cursor = {"seen": seen.select_kept(present)}
        # A broken feed, or one with pages still to fetch, is fetched completely the next time.
        if not feed.warning and not any(decode_mark(last["seen"].get(key, "")).tries for key in present):
            last |= {**find_validators(response), "hash": fingerprint}
        wait = max(feed.ttl, response.fresh_for)
        yield batched(
            retracted, last, wait=wait, moved_to=response.moved_to, warning=feed.warning, repairs=+repairs
        )  # fmt: skip

    def read_deleted(self, feed: FeedDocument, seen: Seen, present: set[str]) -> Iterator[FoundArticle | RefusedItem]:
        """Yields the retraction of each entry that the feed says was deleted, once; its keys become `present`.

        The id must be the address of the article: of other ids nothing is remembered that would lead to the article.
        """
        for ref, when in feed.deleted:
            key = digest("deleted", ref)
            present.add(key)
            if is_web(ref) and seen.is_new(key, when):
                seen.add(key, when)
                yield self.article(ArticleLine(url=ref, retraction="feed"), f"{self.context.feed}: {ref}")

    def count_repairs(self, feed: FeedDocument, identified: list[IdentifiedEntry]) -> Counter[str]:
        """Counts what was repaired or left out in the feed, by kind."""
        counts = Counter(feed.repairs)
        counts["entries listed twice, left out"] = len(feed.entries) - len(identified)
        for entry in identified:
            url = entry.listed.url
            counts["entries that share a link, kept apart"] += bool(url and entry.mark.article_id)
            counts["links that are not addresses, left out"] += bool(entry.listed.entry.link and not url)
            counts["pages of several entries, not fetched"] += bool(
                self.settings.full_text and is_web(url) and not entry.page
            )
        return counts + count_date_problems(entry.mark for entry in identified if not entry.is_wanted)

    def read_entry(self, entry: IdentifiedEntry, feed: FeedDocument, seen: Seen) -> FoundArticle | RefusedItem:
        """Makes the article of an entry, from its page if `full_text` is set, and remembers the entry."""
        reading = self.read_dates(entry.listed.entry, feed)
        line = self.make_line(entry.listed, feed, reading.moment)
        mark = replace(entry.mark, date_problem=DATE_PROBLEMS.get(reading.problem, ""))
        if self.settings.full_text and entry.page:
            try:
                page = self.context.web.get(make_page_request(entry.page, self.context.url, self.settings))
                decoded = page.decoded
                line = msgspec.structs.replace(
                    line, body=decoded.text, content_type="text/html", content_scope="full",
                    extra=line.extra | decoded.remarks,
                )  # fmt: skip
            except NewsclaimsError as error:
                line = msgspec.structs.replace(line, extra={**line.extra, "page_error": str(error)[:300]})
                tries = entry.known.tries + 1 if entry.known else 1
                mark = replace(mark, tries=tries if tries < TRIES else 0)
        seen.add(entry.key, mark.encode())
        found = entry.listed.entry
        place = f"{self.context.feed}: {found.link or found.id or found.title or 'an entry'}"
        return self.article(line, place, mark.article_id or article_id(entry.listed.url, line.body or ""))

    def read_dates(self, entry: FeedEntry, feed: FeedDocument) -> DateReading:
        """Returns the first date of an entry that can be used, or else the problem of its first."""
        language = self.find_language(entry, feed) or ""
        readings = [read_date(text, self.context.clock(), language) for text in entry.dates]
        return next((each for each in readings if each.moment), readings[0] if readings else DateReading(None))

    def find_language(self, entry: FeedEntry, feed: FeedDocument) -> str | None:
        """Returns the language that `feeds.yaml` gives, or else the entry or the feed."""
        return self.context.language or entry.language or feed.language

    def make_line(self, listed: ListedEntry, feed: FeedDocument, published: datetime | None) -> ArticleLine:
        """Maps an entry to our fields.

        The title is the body of an entry without text. A date or link that cannot be right is kept in `extra`.
        """
        context, entry = self.context, listed.entry
        extra = {"entry_id": entry.id[:500]} if entry.id and entry.id != entry.link else {}
        if entry.dates and published is None:
            extra["feed_date"] = entry.dates[0][:100]
        if entry.link and not listed.url:
            extra["feed_link"] = entry.link[:500]
        return ArticleLine(
            body=entry.body or entry.title or "",
            content_type="text/html" if entry.is_html and entry.body else "text/plain",
            content_scope="teaser" if entry.is_teaser else "full" if entry.whole else "partial",
            url=listed.url if is_web(listed.url) else "",
            title=entry.title,
            author=entry.author,
            publisher=None if context.publisher else feed.title or None,
            language=self.find_language(entry, feed),
            published_at=published,
            extra=extra,
        )


def count_date_problems(marks: Iterable[EntryMark]) -> Counter[str]:
    """Counts the entries whose date cannot be used, by the problem."""
    problems = {letter: problem for problem, letter in DATE_PROBLEMS.items()}
    return Counter(problems[mark.date_problem] for mark in marks if mark.date_problem)


def find_validators(response: Response) -> dict[str, str]:
    """Returns the ETag and the Last-Modified date, which make the next request conditional."""
    found = {"etag": response.headers.get("etag"), "last_modified": response.headers.get("last-modified")}
    return {name: value[:1000] for name, value in found.items() if value}


def find_alternates(page: str) -> Iterator[tuple[str, str, str]]:
    """Yields type, address and title of the alternates that the head of a page links to."""
    for tag in re.findall(r"<link\b[^<>]*>", page[:500_000], re.IGNORECASE):
        found = {name.lower(): unescape(a or b or c) for name, a, b, c in
                 re.findall(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", tag)}  # fmt: skip
        kind = found.get("type", "").lower().removeprefix("application/")
        if "alternate" in found.get("rel", "").lower().split() and found.get("href"):
            yield kind, found["href"], found.get("title", "")

"""Sitemaps: plain ones, news sitemaps and index files, each also gzipped."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import urljoin

import msgspec
from msgspec import Meta

from connectors.kit import Suggestion, make_page_request, make_request
from connectors.sources.entries.entry import parse_language
from connectors.sources.entries.sitemaps import SitemapDocument, SitemapEntry, find_latest_moment, parse_sitemap
from connectors.sources.entries.titles import make_plain
from connectors.sources.feed_dates import parse_date
from connectors.sources.linked_pages import PageConnector, PageLink, PageLinks, PageSettings, clean_url
from connectors.web.client import Response
from schemas.errors import NewsclaimsError

DEEPEST = 2
"""Levels of index files. The protocol allows one, but some sites have an index of indices."""


class SitemapSettings(PageSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `sitemap`."""

    days: Annotated[float, Meta(description="Maximum age of a page in days; older ones are skipped.", gt=0)] = 3.0
    files: Annotated[
        int, Meta(description="Files of a sitemap index read in one poll at most, the newest first.", ge=1)
    ] = 20


@dataclass
class SitemapWalk:
    """What a poll has done so far. `left` is the number of files that may still be read, `seen` those that were."""

    left: int
    seen: set[str]
    wrong: list[str] = field(default_factory=list)
    unread: int = 0
    repairs: Counter[str] = field(default_factory=Counter)

    def summarize(self, limit: int) -> str | None:
        """Returns what the operator should know, on one line."""
        found = list(self.wrong)
        if self.unread:
            found.append(f"{self.unread} files of the index were not read: raise `files` from {limit}")
        return "; ".join(dict.fromkeys(found[:3])) or None


class Sitemap(PageConnector[SitemapSettings]):
    """Fetches the pages that a site's sitemap lists as new or changed."""

    name: ClassVar[str] = "sitemap"
    about: ClassVar[str] = "News sitemaps, plain sitemaps and index files, also gzipped"
    example: ClassVar[str] = (
        "harbour-ledger:\n  url: https://ledger.example/news-sitemap.xml\n  connector: sitemap\n"
        "  settings: {days: 2, match: /news/}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = SitemapSettings

    @classmethod
    def discover(cls, response: Response) -> Iterator[Suggestion]:
        """Suggests the document itself if it is a sitemap."""
        try:
            parse_sitemap(response)
        except NewsclaimsError:
            return
        yield Suggestion(cls.name, response.moved_to or response.url)

    def find_links(self) -> PageLinks:
        """Returns the pages of the sitemap; of an index, those of its newest files."""
        response = self.context.web.get(make_request(self.context.url, self.settings))
        walk = SitemapWalk(self.settings.files, {response.url})
        dated = [found for found in self.walk(response, DEEPEST, walk) if self.pattern.search(found[1].url)]
        dated.sort(key=lambda found: found[0].timestamp() if found[0] else 0.0, reverse=True)
        links = [link for _, link in dated]
        warning = walk.summarize(self.settings.files)
        return PageLinks(links, response.fresh_for, response.moved_to, warning, +walk.repairs)

    def walk(self, response: Response, levels: int, walk: SitemapWalk) -> Iterator[tuple[datetime | None, PageLink]]:
        """Yields the links of a sitemap and of the sitemaps that it lists, each with its time.

        `levels` is the number of index levels that are left. Errors in a listed sitemap are noted, and cost no other.
        """
        document = parse_sitemap(response)
        if document.problem:
            walk.wrong.append(document.problem)
            walk.repairs["sitemaps that are not well-formed"] += 1
        if not document.is_index:
            yield from filter(None, (self.make_link(entry, response.url, walk) for entry in document.entries))
            return
        for url in self.choose_files(document, response.url, walk) if levels > 0 else ():
            if walk.left == 0:
                walk.unread += 1
                continue
            walk.left -= 1
            walk.seen.add(url)
            try:
                inner = self.context.web.get(make_page_request(url, self.context.url, self.settings))
                walk.seen.add(inner.url)
                yield from self.walk(inner, levels - 1, walk)
            except NewsclaimsError as error:
                walk.wrong.append(str(error))

    def choose_files(self, document: SitemapDocument, base: str, walk: SitemapWalk) -> Iterator[str]:
        """Yields the sitemaps of an index that are not old and were not read yet.

        The newest come first, then those without a date that can be read, in their order.
        """
        found: list[tuple[float, str]] = []
        for entry in document.entries:
            moment = self.find_moment(walk, entry.own.get("lastmod", ""))
            url = self.find_address(entry, base, walk)
            if url and not self.is_old(moment):
                found.append((-moment.timestamp() if moment else 0.0, url))
        for _, url in sorted(found, key=lambda each: each[0]):
            if url not in walk.seen:
                yield url

    def make_link(self, entry: SitemapEntry, base: str, walk: SitemapWalk) -> tuple[datetime | None, PageLink] | None:
        """Makes the link of an entry, with its time; returns None if it has no address or is too old."""
        published, changed = entry.news.get("publication_date", ""), entry.own.get("lastmod", "")
        moment = self.find_moment(walk, published, changed)
        url = clean_url(self.find_address(entry, base, walk))
        if not url or self.is_old(moment):
            return None
        return moment, PageLink(
            url=url,
            mark=changed[:40],
            title=make_plain(entry.news.get("title")),
            publisher=self.context.publisher or make_plain(entry.news.get("name")),
            language=parse_language(entry.news.get("language")),
            published_at=parse_date(published, self.context.clock()),
        )

    def find_address(self, entry: SitemapEntry, base: str, walk: SitemapWalk) -> str:
        """Returns the address of an entry, or counts that it has none and returns an empty string."""
        try:
            return urljoin(base, entry.own["loc"])
        except (KeyError, ValueError):
            walk.repairs["entries without an address, left out"] += 1
            return ""

    def find_moment(self, walk: SitemapWalk, *dates: str) -> datetime | None:
        """Returns the moment of the first date that can be read, and counts if there are dates and none can."""
        found = [find_latest_moment(date, self.context.clock()) for date in dates if date]
        moment = next(filter(None, found), None)
        walk.repairs["dates that cannot be read"] += bool(found and moment is None)
        return moment

    def is_old(self, moment: datetime | None) -> bool:
        """Whether a moment is further back than the setting `days`. An unknown one is not old."""
        return moment is not None and moment < self.context.clock() - timedelta(days=self.settings.days)

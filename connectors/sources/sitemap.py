"""Sitemaps: plain ones, news sitemaps, index files, each also gzipped."""

import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, ClassVar
from urllib.parse import urljoin
from xml.etree import ElementTree

import msgspec
from msgspec import Meta

from connectors.kit import Cursor, Suggestion
from connectors.sources.feed_dates import date_of
from connectors.sources.feed_documents import language
from connectors.sources.pages import Link, Links, PageConnector, PageSettings, cleaned
from connectors.sources.syndication import page_request, request
from connectors.web.addresses import redacted
from connectors.web.client import Response
from schemas.errors import NewsclaimsError, Retryable

DEEPEST = 2
"""Index files within index files; the protocol allows none, some sites have one."""
LARGEST = 64_000_000
"""Bytes of a sitemap after decompression; the protocol says 50 MB."""


class SitemapSettings(PageSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `sitemap`."""

    days: Annotated[float, Meta(description="Pages dated longer ago than so many days are left out.", gt=0)] = 3.0
    files: Annotated[int, Meta(description="Files of an index read in one poll at most, the newest first.", ge=1)] = 20


class Sitemap(PageConnector[SitemapSettings]):
    """Fetches the pages that a site's sitemap names as new or changed."""

    name: ClassVar[str] = "sitemap"
    about: ClassVar[str] = "News sitemaps and plain sitemaps, index files, gzip"
    example: ClassVar[str] = (
        "harbour-ledger:\n  url: https://ledger.example/news-sitemap.xml\n  connector: sitemap\n"
        "  settings: {days: 2, match: /news/}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = SitemapSettings

    @classmethod
    def discover(cls, response: Response) -> Iterator[Suggestion]:
        """The document itself where it is a sitemap."""
        try:
            parsed(response)
        except NewsclaimsError:
            return
        yield Suggestion(cls.name, response.moved_to or response.url)

    def links(self, cursor: Cursor) -> Links:
        """The pages of the sitemap, of an index those of its newest files."""
        response = self.context.web.get(request(self.context.url, self.settings))
        wrong: list[str] = []
        links = self.walk(response, [self.settings.files], DEEPEST, wrong)
        found = [link for link in links if self.wanted.search(link.url)]
        found.sort(key=lambda link: link.published_at.timestamp() if link.published_at else 0.0, reverse=True)
        return Links(found, wait=response.holds_for, moved_to=response.moved_to, warning=wrong[0] if wrong else None)

    def walk(self, response: Response, left: list[int], deep: int, wrong: list[str]) -> Iterator[Link]:
        """The links of a sitemap and of those that it names; what is wrong with one of these goes to `wrong`."""
        root = parsed(response)
        entries = [dict(fields(entry)) for entry in root]
        if local(root.tag) == "urlset":
            yield from filter(None, (self.link(entry, response.url) for entry in entries))
            return
        entries = [entry for entry in entries if entry.get("loc") and deep > 0]
        entries.sort(key=lambda entry: entry.get("lastmod", ""), reverse=True)
        for entry in entries:
            if left[0] == 0 or self.is_old(entry.get("lastmod", "")):
                return
            left[0] -= 1
            try:
                inner = self.context.web.get(
                    page_request(urljoin(response.url, entry["loc"]), self.context.url, self.settings)
                )
                yield from self.walk(inner, left, deep - 1, wrong)
            except NewsclaimsError as error:
                wrong.append(str(error))

    def link(self, entry: dict[str, str], base: str) -> Link | None:
        """One entry as a link, None where it names no page or an old one."""
        url = cleaned(urljoin(base, entry.get("loc", "")))
        dated = entry.get("publication_date", "") or entry.get("lastmod", "")
        if not url or self.is_old(dated):
            return None
        return Link(
            url, entry.get("lastmod", "")[:40], entry.get("title"), self.context.publisher or entry.get("name"),
            language(entry.get("language")), date_of(entry.get("publication_date", ""), self.context.clock()),
        )  # fmt: skip

    def is_old(self, dated: str) -> bool:
        """Whether a date is longer ago than the settings want; no date is not old."""
        moment = self.context.clock()
        found = date_of(dated, moment)
        return found is not None and found < moment - timedelta(days=self.settings.days)


def parsed(response: Response) -> ElementTree.Element:
    """The document's root. Raises `Retryable` for what is no sitemap."""
    shown = redacted(response.url)
    body = unpacked(response.body, shown)
    if b"<!DOCTYPE" in body[:2000] or b"<!ENTITY" in body[:2000]:
        raise Retryable(f"{shown} is no sitemap: it has a DOCTYPE, as pages do")
    try:
        root = ElementTree.fromstring(body.strip())
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Retryable(f"{shown} is no sitemap: {error}") from error
    if local(root.tag) not in ("urlset", "sitemapindex"):
        raise Retryable(f"{shown} is no sitemap: its root is {local(root.tag)[:40]}")
    return root


def unpacked(body: bytes, shown: str) -> bytes:
    """The body, decompressed where it is a gzip file. Raises `Retryable` for a broken or far too large one."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        decompressor = zlib.decompressobj(31)
        found = decompressor.decompress(body, LARGEST)
    except zlib.error as error:
        raise Retryable(f"{shown} is a broken gzip file: {error}") from error
    if not decompressor.eof:
        raise Retryable(f"{shown} is a gzip file that is cut short, or longer than {LARGEST:,} bytes")
    return found


def fields(entry: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Names and texts of what an entry has, those of news:news and news:publication among them."""
    for inner in entry.iter():
        if inner is not entry and inner.text and inner.text.strip() and "image" not in inner.tag:
            yield local(inner.tag), inner.text.strip()


def local(tag: str) -> str:
    """The tag without its namespace."""
    return tag.rpartition("}")[2]

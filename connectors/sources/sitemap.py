"""Sitemaps: plain ones, news sitemaps and index files, each also gzipped."""

import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, ClassVar
from urllib.parse import urljoin
from xml.etree import ElementTree

import msgspec
from msgspec import Meta

from connectors.kit import Suggestion, make_page_request, make_request
from connectors.sources.feed_dates import parse_date
from connectors.sources.feed_documents import parse_language
from connectors.sources.linked_pages import PageConnector, PageLink, PageLinks, PageSettings, clean_url
from connectors.web.addresses import redact
from connectors.web.client import Response
from schemas.errors import NewsclaimsError, Retryable

DEEPEST = 2
"""Levels of index files. The protocol allows one, but some sites have an index of indices."""
LARGEST = 64_000_000
"""Bytes of a sitemap after decompression. The protocol allows 50 MB."""


class SitemapSettings(PageSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `sitemap`."""

    days: Annotated[float, Meta(description="Maximum age of a page in days; older ones are skipped.", gt=0)] = 3.0
    files: Annotated[
        int, Meta(description="Files of a sitemap index read in one poll at most, the newest first.", ge=1)
    ] = 20


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
        wrong: list[str] = []
        links = self.walk(response, [self.settings.files], DEEPEST, wrong)
        found = [link for link in links if self.pattern.search(link.url)]
        found.sort(key=lambda link: link.published_at.timestamp() if link.published_at else 0.0, reverse=True)
        return PageLinks(found, response.fresh_for, response.moved_to, wrong[0] if wrong else None)

    def walk(self, response: Response, left: list[int], levels: int, wrong: list[str]) -> Iterator[PageLink]:
        """Yields the links of a sitemap and of the sitemaps that it lists.

        `left[0]` is the number of files that may still be read, `levels` that of index levels. Errors in a listed
        sitemap are appended to `wrong`.
        """
        root = parse_sitemap(response)
        entries = [dict(read_fields(entry)) for entry in root]
        if local_name(root.tag) == "urlset":
            yield from filter(None, (self.make_link(entry, response.url) for entry in entries))
            return
        entries = [entry for entry in entries if entry.get("loc") and levels > 0]
        entries.sort(key=lambda entry: entry.get("lastmod", ""), reverse=True)
        for entry in entries:
            if left[0] == 0 or self.is_old(entry.get("lastmod", "")):
                return
            left[0] -= 1
            try:
                inner = self.context.web.get(
                    make_page_request(urljoin(response.url, entry["loc"]), self.context.url, self.settings)
                )
                yield from self.walk(inner, left, levels - 1, wrong)
            except NewsclaimsError as error:
                wrong.append(str(error))

    def make_link(self, entry: dict[str, str], base: str) -> PageLink | None:
        """Makes the link of an entry; returns None if it has no address or is too old."""
        url = clean_url(urljoin(base, entry.get("loc", "")))
        dated = entry.get("publication_date", "") or entry.get("lastmod", "")
        if not url or self.is_old(dated):
            return None
        return PageLink(
            url=url,
            mark=entry.get("lastmod", "")[:40],
            title=entry.get("title"),
            publisher=self.context.publisher or entry.get("name"),
            language=parse_language(entry.get("language")),
            published_at=parse_date(entry.get("publication_date", ""), self.context.clock()),
        )

    def is_old(self, dated: str) -> bool:
        """Whether a date is further back than the setting `days`. A missing date is not old."""
        moment = self.context.clock()
        found = parse_date(dated, moment)
        return found is not None and found < moment - timedelta(days=self.settings.days)


def parse_sitemap(response: Response) -> ElementTree.Element:
    """Returns the root of the document. Raises `Retryable` if it is not a sitemap."""
    shown = redact(response.url)
    body = unpack(response.body, shown)
    if b"<!DOCTYPE" in body[:2000] or b"<!ENTITY" in body[:2000]:
        raise Retryable(f"{shown} is not a sitemap: it has a DOCTYPE, like a page")
    try:
        root = ElementTree.fromstring(body.strip())
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Retryable(f"{shown} is not a sitemap: {error}") from error
    if local_name(root.tag) not in ("urlset", "sitemapindex"):
        raise Retryable(f"{shown} is not a sitemap: its root element is {local_name(root.tag)[:40]}")
    return root


def unpack(body: bytes, shown: str) -> bytes:
    """Decompresses the body if it is a gzip file. Raises `Retryable` for a broken or far too large one."""
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


def read_fields(entry: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yields names and texts of the elements of an entry, including those of news:news and news:publication."""
    for inner in entry.iter():
        if inner is not entry and inner.text and inner.text.strip() and "image" not in inner.tag:
            yield local_name(inner.tag), inner.text.strip()


def local_name(tag: str) -> str:
    """Returns the tag without its namespace."""
    return tag.rpartition("}")[2]

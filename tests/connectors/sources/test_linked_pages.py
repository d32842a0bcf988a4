"""Sitemaps, page lists and folders."""

import gzip
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from connectors.kit import Batch, Connector, Context, Cursor, RefusedItem
from connectors.kit.conformance import Conformance, make_context
from connectors.sources.folder import Folder, FolderSettings
from connectors.sources.linked_pages import PageSettings
from connectors.sources.page_list import PageList
from connectors.sources.sitemap import Sitemap, SitemapSettings
from schemas.errors import NewsclaimsError, Permanent, Retryable
from schemas.records import RawArticle
from tests.connectors.web_server import WebServer

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def page(number: int) -> str:
    return f"<html><body><p>Report {number}: the council counted {number} berths.</p></body></html>"


def urlset(*entries: str) -> str:
    return f"<urlset {NS}>{''.join(entries)}</urlset>"


class PagesOfServer(Conformance):
    """The suite for both connectors, with the pages on a web server of the test."""

    huge: ClassVar[int] = 45

    @pytest.fixture(autouse=True)
    def source(self, server: WebServer) -> None:
        self.server = server

    def put(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            self.server.serve(f"/2026/03/{number}", page(number), content_type="text/html")
        self.server.serve("/list", self.listing([self.server.url(f"/2026/03/{n}") for n in range(first, last + 1)]))

    def listing(self, urls: list[str]) -> str:
        raise NotImplementedError

    def break_source(self) -> None:
        self.server.serve("/list", "\x00\x01 nothing to read")

    def slow_source(self) -> None:
        self.server.responders["/list"] = self.server.respond_never


class TestSitemapConformance(PagesOfServer):
    def connector(self, context: Context) -> Connector[Any]:
        return Sitemap(replace(context, url=self.server.url("/list")), SitemapSettings(allow_private=True))

    def listing(self, urls: list[str]) -> str:
        return urlset(*(f"<url><loc>{url}</loc></url>" for url in urls))


class TestPageListConformance(PagesOfServer):
    def connector(self, context: Context) -> Connector[Any]:
        return PageList(replace(context, url=self.server.url("/list")), PageSettings(allow_private=True))

    def listing(self, urls: list[str]) -> str:
        return "<html><body>" + "".join(f'<a class="x" href="{url}">more</a>' for url in urls) + "</body></html>"


class TestFolderConformance(Conformance):
    can_be_slow: ClassVar[bool] = False

    @pytest.fixture(autouse=True)
    def source(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def connector(self, context: Context) -> Connector[Any]:
        return Folder(context, FolderSettings(path=str(self.folder), settle=0))

    def put(self, first: int, last: int) -> None:
        lines = [json.dumps({"text": f"Report {n}: {n} berths.", "url": f"https://pier.example/{n}"})
                 for n in range(first, last + 1)]  # fmt: skip
        if lines:
            (self.folder / f"{first:05}.jsonl").write_text("\n".join(lines))

    def break_source(self) -> None:
        (self.folder / "broken.txt.gz").write_bytes(b"no gzip")


def poll(connector: Connector[Any], cursor: Cursor | None = None) -> tuple[list[RawArticle], list[RefusedItem], Batch]:
    """Returns the articles, the refused items and the last batch of a poll."""
    batches = list(connector.read(cursor or {}))
    articles = [found.article for batch in batches for found in batch.articles]
    return articles, [refused for batch in batches for refused in batch.refused], batches[-1]


def sitemap(server: WebServer, **settings: Any) -> Sitemap:
    ours = replace(make_context(server.url("/list")), clock=lambda: NOW)
    return Sitemap(ours, SitemapSettings(allow_private=True, robots=False, **settings))


def test_news_sitemap_gives_title_date_and_publisher(server: WebServer) -> None:
    entry = (
        f"<url><loc>{server.url('/1')}</loc><news:news><news:publication><news:name>Pier Gazette</news:name>"
        "<news:language>en</news:language></news:publication><news:publication_date>2026-03-02T08:00:00Z"
        "</news:publication_date><news:title>Berths &amp; boats</news:title></news:news></url>"
    )
    server.serve("/list", urlset(entry))
    server.serve("/1", page(1), content_type="text/html")
    found = poll(sitemap(server))[0][0]
    assert (found.title, found.publisher, found.language) == ("Berths & boats", "Pier Gazette", "en")
    assert found.published_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert (found.content_type, found.content_scope, found.connector) == ("text/html", "full", "sitemap")


def test_index_with_gzip_old_and_broken_files(server: WebServer) -> None:
    entries = [("/new.xml.gz", "2026-03-02"), ("/old.xml", "2025-01-01"), ("/broken.xml", "2026-03-01")]
    maps = "".join(f"<sitemap><loc>{path}</loc><lastmod>{day}</lastmod></sitemap>" for path, day in entries)
    server.serve("/list", f"<sitemapindex {NS}>{maps}</sitemapindex>")
    server.serve("/new.xml.gz", gzip.compress(urlset(f"<url><loc>{server.url('/1')}</loc></url>").encode()))
    server.serve("/broken.xml", "<urlset>")
    server.serve("/1", page(1))
    articles, _, last = poll(sitemap(server))
    assert len(articles) == 1
    assert "broken.xml is not a sitemap" in str(last.warning)
    assert server.seen("/old.xml") == []


def test_changed_old_and_unwanted_pages_of_a_sitemap(server: WebServer) -> None:
    def entry(path: str, day: str) -> str:
        return f"<url><loc>{server.url(path)}</loc><lastmod>{day}</lastmod></url>"

    for path in ("/news/1", "/news/2", "/about"):
        server.serve(path, page(1))
    server.serve("/list", urlset(entry("/news/1", "2026-03-01"), entry("/news/2", "2020-01-01"), entry("/about", "")))
    articles, _, last = poll(sitemap(server, match="/news/"))
    assert [article.url for article in articles] == [server.url("/news/1")]
    server.serve("/list", urlset(entry("/news/1", "2026-03-02")))
    assert len(poll(sitemap(server, match="/news/"), last.cursor)[0]) == 1


def serve_index(server: WebServer, path: str, *below: str) -> None:
    maps = "".join(
        f"<sitemap><loc>{each}</loc><lastmod>2026-03-0{n}</lastmod></sitemap>" for n, each in enumerate(below, 1)
    )
    server.serve(path, f"<sitemapindex {NS}>{maps}</sitemapindex>")


@pytest.mark.parametrize(("levels", "count"), [(1, 1), (2, 1), (3, 0)])
def test_index_files_may_be_nested_once(server: WebServer, levels: int, count: int) -> None:
    server.serve("/1", page(1))
    for level in range(levels):
        serve_index(server, "/list" if level == 0 else f"/level{level}", f"/level{level + 1}")
    server.serve(f"/level{levels}", urlset(f"<url><loc>{server.url('/1')}</loc></url>"))
    assert len(poll(sitemap(server))[0]) == count


def test_only_the_newest_files_of_an_index_are_read(server: WebServer) -> None:
    serve_index(server, "/list", "/map1", "/map2", "/map3")
    for number in (1, 2, 3):
        server.serve(f"/{number}", page(number))
        server.serve(f"/map{number}", urlset(f"<url><loc>{server.url(f'/{number}')}</loc></url>"))
    articles, _, _ = poll(sitemap(server, files=2))
    assert {article.url for article in articles} == {server.url("/2"), server.url("/3")}


def test_the_newest_pages_are_fetched_first_and_captions_ignored(server: WebServer) -> None:
    def entry(number: int) -> str:
        return (
            f"<url><loc>{server.url(f'/{number}')}</loc><news:news><news:publication_date>2026-03-02T0{number}:00:00Z"
            f"</news:publication_date><news:title>Report {number}</news:title></news:news>"
            '<image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
            "<image:title>A boat</image:title></image:image></url>"
        )

    for number in (1, 2, 3):
        server.serve(f"/{number}", page(number))
    server.serve("/list", urlset(entry(1), entry(3), entry(2)))
    articles, _, _ = poll(sitemap(server, most=2))
    assert [article.title for article in articles] == ["Report 2", "Report 3"]


def test_pages_of_other_sites_do_not_get_the_headers(server: WebServer) -> None:
    server.serve("/here", page(1))
    server.serve("/there", page(2))
    urls = [server.url("/here"), server.url("/there", "localhost")]
    server.serve("/list", urlset(*(f"<url><loc>{url}</loc></url>" for url in urls)))
    assert len(poll(sitemap(server, headers={"Authorization": "Bearer hush"}))[0]) == 2
    assert server.seen("/here")[0]["authorization"] == "Bearer hush"
    assert "authorization" not in server.seen("/there")[0]


def test_the_next_poll_fetches_pages_beyond_the_limit(server: WebServer) -> None:
    for number in range(5):
        server.serve(f"/{number}", page(number))
    server.serve("/list", urlset(*(f"<url><loc>{server.url(f'/{n}')}</loc></url>" for n in range(5))))
    first, _, last = poll(sitemap(server, most=3))
    second, _, _ = poll(sitemap(server, most=3), last.cursor)
    assert (len(first), len(second)) == (3, 2)


def test_a_failed_page_is_tried_again_but_a_missing_one_is_not(server: WebServer) -> None:
    server.serve("/list", urlset(*(f"<url><loc>{server.url(f'/{n}')}</loc></url>" for n in (1, 2))))
    server.serve("/1", b"", 500)
    articles, refused, last = poll(sitemap(server))
    assert articles == []
    assert sorted(why.why.partition(" status ")[2][:3] for why in refused) == ["404", "500"]
    server.serve("/1", page(1))
    assert len(poll(sitemap(server), last.cursor)[0]) == 1
    assert len(server.seen("/2")) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [("<!DOCTYPE html><html></html>", "like a page"), ("<rss/>", "its root element is rss"), ("{}", "is not a sitemap"),
     (b"\x1f\x8bxxxx", "broken gzip"), (gzip.compress(b"<urlset/>" * 99, mtime=0)[:-20], "cut short"),
     ('<!DOCTYPE a [<!ENTITY b "c">]><urlset>&b;</urlset>', "DOCTYPE")],
)  # fmt: skip
def test_anything_but_a_sitemap_is_refused(server: WebServer, body: str | bytes, message: str) -> None:
    server.serve("/list", body)
    with pytest.raises(Retryable, match=message):
        poll(sitemap(server))


def test_a_page_list_reads_articles_of_its_own_site_only(server: WebServer) -> None:
    links = ["/2026/03/02/berths", "/story-123456.html", "/council-counts-berths-again?utm_source=x", "/about", "/list",
             "https://elsewhere.example/2026/03/02/x", "mailto:a@b.example", "http://[bad"]  # fmt: skip
    server.serve("/list", "<html>" + "".join(f"<a href='{link}'>x</a>" for link in links))
    for path in ("/2026/03/02/berths", "/story-123456.html", "/council-counts-berths-again"):
        server.serve(path, page(1))
    ours = PageList(make_context(server.url("/list")), PageSettings(allow_private=True, robots=False))
    assert len(poll(ours)[0]) == 3
    only = PageList(make_context(server.url("/list")), PageSettings(allow_private=True, robots=False, match="story"))
    assert [article.url for article in poll(only)[0]] == [server.url("/story-123456.html")]


def folder(path: Path, **settings: Any) -> Folder:
    return Folder(replace(make_context(), publisher="Pier", rights="ours"), FolderSettings(path=str(path), **settings))


def test_folder_reads_new_and_changed_files_once_they_are_settled(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    file = tmp_path / "sub" / "a.txt"
    file.write_text("Twelve berths, the port said.")
    assert poll(folder(tmp_path, settle=60))[0] == []
    articles, _, last = poll(folder(tmp_path, settle=0))
    assert (articles[0].connector, articles[0].publisher, articles[0].extra) == ("folder", "Pier", {"rights": "ours"})
    assert poll(folder(tmp_path, settle=0), last.cursor)[0] == []
    file.write_text("Thirteen berths, the port said.")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert len(poll(folder(tmp_path, settle=60), last.cursor)[0]) == 1
    assert poll(folder(tmp_path, settle=0, pattern="*.html"))[0] == []


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="is not a folder"):
        poll(folder(tmp_path / "none"))
    with pytest.raises(NewsclaimsError):
        list(folder(tmp_path / "none").read({}))


@pytest.mark.parametrize("status", [410, 451])
def test_page_that_is_gone_on_a_second_day_is_retracted_once(server: WebServer, status: int) -> None:
    def read(day: int, lastmod: str, cursor: Cursor | None = None) -> tuple[list[RawArticle], Cursor]:
        entry = f"<url><loc>{server.url('/1')}</loc><lastmod>{lastmod}</lastmod></url>"
        server.serve("/list", urlset(entry))
        connector = sitemap(server)
        connector.context = replace(connector.context, clock=lambda: NOW + timedelta(days=day))
        found, _, last = poll(connector, cursor)
        return found, last.cursor

    server.serve("/1", page(1), content_type="text/html")
    (delivered,), cursor = read(0, "2026-03-01", None)
    server.serve("/1", "", status=status)
    found, cursor = read(0, "2026-03-02", cursor)
    assert not found
    found, cursor = read(0, "2026-03-02", cursor)
    assert not found
    (retracted,), cursor = read(1, "2026-03-02", cursor)
    assert (retracted.article_id, retracted.retraction, retracted.body) == (delivered.article_id, "gone", "")
    assert retracted.revision > delivered.revision
    assert read(2, "2026-03-02", cursor)[0] == []


def test_page_that_was_never_there_is_not_retracted(server: WebServer) -> None:
    server.serve("/list", urlset(f"<url><loc>{server.url('/1')}</loc></url>"))
    server.serve("/1", "", status=410)
    articles, refused, _ = poll(sitemap(server))
    assert (articles, len(refused)) == ([], 1)

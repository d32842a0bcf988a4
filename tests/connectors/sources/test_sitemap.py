"""Sitemaps as sites write them: undated, oddly dated, broken, packed, and with extensions of their own."""

import gzip
from collections import Counter
from datetime import UTC, datetime

import pytest

from connectors.sources.entries.sitemaps import find_latest_moment
from tests.connectors.sources.test_linked_pages import NOW, NS, page, poll, sitemap, urlset
from tests.connectors.web_server import WebServer


def index(*entries: tuple[str, str]) -> str:
    maps = "".join(
        f"<sitemap><loc>{path}</loc>{day and f'<lastmod>{day}</lastmod>'}</sitemap>" for path, day in entries
    )
    return f"<sitemapindex {NS}>{maps}</sitemapindex>"


def serve(server: WebServer, *numbers: int) -> None:
    """Serves a sitemap of one page for each number, and the page."""
    for number in numbers:
        server.serve(f"/map{number}", urlset(f"<url><loc>/page{number}</loc></url>"))
        server.serve(f"/page{number}", page(number))


def read(server: WebServer, body: str | bytes, **settings: object) -> list[str]:
    """The paths of the pages that a poll of the sitemap fetches, the oldest first."""
    server.serve("/list", body)
    return [article.url.removeprefix(server.url("")) for article in poll(sitemap(server, **settings))[0]]


def test_undated_files_of_an_index_are_read_after_the_dated_ones(server: WebServer) -> None:
    serve(server, 1, 2, 3)
    body = index(("/map3", "2019-03-01"), ("/map1", ""), ("/map2", "2026-03-02"))
    assert sorted(read(server, body)) == ["/page1", "/page2"]
    assert read(server, body, files=1) == ["/page2"]


@pytest.mark.parametrize(
    ("dated", "is_read"),
    [("Mon, 02 Mar 2026 08:00:00 GMT", True), ("2/3/2026", True), ("02.03.2026", True), ("2026-03-02 9:00 AM", True),
     ("2026-03", True), ("2026", True), ("0000-00-00", True), ("next week", True), ("2031-01-01", True),
     ("2026-02-27", True),
     ("Fri, 01 Mar 2019 08:00:00 GMT", False), ("1.3.2019", False), ("2019-03", False), ("2019", False),
     ("1551427200", False),
     ("2026-02-26", False)],
)  # fmt: skip
def test_files_with_odd_dates_are_left_out_only_if_they_are_old(server: WebServer, dated: str, is_read: bool) -> None:
    serve(server, 1)
    assert read(server, index(("/map1", dated))) == ["/page1"] * is_read


def test_newest_files_are_chosen_by_time_and_not_by_text(server: WebServer) -> None:
    serve(server, 1, 2, 3)
    body = index(
        ("/map1", "Mon, 02 Mar 2026 01:00:00 GMT"),
        ("/map2", "2026-03-02T09:00:00Z"),
        ("/map3", "2026-03-02T10:30:00+09:00"),
    )
    assert read(server, body, files=1) == ["/page2"]
    last = poll(sitemap(server, files=1))[2]
    assert last.warning == "2 files of the index were not read: raise `files` from 1"


def test_index_that_lists_itself_or_a_file_twice_is_read_once(server: WebServer) -> None:
    serve(server, 1)
    server.serve("/other", index(("/list", ""), ("/map1", ""), ("/other", "")))
    assert read(server, index(("/list", ""), ("/other", ""), ("/map1", ""), ("/map1", ""))) == ["/page1"]
    assert len(server.seen("/list")) == len(server.seen("/other")) == len(server.seen("/map1")) == 1


EXTENSIONS = (
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"'
)


def test_title_and_date_of_a_video_or_an_image_are_not_those_of_the_page(server: WebServer) -> None:
    extra = (
        f"<image:image {EXTENSIONS}><image:loc>/crane.jpg</image:loc><image:title>A crane</image:title></image:image>"
        f"<video:video {EXTENSIONS}><video:title>Archive</video:title><video:publication_date>2012-07-01"
        "</video:publication_date></video:video>"
    )
    news = (
        "<news:news><news:publication_date>2026-03-02T08:00:00Z</news:publication_date>"
        "<news:title>Berths &amp;amp; boats</news:title></news:news>"
    )
    for number, parts in enumerate((extra, news + extra, extra + news), 1):
        server.serve(f"/page{number}", page(number))
        server.serve("/list", urlset(f"<url><loc>/page{number}</loc>{parts}</url>"))
        [article] = poll(sitemap(server))[0]
        assert article.url == server.url(f"/page{number}")
        assert article.title == (None if number == 1 else "Berths & boats")
        assert article.published_at == (None if number == 1 else datetime(2026, 3, 2, 8, tzinfo=UTC))


def test_pages_are_fetched_in_the_order_of_their_times(server: WebServer) -> None:
    serve(server, 1, 2, 3)
    dates = ("Mon, 02 Mar 2026 07:00:00 GMT", "2026-03-01", "2026-03-02T10:00:00+09:00")
    entries = [f"<url><loc>/page{n}</loc><lastmod>{day}</lastmod></url>" for n, day in enumerate(dates, 1)]
    assert read(server, urlset(*entries), most=2) == ["/page3", "/page1"]


@pytest.mark.parametrize(
    "bad",
    ["<url><loc>http://[bad</loc></url>", "<url></url>", "<url><loc/></url>",
     "<url><loc>mailto:x@y.example</loc></url>",
     "<url><loc>/page9?a=1&b=2</loc><lastmod>2001-01-01</lastmod></url>", "<url><loc>\x0b</loc></url>",
     "<url><lastmod>0</lastmod></url>", "<url><loc>ftp://a.example/x</loc></url>", "<!-- nothing --><?pi x?>",
     "<url><pages:title>no namespace</pages:title></url>", "<url><b></url>",
     "<url><loc>/old</loc><lastmod>2001</lastmod>"],
)  # fmt: skip
def test_bad_entry_never_costs_the_others(server: WebServer, bad: str) -> None:
    serve(server, 1, 2)
    good = ["<url><loc>/page1</loc></url>", "<url><loc>/page2</loc></url>"]
    assert read(server, urlset(good[0], bad, good[1])) == ["/page2", "/page1"]


def test_file_that_is_cut_short_gives_what_it_has_and_a_warning(server: WebServer) -> None:
    serve(server, 1)
    assert read(server, f"<urlset {NS}><url><loc>/page1</loc></url><url><loc>/pa") == ["/page1"]
    assert "is broken, some entries may be missing" in str(poll(sitemap(server))[2].warning)


def test_what_was_left_out_is_counted(server: WebServer) -> None:
    bad = "<url><loc>http://[bad</loc></url>"
    odd = "<url><loc>/page1</loc><lastmod>next week</lastmod></url>"
    serve(server, 1)
    server.serve("/map9", urlset(bad, odd, odd, "<url></url>") + "<")
    server.serve("/list", index(("/map9", "soon")))
    assert dict(+Counter(poll(sitemap(server))[2].repairs or {})) == {
        "sitemaps that are not well-formed": 1, "entries without an address, left out": 2,
        "dates that cannot be read": 3,
    }  # fmt: skip
    server.serve("/list", urlset("<url><loc>/page1</loc></url>"))
    assert not +Counter(poll(sitemap(server))[2].repairs or {})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1251"])
def test_sitemaps_in_other_encodings(server: WebServer, encoding: str) -> None:
    serve(server, 1)
    news = "<news:news><news:title>Порт считает суда</news:title></news:news>"
    body = '<?xml version="1.0" encoding="utf-16"?>' + urlset(f"<url><loc>/page1</loc>{news}</url>")
    server.serve("/list", body.encode(encoding))
    [article] = poll(sitemap(server))[0]
    assert article.title == "Порт считает суда"


def test_sitemap_that_is_packed_twice(server: WebServer) -> None:
    serve(server, 1)
    body = urlset("<url><loc>/page1</loc></url>").encode()
    assert read(server, gzip.compress(gzip.compress(body))) == ["/page1"]


@pytest.mark.parametrize(
    ("dated", "moment"),
    [("2026-03-01", "2026-03-02T00:00"), ("2026-02", "2026-03-01T00:00"), ("2025", "2026-01-01T00:00"),
     ("2026-03", None),
     ("2026-13", None), ("2026-02-30", None), ("", None), ("2026-03-01T08:00Z", "2026-03-01T08:00")],
)  # fmt: skip
def test_day_month_and_year_last_to_their_end(dated: str, moment: str | None) -> None:
    found = find_latest_moment(dated, NOW)
    assert (found and found.isoformat()[:16]) == moment

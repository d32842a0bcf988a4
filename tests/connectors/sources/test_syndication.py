"""Feeds of every format, valid and broken."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from connectors.kit import Batch, Connector, Context, Cursor
from connectors.kit.conformance import Conformance, make_context
from connectors.sources.syndication import Syndication, SyndicationSettings
from connectors.web.client import Request
from schemas.errors import NewsclaimsError, Permanent, Retryable
from schemas.records import RawArticle
from tests.connectors.sample_feeds import BASE, item, numbered, rss
from tests.connectors.web_server import WebServer

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class TestSyndicationConformance(Conformance):
    @pytest.fixture(autouse=True)
    def source(self, server: WebServer) -> None:
        self.server = server
        self.server.serve("/robots.txt", "", 404)

    def connector(self, context: Context) -> Connector[Any]:
        settings = SyndicationSettings(allow_private=True)
        return Syndication(replace(context, url=self.server.url("/feed")), settings)

    def put(self, first: int, last: int) -> None:
        self.server.serve("/feed", numbered(first, last))

    def break_source(self) -> None:
        self.server.serve("/feed", "<html><body>Down for repairs</body></html>")

    def slow_source(self) -> None:
        self.server.responders["/feed"] = self.server.respond_never


def poll(server: WebServer, cursor: Cursor | None = None, **settings: Any) -> list[Batch]:
    """Returns the batches of one poll of /feed."""
    options = SyndicationSettings(allow_private=True, robots=False, **settings)
    return list(Syndication(replace(make_context(server.url("/feed"), "ledger")), options).read(cursor or {}))


def articles(batches: list[Batch]) -> list[RawArticle]:
    return [found.article for batch in batches for found in batch.articles]


def read(server: WebServer, body: str | bytes, **headers: str) -> list[RawArticle]:
    server.serve("/feed", body, **headers)
    return articles(poll(server))


def test_rss_2(server: WebServer) -> None:
    found = read(server, rss(item(1, **{"dc:creator": "A. Berth", "content:encoded": "<p>All <b>of</b> it.</p>"})))[0]
    assert (found.title, found.author, found.publisher) == ("Report 1", "A. Berth", "Harbour Ledger")
    assert (found.body, found.content_type, found.content_scope) == ("<p>All <b>of</b> it.</p>", "text/html", "full")
    assert found.url == f"{BASE}/report/1"
    assert found.published_at == datetime(2026, 1, 5, 8, 1, tzinfo=UTC)
    assert (found.connector, found.feed) == ("syndication", "ledger")


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93"])
def test_rss_0_9x(server: WebServer, version: str) -> None:
    body = f'<rss version="{version}"><channel><title>Old</title>{item(1, guid="", pubDate="")}</channel></rss>'
    found = read(server, body)[0]
    assert (found.title, found.published_at, found.content_scope) == ("Report 1", None, "teaser")


def test_rss_1(server: WebServer) -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Tide</title></channel>'
        '<item rdf:about="https://tide.example/1"><title>Low water</title><link>https://tide.example/1</link>'
        "<description>Low.</description><dc:date>2026-01-05T10:00:00+01:00</dc:date></item></rdf:RDF>"
    )
    found = read(server, body)[0]
    assert (found.title, found.published_at) == ("Low water", datetime(2026, 1, 5, 9, tzinfo=UTC))


def test_atom(server: WebServer) -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Pier</title><entry><id>tag:pier,1</id>'
        '<title type="html">Ebbe &amp;amp; Flut</title><link rel="self" href="https://pier.example/self"/>'
        '<link rel="alternate" href="https://pier.example/1"/><author><name>B. Quay</name></author>'
        "<published>2026-01-05T08:00:00Z</published><updated>2026-01-06T08:00:00Z</updated>"
        '<content type="html">&lt;p&gt;Das Amt z&#228;hlt 12 Schiffe.&lt;/p&gt;</content></entry></feed>'
    )
    found = read(server, body)[0]
    assert (found.title, found.author, found.url) == ("Ebbe & Flut", "B. Quay", "https://pier.example/1")
    assert (found.body, found.content_scope, found.language) == ("<p>Das Amt zählt 12 Schiffe.</p>", "full", "de")
    assert found.published_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert found.extra["entry_id"] == "tag:pier,1"


def test_json_feed_with_invalid_items(server: WebServer) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Buoy", "language": "en", "items": [
        {"id": 7, "url": "https://buoy.example/7", "title": "Seven", "content_html": "<p>7 buoys.</p>",
         "date_published": "2026-01-05T08:00:00Z", "authors": [{"name": "C. Light"}]},
        {"id": "8", "content_text": "Eight buoys, the port said.", "date_published": "never"},
        {"id": "9", "title": ["Nine buoys"]}, "ten buoys"]}  # fmt: skip
    server.serve("/feed", json.dumps(feed))
    batches = poll(server)
    found = {article.extra["entry_id"]: article for article in articles(batches)}
    assert (found["7"].author, found["7"].content_type, found["7"].language) == ("C. Light", "text/html", "en")
    assert (found["8"].url, found["8"].published_at, found["8"].content_type) == ("", None, "text/plain")
    assert found["8"].extra["feed_date"] == "never"
    assert found["9"].title == "Nine buoys"
    assert batches[-1].repairs == {
        "title of another type, read": 1, "items that are not objects, left out": 1, "dates that cannot be read": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "message"),
    [("", "is empty"), ("<!DOCTYPE html><html><p>Hello</p></html>", "is a page, not a feed"),
     ("just words", "is not a feed"), ("<note><to>you</to></note>", "is not a feed"), ('{"a": 1}', "not a JSON Feed"),
     ('{"version": "2", "items": []}', "not a JSON Feed"), ('{"version": ', "not a JSON Feed")],
)  # fmt: skip
def test_anything_but_a_feed_is_refused(server: WebServer, body: str, message: str) -> None:
    server.serve("/feed", body, content_type="application/rss+xml")
    with pytest.raises(Retryable, match=message):
        poll(server)


def test_entity_bomb_is_defused(server: WebServer) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = rss(item(1, description="")).replace("<rss", bomb + "<rss").replace("Report 1", "Boom &l9; &f;")
    try:
        found = read(server, body)
    except NewsclaimsError as error:
        assert len(str(error)) < 500  # noqa: PT017 - either outcome is safe
    else:
        assert all(len(article.body) < 1_000 for article in found)


def test_invalid_xml_is_read_as_far_as_possible_and_fetched_again(server: WebServer) -> None:
    body = rss(item(1), item(2)).replace("</channel>", "<item><title>cut & off").replace("Report 2", "Bell \x07 rings")
    server.serve("/feed", body, etag='"1"')
    batches = poll(server)
    assert {article.url for article in articles(batches)} >= {f"{BASE}/report/1", f"{BASE}/report/2"}
    assert "broken" in str(batches[-1].warning)
    assert "etag" not in batches[-1].cursor
    assert articles(poll(server, batches[-1].cursor)) == []


def test_a_wrong_charset_is_corrected(server: WebServer) -> None:
    body = rss(item(1, title="Zürich zählt Schiffe"))
    for data, kind in ((body.encode(), "text/xml; charset=iso-8859-1"), (body.encode("latin-1"), "text/xml")):
        assert read(server, data, content_type=kind)[0].title == "Zürich zählt Schiffe"


def test_ten_thousand_entries(server: WebServer) -> None:
    server.serve("/feed", numbered(1, 10_000))
    batches = poll(server)
    assert len(articles(batches)) == 10_000
    assert len(msgspec.json.encode(batches[-1].cursor)) < 1_000_000
    assert articles(poll(server, batches[-1].cursor)) == []


def test_duplicate_guids_do_not_hide_articles(server: WebServer) -> None:
    found = read(server, rss(item(1, guid="same"), item(2, guid="same"), item(2, guid="same")))
    assert [article.title for article in found] == ["Report 2", "Report 1"]


def test_entries_without_link_guid_or_text(server: WebServer) -> None:
    bare = [item(n, guid="", link="", pubDate="", description=text) for n, text in ((1, "First."), (2, ""))]
    server.serve("/feed", rss(*bare, item(3, title="", description="")))
    batches = poll(server)
    assert [(article.body, article.url) for article in articles(batches)] == [("Report 2", ""), ("First.", "")]
    refused = [refused for batch in batches for refused in batch.refused]
    assert [(refused.place, refused.why) for refused in refused] == [(f"ledger: {BASE}/report/3", "body has no text")]
    assert sum(batch.empty for batch in batches) == 2


def test_changed_entry_comes_again_under_the_same_id(server: WebServer) -> None:
    server.serve("/feed", rss(item(1), item(2)))
    before = poll(server)
    server.serve("/feed", rss(item(1, description="The council now counts 40 berths."), item(2)))
    after = articles(poll(server, before[-1].cursor))
    assert [article.body for article in after] == ["The council now counts 40 berths."]
    assert after[0].article_id in {article.article_id for article in articles(before)}


def test_requests_are_conditional(server: WebServer) -> None:
    server.serve("/feed", numbered(1, 2), etag='"v1"', last_modified="Mon, 05 Jan 2026 08:00:00 GMT")
    cursor = poll(server)[-1].cursor
    server.serve("/feed", b"", status=304, cache_control="max-age=900")
    batch = poll(server, cursor)[0]
    assert (batch.articles, batch.cursor, batch.wait) == ((), cursor, 900)
    assert server.seen("/feed")[-1]["if-none-match"] == '"v1"'
    server.serve("/feed", numbered(1, 3))
    assert len(articles(poll(server, cursor, ignore_validators=True))) == 1
    assert "if-none-match" not in server.seen("/feed")[-1]


def test_many_304_responses_keep_the_memory(server: WebServer) -> None:
    server.serve("/feed", numbered(1, 2), etag='"v1"')
    cursor = poll(server)[-1].cursor
    server.serve("/feed", b"", status=304)
    for _ in range(20):
        cursor = poll(server, cursor)[-1].cursor
    server.serve("/feed", numbered(1, 3), etag='"v2"')
    assert [article.title for article in articles(poll(server, cursor))] == ["Report 3"]


def test_validators_come_with_the_last_batch_only(server: WebServer) -> None:
    server.serve("/feed", numbered(1, 450), etag='"v1"')
    batches = poll(server)
    assert [len(batch.articles) for batch in batches] == [200, 200, 50, 0]
    assert ["etag" in batch.cursor for batch in batches] == [False, False, False, True]


def test_ttl_and_new_address_are_in_the_batch(server: WebServer) -> None:
    server.serve("/feed", b"", 301, location="/new")
    server.serve("/new", rss(item(1), extra="<ttl>90</ttl>"))
    last = poll(server)[-1]
    assert (last.wait, last.moved_to) == (5400, server.url("/new"))


def test_full_text_fetches_the_page_and_keeps_the_teaser_until_it_can(server: WebServer) -> None:
    server.serve("/feed", rss(item(1, link=server.url("/1"), guid=""), item(2, link=server.url("/2"), guid="")))
    server.serve("/1", "<html><body><p>The whole report.</p></body></html>", content_type="text/html")
    batches = poll(server, full_text=True, headers={"X-Token": "a"})
    by_scope = {article.content_scope: article for article in articles(batches)}
    assert "The whole report." in by_scope["full"].body
    assert by_scope["full"].published_at is not None
    assert "404" in by_scope["teaser"].extra["page_error"]
    assert server.seen("/1")[0]["x-token"] == "a"
    server.serve("/2", "<p>Late, and here.</p>", content_type="text/html")
    again = articles(poll(server, batches[-1].cursor, full_text=True))
    assert [(article.content_scope, article.body) for article in again] == [("full", "<p>Late, and here.</p>")]


def test_a_page_that_cannot_be_fetched_is_given_up(server: WebServer) -> None:
    server.serve("/feed", rss(item(1, link=server.url("/1"), guid="")))
    cursor: Cursor = {}
    for _ in range(7):
        cursor = poll(server, cursor, full_text=True)[-1].cursor
    assert len(server.seen("/1")) == 5


def test_header_from_the_environment(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TOKEN", "abc")
    server.serve("/feed", numbered(1, 1))
    poll(server, headers={"Authorization": "Bearer ${LEDGER_TOKEN}"})
    assert server.seen("/feed")[-1]["authorization"] == "Bearer abc"
    with pytest.raises(Permanent, match="NOT_SET"):
        poll(server, headers={"Authorization": "Bearer ${NOT_SET}"})


def test_an_impossible_date_does_not_lose_the_article(server: WebServer) -> None:
    found = read(server, rss(item(1, pubDate="Thu, 01 Jan 1970 00:00:00 GMT")))[0]
    assert found.published_at is None
    assert found.extra["feed_date"] == "Thu, 01 Jan 1970 00:00:00 GMT"


def test_discovery_finds_feeds_of_a_page_and_a_feed_itself(server: WebServer) -> None:
    head = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2" title="News">'
        "<link href=https://pier.example/atom rel='alternate' type='application/atom+xml'>"
        '<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/a.css"></head></html>'
    )
    web = make_context().web
    page = web.get(Request(server.serve("/", head), allow_private=True, robots=False))
    assert [(found.url, found.title) for found in Syndication.discover(page)] == [
        (server.url("/rss?a=1&b=2"), "News"), ("https://pier.example/atom", ""),
    ]  # fmt: skip
    feed = web.get(Request(server.serve("/feed", numbered(1, 1)), allow_private=True, robots=False))
    assert [found.title for found in Syndication.discover(feed)] == ["Harbour Ledger"]


def test_gzip_body_without_a_header_is_read(server: WebServer) -> None:
    body = gzip.compress(gzip.compress(rss(item(1)).encode()))
    assert read(server, body)[0].title == "Report 1"


@pytest.mark.parametrize("encoding", ["iso-2022-jp", "utf-16-le", "euc-jp"])
def test_declared_encodings_are_read_whatever_their_bytes_look_like(server: WebServer, encoding: str) -> None:
    body = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>港新聞</title><item>'
        "<title>港に船40隻</title><link>/j1</link><description>港長は40隻が待機していると述べた。</description></item>"
        "</channel></rss>"
    )
    [found] = read(server, body.encode(encoding), content_type=f"text/xml; charset={encoding}")
    assert (found.title, found.body) == ("港に船40隻", "港長は40隻が待機していると述べた。")


def test_short_feed_in_windows_1251_that_declares_utf_8(server: WebServer) -> None:
    body = rss(item(1, title="40 судов ждут у мола", description="Сорок судов ждут, сказал капитан порта."))
    [found] = read(server, f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode("cp1251"))
    assert (found.title, found.body) == ("40 судов ждут у мола", "Сорок судов ждут, сказал капитан порта.")


def test_guessed_encoding_is_counted(server: WebServer) -> None:
    server.serve("/feed", rss(item(1, title="Gdańsk", description="Ships wait off the mole.")).encode("cp1250"))
    assert dict(poll(server)[-1].repairs or {}) == {"documents whose encoding is a guess": 1}


def test_date_with_an_unknown_zone_is_counted_and_kept_as_written(server: WebServer) -> None:
    server.serve("/feed", rss(item(1, pubDate="Tue, 12 Nov 2024 18:30:00 XYZ")))
    batches = poll(server)
    assert dict(batches[-1].repairs or {}) == {"dates with an unknown time zone": 1}
    assert articles(batches)[0].extra["feed_date"] == "Tue, 12 Nov 2024 18:30:00 XYZ"


def test_deleted_entry_of_an_atom_feed_is_a_retraction_once(server: WebServer) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>T</title>'
        "<id>urn:f</id><updated>2026-03-02T08:00:00Z</updated>"
        '<at:deleted-entry ref="https://pier.example/1?a=1&amp;b=2" when="2026-03-02T08:00:00Z"><at:comment>wrong'
        '</at:comment></at:deleted-entry><at:deleted-entry ref="tag:pier.example,2026:2" when="2026-03-02T08:00:00Z"/>'
        '<entry><id>https://pier.example/3</id><title>Berths</title><link href="https://pier.example/3"/>'
        "<updated>2026-03-02T08:00:00Z</updated><content>Three berths were closed.</content></entry></feed>"
    )
    server.serve("/feed", feed)
    batches = poll(server)
    found = {each.url: each.retraction for each in articles(batches)}
    assert found == {"https://pier.example/3": None, "https://pier.example/1?a=1&b=2": "feed"}
    server.serve("/feed", feed.replace("Three", "Four"))
    assert [each.retraction for each in articles(poll(server, batches[-1].cursor))] == [None]

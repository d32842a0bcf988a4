"""Any bytes end in articles, in a clear refusal, or in both, within a time limit."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connectors.kit import Connector
from connectors.kit.conformance import make_context
from connectors.sources.feed_dates import read_date
from connectors.sources.sitemap import Sitemap, SitemapSettings
from connectors.sources.syndication import Syndication, SyndicationSettings
from connectors.web.client import Request, Response, Web
from schemas.codec import decode_raw_article, encode
from schemas.errors import NewsclaimsError
from tests.connectors.sample_feeds import item, rss

LIMIT = 40.0
"""Seconds of computing for one document; a reader that is stopped by one takes minutes."""
URL = "https://port.example/feed"
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="html">Pier</title>
<link href="https://port.example/"/><entry><id>tag:port,1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
Ships &lt;40</div></title><link href="/live#entry-1"/><author><name>A. Berth</name></author>
<updated>2026-01-05T08:00:00Z</updated>
<content type="html"><![CDATA[<p>Forty ships &amp; boats wait.</p>]]></content></entry></feed>"""
MEDIA = rss(
    item(1, **{"dc:creator": "A. Berth", "content:encoded": "<p>All of it.</p>"}),
    '<item xmlns:media="http://search.yahoo.com/mrss/"><media:group><media:title>Clip</media:title>'
    '<media:description>A &amp; B</media:description><media:content url="/v" type="video/mp4"/></media:group>'
    '<guid isPermaLink="false">7</guid><category domain="x">y</category><source url="/s">S</source></item>',
)
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Buoy", "home_page_url": "https://buoy.example/",
"items": [{"id": "1", "url": "https://buoy.example/1", "title": "Seven", "content_html": "<p>7 buoys.</p>",
"date_published": "2026-01-05T08:00:00Z", "authors": [{"name": "C. Light"}], "tags": ["sea"]},
{"id": 2, "content_text": "Eight buoys.", "language": "en"}]}"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://port.example/1</loc><lastmod>2026-01-05</lastmod>
<news:news><news:publication><news:name>Port</news:name><news:language>en</news:language></news:publication>
<news:title>Ships &amp; boats</news:title></news:news></url></urlset>"""
DOCUMENTS = [text.encode() for text in (MEDIA, ATOM, JSON, SITEMAP)]
PIECES = [b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&#0;", b"&#xd800;",
          b"&nbsp;", b"\x00", b"\xff\xfe", b"\x1f\x8b", b"</item>", b"<item>", b"</entry>", b"null", b"[]", b"{}", b'"',
          b"\\ud800", b"1e999", b"<links a='b'/>", b"<authors a='b'/>", b"<tags a='b'/>", b"<content a='b'/>",
          b"<title>", b"<link>", b"<svg>", b"<media:thumbnail>", b"<source>", b"<image>", b"xml:base='http://[x'",
          b"<link>http://[x</link>",
          b"<base64 mode='base64'>", b"-->", b"\xed\xa0\x80", b"<?xml version='1.0' encoding='utf-7'?>"]  # fmt: skip


class OneDocument(Web):
    """Returns the same document for every address."""

    def __init__(self, body: bytes, content_type: str = "") -> None:
        super().__init__()
        self.response = Response(URL, body, {"content-type": content_type})

    def get(self, request: Request) -> Response:
        return self.response


def read(body: bytes, content_type: str = "") -> int:
    """Reads the document with both connectors; returns how many articles came of it."""
    context = replace(make_context(URL), web=OneDocument(body, content_type))
    connectors: list[Connector] = [
        Syndication(context, SyndicationSettings()),
        Syndication(context, SyndicationSettings(full_text=True)),
        Sitemap(context, SitemapSettings(days=100_000)),
    ]
    began, count, errors = time.process_time(), 0, []
    for connector in connectors:
        try:
            for batch in connector.read({}):
                for found in batch.articles:
                    assert decode_raw_article(encode(found.article)) == found.article
                count += len(batch.articles)
                assert len({found.article.article_id for found in batch.articles}) == len(batch.articles)
                assert all(refused.why and "\n" not in refused.why for refused in batch.refused)
                assert "\n" not in (batch.warning or "")
        except NewsclaimsError as error:
            errors.append(str(error))
    assert all("\n" not in error and len(error) < 1_000 for error in errors)
    assert time.process_time() - began < LIMIT
    return count


@st.composite
def spoiled_documents(draw: st.DrawFn) -> bytes:
    """Documents that are cut, mixed and interspersed with what breaks parsers."""
    body = draw(st.sampled_from(DOCUMENTS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 200)))
        other = draw(st.sampled_from(DOCUMENTS))
        at = draw(st.integers(0, len(other)))
        piece = draw(
            st.one_of(
                st.sampled_from(PIECES),
                st.binary(max_size=12),
                st.just(body[start:end] * 3),
                st.just(other[at : at + 150]),
            )
        )
        body = body[:start] + piece + body[end if draw(st.booleans()) else start :]
    return body


THOROUGH = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=(Phase.explicit, Phase.generate, Phase.shrink)
)


@pytest.fixture(scope="module", autouse=True)
def languages() -> None:
    """Loads the languages of dates, which takes seconds once."""
    read_date("some day", datetime.now(UTC))


@settings(THOROUGH, max_examples=200)
@given(
    spoiled_documents(), st.sampled_from(["", "text/xml; charset=utf-16", "text/xml; charset=x", "application/json"])
)
def test_spoiled_documents(body: bytes, content_type: str) -> None:
    read(body, content_type)


@settings(THOROUGH, max_examples=100)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<rss><channel><item>", b"<feed><entry>", b'{"items": [', b"<urlset>"]),
)
def test_any_bytes(body: bytes, head: bytes) -> None:
    read(head + body)


MANY = 10_000


@pytest.mark.parametrize(
    "body",
    [b"<rss><channel><item>" + b"<a>" * MANY, b"<rss><channel>" + b"<item>" * MANY, b'{"items":' + b"[" * MANY,
     b'{"items": [{"id": ' + b'{"value":' * MANY, b"<rss><channel><item><title>" + b"&lt;b " * MANY,
     b"<rss><channel><item><title>" + b"&lt;b&gt;" * MANY + b"</title></item></channel></rss>",
     b"<rss><channel><item><title>" + b"&lt;!--" * MANY + b"</title></item></channel></rss>",
     b"<rss><channel><item><title>" + b"&lt;script&gt;" * MANY + b"</title></item></channel></rss>",
     b"<rss><channel><item><title>" + b"&lt;a b=c " * MANY + b"</title></item></channel></rss>",
     b"<rss " + b"a" * 50 * MANY + b"='" + b"b" * 50 * MANY + b"'><channel/></rss>",
     b"<rss><channel><item>" + b"&" * MANY,
     b"<rss><channel><item><description>" + b"&lt;" * 50 * MANY + b"</description></item>",
     b"<rss><channel><item><description>" + b"&amp;x;" * MANY + b"</description></item>",
     b"<rss><channel><item>" + b"<![CDATA[" * MANY, b"<!--" * MANY, b"<!DOCTYPE " * MANY,
     b"<!DOCTYPE rss [" + b"<!ENTITY " * MANY,
     b"<rss><channel><item><dc:creator>" + b"a@" * 5 * MANY + b"</dc:creator></item>",
     b'{"version": "jsonfeed.org", "items": [{"content_html": "' + b"<script>" * 5 * MANY + b'"}]}',
     b'{"items": [' + b'{"id": "x}, {"' * MANY, b'{"items": [{"id": 1' + b"0" * 10 * MANY + b"}]}",
     b"<feed>" + b"<entry><link href='/#1'/></entry>" * MANY + b"</feed>", b"<" * MANY, b"<rss>" + b"]]>" * MANY,
     b"<rss><channel><item>" + b"<content>" * MANY, b"<rss><channel><item><author>" + b"a@b." * MANY,
     b"<urlset>" + b"<url><loc>" * MANY, b"\x1f\x8b" * MANY],
)  # fmt: skip
def test_large_documents_that_are_made_to_stop_a_reader(body: bytes) -> None:
    read(body)


def test_documents_that_are_not_spoiled_are_read() -> None:
    assert [read(body) > 0 for body in DOCUMENTS] == [True, True, True, True]

"""Entries of feed documents: what their text is, and where they link to."""

import pytest

from connectors.sources.feed_documents import FeedEntry, parse_feed, parse_language
from connectors.web.client import Response
from tests.connectors.sample_feeds import item, rss

SENTENCE = "The council counted twelve new berths in the harbour, its office said. "


def parse_entry(body: str) -> FeedEntry:
    (entry,) = parse_feed(Response("https://pier.example/feed", body.encode(), {})).entries
    return entry


def atom(inner: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Pier</title><entry>{inner}</entry></feed>'


@pytest.mark.parametrize(
    ("text", "is_teaser"),
    [(SENTENCE, True), (SENTENCE * 7, True), (SENTENCE * 10, False), (SENTENCE * 10 + "The office …", True),
     (SENTENCE * 10 + "The office ...", True), (SENTENCE * 10 + "The office […]", True),
     (SENTENCE * 10 + "The office [...]", True), (SENTENCE * 10 + "Read more", True),
     (SENTENCE * 10 + "Continue reading →", True), ("<p>" * 200 + SENTENCE, True)],
)  # fmt: skip
def test_descriptions_that_are_short_or_cut_off_are_teasers(text: str, is_teaser: bool) -> None:
    assert parse_entry(rss(item(1, description=text))).is_teaser is is_teaser


def test_content_is_never_a_teaser() -> None:
    assert not parse_entry(rss(item(1, **{"content:encoded": SENTENCE}))).is_teaser


@pytest.mark.parametrize(
    ("inner", "is_html"),
    [('<content type="text">12 &lt; 13 berths.</content>', False),
     ('<content type="text">12 &lt;b&gt;new&lt;/b&gt; berths.</content>', True),
     ('<content type="html">12 berths.</content>', True)],
)  # fmt: skip
def test_text_with_tags_is_html_whatever_its_type(inner: str, is_html: bool) -> None:
    assert parse_entry(atom(inner)).is_html is is_html


@pytest.mark.parametrize(("identifier", "link"), [("https://pier.example/1", "https://pier.example/1"), ("pier-1", "")])
def test_an_id_that_is_an_address_replaces_a_missing_link(identifier: str, link: str) -> None:
    entry = item(1, link="", guid="", **{'guid isPermaLink="false"': identifier})
    assert parse_entry(rss(entry)).link == link


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", "en"), ("EN-us", "en-us"), ("de_AT", "de-AT"), ("english", None), ("", None), (None, None)],
)
def test_languages(code: object, expected: str | None) -> None:
    assert parse_language(code) == expected

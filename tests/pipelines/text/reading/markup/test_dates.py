"""Which of the dates on an HTML page is that of its article."""

import json
from datetime import UTC, datetime

import pytest

from pipelines.text.reading.markup.dates import parse_moment
from pipelines.text.reading.page import read
from schemas.text import Page

TEXT = (
    "<p>The harbour master counted 40 ships off the mole on Monday, the largest number since the spring, and said that"
    " 12 more were expected before Friday.</p><p>The strike has cost the town some £3 million, the council said.</p>"
)
RIGHT = datetime(2024, 11, 12, tzinfo=UTC)
URL = "https://post.example/ships"


def find(head: str = "", top: str = "", inside: str = "", below: str = "", url: str = URL) -> datetime | None:
    """Returns the date of a page with these parts in its head, above, in and below its article."""
    article = f"<article><h1>Port counts 40 ships</h1>{inside}{TEXT}</article>"
    markup = f"<html><head><title>Port counts 40 ships</title>{head}</head><body>{top}{article}{below}</body></html>"
    found = read(Page(id="a", html=markup, url=url))[0].published_at
    return found.replace(hour=0, minute=0) if found else None


def declare(*records: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(record)}</script>' for record in records)


def article(**fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "datePublished": "2024-11-12T08:00:00Z", **fields}


OTHER = article(datePublished="2024-11-19", headline="Town elects its mayor", url="https://post.example/mayor")
PAGE = {"@type": "WebPage", "datePublished": "2016-01-01"}


@pytest.mark.parametrize(
    "records",
    [
        [{"@type": "VideoObject", "name": "Archive", "datePublished": "2012-07-01T10:00:00Z"}, article()],
        [[PAGE, article()]],
        [{"@graph": [PAGE, {"@type": "Organization"}, article()]}],
        [{**PAGE, "mainEntity": article()}],
        [{**PAGE, "mainEntity": {"@graph": [article()]}}],
        [{"@type": "ItemList", "itemListElement": [OTHER, article(datePublished="2024-11-18")]}, article()],
        [article(video={"@type": "VideoObject", "datePublished": "2012-07-01"})],
        [[OTHER, article(mainEntityOfPage={"@type": "WebPage", "@id": "https://www.post.example/ships/"})]],
        [[OTHER, article(url="http://post.example/ships?from=feed")]],
        [[OTHER, article(headline="Port counts 40 ships, says harbour master")]],
        [[OTHER, article()]],
        [{"@type": "ItemList", "itemListElement": [OTHER]}, {"@type": ["Report", "CreativeWork"], **article()}],
        [{"@type": "BlogPosting", "datePublished": {"@value": "2024-11-12"}}],
        [{"@type": "LiveBlogPosting", "datePublished": ["2024-11-12"]}],
        [{"datePublished": "2024-11-12"}],
        [{"@context": "https://schema.org", "@graph": [PAGE, article()]}],
    ],
)
def test_date_is_that_of_the_own_record(records: list[object]) -> None:
    assert find(declare(*records)) == RIGHT


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "datePublished": "2024-11-12",}',
        '{"@type": "NewsArticle", "keywords": ["port",], "datePublished": "2024-11-12"}',
        '//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2024-11-12"}\n//]]>',
        '<!-- {"@type": "NewsArticle", "datePublished": "2024-11-12"} -->',
    ],
)
def test_record_that_departs_from_the_letter_is_read(script: str) -> None:
    assert find(f'<script type="application/ld+json">{script}</script>' + declare(PAGE)) == RIGHT


def test_records_of_other_pages_give_no_date() -> None:
    published = '<meta property="article:published_time" content="2024-11-12">'
    assert find(declare([OTHER, {**OTHER, "url": "https://post.example/b"}]) + published) == RIGHT
    assert find(declare({"@type": "ItemList", "itemListElement": [article(datePublished="2024-11-19")]})) is not RIGHT
    deep: object = article(datePublished="2024-11-19")
    for _ in range(8):
        deep = {"@graph": [deep]}
    assert find(declare(deep) + published) == RIGHT


def test_the_only_record_counts_although_its_address_differs() -> None:
    assert find(declare(article(url="https://amp.example/1", headline="Ships"))) == RIGHT


CLOCK = '<time datetime="2024-11-20T12:00:00Z">Wednesday 20 November, 12:00</time>'
TEASER = '<article><h2><a href="/x">Mayor</a></h2><time datetime="2024-11-19">19 November</time></article>'
MODIFIED = '<meta property="article:modified_time" content="2024-11-13">'
OWN = '<time datetime="2024-11-12">12 November</time>'


@pytest.mark.parametrize(
    "parts",
    [
        {"top": f"<header>{CLOCK}</header>", "inside": '<p class="date">12 November 2024</p>'},
        {"top": f"<div>{CLOCK}</div>", "inside": OWN},
        {"top": TEASER, "inside": OWN, "below": TEASER},
        {"below": TEASER, "inside": "<p>By Mara Quill, 12 November 2024</p>"},
        {"inside": f"<header>{OWN}</header>"},
        {"inside": f"<aside>{CLOCK}</aside>{OWN}"},
        {"inside": f"<ul><li><a href='/x'>{CLOCK}</a></li></ul>{OWN}"},
        {"inside": f"<time class='updated' datetime='2024-11-13'>x</time>{OWN}"},
        {"inside": f"{CLOCK}<time class='entry-date published' datetime='2024-11-12'>x</time>"},
        {"inside": f"{CLOCK}<time pubdate datetime='2024-11-12'>x</time>"},
        {"inside": f"{CLOCK}<span itemprop='datePublished' content='2024-11-12'>x</span>"},
        {"top": "<div><meta itemprop='datePublished' content='2024-11-19'></div>", "inside": OWN},
        {"inside": "<meta itemprop='datePublished' content='2024-11-12'>"},
        {"head": MODIFIED, "inside": "<p>Published 12 November 2024</p>"},
        {"inside": "<p>Updated: 13 November 2024</p><p>Published: 12 November 2024</p>"},
        {"inside": "<p>Last updated 12 November 2024</p>"},
        {"inside": "<p>Born 1 May 1975</p><p>12 November 2024</p>"},
        {"url": "https://post.example/2024/11/12/ships", "inside": "<p>3 May 2017</p>"},
    ],
)  # fmt: skip
def test_date_is_that_of_the_own_element(parts: dict[str, str]) -> None:
    assert find(**parts) == RIGHT


def test_property_goes_before_elements_and_these_before_lines() -> None:
    meta = '<meta name="date" content="2024-11-12">'
    assert find(meta, inside='<time datetime="2024-11-13">x</time>') == RIGHT
    assert find(inside=f"<p>13 November 2024</p>{OWN}") == RIGHT


def test_date_after_the_beginning_of_the_text_is_not_its_own() -> None:
    assert find(inside=f"{TEXT}<p>13 November 2024</p>", url="https://post.example/2024-11-12") == RIGHT


def test_page_without_heading_uses_its_only_article() -> None:
    teaser = TEASER.replace("article", "div")
    markup = f"<html><body>{teaser}<article>{OWN}{TEXT}</article></body></html>"
    found = read(Page(id="a", html=markup))[0].published_at
    assert found == RIGHT
    header = f"<html><body><header>{CLOCK}</header>{OWN}{TEXT}</body></html>"
    assert read(Page(id="a", html=header))[0].published_at == RIGHT


@pytest.mark.parametrize(("value", "moment"), [([], None), ({}, None), (5, None), ("2024-11-12", RIGHT)])
def test_moment_of_a_value(value: object, moment: datetime | None) -> None:
    assert parse_moment(value) == moment

"""What the head of an HTML page and its JSON-LD records say."""

import json
from datetime import UTC, datetime

import pytest

from pipelines.text.reading.markup.html import HtmlPage, parse_html
from pipelines.text.reading.markup.metadata import DeclaredContent, read_metadata

TEXT = "<article>" + "<p>The council approved the bridge on Monday night.</p>" * 3 + "</article>"
MOMENT = datetime(2024, 3, 5, 16, 10, tzinfo=UTC)


def declare(head: str, body: str = TEXT) -> DeclaredContent:
    return read_metadata(parse_html(f"<html><head>{head}</head><body>{body}</body></html>", "https://post.example/a"))


def record(**fields: object) -> str:
    names = {"type_": "@type", "graph": "@graph"}
    content = json.dumps({names.get(name, name): value for name, value in fields.items()})
    return f'<script type="application/ld+json">{content}</script>'


PROPERTIES = """
article:published_time og:article:published_time datepublished date pubdate publishdate publish-date dc.date
dc.date.issued dcterms.created parsely-pub-date sailthru.date article.published
"""


@pytest.mark.parametrize("name", PROPERTIES.split())
@pytest.mark.parametrize("attribute", ["property", "name", "itemprop"])
def test_date_is_read_from_each_property(name: str, attribute: str) -> None:
    other = '<time datetime="2001-01-01">'
    head = f'<meta {attribute}="{name.title()}" content="2024-03-05T17:10:00+01:00">'
    assert declare(head, TEXT + other).metadata.published_at == MOMENT


def test_first_property_of_the_table_is_used() -> None:
    head = '<meta name="date" content="2001-01-01"><meta property="article:published_time" content="2024-03-05T16:10Z">'
    assert declare(head).metadata.published_at == MOMENT


def test_record_goes_before_properties_and_these_before_the_text() -> None:
    meta, time = '<meta name="date" content="2001-01-01">', '<time datetime="2002-02-02">'
    assert declare(meta + record(datePublished="2024-03-05T16:10:00Z"), TEXT + time).metadata.published_at == MOMENT
    assert declare(meta, TEXT + time).metadata.published_at == datetime(2001, 1, 1, tzinfo=UTC)
    assert declare("", TEXT + time).metadata.published_at == datetime(2002, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (" 2024-03-05 ", datetime(2024, 3, 5, tzinfo=UTC)),
        ("March 5, 2024", datetime(2024, 3, 5, tzinfo=UTC)),
        ("x" * 86 + " March 5, 2024", datetime(2024, 3, 5, tzinfo=UTC)),
        ("x" * 87 + " March 5, 2024", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("spring", None),
    ],
)
def test_date_of_a_record_is_read_in_its_forms(value: str, moment: datetime | None) -> None:
    assert declare(record(datePublished=value)).metadata.published_at == moment


@pytest.mark.parametrize(
    ("head", "is_article"),
    [
        (record(type_="NewsArticle"), True),
        (record(type_=["WebPage", "Article"]), True),
        (record(type_="BlogPosting"), True),
        (record(graph=[{"@type": "ReportageNewsArticle"}]), True),
        ('<meta property="og:type" content="article">', True),
        ('<meta property="og:type" content="website">', False),
        (record(type_="WebPage"), False),
        (f'<script type="application/ld+json">{json.dumps([{"@type": "Article"}])}</script>', True),
        ('<script type="application/ld+json">{"@type": </script>', False),
        ('<script>{"@type": "Article"}</script>', False),
    ],
)
def test_page_declares_that_it_is_an_article(head: str, is_article: bool) -> None:
    assert declare(head).is_article is is_article


def test_updates_of_a_live_blog() -> None:
    updates = [
        {
            "headline": " Polls  close ",
            "articleBody": "<p>It is so.</p>",
            "datePublished": "2024-03-05T16:10:00Z",
            "url": "/b",
        },
        {"articleBody": "  "},
        {"headline": "No text"},
        "no record",
        {"articleBody": "It was so.", "headline": " ", "url": 5},
    ]
    first, second = declare(record(type_="LiveBlogPosting", liveBlogUpdate=updates)).updates
    assert first.title
    assert (first.title.text, first.lines[0].text) == ("Polls close", "It is so.")
    assert (first.published_at, first.url, first.kind) == (MOMENT, "https://post.example/b", "digest_item")
    assert (second.title, second.url, second.lines[0].text) == (None, None, "It was so.")
    assert declare(record(type_="Article", liveBlogUpdate=updates)).updates == []


def test_title_loses_its_site_and_address_is_whole() -> None:
    head = '<title>Council approves bridge | The Post</title><link rel="canonical" href="/bridge">'
    metadata = declare(head).metadata
    assert metadata.title == "Council approves bridge"
    assert metadata.canonical_url == "https://post.example/bridge"


def test_page_that_was_not_parsed_says_nothing() -> None:
    assert read_metadata(HtmlPage((), quality=("markup_broken",))).metadata.quality == ("markup_broken",)


@pytest.mark.parametrize(
    ("root", "head", "language"),
    [
        ('lang="gl"', "", "gl"),
        ('lang="pt_br"', "", "pt-BR"),
        ('xml:lang="sr-Latn"', "", "sr-Latn"),
        ("", '<meta http-equiv="Content-Language" content="eu">', "eu"),
        ("", '<meta property="og:locale" content="ca_ES">', "ca-ES"),
        ('lang="{{ lang }}"', '<meta property="og:locale" content="ca_ES">', "ca-ES"),
        ('lang="en"', '<meta http-equiv="content-language" content="de">', "en"),
        ('lang="x-default"', "", None),
        ("", "", None),
    ],
)
def test_language_that_the_page_declares(root: str, head: str, language: str | None) -> None:
    page = parse_html(f"<html {root}><head>{head}</head><body>{TEXT}</body></html>", "https://post.example/a")

    assert read_metadata(page).metadata.language == language

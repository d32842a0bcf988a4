"""The headline of an HTML page: heading, title of the page and site name."""

import json

import pytest

from pipelines.text.reading.markup.html import parse_html
from pipelines.text.reading.markup.metadata import read_metadata
from pipelines.text.reading.page import read
from schemas.text import Page

TEXT = "<p>The council approved the second bridge over the Ardle on Monday night, the mayor said.</p>" * 3


def find(head: str, body: str, url: str = "https://www.lorve-post.example/a") -> str | None:
    """Returns the title that is read from a page with this head and body."""
    page = parse_html(f"<html><head>{head}</head><body>{body}<article>{TEXT}</article></body></html>", url)
    return read_metadata(page).metadata.title


LORVE = "Lorve approves second bridge"
APPROVED = "Second bridge approved"
BY_COUNCIL = "Second bridge approved by the council"
OG = '<meta property="og:title" content="{}">'
SITE = '<meta property="og:site_name" content="Lorve Post">'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Council votes | Lorve Post</title>", "<h1>Council votes again</h1>", "Council votes again"),
        ("<title>Second bridge approved - Lorve Post</title>", "", APPROVED),
        ("<title>Bridge – the second – Lorve Post</title>", "<h1>Bridge – the second</h1>", "Bridge – the second"),
        (
            OG.format("Second bridge approved – at last"),
            "<h1>Lorve Post</h1><h1>Second bridge approved – at last</h1>",
            "Second bridge approved – at last",
        ),
        (SITE + OG.format(APPROVED), "<h1>Lorve Post</h1><h2>Second bridge approved</h2>", APPROVED),
        (OG.format(APPROVED), "<h1>lorve-post</h1>", APPROVED),
        (OG.format(APPROVED), "<h1>Region Second bridge approved</h1>", APPROVED),
        (OG.format(APPROVED), "<h1>Second bridge approved Mayor pleased</h1>", APPROVED),
        (OG.format("Second bridge approved..."), f"<h1>Region: {BY_COUNCIL}</h1>", f"Region: {BY_COUNCIL}"),
        (OG.format("Second bridge"), "<h1>Region Second bridge</h1>", "Region Second bridge"),
        (OG.format(BY_COUNCIL), "<h1>Second bridge approved...</h1>", BY_COUNCIL),
        (OG.format(BY_COUNCIL), "<h1>Second bridge:</h1>", BY_COUNCIL),
        (OG.format("All about towns"), "<h1>Second bridge approved</h1>", APPROVED),
        (OG.format("All about towns"), "<h1>Region</h1>", "All about towns"),
        (OG.format("All about towns"), "<h1>One thing</h1><h1>Other matter</h1><h1>More here</h1>", "All about towns"),
        (OG.format(APPROVED), "<h1>Details</h1><h2>Lorve approves second bridge</h2>", LORVE),
        (OG.format(APPROVED), "<h1>Details</h1><h2><a href='/x'>Lorve approves second bridge</a></h2>", APPROVED),
        (OG.format(APPROVED), "<h1>Details</h1><h2>Second bridge</h2>", APPROVED),
        ("", "", None),
    ],
)  # fmt: skip
def test_headline_of_a_page(head: str, body: str, title: str | None) -> None:
    assert find(head, body) == title


def test_title_of_a_record_confirms_a_heading() -> None:
    record = json.dumps({"@type": "NewsArticle", "headline": APPROVED})
    head = f'<script type="application/ld+json">{record}</script>{OG.format("All about towns")}'
    assert find(head, "<h1>One thing</h1><h1>Second bridge approved</h1><h1>More</h1>") == APPROVED


def test_broken_address_names_no_site() -> None:
    assert find(OG.format("All about towns"), "<h1>Lorve Post</h1>", "http://[") == "Lorve Post"
    assert find(OG.format("All about towns"), "<h1>Lorve Post</h1>") == "All about towns"


def test_line_of_the_headline_is_no_part_of_the_text() -> None:
    body = f"<article><h1>Region Second bridge approved</h1>{TEXT}</article>"
    page = Page(id="a", html=f"<html><head>{OG.format('Second bridge approved')}</head><body>{body}</body></html>")
    (found,) = read(page)
    assert found.title == APPROVED
    assert "Region" not in found.body
    assert "Region Second bridge approved" not in {line.text for line in found.removed}

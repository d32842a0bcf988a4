"""The project's own pages, one by one. The floors over all of them are in `tests/floors`."""

import pytest

from pipelines.text.reading.page import read
from schemas.text import Page
from tests.pipelines.text.reading.gate import TEMPLATES, body_f1, is_single
from tests.pipelines.text.reading.gold_pages import as_html, pages

PAGES = list(pages())
SINGLE = [page for page in PAGES if is_single(page)]
LEAST_PAGE = 0.9
"""No single page may be read worse than this."""


def test_gold_covers_every_page_kind():
    assert len(PAGES) >= 40
    assert all(page.items and all(item.body for item in page.items) for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_gives_its_articles_with_titles(page):
    found = read(Page(id=page.name, text=page.text))
    assert [article.title for article in found] == [item.title for item in page.items]
    assert body_f1(page, [article.body for article in found]) >= LEAST_PAGE
    if page.single:
        assert {article.item_position for article in found} == {None}
    else:
        assert [article.item_position for article in found] == list(range(len(page.items)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_boilerplate_of_page_is_removed_with_reason(page):
    found = read(Page(id=page.name, text=page.text))
    lines = {line for article in found for line in article.body.split("\n\n")}
    assert not lines & set(page.noise)
    removed = {line.text: line.reason for line in found[0].removed}
    assert set(page.noise) <= set(removed) | {article.title for article in found}
    assert all(removed.values())


@pytest.mark.parametrize("template", TEMPLATES)
def test_html_pages_are_not_split(template):
    split = [page.name for page in SINGLE if len(read(Page(id=page.name, html=as_html(page, template)))) != 1]
    assert split == []


@pytest.mark.parametrize("page", [page for page in SINGLE if page.items[0].title], ids=lambda page: page.name)
def test_html_title_is_found_without_site_name(page):
    assert read(Page(id=page.name, html=as_html(page, 0)))[0].title == page.items[0].title


FORUMS = [page for page in PAGES if page.notes.get("kind") == "forum"]


@pytest.mark.parametrize("page", FORUMS, ids=lambda page: page.name)
def test_thread_tells_posts_from_quoted_report(page):
    (thread,) = read(Page(id=page.name, text=page.text))
    assert thread.kind == "forum"
    covered = "\n\n".join(thread.body[part.start : part.end] for part in thread.segments)
    assert covered == thread.body
    if "speakers" in page.notes:
        wanted = page.notes["speakers"].split(", ")
        spoken = [part.speaker for part in thread.segments if part.role == "post"]
        assert [name for index, name in enumerate(spoken) if not index or spoken[index - 1] != name] == wanted
    if "quoted" in page.notes:
        first, last = map(int, page.notes["quoted"].split("-"))
        (quoted,) = [part for part in thread.segments if part.role == "quoted_report"]
        assert thread.body[quoted.start : quoted.end] == "\n\n".join(page.items[0].body[first : last + 1])

"""Any page comes through, in bounded time and memory."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.text.reading import scoring
from pipelines.text.reading.articles import MOST_REMOVED, MarkedPage
from pipelines.text.reading.lines import MAX_CHARACTERS, MAX_LINES
from pipelines.text.reading.markup.html import MAX_HTML
from pipelines.text.reading.normal_form import normalise
from pipelines.text.reading.page import explain, read
from schemas.text import ArticleText, Page

SENTENCE = "The minister said on Tuesday that 1,200 workers had left the plant near Lorve since March. "

fragments = st.sampled_from(
    [
        *("By Ann Lee", "22:41", "Read more", "… Continue reading", "May 3, 2023", "Comments", "wrote:", "> quoted"),
        *("• one", "Related:", SENTENCE, "Council votes on bridge", "imo its fine", "©", "12 comments", "\ud800"),
        *("\u202e", "&amp;", "Ã©", "(Reuters)", "I think so lol"),
    ]
)
pages = st.lists(fragments | st.text(max_size=60), max_size=40).map("\n".join)
BROKEN_UPDATES = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "liveBlogUpdate": [1, {}]}</script>'
tags = st.sampled_from(
    [
        *("<p>", "</p>", "<h2><a href='/x'>", "</a></h2>", "<div hidden>", "<script>", "<!--", "<article>", "<li>"),
        *("<time datetime='x'>", BROKEN_UPDATES),
    ]
)
markups = st.lists(tags | fragments | st.text(max_size=30), max_size=40).map("".join)


def check(articles: list[ArticleText]) -> None:
    for position, article in enumerate(articles):
        assert article.body.strip()
        assert 0 <= article.removed_share <= 1
        assert article.item_position in (None, position)
        for part in article.segments:
            assert 0 <= part.start < part.end <= len(article.body)
            assert article.body[part.start : part.end].strip()


@given(pages)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(text):
    check(read(Page(id="1", text=text)))
    explain(Page(id="1", text=text))


@given(markups)
@settings(max_examples=200, deadline=None)
def test_any_markup_is_read(html):
    check(read(Page(id="1", html=html, url="https://post.example/a")))


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_are_read(data):
    for encoding in ("utf-8", "latin-1", "utf-16"):
        check(read(Page(id="1", text=data.decode(encoding, "replace"))))
        check(read(Page(id="1", html=data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace"))))


@given(pages)
@settings(deadline=None)
def test_reading_twice_gives_the_same(text):
    encode = msgspec.json.encode
    page = Page(id="1", text=text.encode("utf-8", "replace").decode())
    assert encode(read(page)) == encode(read(page))


@given(st.text(max_size=200))
@example("\u00ad\u00c2\x80")
@example("\u00a0\u20ac\u00e2")
def test_normal_form_is_stable_and_keeps_lines_apart(text):
    once = normalise(text).text
    assert "\r" not in once
    assert not set(once) & set("\u00ad\u200b\ufeff\u202e\u0000")
    assert normalise(once).text == once


def test_page_of_five_megabytes_is_cut_and_flagged():
    text = "\n\n".join(f"{SENTENCE * 3} Line {number}." for number in range(18_000))
    assert len(text) > 5_000_000 > MAX_CHARACTERS
    (article,) = read(Page(id="1", text=text))
    assert "truncated" in article.quality
    assert len(article.body) <= MAX_CHARACTERS


def test_page_of_100_000_short_lines_costs_no_more_than_the_limit(monkeypatch):
    looked_at = 0
    plain = scoring.find_boilerplate

    def counted(line):
        nonlocal looked_at
        looked_at += 1
        return plain(line)

    monkeypatch.setattr(scoring, "find_boilerplate", counted)
    text = "".join(f"Menu entry {number}\n" for number in range(100_000))
    (article,) = read(Page(id="1", text=text))
    assert looked_at == MAX_LINES
    assert "truncated" in article.quality
    assert len(article.removed) <= MOST_REMOVED


@pytest.mark.parametrize(
    "html",
    [
        "<ul>" + "<li><a href='/x'>Menu entry here</a></li>" * 100_000 + "</ul>",
        "<div>" * 200_000,
        "<script>" * 300_000,
        "<" * 2_000_000,
        "<p>" + "x" * (MAX_HTML + 10),
    ],
    ids=["list", "deep", "scripts", "brackets", "long"],
)
@pytest.mark.timeout(90)
def test_hostile_markup_comes_through(html):
    check(read(Page(id="1", html=html)))


def test_scores_of_alternating_lines_are_merged_in_linear_time():
    # A search through all earlier runs for each line would be 2.5 billion steps.
    found = scoring.find_maximal_runs([1.0, -2.0] * 50_000)
    assert len(found) == 50_000


@given(st.lists(st.integers(-9, 9).map(float), max_size=60))
def test_best_run_has_the_largest_sum(scores):
    found = scoring.find_maximal_runs(scores)
    best = max((sum(scores[i:j]) for i in range(len(scores)) for j in range(i + 1, len(scores) + 1)), default=0.0)
    assert max((total for _, _, total in found), default=0.0) == max(best, 0.0)
    assert all(sum(scores[start:end]) == total > 0 for start, end, total in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_empty_page_has_no_characters():
    assert MarkedPage((), ()).characters == 0

"""HTML as lines: what ends a line, what is invisible, links, headings and places."""

import pytest

from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.markup import html as reading_html
from pipelines.text.reading.markup.html import Extracted, parse_html, text_between_tags
from pipelines.text.reading.markup.rows import resolve_link


def list_lines(body: str) -> list[str]:
    return [line.text for line in parse_html(f"<html><body>{body}</body></html>").lines]


BLOCKS = """
address article aside blockquote dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header li main nav ol option p pre section summary ul table caption thead tbody tfoot tr td th title
"""


@pytest.mark.parametrize("tag", BLOCKS.split())
def test_block_is_a_line_of_its_own(tag: str) -> None:
    assert list_lines(f"above <{tag}>inside</{tag}> below") == ["above", "inside", "below"]


def test_breaks_and_tables_end_lines() -> None:
    assert list_lines("one<br>two<hr>three") == ["one", "two", "three"]
    rows = "<thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody>"
    assert list_lines(f"x <table><caption>t</caption>{rows}<tfoot><tr><td>e</td></tr></tfoot></table> y") == list(
        "xtabcdey"
    )
    assert list_lines("<b>one</b> <i>two</i>") == ["one two"]


INVISIBLE = "script style noscript template svg math canvas iframe object audio video map textarea button datalist"


def test_choices_of_a_form_are_left_out_and_end_a_line() -> None:
    assert list_lines("<p>above <select><option>inside</option></select> below</p>") == ["above", "below"]


@pytest.mark.parametrize("tag", INVISIBLE.split())
def test_element_that_readers_do_not_see_is_left_out(tag: str) -> None:
    assert list_lines(f"<p>above <{tag}>inside</{tag}> below</p>") == ["above below"]


@pytest.mark.parametrize("attribute", ["hidden", "style='display:none'", "style='color: red; display: NONE'"])
def test_hidden_element_is_left_out(attribute: str) -> None:
    assert list_lines(f"<p>above</p><div {attribute}>inside</div>") == ["above"]


def test_head_of_the_page_is_left_out() -> None:
    assert [line.text for line in parse_html("<html><head><title>Post</title></head><body>a</body></html>").lines] == [
        "a"
    ]


def test_heading_and_link_of_a_line() -> None:
    page = parse_html("<body><h2><a href='/x'>Bridge</a></h2><p>text</p></body>", "https://post.example/a/")
    assert page.lines == [TextLine(1, "Bridge", 2, "https://post.example/x"), TextLine(2, "text")]


@pytest.mark.parametrize(("outside", "link"), [(4, "/x"), (5, None)])
def test_line_is_a_link_if_more_than_seven_tenths_are(outside: int, link: str | None) -> None:
    (line,) = parse_html(f"<body><p><a href='/x'>{'x' * 11}</a> {'y' * (outside - 1)}</p></body>").lines
    assert line.link == link


@pytest.mark.parametrize(
    ("href", "url", "address"),
    [
        ("/x", "https://post.example/a", "https://post.example/x"),
        ("/x", None, "/x"),
        (" https://t.example/y ", "https://post.example/a", "https://t.example/y"),
        *(
            (href, "https://post.example/a", None)
            for href in ("#top", "javascript:x()", "mailto:a@b", "tel:1", "", "data:x")
        ),
        ("http://[", "https://post.example/a", None),
        (None, "https://post.example/a", None),
    ],
)
def test_address_of_a_link(href: str | None, url: str | None, address: str | None) -> None:
    assert resolve_link(href, url) == address


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>one</p><p>two", "one two"),
        ("one<script>x < y</script>two", "one two"),
        ("one<style>x</style>two<noscript>x</noscript>three<template>x</template>four", "one two three four"),
        ("one<!-- x > y -->two", "one two"),
        ("one<p", "one"),
    ],
)
def test_text_between_tags(markup: str, text: str) -> None:
    assert " ".join(text_between_tags(markup).split()) == text


def test_page_nested_too_deeply_is_read_as_text_and_flagged() -> None:
    page = parse_html("<div>" * 5000 + "<p>one</p>")
    assert ([line.text for line in page.lines], page.quality) == (["one"], ("markup_broken",))
    assert parse_html("").quality == ()


def test_limits_of_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading_html.MAX_HTML == 5_000_000
    monkeypatch.setattr(reading_html, "MAX_HTML", 40)
    assert parse_html("<body><p>one</p></body>" + " " * 17).quality == ()
    assert parse_html("<body><p>one</p></body>" + " " * 18).quality == ("truncated",)
    monkeypatch.setattr(reading_html, "MAX_LINES", 2)
    page = parse_html("<body>a<br>b<br>c")
    assert ([line.text for line in page.lines], page.quality) == (["a", "b"], ("truncated",))


ARTICLE = "<article><h1>Bridge</h1>" + "<p>The council approved the bridge on Monday night.</p>" * 3 + "</article>"


def test_tree_of_many_elements_is_not_given_to_trafilatura(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<html><body>{ARTICLE}</body></html>"
    assert reading_html._MAX_TREE == 150_000
    assert parse_html(page).extracted.text
    monkeypatch.setattr(reading_html, "_MAX_TREE", 7)
    assert parse_html(page).extracted.text
    monkeypatch.setattr(reading_html, "_MAX_TREE", 6)
    assert parse_html(page).extracted == Extracted()


def test_failure_of_trafilatura_leaves_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AttributeError("hostile markup")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    page = parse_html(f"<body>{ARTICLE}</body>")
    assert page.extracted == Extracted()
    assert page.lines


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("<p>one</p><ul><li>two</li></ul><div>three<br>four</div>", ["p", "li", "div", "div"]),
        ("<aside><h2>one</h2><p>two</p></aside><p>three</p>", ["aside", "aside", "p"]),
        ("<figure><img><figcaption>one</figcaption></figure><script>x</script>two", ["figcaption", "body"]),
        ("<figure>one<table><tr><td>two</td></tr></table></figure>", ["figure", "td"]),
        ("<nav><ul><li>one</li></ul></nav><form><p>two</p></form><footer>three</footer>", ["nav", "p", "footer"]),
        ("<div hidden>one<p>two</p></div><p>three</p><table><tr><td>four</td></tr></table>", ["p", "td"]),
    ],
)
def test_place_of_a_line_is_its_block_or_the_side_that_it_is_in(body: str, places: list[str]) -> None:
    page = parse_html(f"<html><body>{body}</body></html>")
    assert [place or "body" for place in page.places] == places

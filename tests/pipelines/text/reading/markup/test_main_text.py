"""The article among the lines of an HTML page: linked paragraphs stay, links to other stories and asides do not."""

import pytest

from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.markup.html import Extracted, HtmlPage
from pipelines.text.reading.markup.main_text import locate_article
from pipelines.text.reading.page import read
from pipelines.text.reading.scoring import mark_lines
from schemas.text import Page

OPENING = "<p>Seven dockers appeared before the town court on Friday over the fire at the silo, the clerk said.</p>"
CLOSING = (
    "<p>The hearing goes on next week, when four more witnesses are to be heard, the office of the court said.</p>"
)
DENIAL = "Three of them, aged 54, 39 and 30, denied starting the fire, which caused damage of £2 million to the owner."
SHORT = "At least 12 tonnes of grain burned, he said."


def read_body(middle: str, *, above: str = "", below: str = "") -> list[str]:
    """Returns the paragraphs of a page whose article has something between its first and its last paragraph."""
    article = f"<article><h1>Dockers in court</h1>{OPENING}{middle}{CLOSING}</article>"
    markup = f"<html><head><title>Dockers in court</title></head><body>{above}{article}{below}</body></html>"
    (found,) = read(Page(id="a", html=markup, url="https://post.example/a"))
    return found.body.split("\n\n")


@pytest.mark.parametrize(
    ("middle", "paragraphs"),
    [
        (f"<p><a href='/x'><strong>{DENIAL}</strong></a></p>", [DENIAL]),
        (f"<p><strong><a href='/x'>{SHORT}</a></strong></p>", [SHORT]),
        (f"<a href='/x'><p>{DENIAL}</p></a>", [DENIAL]),
        (f"<div><a href='/x'>{DENIAL}</a></div>", [DENIAL]),
        (f"<blockquote><a href='/x'>“{SHORT}”</a></blockquote>", [f"“{SHORT}”"]),
        (f"<p><a href='/x'>{DENIAL}</a></p><p><a href='/y'>{SHORT}</a></p>", [DENIAL, SHORT]),
        (f"<ul><li><a href='/x'>{SHORT}</a></li></ul>", [SHORT]),
    ],
)
def test_paragraph_that_is_one_link_stays(middle: str, paragraphs: list[str]) -> None:
    assert read_body(middle)[1:-1] == paragraphs


@pytest.mark.parametrize(
    "middle",
    [
        "<p><a href='/x'>Strike in the port enters its second week</a></p>",
        "<p><a href='/x'>Who will pay for the grain that burned in the silo of the port?</a></p>",
        "<p><a href='/x'>READ MORE: Strike in the port enters its second week.</a></p>",
        f"<aside><a href='/x'>{DENIAL}</a></aside>",
        f"<figure><img src='a'><figcaption><a href='/x'>{DENIAL}</a></figcaption></figure>",
    ],
)
def test_link_to_another_story_is_left_out(middle: str) -> None:
    assert len(read_body(middle)) == 2


def test_linked_paragraph_at_the_beginning_or_end_stays() -> None:
    linked = f"<p><a href='/x'>{DENIAL}</a></p>"
    markup = f"<body><article><h1>Dockers in court</h1>{linked}{OPENING}{CLOSING}{linked.replace('54', '55')}</article>"
    (found,) = read(Page(id="a", html=markup))
    assert found.body.split("\n\n")[0] == DENIAL
    assert found.body.split("\n\n")[-1] == DENIAL.replace("54", "55")


def test_lists_and_tables_of_the_article_stay() -> None:
    rows = "<tr><th>Port</th><th>Ships</th></tr><tr><td>Lorve</td><td>40</td></tr>"
    middle = (
        f"<p>The demands are:</p><ul><li>A raise of 12 percent</li><li>A shorter week</li></ul><table>{rows}</table>"
    )
    assert read_body(middle)[1:-1] == [
        *("The demands are:", "A raise of 12 percent", "A shorter week"),
        *("Port", "Ships", "Lorve", "40"),
    ]


def test_headings_and_links_after_the_last_paragraph_are_cut() -> None:
    below = (
        "<h3>Most read</h3><p><a href='/x'>Bridge closed</a></p><h4>Sign up now to get news of the port every day.</h4>"
    )
    article = f"<article><h1>Dockers in court</h1>{OPENING}{CLOSING}{below}</article>"
    (found,) = read(Page(id="a", html=f"<body>{article}</body>"))
    assert len(found.body.split("\n\n")) == 2


def test_heading_of_other_stories_ends_the_article_only_if_little_text_follows() -> None:
    more = "<p>Related articles</p>"
    assert read_body(more) == read_body("")
    (found,) = read(Page(id="a", html=f"<body><article>{OPENING}{CLOSING}{more}<p>Port fees rise</p></article>"))
    assert "Port fees" not in found.body


ASIDE = TextLine(1, "Readers of the harbour master's letter get all news of ships and ports on Monday morning.")
MENU = [TextLine(number, "Harbour") for number in range(2, 14)]


def list_sentences(count: int, link: str | None = None) -> list[TextLine]:
    texts = (f"The harbour master counted {number} ships off the mole of Lorve on Monday." for number in range(count))
    return [TextLine(20 + number, text, link=link) for number, text in enumerate(texts)]


def locate_beside_aside(title: str, lines: list[TextLine], place: str = "div") -> str:
    """Returns what is located on a page on which trafilatura takes an aside for the article."""
    page = [ASIDE, *MENU, *lines]
    places = ["p"] * (1 + len(MENU)) + [place] * len(lines)
    parsed = HtmlPage(page, extracted=Extracted(text=ASIDE.text), places=places)
    return " ".join(line.text for line in locate_article(parsed, mark_lines(page), title))


def test_article_is_taken_instead_of_an_aside() -> None:
    found = locate_beside_aside("Harbour master counts ships off Lorve", list_sentences(12))
    assert found.count("counted") == 12
    assert "letter" not in found


def test_short_article_stays_if_the_rest_of_the_page_is_little_or_about_something_else() -> None:
    assert "letter" not in locate_beside_aside("Harbour master counts ships", list_sentences(4))
    assert "letter" in locate_beside_aside("Harbour master counts ships", list_sentences(3))
    assert "letter" in locate_beside_aside("Readers get letter of news", list_sentences(12))


def test_long_article_stays() -> None:
    text = TextLine(1, "The council of Lorve met on the bridge. " * 19)
    page = [text, *MENU, *MENU, *MENU, *list_sentences(40)]
    for words, kept in ((text.text, True), (text.text[:-40], False)):
        lines = [TextLine(1, words), *page[1:]]
        parsed = HtmlPage(lines, extracted=Extracted(text=words), places=["p"] * len(lines))
        assert ("council" in locate_article(parsed, mark_lines(lines), "")[0].text) is kept


def test_links_and_asides_are_no_article() -> None:
    title = "Harbour master counts ships"
    assert "letter" in locate_beside_aside(title, list_sentences(12), "aside")
    assert "letter" in locate_beside_aside(title, list_sentences(12), "footer")
    linked = [TextLine(line.number, f"{line.text[:-1]}", link="/x") for line in list_sentences(12)]
    assert "letter" in locate_beside_aside(title, linked)


def make_page(*lines: TextLine, text: str = "") -> HtmlPage:
    return HtmlPage(lines, extracted=Extracted(text=text), places=["p"] * len(lines))


def locate(*lines: TextLine, text: str) -> list[TextLine]:
    return locate_article(make_page(*lines, text=text), mark_lines(lines))


def test_article_is_located_among_the_lines() -> None:
    lines = (
        TextLine(1, "Menu"),
        TextLine(2, "می\u200cخواهم نان"),
        TextLine(3, "entry"),
        TextLine(4, "cell"),
        TextLine(5, "b"),
    )
    assert locate(*lines, text="میخواهم  نان\n- entry\n| cell | b |") == [*lines[1:]]


def test_text_that_covers_part_of_a_line_gives_the_line() -> None:
    line = TextLine(1, "The council approved the bridge on Monday.")
    assert locate(line, text="The council approved the bridge") == [line]
    other = TextLine(2, "It is so.")
    assert locate(line, other, text="on Monday.\nIt is so.") == [other]


def test_repeated_text_is_located_in_order() -> None:
    lines = TextLine(1, "Ships"), TextLine(2, "The port has ships."), TextLine(3, "Ships"), TextLine(4, "It has 40.")
    assert locate(*lines, text="The port has ships.\nShips\nIt has 40.") == [*lines[1:]]


def test_text_that_no_reader_sees_is_taken_from_trafilatura() -> None:
    line = TextLine(1, "Menu")
    assert locate(line, text="The council approved the bridge.") == [TextLine(0, "The council approved the bridge.")]


@pytest.mark.parametrize("character", ["\u200c", "\u200d", "\u200e", "\u200f"])
def test_article_is_located_without_joiners_and_direction_marks(character: str) -> None:
    line = TextLine(1, f"a{character}b")
    assert locate(line, text="ab") == [line]


@pytest.mark.parametrize("markup", ["<nav>Home</nav><script>x()</script>", "<p>Home</p>", "<nav>Contact us</nav>"])
def test_page_of_menus_is_no_article(markup: str) -> None:
    assert read(Page(id="a", html=markup)) == []


def test_menu_above_a_short_article_is_left_out() -> None:
    markup = "<body><nav>Home</nav><p>Ten people were hurt in a fire.</p></body>"

    assert [article.body for article in read(Page(id="a", html=markup))] == ["Ten people were hurt in a fire."]


LAYOUT = """<table width="100%"><tr><td colspan="2"><a href="/">Home</a> | <a href="/n">News</a></td></tr>
<tr><td><a href="/a">Sport</a><br><a href="/b">Weather</a></td><td><b>Seven dockers in court over fire</b><br>
<br>{}<br><br>{}</td></tr>
<tr><td colspan="2">Copyright 2004 The Post</td></tr></table>"""


LAYOUTS = [LAYOUT, LAYOUT.replace("<table", '<table role="presentation"'), f"<form>{LAYOUT}</form>"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_in_tables_is_no_table_of_the_article(layout: str) -> None:
    opening, closing = OPENING[3:-4], CLOSING[3:-4]
    (found,) = read(Page(id="a", html=f"<html><body>{layout.format(opening, closing)}</body></html>"))
    assert found.title == "Seven dockers in court over fire"
    assert found.body.split("\n\n") == [opening, closing]

"""From pieces to articles: notes on quality, scope, dates, and what is kept of removed lines."""

from datetime import UTC, datetime

import pytest

from pipelines.text.reading.articles import MOST_REMOVED, MarkedPage, build_articles
from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.page import explain, read
from pipelines.text.reading.pieces import LineSegment, PageMetadata, Piece, is_cut_off, locate_segments
from pipelines.text.reading.scoring import mark_lines
from schemas.text import ArticleText, Page

SENTENCE = "The council of Brennick approved a second bridge on Monday night."
LONG = " ".join([SENTENCE] * 4)


def make_lines(*texts: str) -> list[TextLine]:
    return [TextLine(number, text) for number, text in enumerate(texts, 1)]


def build(piece: Piece, page: Page | None = None, metadata: PageMetadata | None = None) -> ArticleText:
    lines = piece.lines
    marked = MarkedPage(lines, mark_lines(lines), metadata or PageMetadata())
    return build_articles([piece], page or Page(id="1", text=""), marked)[0]


def of_words(words: int, *, cut_off: bool = False) -> ArticleText:
    return build(Piece(tuple(make_lines(" ".join(["ferry"] * words))), cut_off=cut_off))


def test_article_of_less_than_40_words_is_short_and_if_cut_off_a_teaser() -> None:
    assert "short" in of_words(39).quality
    assert "short" not in of_words(40).quality
    assert of_words(39, cut_off=True).content_scope == "teaser"
    assert of_words(40, cut_off=True).content_scope == "partial"
    assert of_words(40).content_scope == "full"


def test_characters_that_could_not_be_read_are_flagged() -> None:
    assert "broken_characters" in build(Piece(tuple(make_lines("The caf\ufffd is shut.")))).quality
    assert "broken_characters" not in build(Piece(tuple(make_lines(SENTENCE)))).quality


def test_article_without_title_is_flagged() -> None:
    assert "no_title" in build(Piece(tuple(make_lines(SENTENCE)))).quality
    assert "no_title" not in build(Piece(tuple(make_lines(SENTENCE)), title=TextLine(9, "Bridge"))).quality


def test_nothing_is_built_of_no_pieces() -> None:
    assert build_articles([], Page(id="1", text=""), MarkedPage((), ())) == []


def test_removed_lines_are_kept_up_to_their_limits() -> None:
    text = "\n".join([SENTENCE, LONG, *["Privacy policy " + "x" * 300] * (MOST_REMOVED + 1)])
    (article,) = read(Page(id="1", text=text))
    assert MOST_REMOVED == 400
    assert len(article.removed) == 400
    assert {len(line.text) for line in article.removed} == {300}


def test_date_of_an_item_goes_before_the_feed_and_this_before_the_page() -> None:
    dates = [datetime(2024, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
    page, metadata = Page(id="1", text="", published_at=dates[1]), PageMetadata(published_at=dates[2])
    piece = Piece(tuple(make_lines(SENTENCE)), published_at=dates[0])
    item = Piece(tuple(make_lines(SENTENCE)), published_at=dates[0], kind="digest_item")
    assert build(item, page, metadata).published_source == "text"
    assert build(piece, page, metadata).published_source == "feed"
    assert build(piece, None, metadata).published_source == "page"
    assert build(piece).published_source == "text"
    late = Page(id="1", text="", published_at=dates[1], fetched_at=datetime(2024, 2, 29, 12, tzinfo=UTC))
    refused = build(piece, late, metadata)
    assert (refused.published_source, "date_refused" in refused.quality) == ("text", True)


def test_title_of_the_feed_goes_before_metadata_and_these_before_the_line() -> None:
    piece = Piece(tuple(make_lines(SENTENCE)), title=TextLine(9, "Line"))
    assert build(piece, Page(id="1", text="", title="Feed"), PageMetadata(title="Page")).title == "Feed"
    assert build(piece, None, PageMetadata(title="Page")).title == "Page"
    assert build(piece).title == "Line"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("the council […]", True),
        ("the council [...]", True),
        ("the council …", True),
        ("the council...", True),
        ("the council.", False),
    ],
)
def test_last_line_breaks_off(text: str, is_so: bool) -> None:
    assert is_cut_off(make_lines("one…", text)) is is_so
    assert not is_cut_off([])


def test_segments_are_offsets_in_the_body() -> None:
    piece = Piece(
        tuple(make_lines("one", "two", "three")),
        segments=(LineSegment("post", "a", 0, 1), LineSegment("post", "b", 1, 3)),
    )
    body = build(piece).body
    assert body == "one\n\ntwo\n\nthree"
    assert [body[part.start : part.end] for part in locate_segments(piece)] == ["one", "two\n\nthree"]


def test_byline_is_looked_for_in_twelve_lines_above_the_text() -> None:
    def find_author(between: int) -> str | None:
        headline = "Council of Brennick approves second bridge"
        return read(Page(id="1", text="\n".join([headline, "By Greta Halm", *["Ferry"] * between, LONG, SENTENCE])))[
            0
        ].author

    assert find_author(11) == "Greta Halm"
    assert find_author(12) is None


def test_page_without_prose_gives_its_lines() -> None:
    (article,) = read(Page(id="1", text="Bridge open\nFerry late\nPrivacy policy\nBy Greta Halm"))
    assert article.body in ("Bridge open\n\nFerry late", "Ferry late")


def test_explanation_of_a_page_taken_as_it_is() -> None:
    assert [(line.part, line.article) for line in explain(Page(id="1", text="one\n\ntwo", as_is=True))] == [
        ("body", 0)
    ] * 2

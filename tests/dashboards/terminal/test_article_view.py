"""The article in the terminal: what is marked, and how bounds are written."""

from rich.console import Console

from dashboards.terminal.article_view import LineView, format_bounds, mark_text, render_article, render_explanation
from schemas.text import ArticleText, Claimant, ClaimText, Cue, FigureText

BODY = "At least 3,000 volunteers came, the mayor said."


def figure(**changes: object) -> FigureText:
    given = {"text": "3,000", "start": 9, "end": 14, "kind": "count", "low": 3000.0, "high": 3000.0, "value": 3000.0}
    return FigureText(**{**given, **changes})


ARTICLE = ArticleText(
    title="Mayor counts",
    body=BODY,
    figures=(figure(low=3000.0, high=None, modifier="at_least", unit="volunteers", unit_class="people"),),
    claims=(
        ClaimText(
            text=BODY, start=0, end=len(BODY), content=((0, 30),), status="asserted", via="Radio Bay",
            claimant=Claimant(name="the mayor", kind="office", start=32, end=41),
            cue=Cue(text="said", start=42, end=46),
        ),
    ),
)  # fmt: skip


def printed(what: object) -> str:
    console = Console(width=100, record=True, file=None, quiet=True)
    console.quiet = False
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def test_figure_claimant_and_cue_are_marked_where_they_stand() -> None:
    styles = {(span.start, span.end): str(span.style) for span in mark_text(ARTICLE, "body").spans}
    assert "yellow" in styles[(9, 14)]
    assert "green" in styles[(32, 41)]
    assert "cyan" in styles[(42, 46)]
    assert "underline" in styles[(0, 30)]


def test_view_shows_text_claims_and_figures() -> None:
    page = printed(render_article(ARTICLE))
    for words in ("Mayor counts", "the mayor", "asserted", "Radio Bay", "≥ 3,000", "volunteers"):
        assert words in page


def test_bounds_are_written_in_signs() -> None:
    assert format_bounds(figure()) == "3,000"
    assert format_bounds(figure(low=25000.0, high=30000.0, change="additional")) == "+ 25,000 to 30,000"
    assert format_bounds(figure(low=None, modifier="at_most")) == "≤ 3,000"
    assert format_bounds(figure(high=None, modifier="more_than")) == "> 3,000"
    assert format_bounds(figure(low=None, modifier="less_than")) == "< 3,000"
    assert format_bounds(figure(modifier="approx")) == "≈ 3,000"
    assert format_bounds(figure(low=0.333333, high=0.333333)) == "0.3333"


def test_explain_shows_each_line_in_order_with_what_became_of_it() -> None:
    page = printed(
        render_explanation([
            LineView(1, "Home | Weather", "outside_article"),
            LineView(3, "Mayor counts", None, is_title=True),
            LineView(5, BODY, None),
        ])
    )  # fmt: skip
    removed, title, kept = page.splitlines()
    assert removed.split() == ["1", "−", "Home", "|", "Weather", "outside", "article"]
    assert title.split() == ["3", "+", "Mayor", "counts", "title"]
    assert kept.strip() == f"5  + {BODY}"

"""What nobody in particular says."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText
from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("The clerk has reportedly left.", "The clerk has reportedly left"),
        ("The clerk is said to have left for Tarsia.", "The clerk ~ to have left for Tarsia"),
        ("Nine sailors are believed to have drowned.", "Nine sailors ~ to have drowned"),
        ("The clerk is suspected of taking bribes.", "The clerk ~ of taking bribes"),
        ("A man believed to be the owner was arrested.", "A man ~ to be the owner"),
        ("Nine sailors are feared dead.", "Nine sailors ~ dead"),
        ("Hundreds feared dead in mine blast", "Hundreds ~ dead in mine blast"),
    ],
)
def test_hedges(text: str, content: str) -> None:
    (claim,) = find_claims(ArticleText(body=text, language="en"))
    assert list_said(text) == [(None, content)]
    assert claim.status == "unconfirmed"


@pytest.mark.parametrize(
    "text",
    ["The clerk is said of old.", "The clerk is feared.", "The clerk is known to sing.", "A man claimed to be old."],
)
def test_participles_that_are_no_hedge(text: str) -> None:
    assert list_said(text) == []


def test_hedges_inside_what_somebody_says() -> None:
    said = [("Ada Crane", "the clerk had reportedly left")]
    assert list_said("Ada Crane said the clerk had reportedly left.") == said
    assert len(list_said("Ada Crane said the clerk was said to have left.")) == 1

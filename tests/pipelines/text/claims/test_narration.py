"""Claims without a source: headlines, figures about events, plans."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText, FigureText


def contents(title: str = "", body: str = "", figures: tuple[FigureText, ...] = ()) -> list[str]:
    claims = find_claims(ArticleText(title=title, body=body, language="en", figures=figures))
    return [(title or body)[start:end] for claim in claims for start, end in claim.content]


@pytest.mark.parametrize("title", ["Boats sink", "Boats to sail", "Ostmark Navy to Sail", "Crews have left"])
def test_headlines_that_assert(title: str) -> None:
    assert contents(title) == [title]


@pytest.mark.parametrize("title", ["Old boats", "Who sank the boats", "Send boats", "Boats to Ostmark"])
def test_headlines_that_name_a_topic(title: str) -> None:
    assert contents(title) == []


def test_while_joins_two_headlines() -> None:
    assert contents("Ostmark shuts border while Tarsia sends troops") == ["Ostmark shuts border", "Tarsia sends troops"]
    assert contents("Ostmark shuts border as planned") == ["Ostmark shuts border as planned"]


@pytest.mark.parametrize(
    "body",
    [
        "The navy is preparing for winter.",
        "The navy plans boats for winter.",
        "The navy is also preparing for winter.",
        "The crew is likely to leave.",
    ],
)
def test_plans_of_the_narrator(body: str) -> None:
    assert contents(body=body) == [body.rstrip(".")]


@pytest.mark.parametrize(
    "body",
    [
        "Is the navy preparing for winter?",
        "Preparing for winter is what sank the navy.",
        "The crew is likely old.",
        "Likely to leave is the crew.",
        "Before the weighing the navy sank.",
        *(f"The navy is preparing {word} for winter." for word in ("me", "my", "us", "our", "you", "your")),
        *(f"The navy is preparing while {word} rest." for word in ("i", "we")),
        "The old navy of the long river " + "and the small boats " * 9 + "is preparing for winter.",
    ],
)
def test_no_plans_of_the_narrator(body: str) -> None:
    assert contents(body=body) == []


@pytest.mark.parametrize(
    ("kind", "claims"),
    [("count", 1), ("money", 1), ("percent", 1), ("fraction", 1), ("multiplier", 1), ("measure", 1), ("ordinal", 0)],
)
def test_figures_about_an_event(kind: str, claims: int) -> None:
    figure = FigureText(text="300", start=10, end=13, kind=kind, low=300, high=300, value=300)  # type: ignore[arg-type]
    assert len(contents(body="It killed 300 of them.", figures=(figure,))) == claims


def test_a_figure_belongs_to_its_own_sentence() -> None:
    figure = FigureText(text="300", start=20, end=23, kind="count", low=300, high=300, value=300)
    assert contents(body="The navy sank it. In 300 boats it rained.", figures=(figure,)) == []

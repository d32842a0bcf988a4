"""What somebody dismisses as untrue."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText


def list_claims(body: str) -> list[tuple[str, str, str]]:
    """Returns claimant, status and content of each claim."""
    claims = find_claims(ArticleText(body=body, language="en"))
    return [(one.claimant.name if one.claimant else "", one.status, body[slice(*one.content[0])]) for one in claims]


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ("The mayor dismissed as nonsense claims that 300 men had left.", "claims that 300 men had left"),
        ("The mayor rejected as “pure fantasy” a claim that 300 men had left.", "a claim that 300 men had left"),
        ("The mayor dismissed as a complete fabrication the old report.", "the old report"),
    ],
)
def test_what_is_dismissed_is_denied(body: str, content: str) -> None:
    assert list_claims(body) == [("mayor", "denied", content)]


@pytest.mark.parametrize(
    "body",
    [
        "The mayor dismissed as an old and tired and sad man of lies many men.",
        "The mayor dismissed as nonsense.",
    ],
)
def test_as_without_a_judgement_or_an_object_dismisses_nothing(body: str) -> None:
    assert list_claims(body) == []


def test_a_vow_that_was_never_made_is_denied() -> None:
    assert list_claims("The mayor never vowed to leave.") == [("mayor", "denied", "to leave")]

"""Chains: an outlet passes on what somebody else says."""

import pytest

from pipelines.text.claims.finding import find_claims
from pipelines.text.entities.finding import find_entities
from schemas.text import ArticleText


def list_chains(body: str) -> list[tuple[str | None, str | None, str]]:
    """Returns claimant, via and content of each claim."""
    entities = tuple(find_entities("", body, "en", None))
    claims = find_claims(ArticleText(body=body, language="en", entities=entities))
    return [(one.claimant.name if one.claimant else None, one.via, body[slice(*one.content[0])]) for one in claims]


@pytest.mark.parametrize(
    ("text", "claimant", "via"),
    [
        ("Orbis News, citing two officials, said 40 boats had sunk.", "two officials", "Orbis News"),
        ("Orbis News said 40 boats had sunk, citing two officials.", "two officials", "Orbis News"),
        ("The newspaper said 40 boats had sunk, citing police.", "police", "newspaper"),
        (
            "Orbis News said 40 boats had sunk, citing people close to us.",
            "people close to us",
            "Orbis News",
        ),
        ("Orbis News, quoting the Harbour Board, said 40 boats had sunk.", "Harbour Board", "Orbis News"),
        ("Orbis News said 40 boats had sunk with reference to police.", "police", "Orbis News"),
        ("Ida Kull said 40 boats had sunk, citing police.", "Ida Kull", "police"),
        ("Orbis News said 40 boats had sunk, citing high costs.", "Orbis News", None),
        ("Orbis News said 40 boats had sunk, citing its records.", "Orbis News", None),
        ("The mayor said 40 boats had sunk, citing police.", "mayor", "police"),
    ],
)
def test_who_is_cited(text: str, claimant: str, via: str | None) -> None:
    assert list_chains(text)[-1] == (claimant, via, "40 boats had sunk")


def test_content_before_the_outlet() -> None:
    assert list_chains("Forty boats sank, Orbis News reported, citing police.") == [
        ("police", "Orbis News", "Forty boats sank")
    ]


def test_what_is_cited_alone() -> None:
    assert list_chains("The newspaper cited a leaked budget.") == [("newspaper", None, "a leaked budget")]


def test_the_verb_after_an_unknown_outlet() -> None:
    said = ("police", "Tarsipress", "Forty boats sank")
    assert list_chains("Forty boats sank, Tarsipress reports with reference to police.") == [said]

"""Chains: who says something, and who passes it on."""

import pytest

from pipelines.text.claims.finding import find_claims
from pipelines.text.entities.finding import find_entities
from schemas.text import ArticleText, ClaimText


def claims_of(body: str) -> list[ClaimText]:
    return find_claims(ArticleText(body=body, language="en"))


def chains_of(body: str) -> list[tuple[str, str | None]]:
    return [(claim.claimant.name if claim.claimant else "", claim.via) for claim in claims_of(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Local media quoted the army as saying 12 boats had sunk.", [("army", "Local media")]),
        ("Local media cited the army as saying that 12 boats had sunk.", [("army", "Local media")]),
        ("The minister was quoted by the Evening Post as saying boats sank.", [("minister", "Evening Post")]),
        ("The minister was cited as saying that 12 boats had sunk.", [("minister", None)]),
    ],
)
def test_who_is_quoted_says_it(body: str, expected: list[tuple[str, str | None]]) -> None:
    assert chains_of(body) == expected


@pytest.mark.parametrize(
    "verb", ["reports", "reported", "has reported", "reported on Monday", "reported late on Friday"]
)
def test_an_outlet_at_the_end_is_what_it_was_said_through(verb: str) -> None:
    body = f"The army said that 12 boats had sunk, Orbis News {verb}."
    (claim,) = claims_of(body)
    assert (chains_of(body), body[slice(*claim.content[0])]) == ([("army", "Orbis News")], "that 12 boats had sunk")


def test_an_outlet_that_only_repeats_makes_no_claim_of_its_own() -> None:
    assert chains_of("Orbis News reported that the army had said 12 boats had sunk.") == [("army", "Orbis News")]
    assert len(chains_of("Orbis News reported that fog had come and that the army had said 12 boats had sunk.")) == 2
    assert len(chains_of("Ada Crane reported that the army had said 12 boats had sunk.")) == 2
    assert chains_of("The guards say the driver has admitted that he was paid.") == [("driver", "guards")]
    assert chains_of("The ministry believes the dam will hold, an official said.") == [("ministry", "official")]


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

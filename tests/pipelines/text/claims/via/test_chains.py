"""Sources that repeat what another source said."""

import pytest

from pipelines.text.claims.finding import find_claims
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

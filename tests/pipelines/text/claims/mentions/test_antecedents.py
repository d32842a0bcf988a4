"""What speaks for one of those whom a pronoun can mean."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText, Entity

PEOPLE = ("Vann Orl", "Rask Ild", "Peter Bole")


def meant(body: str) -> str:
    entities = tuple(
        Entity(name=name, kind="person", mentions=mentions)
        for name in PEOPLE
        if (mentions := tuple((at, at + len(name)) for at in range(len(body)) if body.startswith(name, at)))
    )
    claims = find_claims(ArticleText(body=body, language="en", entities=entities))
    claimant = claims[-1].claimant
    return claimant.name if claimant else ""


@pytest.mark.parametrize(
    ("before", "name"),
    [
        pytest.param("Vann Orl met Rask Ild.", "Vann Orl", id="who leads the sentence"),
        pytest.param("Later that day, Vann Orl met Rask Ild.", "Vann Orl", id="who leads after a phrase"),
        pytest.param("In May old Rask Ild sat with Vann Orl.", "Rask Ild", id="who is not governed by a preposition"),
        pytest.param("In May old Rask Ild saw Vann Orl’s dog.", "Rask Ild", id="who is no owner"),
        pytest.param("Vann Orl left. It rained. It rained. In May old Rask Ild came.", "Rask Ild", id="who is near"),
        pytest.param(
            "Vann Orl said that it rained. The army said it snowed. In May old Rask Ild sat down.",
            "Vann Orl",
            id="who spoke",
        ),
        pytest.param("Vann Orl said that it rained. Rask Ild left.", "Vann Orl", id="who spoke last"),
        pytest.param("In May old Peter Bole met Rask Ild.", "Peter Bole", id="whose first name tells"),
        pytest.param("In May old Vann Orl met the mayor.", "Vann Orl", id="who has a name"),
        pytest.param(
            "In May old Vann Orl saw old Vann Orl and old Vann Orl. In May old Rask Ild came.",
            "Vann Orl",
            id="who is mentioned often",
        ),
    ],
)
def test_what_speaks_for_somebody(before: str, name: str) -> None:
    assert meant(f"{before} He said that it was cold.") == name


def test_they_are_rather_several_people_than_a_body() -> None:
    assert meant("In May the guards saw the army. They said that it was cold.") == "guards"


def test_a_body_of_one_mind_is_not_they() -> None:
    assert meant("In May the ministry left the guards. They said that it was cold.") == "guards"

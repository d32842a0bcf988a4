"""Whom a pronoun means."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText, Entity


def names(body: str, **parts: object) -> list[str]:
    claims = find_claims(ArticleText(body=body, language="en", **parts))  # type: ignore[arg-type]
    return [claim.claimant.name if claim.claimant else "" for claim in claims]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ana Rask said it rained. She added that it snowed.", ["Ana Rask", "Ana Rask"]),
        ("Ana Rask said it rained. They added that it snowed.", ["Ana Rask", "They"]),
        ("Ana Rask said it rained. We added that it snowed.", ["Ana Rask", "We"]),
        ("The guards said it rained. They added that it snowed.", ["guards", "guards"]),
        ("The army said it rained. They added that it snowed.", ["army", "army"]),
        ("The army said it rained. It added that it snowed.", ["army", "army"]),
        ("The guards said it rained. It added that it snowed.", ["guards", "guards"]),
        ("Ana Rask said it rained. Their claim that it snowed is old.", ["Ana Rask", "Their"]),
        ("Ana Rask said it rained. His claim that it snowed is old.", ["Ana Rask", "Ana Rask"]),
        ("The army said it rained. Its claim that it snowed is old.", ["army", "army"]),
        ("The army said it rained. The boat, whose claim that it snowed is old, sank.", ["army", "whose"]),
        ("I think it rained. She added that it snowed.", ["the author", "She"]),
        ("He said it rained.", ["He"]),
    ],
)
def test_pronouns(body: str, expected: list[str]) -> None:
    assert names(body) == expected


def test_our_and_my_claims() -> None:
    assert names("My claim that it rained is old.") == ["the author"]
    assert names("Our claim that it rained is old.") == ["Our"]


def test_a_relative_pronoun_means_whoever_spoke_last() -> None:
    body = "Ana Rask said it rained. On Monday who said that it snowed is unclear."
    assert names(body)[1] == "Ana Rask"


def test_who_means_the_body_that_spoke_last() -> None:
    body = "The army said it rained. On Monday who said that it snowed is unclear."
    assert names(body)[1] == "army"


def test_whoever_leads_the_last_sentence_is_meant() -> None:
    body = "Pavel Orin met Ida Kull. Bo Lund left. She said that it snowed."
    people = [(0, 10), (15, 23), (25, 32)]
    entities = tuple(Entity(name=body[a:b], kind="person", mentions=((a, b),)) for a, b in people)
    assert names(body, entities=entities) == ["Bo Lund"]


def test_it_means_nobody_two_paragraphs_before() -> None:
    army = "The army said it rained."
    assert names(f"{army}\n\nIt added that it snowed.") == ["army", "army"]
    assert names(f"{army}\n\nBoats sank.\n\nIt added that it snowed.") == ["army", "It"]


def test_he_means_somebody_far_before() -> None:
    assert names("Ana Rask said it rained.\n\nBoats sank.\n\nShe added that it snowed.") == ["Ana Rask", "Ana Rask"]


@pytest.mark.parametrize(("filler", "name"), [(500, "Ida Kull"), (700, "She")])
def test_whoever_leads_a_sentence_is_meant_within_reach(filler: int, name: str) -> None:
    body = f"Ida Kull left. {'It rained. ' * (filler // 11)}She said that it snowed."
    assert names(body, entities=(Entity(name="Ida Kull", kind="person", mentions=((0, 8),)),)) == [name]


def test_a_body_leads_a_sentence_for_it() -> None:
    body = "Orbis left. It said that it snowed."
    orbis = Entity(name="Orbis", kind="organisation", mentions=((0, 5),))
    assert names(body, entities=(orbis,)) == ["Orbis"]
    person = Entity(name="Orbis", kind="person", mentions=((0, 5),))
    assert names(body, entities=(person,)) == ["It"]

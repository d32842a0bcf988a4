"""Whom a pronoun means."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText, Entity, Segment


def names(body: str, **parts: object) -> list[str]:
    claims = find_claims(ArticleText(body=body, language="en", **parts))  # type: ignore[arg-type]
    return [claim.claimant.name if claim.claimant else "" for claim in claims]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ana Rask said it rained. She added that it snowed.", ["Ana Rask", "Ana Rask"]),
        ("Ana Rask said it rained. They added that it snowed.", ["Ana Rask", "They"]),
        ("Ana Rask said it rained. We added that it snowed.", ["Ana Rask"]),
        ("The guards said it rained. They added that it snowed.", ["guards", "guards"]),
        ("The army said it rained. They added that it snowed.", ["army", "army"]),
        ("The army said it rained. It added that it snowed.", ["army", "army"]),
        ("The guards said it rained. It added that it snowed.", ["guards", "It"]),
        ("Ana Rask said it rained. Their claim that it snowed is old.", ["Ana Rask", "Their"]),
        ("Ana Rask said it rained. Her claim that it snowed is old.", ["Ana Rask", "Ana Rask"]),
        ("Ana Rask said it rained. His claim that it snowed is old.", ["Ana Rask", "His"]),
        ("The army said it rained. Its claim that it snowed is old.", ["army", "army"]),
        ("The army said it rained. The boat, whose claim that it snowed is old, sank.", ["army", "boat"]),
        ("I think it rained. She added that it snowed.", ["She"]),
        ("He said it rained.", ["He"]),
    ],
)
def test_pronouns(body: str, expected: list[str]) -> None:
    assert names(body) == expected


def test_i_is_the_author_if_one_is_known() -> None:
    assert names("My claim that it rained is old.") == []
    assert names("My claim that it rained is old.", author="Ida Kull") == ["Ida Kull"]


@pytest.mark.parametrize(
    "words", ["You say that it snowed", "We say that it snowed", "Our claim that it snowed is old"]
)
def test_nobody_in_particular_speaks(words: str) -> None:
    assert names(f"The army said it rained. {words}.") == ["army"]


def test_a_relative_pronoun_means_whoever_spoke_last() -> None:
    body = "Ana Rask said it rained. On Monday who said that it snowed is unclear."
    assert names(body)[1] == "Ana Rask"


def entities(body: str, *people: str) -> tuple[Entity, ...]:
    return tuple(Entity(name=one, kind="person", mentions=((at := body.index(one), at + len(one)),)) for one in people)


def test_a_first_name_tells_whom_he_and_she_mean() -> None:
    body = "Pavel Orin met Ida Kull. Bo Lund left. She said that it snowed."
    assert names(body, entities=entities(body, "Pavel Orin", "Ida Kull", "Bo Lund")) == ["Ida Kull"]
    assert names(body.replace("She", "He"), entities=entities(body, "Pavel Orin", "Ida Kull")) == ["Pavel Orin"]


@pytest.mark.parametrize(("noun", "name"), [("spokeswoman", "Vann Orl"), ("spokesman", "Rask Ild")])
def test_a_noun_tells_whom_he_and_she_mean(noun: str, name: str) -> None:
    body = f"Vann Orl, a {noun}, met Rask Ild on Monday in Delport. She said that it snowed."
    assert names(body, entities=entities(body, "Vann Orl", "Rask Ild")) == [name]


def test_a_title_tells_whom_he_and_she_mean() -> None:
    body = "On Monday Mrs Ild met Vann Orl in Delport. She said that it snowed."
    assert names(body, entities=entities(body, "Vann Orl", "Ild")) == ["Ild"]


def test_whom_she_meant_before_she_is_again() -> None:
    body = "Vann Orl left. She said that it snowed. Rask Ild left. He said that it rained. She said that it was cold."
    assert names(body, entities=entities(body, "Vann Orl", "Rask Ild")) == ["Vann Orl", "Rask Ild", "Vann Orl"]


def test_it_means_nobody_many_sentences_before() -> None:
    army = "The army said it rained."
    assert names(f"{army}\n\nBoats sank.\n\nIt added that it snowed.") == ["army", "army"]
    assert names(f"{army}{' Boats sank.' * 4} It added that it snowed.") == ["army", "It"]


@pytest.mark.parametrize(("between", "name"), [(11, "Ana Rask"), (12, "She")])
def test_she_means_somebody_farther_before(between: int, name: str) -> None:
    body = f"Ana Rask left.{' Boats sank.' * between} She added that it snowed."
    assert names(body, entities=entities(body, "Ana Rask")) == [name]


def test_a_body_leads_a_sentence_for_it() -> None:
    body = "Orbis left. It said that it snowed."
    orbis = Entity(name="Orbis", kind="organisation", mentions=((0, 5),))
    assert names(body, entities=(orbis,)) == ["Orbis"]
    person = Entity(name="Orbis", kind="person", mentions=((0, 5),))
    assert names(body, entities=(person,)) == ["It"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Tarsia's navy was accused by fishermen of neglect. It replied that it had been told late.", "Tarsia's navy"),
        ("The guards left the army. They said that it snowed.", "guards"),
        ("The guards met at the army camp. It said that it snowed.", "army"),
        ("The crew of a small boat in Delport left. They said that it snowed.", "crew of a small boat"),
    ],
)
def test_somebody_without_a_name_is_meant(body: str, name: str) -> None:
    assert names(body)[-1] == name


def test_who_is_mentioned_in_a_quotation_is_rather_not_meant() -> None:
    body = "Ana Rask left. “Ida Kull is here,” somebody whispered. She said that it snowed."
    assert names(body, entities=entities(body, "Ana Rask", "Ida Kull"))[-1] == "Ana Rask"


def test_another_post_means_nobody_of_the_one_before() -> None:
    body = "Ana Rask said it rained. She said that it snowed. She said that it was cold."
    second = body.rindex("She")
    posts = tuple(
        Segment(role="post", speaker=name, start=a, end=b)
        for name, a, b in (("x", 0, second - 1), ("y", second, len(body)))
    )
    assert names(body, segments=posts) == ["Ana Rask", "Ana Rask", "She"]

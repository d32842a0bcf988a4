"""Gender, and nouns that are said of each other."""

import pytest

from pipelines.text.claims.mentions.agreement import gender_of_name, gender_of_noun, indefinites, what_may_mean


@pytest.mark.parametrize(
    ("before", "name", "gender"),
    [
        ("", "Mary Orl", "female"),
        ("", "Peter Orl", "male"),
        ("", "Orl", None),
        ("", "Mary", None),
        ("", "Zyx Orl", None),
        ("On Monday Mrs. ", "Orl", "female"),
        ("On Monday Mr ", "Orl", "male"),
        ("spokeswoman Zyx ", "Orl", "female"),
        ("the king, ", "Orl", None),
        ("", "Queen Orl", "female"),
    ],
)
def test_the_gender_of_a_name(before: str, name: str, gender: str | None) -> None:
    assert gender_of_name(before + name, len(before), name) == gender


def test_the_gender_of_a_noun() -> None:
    assert [gender_of_noun(noun) for noun in ("spokeswoman", "chairman", "minister")] == ["female", "male", None]


def test_a_noun_may_mean_another() -> None:
    assert "ambassador" in what_may_mean("diplomat")
    assert "diplomat" not in what_may_mean("ambassador")
    assert "smuggler" in what_may_mean("smuggler")


def test_a_lawyer_and_an_attorney_may_mean_each_other() -> None:
    assert "attorney" in what_may_mean("lawyer")
    assert "lawyer" in what_may_mean("attorney")
    assert "barrister" not in what_may_mean("attorney")


def test_a_is_indefinite() -> None:
    assert "a" in indefinites()

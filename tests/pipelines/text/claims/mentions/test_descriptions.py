"""What a text calls somebody."""

import pytest

from pipelines.text.claims.mentions.descriptions import Description, describe, read_description, short_name_after


@pytest.mark.parametrize(
    ("phrase", "noun", "modifiers"),
    [
        ("the county commissioner", "commissioner", {"county"}),
        ("head of the union", "head", set()),
        ("North Korea's official newspaper", "newspaper", {"north", "korea", "official"}),
        ("Pakistani Ambassador to Chile", "ambassador", {"pakistani"}),
    ],
)
def test_a_description_is_a_noun_with_the_words_before_it(phrase: str, noun: str, modifiers: set[str]) -> None:
    assert read_description(phrase) == Description(noun, frozenset(modifiers))


@pytest.mark.parametrize("phrase", ["", "of the union", "one two three four five six seven"])
def test_what_describes_nobody(phrase: str) -> None:
    assert read_description(phrase) is None


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("The county commissioner, Ann Lee, left.", "commissioner"),
        ("The minister of the interior, Ann Lee, left.", "minister"),
        ("Late on Monday the chair, Sir Ann Lee, left.", "chair"),
        ("Ann Lee, a small maker of brakes, left.", "maker"),
        ("Ann Lee (41), the mayor, left.", "mayor"),
        ("Ann Lee is a nurse in Delport.", "nurse"),
        ("Ann Lee, her lawyer, left.", "lawyer"),
        ("The Tarsian Ambassador to Chile Ann Lee left.", "ambassador"),
        ("The newspaper Ann Lee was sold.", "newspaper"),
        ("Later carmaker Ann Lee was sold.", "carmaker"),
        ("The Ann Lee union left.", "union"),
        ("The Ann Lee news agency left.", "agency"),
        ("A nurse reached by phone, who gave only her first name, Ann Lee, said so.", "nurse"),
    ],
)
def test_what_is_before_and_after_a_name_describes_it(text: str, noun: str) -> None:
    start = text.index("Ann Lee")
    assert noun in [said.noun for said in describe(text, start, start + len("Ann Lee"))]


def test_a_clause_after_a_comma_is_no_apposition() -> None:
    text = "According to the mayor, Ann Lee left."
    assert "mayor" not in [said.noun for said in describe(text, text.index("Ann"), text.index(" left"))]


def test_another_sentence_describes_nobody() -> None:
    text = "He met the mayor. Ann Lee left."
    assert "mayor" not in [said.noun for said in describe(text, text.index("Ann"), text.index(" left"))]


def test_a_short_name_in_brackets() -> None:
    text = "The Delport Water Board (DWB) met. The port (old) is closed."
    assert short_name_after(text, text.index(" (DWB")) == "DWB"
    assert short_name_after(text, text.index(" (old")) is None

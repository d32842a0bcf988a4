"""Mentions of people and bodies without a name."""

import pytest

from pipelines.text.claims.mentions.noun_mentions import find_noun_mentions, phrase_of


def phrases(text: str) -> list[str]:
    return [text[mention.start : mention.end] for mention in find_noun_mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The county commissioner left.", ["The county commissioner"]),
        ("It is said that Tarsia's navy left.", ["Tarsia's navy"]),
        ("Two officials left.", ["Two officials"]),
        ("Late on Monday old officials left.", ["old officials"]),
        ("The guards left.", ["The guards"]),
        ("Then police left.", ["police"]),
        ("Then minister left.", []),
        ("The police commissioner left.", ["The police commissioner"]),
        ("The Harbour Institute left.", []),
        ("The President left.", ["The President"]),
        ("No minister left.", ["minister"]),
        ("The boy told the minister.", ["the minister"]),
        ("Fog came.\nThe minister left.", ["The minister"]),
        ("Then the (minister) left.", []),
        ("The administrator left.", []),
        ("The co-minister left.", []),
    ],
)
def test_mentions(text: str, expected: list[str]) -> None:
    assert phrases(text) == expected


def test_a_letter_that_becomes_two_in_lower_case_moves_nothing() -> None:
    assert phrases("İzmir is old. Today the minister left.") == ["the minister"]


def test_a_long_row_of_words_is_cut() -> None:
    text = "The " + "very " * 30 + "minister left."
    assert all(len(phrase) < len(text) for phrase in phrases(text))


@pytest.mark.parametrize(
    ("text", "is_definite", "is_plural"),
    [
        ("The minister left.", True, False),
        ("A minister left.", False, False),
        ("Her minister left.", True, False),
        ("Tarsia's minister left.", True, False),
        ("Two ministers left.", False, True),
        ("The guards left.", True, True),
    ],
)
def test_number_and_article(text: str, is_definite: bool, is_plural: bool) -> None:
    (mention,) = find_noun_mentions(text)
    assert (mention.is_definite, mention.is_plural) == (is_definite, is_plural)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The mother of a small boy said so.", "The mother of a small boy"),
        ("The mother of a boy said so.", "The mother of a boy"),
        ("The commander of the Third Brigade put it so.", "The commander of the Third Brigade"),
        ("The minister for trade.", "The minister for trade"),
        ("The mother of a small boy left.", "The mother"),
        ("The minister left.", "The minister"),
    ],
)
def test_what_belongs_to_a_noun(text: str, phrase: str) -> None:
    assert phrase_of(text, find_noun_mentions(text)[0]) == phrase

"""Which words of a text say something about its language."""

import pytest

from pipelines.text.language.plain_words import separate_names

KNOWN = frozenset({"the", "says", "will", "be", "un", "i", "von"})


@pytest.mark.parametrize(
    ("text", "plain", "frequent", "capitalised"),
    [
        ("Brennick visited the town", ["visited", "the", "town"], [], 1),
        ("The town is old. Brennick is not", ["town", "is", "old", "is", "not"], ["the"], 2),
        ("Holm Un met", ["met"], ["un"], 2),
        ("Un Holm met", ["met"], [], 2),
        ("I met", ["met"], [], 1),
        ("Holm Says The Bridge Will Be Late", [], ["says", "the", "will", "be"], 7),
        ("Holm Says The Bridge", [], [], 4),
        ("The The The Says", [], [], 4),
        ("HOLM: NO PLANS", [], [], 3),
        ("VON HOLM: THE PLANS", ["von", "holm", "the", "plans"], [], 4),
        ("Luiz da Silva spoke", ["spoke"], [], 2),
        ("Ursula von der Brenn spoke", ["spoke"], [], 2),
        ("URSULA VON HOLM", [], [], 3),
        ("Ursula von der spoke", ["von", "der", "spoke"], [], 1),
        ("the old von Holm", ["the", "old", "von"], [], 1),
        ("Holm, el", ["el"], [], 1),
        ("40m in al-Holm", ["in"], [], 1),
        ("J. Holm and others", ["and", "others"], [], 1),
    ],
)
def test_plain_words_frequent_words_and_names(
    text: str, plain: list[str], frequent: list[str], capitalised: int
) -> None:
    assert separate_names(text, KNOWN) == (plain, frequent, capitalised)

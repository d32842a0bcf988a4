"""Abbreviations with a stop: which of them belong to names."""

import re

import pytest

from pipelines.text.english.abbreviations import (
    abbreviations,
    abbreviations_as_words,
    abbreviations_in_names,
    sentence_end_abbreviations,
)


@pytest.mark.parametrize("word", ["Gen", "Sr", "Ltd", "Ft"])
def test_abbreviations_in_names(word: str) -> None:
    assert re.fullmatch(abbreviations_in_names(), word)
    assert re.fullmatch(abbreviations_as_words(), word)


@pytest.mark.parametrize("word", ["Pres", "Ave", "Dept"])
def test_abbreviations_outside_names(word: str) -> None:
    assert word.lower() in abbreviations()
    assert not re.fullmatch(abbreviations_as_words(), word)


@pytest.mark.parametrize("word", ["Reps", "Dec"])
def test_titles_of_several_people_and_months_are_words_with_their_stop(word: str) -> None:
    assert re.fullmatch(abbreviations_as_words(), word)
    assert not re.fullmatch(abbreviations_in_names(), word)


def test_abbreviations_that_may_end_a_sentence_are_abbreviations() -> None:
    assert sentence_end_abbreviations() <= abbreviations()

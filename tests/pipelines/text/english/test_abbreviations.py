"""Abbreviations with a stop: which of them belong to names."""

import re

import pytest

from pipelines.text.english.abbreviations import (
    abbreviations,
    abbreviations_before_names,
    abbreviations_in_names,
    sentence_end_abbreviations,
)


@pytest.mark.parametrize("word", ["Gen", "Sr", "Ltd", "Ft"])
def test_abbreviations_in_names(word: str) -> None:
    assert re.fullmatch(abbreviations_in_names(), word)
    assert re.fullmatch(abbreviations_before_names(), word)


@pytest.mark.parametrize("word", ["Pres", "Ave", "Dept", "Jan"])
def test_abbreviations_outside_names(word: str) -> None:
    assert word.lower() in abbreviations()
    assert not re.fullmatch(abbreviations_before_names(), word)


def test_titles_of_several_people_are_before_names() -> None:
    assert re.fullmatch(abbreviations_before_names(), "Reps")
    assert not re.fullmatch(abbreviations_in_names(), "Reps")


def test_abbreviations_that_may_end_a_sentence_are_abbreviations() -> None:
    assert sentence_end_abbreviations() <= abbreviations()

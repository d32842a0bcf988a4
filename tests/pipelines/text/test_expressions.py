"""Expressions that search fast: they find what the plain ones find."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.expressions import fold_case, join_by_first_letter


def test_folded_text_is_in_lower_case() -> None:
    assert fold_case("DIŞ HABERLER, İLGİLİ") == "diş haberler, ilgili"


@given(st.text())
def test_folded_text_is_as_long_as_the_text(text: str) -> None:
    assert len(fold_case(f"İ{text}")) == len(text) + 1


@pytest.mark.parametrize("text", ["in", "inn", "i", "of", "off", "x", "xx", "4th", "n", "colour", "color", "é", ""])
def test_joined_expressions_match_what_any_of_them_matches(text: str) -> None:
    expressions = ["in", "i", "i(?:nn)?", "off?", "x*", r"\dth", "o{2}", "colou?r", "é"]
    plain = any(re.fullmatch(expression, text) for expression in expressions)
    assert bool(re.fullmatch(join_by_first_letter(expressions), text)) == plain


def test_expressions_of_one_letter_are_tried_together() -> None:
    assert join_by_first_letter(["said", "told", "saw"]) == "(?:s(?:aid|aw)|t(?:old))"

"""The units table: signs, codes, words, classes."""

import pytest

from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import standard_units


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("km", "kilometre"),
        ("kilometers", "kilometre"),
        ("square miles", "square mile"),
        ("sq ft", "square foot"),
        ("miles per hour", "mile per hour"),
        ("per cent", "percent"),
        ("percentage points", "percentage point"),
        ("MW", "megawatt"),
        ("degrees Celsius", "celsius"),
        ("°C", "celsius"),
        ("Australian dollars", "australian dollar"),
        ("kronor", "swedish krona"),
    ],
)
def test_units_after_digits(text: str, name: str) -> None:
    found = standard_units().find_after(Tokens(text), 0, digits=True)
    assert found is not None
    assert found[0].name == name


def test_symbols_count_after_digits_only() -> None:
    assert standard_units().find_after(Tokens("m of wall"), 0, digits=False) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("US$", "USD"), ("US $", "USD"), ("$US", "USD"), ("€", "EUR"), ("RM", "MYR"), ("EUR ", "EUR"), ("HK$", "HKD")],
)
def test_currency_signs_before_the_number(text: str, code: str) -> None:
    tokens = Tokens(text + "5")
    found = standard_units().find_before(tokens, tokens.size - 1)
    assert found is not None
    assert found[0].currency == code
    assert found[1] == 0


def test_a_sign_that_ends_a_word_is_no_currency() -> None:
    assert standard_units().find_before(Tokens("XRM5"), 1) is None


@pytest.mark.parametrize(
    ("noun", "unit_class"),
    [
        ("soldier", "military_personnel"),
        ("Soldiers", "military_personnel"),
        ("lorries", "vehicles"),
        ("batteries", "weapons"),
        ("fishermen", "people"),
        ("gnomon", "other"),
    ],
)
def test_classes_of_nouns_in_any_number(noun: str, unit_class: str) -> None:
    assert standard_units().find_noun_class(noun) == unit_class

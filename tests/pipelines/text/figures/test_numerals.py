"""Numbers in digits and words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.figures.digits import read_digits
from pipelines.text.figures.number_words import SMALL, TENS
from pipelines.text.figures.numerals import read_numeral
from pipelines.text.figures.tokens import Tokens


def values(text: str) -> tuple[float, float] | None:
    numeral = read_numeral(Tokens(text), 0)
    return None if numeral is None else (float(numeral.low), float(numeral.high))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1500", 1500),
        ("1,500", 1500),
        ("1,250,000.5", 1_250_000.5),
        ("1’250’000", 1_250_000),
        ("1\u00a0250\u00a0000", 1_250_000),
        ("1\u202f250", 1250),
        ("12,34,567", 1_234_567),
        ("1.5", 1.5),
        ("1.250.000", 1_250_000),
    ],
)
def test_digits_with_separators(written: str, value: float) -> None:
    assert read_digits(written) == value


@pytest.mark.parametrize("written", ["192.168.0.1", "1,2,3", "12,34", "2.1.3", "9" * 40, "5'10"])
def test_digits_that_are_no_number(written: str) -> None:
    assert read_digits(written) is None


def test_continental_digits_where_the_language_has_them() -> None:
    assert read_digits("1.250", decimal_comma=True) == 1250
    assert read_digits("14,5", decimal_comma=True) == 14.5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seventeen", 17),
        ("twenty-five", 25),
        ("two hundred and six", 206),
        ("one hundred and twenty thousand", 120_000),
        ("nine hundred ninety-nine thousand nine hundred ninety-nine", 999_999),
        ("a hundred", 100),
        ("a dozen", 12),
        ("two dozen", 24),
        ("half a dozen", 6),
        ("half a million", 500_000),
        ("a quarter of a million", 250_000),
        ("one and a half million", 1_500_000),
        ("a million and a half", 1_500_000),
        ("two and a half", 2.5),
        ("1.5bn", 1.5e9),
        ("100K", 1e5),
        ("3 million", 3e6),
        ("3-million", 3e6),
        ("5 lakh", 5e5),
        ("2 crore", 2e7),
        ("10 000", 10_000),
        ("2½", 2.5),
        ("2 1/2", 2.5),
        ("one-third", 1 / 3),
        ("three quarters", 0.75),
        ("two in five", 0.4),
        ("nine out of 10", 0.9),
        ("one in every five", 0.2),
        ("one-in-five", 0.2),
        ("three-out-of-four", 0.75),
        ("2 × 10^3", 2000),
        ("nine point two million", 9.2e6),
        ("zero point two five", 0.25),
        ("3/4", 0.75),
    ],
)
def test_one_value(text: str, value: float) -> None:
    assert values(text) == pytest.approx((value, value))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("dozens", 24, 99),
        ("scores of", 40, 99),
        ("hundreds", 200, 999),
        ("thousands", 2000, 9999),
        ("tens of thousands", 20_000, 99_999),
        ("hundreds of thousands", 200_000, 999_999),
        ("tens of millions", 20e6, 99_999_999),
        ("several hundred", 300, 900),
        ("a few thousand", 3000, 9000),
    ],
)
def test_vague_plurals_are_bands(text: str, low: float, high: float) -> None:
    assert values(text) == (low, high)


def test_and_between_two_numbers_joins_nothing() -> None:
    numeral = read_numeral(Tokens("one hundred and two hundred"), 0)
    assert numeral is not None
    assert (numeral.low, numeral.last) == (100, 2)


@given(st.integers(min_value=1, max_value=999_999_999))
def test_every_whole_number_reads_as_spelled_and_as_grouped(number: int) -> None:
    for text in (spelled(number), f"{number:,}", str(number)):
        assert values(text) == (number, number)


def spelled(number: int) -> str:
    """The number in English words."""
    for scale, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = spelled(number % scale) if number % scale else ""
            return f"{spelled(number // scale)} {name}" + (f" {rest}" if rest else "")
    small = {value: word for word, value in SMALL.items()}
    if number < 20:
        return small[number]
    ten = {value: word for word, value in TENS.items()}[number // 10 * 10]
    return ten if number % 10 == 0 else f"{ten}-{small[number % 10]}"


@pytest.mark.parametrize("scale", [("million", 6), ("billion", 9), ("bn", 9)], ids=str)
def test_a_scaled_decimal_is_exactly_the_number_that_is_written(scale: tuple[str, int]) -> None:
    name, zeros = scale
    for hundredths in range(1, 1000):
        text = f"{hundredths // 100}.{hundredths % 100:02}{name if name == 'bn' else f' {name}'}"
        numeral = read_numeral(Tokens(text), 0)
        assert numeral is not None
        assert numeral.low == numeral.high == hundredths * 10 ** (zeros - 2)
        assert float(numeral.low) == hundredths * 10 ** (zeros - 2)

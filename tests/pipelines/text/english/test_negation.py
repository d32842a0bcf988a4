"""Numbers that a text denies."""

import pytest

from pipelines.text.english.negation import is_denied


@pytest.mark.parametrize(
    "text",
    [
        "We lost 12 men, not 120",
        "We lost 12 men, and not the 120",
        "It has 300 tanks rather than 3,000",
        "They sent 40 ships instead of 400",
        "It took two days, as opposed to ten",
        "The toll isn't 120",
        "It was not “120",
    ],
)
def test_words_right_before_the_number_deny_it(text: str) -> None:
    start = max(text.rfind(" "), text.rfind("“")) + 1
    assert is_denied(text, start)


@pytest.mark.parametrize(
    "text",
    [
        "We lost 12",
        "We did not lose 12",
        "It knot 12",
        "Whether or not 12",
        "It is 12, rather 12",
        "not in the least to be counted 12",
    ],
)
def test_other_words_deny_nothing(text: str) -> None:
    assert not is_denied(text, text.rfind(" ") + 1)

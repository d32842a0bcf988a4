"""Words whose class nothing else decides."""

import pytest

from pipelines.text.english.tagger.certain import QUOTED_PART, QUOTED_PAUSE, QUOTED_STATEMENT, find_certain_class
from pipelines.text.english.tagger.model import load_tagger


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        (",", ","), (";", "."), ("(", "("), ("1,200", "U"), ("5th", "U"), (QUOTED_PART, "Q"), (QUOTED_PAUSE, "Q"),
        (QUOTED_STATEMENT, "Q"), ("crew", None), ("state-run", None),
    ],
)  # fmt: skip
def test_marks_digits_and_quotations_are_certain(word: str, kind: str | None) -> None:
    assert find_certain_class(word) == kind


def test_what_is_certain_stays_so_whatever_is_around() -> None:
    assert load_tagger().tag([["the", "the", "12", "the", QUOTED_PART, "the"]])[0][2::2] == "UQ"

"""The gold sentences of figures. The floors over all of them are in `tests/floors`."""

import pytest

from pipelines.text.figures.finding import find_figures
from tests.pipelines.text.figures.gate import GoldSentence, read_gold

SENTENCES = list(read_gold())


def test_gold_is_large_enough() -> None:
    assert len(SENTENCES) >= 150


@pytest.mark.parametrize("sentence", [one for one in SENTENCES if not one.figures], ids=lambda one: one.text[:40])
def test_numbers_that_are_not_figures_stay_out(sentence: GoldSentence) -> None:
    assert find_figures(sentence.text) == []

"""Gold sentences, form by form. The floors over all gold are in `tests/floors`."""

import pytest

from tests.pipelines.text.claims.gate import find_attributed, matches, read_articles, read_sentences


def test_gold_is_large_enough() -> None:
    assert len(read_sentences()) >= 200
    assert len(read_articles()) >= 25


@pytest.mark.parametrize("form", sorted({one.form for one in read_sentences()} - {"none"}))
def test_every_form_of_attribution_is_read(form: str) -> None:
    gold = [one for one in read_sentences() if one.form == form]
    read = sum(any(matches(claim, one) for claim in find_attributed(one.text)) for one in gold)
    assert read >= max(1, 0.75 * len(gold)), form

"""The gold sentences of entities. The floor over all of them is in `tests/floors`."""

from tests.pipelines.text.entities.gate import read_sentences


def test_gold_is_large_enough() -> None:
    assert len(read_sentences()) >= 60
    assert all(names for _, names in read_sentences()[:10])

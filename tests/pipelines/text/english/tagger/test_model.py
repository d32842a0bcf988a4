"""The tagger: sentences do not influence each other, and it forgets words before it holds too many."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from pipelines.text.english.tagger import model
from pipelines.text.english.tagger.model import Tagger, load_tagger
from pipelines.text.english.tagging import Sentence, tag_sentences

SENTENCES = [["The", "crew", "left", "."], ["Ana", "Rask", "said", "so", "."], ["Storm", "Hits", "Old", "Harbour"], []]


def test_sentences_are_tagged_together_as_alone() -> None:
    tagger = load_tagger()
    assert tagger.tag(SENTENCES) == [tagger.tag([one])[0] for one in SENTENCES]
    assert [len(tags) for tags in tagger.tag(SENTENCES)] == [4, 5, 4, 0]


def test_words_are_forgotten_and_learned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = Tagger(load_tagger()._weights)
    before = tagger.tag(SENTENCES)
    monkeypatch.setattr(model, "_REMEMBERED_WORDS", 3)
    assert tagger.tag([["A", "ferry", "sank", "."]]) == load_tagger().tag([["A", "ferry", "sank", "."]])
    assert len(tagger._rows) == 6  # with the beginning of a sentence and the empty place
    assert tagger.tag(SENTENCES) == before


def test_many_new_words_are_tagged() -> None:
    tagger = Tagger(load_tagger()._weights)
    words = [f"word{number}" for number in range(3000)]
    assert [len(tags) for tags in tagger.tag([words])] == [3000]
    assert tagger.tag([[*words, "4000", ","]])[0].endswith("U,")


def test_products_are_computed_in_small_blocks() -> None:
    rows = np.arange(4000 * 64, dtype=np.float32).reshape(4000, 64) / 1000
    matrix = np.arange(64 * 20, dtype=np.float32).reshape(64, 20) / 1000
    assert np.allclose(model._multiply(rows, matrix), rows @ matrix, rtol=1e-4)
    assert np.allclose(model._multiply(rows, matrix, most=5000), rows @ matrix, rtol=1e-4)


@pytest.fixture
def _impatient_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_impatient_threads")
def test_threads_that_share_a_tagger_get_what_each_would_get_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker of Flink with several slots does this: claims were missing when each thread added words of its own."""
    texts = [
        " ".join(f"The harbour office{number} said that ferry{number * 7 + part} sank." for part in range(3))
        for number in range(400)
    ]

    def tag(text: str) -> str:
        sentence = Sentence(text, 0, len(text), [])
        tag_sentences([sentence])
        return sentence.tags

    alone = [tag(text) for text in texts]
    shared = Tagger(load_tagger()._weights)
    monkeypatch.setattr("pipelines.text.english.tagging.load_tagger", lambda: shared)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(tag, texts)) == alone

"""The tagger: sentences do not influence each other, and it forgets words before it holds too many."""

import pytest

from pipelines.text.english.tagger import model
from pipelines.text.english.tagger.model import Tagger, load_tagger

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
    assert len(tagger._rows) == 4
    assert tagger.tag(SENTENCES) == before


def test_many_new_words_are_tagged() -> None:
    tagger = Tagger(load_tagger()._weights)
    words = [f"word{number}" for number in range(3000)]
    assert [len(tags) for tags in tagger.tag([words])] == [3000]

"""Words that training has not seen: they are nouns or names, never prepositions or pronouns."""

import pytest

from pipelines.text.english.tagger.unknown_words import correct_unknown_words
from pipelines.text.english.word_classes import ADVERB, CONJUNCTION, MODAL, NAME, NOUN, PREPOSITION, PRONOUN


@pytest.mark.parametrize(
    ("word", "tag", "corrected"),
    [
        ("upsnart", PREPOSITION, NOUN),
        ("Quelvister", ADVERB, NAME),
        ("quelvister", ADVERB, NOUN),
        ("Bosk", CONJUNCTION, NAME),
        ("brennickly", ADVERB, ADVERB),
        ("cannot", MODAL, MODAL),
        ("Oneself", NAME, NAME),
        ("himself", PRONOUN, PRONOUN),
    ],
)
def test_unknown_words_are_open_classes(word: str, tag: str, corrected: str) -> None:
    assert correct_unknown_words(["The", word], "D" + tag, {word}) == "D" + corrected


def test_known_words_keep_their_classes() -> None:
    assert correct_unknown_words(["over", "there"], PREPOSITION + ADVERB, set()) == PREPOSITION + ADVERB

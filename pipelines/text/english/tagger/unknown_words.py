"""Words that the tagger does not know: they belong to an open class, for every preposition and pronoun is known."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from pipelines.text.english.inflection import grammar
from pipelines.text.english.word_classes import (
    ADVERB,
    CONJUNCTION,
    DETERMINER,
    MODAL,
    NAME,
    NOUN,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    SUBORDINATOR,
    Classes,
)

_CLOSED: Classes = frozenset((PREPOSITION, SUBORDINATOR, CONJUNCTION, RELATIVE, MODAL, PRONOUN, DETERMINER))
_ADVERB_ENDING = "ly"
_ROWS = ("modals", "auxiliaries", "prepositions", "subordinators", "pronouns", "relatives")


@cache
def _closed_words() -> frozenset[str]:
    return frozenset(word for row in _ROWS for word in grammar()[row].split())


def correct_unknown_words(words: Sequence[str], tags: str, unknown: AbstractSet[str]) -> str:
    """Returns the classes with the words of `unknown` made nouns or names: "Dexter said", "an upstart party"."""
    if unknown.isdisjoint(words):
        return tags
    for index in [index for index, word in enumerate(words) if word in unknown]:
        tag, word = tags[index], words[index]
        if (tag in _CLOSED and word.lower() not in _closed_words()) or (
            tag == ADVERB and not word.endswith(_ADVERB_ENDING)
        ):
            tags = tags[:index] + (NAME if word[0].isupper() else NOUN) + tags[index + 1 :]
    return tags

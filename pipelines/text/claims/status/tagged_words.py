"""The words of a statement with their classes, as the rules of status read them."""

from functools import lru_cache
from typing import NamedTuple

from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import POSSESSIVE_ENDING

_READ = 60
"""Words of a statement that are read: its main clause is at its head."""
_MARKS = frozenset("“”‘’\"'«»„[]")


class TaggedWords(NamedTuple):
    """Words in lower case, and the class of each of them; quotation marks are left out."""

    lower: list[str]
    tags: str


@lru_cache(maxsize=64)
def tag_statement(text: str) -> TaggedWords:
    """Returns the first words of a statement, without the marks around quoted words."""
    sentence = Sentence(text, 0, len(text), ())
    kept = [
        index
        for index, word in enumerate(sentence.lower[:_READ])
        if word not in _MARKS or sentence.tags[index] == POSSESSIVE_ENDING
    ]
    return TaggedWords([sentence.lower[index] for index in kept], "".join(sentence.tags[index] for index in kept))

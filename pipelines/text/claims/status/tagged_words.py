"""The words of a statement with their classes, as the rules of status read them."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.text.english.tagging import Sentence, tag_sentences
from pipelines.text.english.word_classes import (
    COMMA,
    DASH,
    OPENING_BRACKET,
    POSSESSIVE_ENDING,
    QUOTATION,
    STOP,
)

_HEAD = 220
"""Characters of a statement that are tagged: its main clause is at its head."""
_READ = 45
"""Words of a statement that are read."""
_MARKS = frozenset("“”‘’\"'«»„[]")
_OPENING_CHARACTERS = " “\"'‘`[(.…"
"""A capital after one of these, at the start of a statement, is not that of a name."""
_BEFORE_STATEMENT = STOP + OPENING_BRACKET + COMMA + DASH


class TaggedWords(NamedTuple):
    """Words in lower case, and the class of each of them."""

    lower: list[str]
    tags: str

    def starting(self, index: int) -> "TaggedWords":
        """Returns the words from `index` on."""
        return TaggedWords(self.lower[index:], self.tags[index:])


def tag_statements(texts: Sequence[str]) -> list[TaggedWords]:
    """Returns the first words of statements, tagged together; quotation marks are left out."""
    if not texts:
        return []
    heads = [text[:_HEAD].lstrip(_OPENING_CHARACTERS) for text in texts]
    sentences = [Sentence(head, 0, len(head), ()) for head in heads]
    tag_sentences(sentences)
    return [_without_marks(sentence) for sentence in sentences]


def _without_marks(sentence: Sentence) -> TaggedWords:
    lower, tags = sentence.lower[:_READ], sentence.tags[:_READ]
    if _MARKS.isdisjoint(lower):
        return _trim(lower, tags)
    kept = [index for index, word in enumerate(lower) if word not in _MARKS or tags[index] == POSSESSIVE_ENDING]
    return _trim([lower[index] for index in kept], "".join([tags[index] for index in kept]))


def slice_sentence(sentence: Sentence, start: int, end: int) -> TaggedWords | None:
    """Returns the words of a part of a sentence with the tags that they have there; offsets in the field.

    None if the part is not in the sentence, or holds a quotation, which the sentence has as one word.
    """
    if start < sentence.start or end > sentence.end:
        return None
    first = bisect_left(sentence.starts, start)
    last = min(bisect_left(sentence.starts, end), first + _READ)
    tags = sentence.tags[first:last]
    return None if QUOTATION in tags else _trim(sentence.lower[first:last], tags)


def _trim(lower: list[str], tags: str) -> TaggedWords:
    """Leaves out signs before the first word."""
    first = len(tags) - len(tags.lstrip(_BEFORE_STATEMENT))
    return TaggedWords(lower[first:], tags[first:])

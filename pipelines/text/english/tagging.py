"""The sentences of a field as words with their word classes, which the learned tagger gives."""

from bisect import bisect_left
from collections.abc import Sequence

from pipelines.text.english.quotes import Quotation
from pipelines.text.english.tagger.certain import QUOTED_PART, QUOTED_PAUSE, QUOTED_STATEMENT
from pipelines.text.english.tagger.corrections import correct_classes
from pipelines.text.english.tagger.model import load_tagger
from pipelines.text.english.tagger.unknown_words import correct_unknown_words
from pipelines.text.english.tokens import find_tokens
from pipelines.text.english.word_classes import ADJECTIVE, DASH, NUMBER

_ENDS_OF_STATEMENTS = (".", "!", "?", "…")
_AFTER_STATEMENT = " \xa0'’\"”"
"""What can follow the last mark of a statement: the end of a quotation inside it."""


class Sentence:
    """A sentence as parallel lists of words: `words` as written, `lower`, `starts`, `ends`, and the string `tags`.

    `starts` and `ends` are offsets in the field. `tags` has one character for each word, see `word_classes`. A
    quotation is one word.
    """

    __slots__ = ("end", "ends", "lower", "start", "starts", "tags", "words")

    def __init__(self, text: str, start: int, end: int, quotations: Sequence[Quotation]) -> None:
        """Reads the words of `text[start:end]`; `quotations` are those inside it. `tag_sentences` adds the classes."""
        self.start, self.end = start, end
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        position = start
        for quotation in quotations:
            self._read(text, position, quotation.start)
            self.words.append(_quotation_word(text[quotation.inner_start : quotation.inner_end]))
            self.starts.append(quotation.start)
            self.ends.append(min(quotation.end, end))
            position = quotation.end
        self._read(text, position, end)
        self.lower = list(map(str.lower, self.words))
        if text.find("’", start, end) >= 0:
            self.lower = [word.replace("’", "'") for word in self.lower]
        self.tags = ""

    def _read(self, text: str, start: int, end: int) -> None:
        words, starts, ends = find_tokens(text, start, end)
        self.words += words
        self.starts += starts
        self.ends += ends

    def cut(self, start: int, end: int) -> "Sentence":
        """Returns the words that lie inside two offsets as a sentence of their own, with the same classes."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        part = object.__new__(Sentence)
        part.start, part.end = start, end
        part.words, part.lower = self.words[first:last], self.lower[first:last]
        part.starts, part.ends = self.starts[first:last], self.ends[first:last]
        part.tags = self.tags[first:last]
        return part


def _quotation_word(inner: str) -> str:
    """Returns the word that stands for a quotation with these words inside."""
    said = inner.rstrip(_AFTER_STATEMENT)
    if said.endswith(","):
        return QUOTED_PAUSE
    return QUOTED_STATEMENT if said.endswith(_ENDS_OF_STATEMENTS) else QUOTED_PART


class Grammar:
    """The sentences of one field, tagged together."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]], quotations: Sequence[Quotation]) -> None:
        """`spans` are the sentences of the text, `quotations` those of the whole text, both in reading order."""
        self._sentences: list[Sentence] = []
        at = 0
        for start, end in spans:
            inside: list[Quotation] = []
            while at < len(quotations) and quotations[at].start < end:
                if quotations[at].start >= start:
                    inside.append(quotations[at])
                at += 1
            self._sentences.append(Sentence(text, start, end, inside))
        tag_sentences(self._sentences)
        self._starts = [one.start for one in self._sentences]

    def sentence(self, start: int, end: int) -> Sentence:
        """Returns the sentence at `text[start:end]`, which can be a part of one of the sentences of the field."""
        whole = self._sentences[max(bisect_left(self._starts, start + 1) - 1, 0)]
        return whole if (whole.start, whole.end) == (start, end) else whole.cut(start, end)


def tag_text(text: str, start: int, end: int, quotations: Sequence[Quotation]) -> Sentence:
    """Returns the sentence at `text[start:end]` with its classes; `quotations` are those inside it."""
    sentence = Sentence(text, start, end, quotations)
    tag_sentences([sentence])
    return sentence


def tag_sentences(sentences: Sequence[Sentence]) -> None:
    """Adds the classes of the words to sentences."""
    tagger = load_tagger()
    with tagger.lock:
        found, unknown = tagger.tag([one.words for one in sentences]), tagger.unknown
    for sentence, tags in zip(sentences, found, strict=True):
        classes = correct_unknown_words(sentence.words, tags, unknown)
        sentence.tags = correct_classes(sentence.lower, _join_compounds(sentence, classes))


def _join_compounds(sentence: Sentence, tags: str) -> str:
    """Returns the classes with the hyphen of "a 12-man crew" made part of the phrase."""
    at = tags.find(NUMBER + DASH)
    while at >= 0:
        if sentence.ends[at] == sentence.starts[at + 1] and sentence.starts[at + 2 : at + 3] == [sentence.ends[at + 1]]:
            tags = tags[: at + 1] + ADJECTIVE + tags[at + 2 :]
        at = tags.find(NUMBER + DASH, at + 1)
    return tags

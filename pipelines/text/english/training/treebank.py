"""Treebanks in CoNLL-U as sentences of the product's own words with their word classes."""

import gzip
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.text.english.quotes import Quotation, find_quotations
from pipelines.text.english.tagger.certain import certain_classes
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.training.classes import find_class
from pipelines.text.english.word_classes import NOUN

_FORM, _LEMMA, _COARSE, _FINE, _HEAD, _RELATION, _MISC, _COLUMNS = 1, 2, 3, 4, 6, 7, 9, 10
_SHORTEST_QUOTATION = 3


class TreebankError(ValueError):
    """A treebank cannot be read; the message names the file and the line."""


class TreebankWord(NamedTuple):
    """A word of a treebank with its place in the text of its sentence; `head` is an index, -1 for the main word."""

    form: str
    lemma: str
    coarse: str
    fine: str
    head: int
    relation: str
    start: int
    end: int


class TreebankSentence(NamedTuple):
    """A sentence of a treebank."""

    document: str
    text: str
    words: list[TreebankWord]


class TaggedSentence(NamedTuple):
    """Words as the product splits them, and one character for the class of each of them."""

    words: list[str]
    classes: str


def read_treebank(path: Path) -> Iterator[TreebankSentence]:
    """Reads a gzipped CoNLL-U file. Raises `TreebankError` for a line that is not CoNLL-U."""
    document = ""
    rows: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            if line.startswith("# newdoc"):
                document = line
            elif line and not line.startswith("#"):
                row = line.split("\t")
                if len(row) != _COLUMNS:
                    raise TreebankError(f"{path}, line {number}: {len(row)} columns instead of {_COLUMNS}")
                if row[0].isdecimal():  # others are words of several tokens, and words that are left out
                    rows.append(row)
            elif not line and rows:
                yield _join(document, rows)
                rows = []
    if rows:
        yield _join(document, rows)


def _join(document: str, rows: list[list[str]]) -> TreebankSentence:
    text, words = "", []
    for row in rows:
        start = len(text)
        text += row[_FORM]
        words.append(
            TreebankWord(
                form=row[_FORM],
                lemma=row[_LEMMA],
                coarse=row[_COARSE],
                fine=row[_FINE],
                head=int(row[_HEAD]) - 1,
                relation=row[_RELATION],
                start=start,
                end=len(text),
            )
        )
        if "SpaceAfter=No" not in row[_MISC]:
            text += " "
    return TreebankSentence(document, text.rstrip(), words)


class AlignedSentence(NamedTuple):
    """A sentence in the product's words, each with its main word in the treebank, and what it depends on.

    `heads` are indices of the product's words, -1 for the main word of the sentence.
    """

    sentence: Sentence
    words: list[TreebankWord | None]
    heads: list[int]


def align_sentence(sentence: TreebankSentence, with_quotations: bool) -> AlignedSentence:
    """Returns a sentence in the product's words; `with_quotations` makes one word of each quotation."""
    quotations: list[Quotation] = []
    if with_quotations:
        found = find_quotations(sentence.text)
        quotations = [one for one in found if one.end - one.start >= _SHORTEST_QUOTATION]
    own = Sentence(sentence.text, 0, len(sentence.text), quotations)
    owners = [max(bisect_right(own.starts, word.start) - 1, 0) for word in sentence.words]
    inside: dict[int, list[int]] = {}
    for index, owner in enumerate(owners):
        inside.setdefault(owner, []).append(index)
    words = [_main_word(sentence.words, inside.get(index, [])) for index in range(len(own.words))]
    heads = [owners[word.head] if word is not None and word.head >= 0 else -1 for word in words]
    return AlignedSentence(own, words, heads)


def tag_sentence(sentence: TreebankSentence, with_quotations: bool) -> TaggedSentence:
    """Returns a sentence in the product's words with the classes that follow from the treebank's tags."""
    aligned = align_sentence(sentence, with_quotations)
    certain = certain_classes()
    classes = ""
    for text, word in zip(aligned.sentence.words, aligned.words, strict=True):
        if text in certain:
            classes += certain[text]
        elif word is None:
            classes += classes[-1:] or NOUN
        else:
            classes += find_class(text, word.coarse, word.fine, word.relation)
    return TaggedSentence(aligned.sentence.words, classes)


def _main_word(words: list[TreebankWord], inside: list[int]) -> TreebankWord | None:
    """Returns the word of the treebank that stands for several that are one word here: the one outside depends on."""
    outer = [index for index in inside if words[index].head not in inside]
    spoken = [index for index in outer if words[index].relation != "punct"]
    chosen = (spoken or outer or inside)[:1]
    return words[chosen[0]] if chosen else None

"""The tagger's model: numpy arrays that turn words into word classes, all words of a field in one pass.

The vector of a word is the sum of the vectors of its features. The vectors of five words, two before and two after the
word itself among them, give one hidden layer, and the hidden layer gives the scores of the classes. What a word adds to
the hidden layer at each of the five places is computed once and remembered, so that tagging is five look-ups and one
small product. `MODEL_CARD.md` says what the weights learned from and how well they do.
"""

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import repeat
from typing import IO, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.text.english.tagger.certain import find_certain_class
from pipelines.text.english.tagger.features import (
    FEATURES_PER_WORD,
    build_lexicon,
    cue_entries,
    find_features,
    is_title_case,
)

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]

NO_WORD: Final = 0
"""Row of the vectors for what is not there: a feature that training has not seen, a place outside the sentence."""
SENTENCE: Final = 1
"""Row of the vectors for the beginning of a sentence."""
UNKNOWN_WORD: Final = 2
"""Row of the vectors for a form that training has not seen."""
RESERVED_ROWS: Final = 3
WINDOW: Final = 5
"""Words that decide about a class: two before, the word itself, two after."""
PADDING: Final = WINDOW // 2
"""Empty places between two sentences."""
_REMEMBERED_WORDS: Final = 30_000
"""Words whose part in the hidden layer is kept in memory: some 40 MB."""
_EMPTY_PLACE: Final = ""
_BEGINNING: Final = "\n"
"""The beginning of a sentence and the empty places after it are remembered like words: no word is written so."""
_NOT_REMEMBERED: Final = -1
_UNDECIDED: Final = "\0"
"""The certain class of a word that the tagger decides."""


class Weights(NamedTuple):
    """What training learned: a vector for each feature, and the two layers.

    `vectors` has the shape features × dimensions, `window` dimensions × (5 × hidden), `title` holds what a headline in
    title case adds to the hidden layer.
    """

    features: list[str]
    lemmas: list[str]
    classes: str
    vectors: Floats
    window: Floats
    bias: Floats
    title: Floats
    out: Floats
    out_bias: Floats


def load_weights(content: IO[bytes]) -> Weights:
    """Reads weights as `save_weights` writes them. Raises `ValueError` or `KeyError` if the content is no such file."""
    with np.load(content, allow_pickle=False) as archive:
        stored = {name: archive[name] for name in archive.files}
    arrays = {name: stored[name].astype(np.float32) for name in ("window", "bias", "title", "out", "out_bias")}
    return Weights(
        features=bytes(stored["features"]).decode().split("\n"),
        lemmas=bytes(stored["lemmas"]).decode().split("\n"),
        classes=bytes(stored["classes"]).decode(),
        vectors=stored["vectors"].astype(np.float32) * stored["scales"].astype(np.float32)[:, None],
        **arrays,
    )


def save_weights(content: IO[bytes], weights: Weights) -> None:
    """Writes weights: vectors as whole numbers up to 127 with a scale for each row, the layers in half precision."""
    scales = np.abs(weights.vectors).max(1) / 127
    scales[scales == 0] = 1
    half = {name: getattr(weights, name).astype(np.float16) for name in ("window", "bias", "title", "out", "out_bias")}
    np.savez_compressed(
        content,
        features=np.frombuffer("\n".join(weights.features).encode(), np.uint8),
        lemmas=np.frombuffer("\n".join(weights.lemmas).encode(), np.uint8),
        classes=np.frombuffer(weights.classes.encode(), np.uint8),
        vectors=np.round(weights.vectors / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
        **half,
    )


def find_rows(word: str, vocabulary: Mapping[str, int], lexicon: Mapping[str, str]) -> list[int]:
    """Returns the row of each feature of a word. `vocabulary` gives the rows of the features that have a vector."""
    form, *others = find_features(word, lexicon)
    return [vocabulary.get(form, UNKNOWN_WORD), *[vocabulary.get(other, NO_WORD) for other in others]]


@cache
def load_tagger() -> "Tagger":
    """Returns the tagger with the weights of the package, loaded once for a process."""
    with (resources.files(__package__) / "weights.npz").open("rb") as content:
        return Tagger(load_weights(content))


class Tagger:
    """Tags many sentences at once. It remembers words, so threads that share one must hold its lock."""

    def __init__(self, weights: Weights) -> None:
        self.lock = threading.Lock()
        """Held for `tag` and `unknown`. A worker of Flink with several slots reads articles in several threads."""
        self._weights = weights
        self._vocabulary = {feature: row for row, feature in enumerate(weights.features, RESERVED_ROWS)}
        self.lexicon = build_lexicon([*weights.lemmas, *cue_entries()])
        """The classes that each known form can have."""
        self._letters = np.frombuffer(weights.classes.encode("ascii"), np.uint8)
        self._hidden_size = len(weights.bias)
        self._rows: dict[str, int] = {}
        self._certain = np.zeros(0, np.uint8)
        """The class of each remembered word that is certain; 0 for the others."""
        self.unknown: set[str] = set()
        """Of the words tagged last, and of some before, those that training has not seen."""
        self._parts = np.zeros((WINDOW, 0, self._hidden_size), np.float32)
        self._forget()

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[str]:
        """Returns the classes of the words of each sentence, one character for each word, see `word_classes`."""
        if not sentences:
            return []
        if len(self._rows) > _REMEMBERED_WORDS:
            self._forget()
        words = _lay_out(sentences)
        rows = self._find_rows(words)
        if rows.min() == _NOT_REMEMBERED:
            self._remember(words)
            rows = self._find_rows(words)
        hidden = self._find_hidden(rows)  # begins with the first `SENTENCE`
        self._add_titles(hidden, sentences)
        np.maximum(hidden, 0, out=hidden)
        scores = _multiply(hidden, self._weights.out)
        scores += self._weights.out_bias
        learned, certain = self._letters[scores.argmax(1)], self._certain[rows[PADDING:-PADDING]]
        classes = np.where(certain, certain, learned).tobytes().decode("ascii")
        tags, start = [], 1
        for sentence in sentences:
            end = start + len(sentence)
            tags.append(classes[start:end])
            start = end + PADDING + 1
        return tags

    def _find_rows(self, words: list[str]) -> Rows:
        return np.fromiter(map(self._rows.get, words, repeat(_NOT_REMEMBERED)), np.intp, len(words))

    def _find_hidden(self, rows: Rows) -> Floats:
        """Returns the hidden layer of all rows but the empty places at both ends."""
        count = len(rows) - 2 * PADDING
        hidden: Floats = self._parts[0].take(
            rows[:count], 0
        )  # the word at place 0 is two before the one that is tagged
        for place in range(1, WINDOW):
            hidden += self._parts[place].take(rows[place : place + count], 0)
        return hidden

    def _add_titles(self, hidden: Floats, sentences: Sequence[Sequence[str]]) -> None:
        start = 1
        for words in sentences:
            if words and is_title_case(words):
                hidden[start : start + len(words)] += self._weights.title
            start += len(words) + PADDING + 1

    def _forget(self) -> None:
        self._rows = {_EMPTY_PLACE: NO_WORD, _BEGINNING: SENTENCE}
        self.unknown = set()
        self._certain = np.zeros(1024, np.uint8)
        self._parts = np.zeros((WINDOW, 1024, self._hidden_size), np.float32)
        self._parts[0, NO_WORD] = self._weights.bias
        self._fill(SENTENCE, [[SENTENCE, *[NO_WORD] * (FEATURES_PER_WORD - 1)]])

    def _remember(self, words: list[str]) -> None:
        """Computes what each new word adds to the hidden layer."""
        known = self._rows
        new = [word for word in dict.fromkeys(words) if word not in known]
        first = len(known)
        rows = [find_rows(word, self._vocabulary, self.lexicon) for word in new]
        self.unknown.update(word for word, (form, *_) in zip(new, rows, strict=True) if form == UNKNOWN_WORD)
        self._fill(first, rows)
        self._certain[first : first + len(new)] = [ord(find_certain_class(word) or _UNDECIDED) for word in new]
        known.update(zip(new, range(first, first + len(new)), strict=True))

    def _fill(self, first: int, features: list[list[int]]) -> None:
        end = first + len(features)
        size = self._parts.shape[1]
        if end > size:
            grown = np.zeros((WINDOW, max(end, 2 * size), self._hidden_size), np.float32)
            grown[:, :size] = self._parts
            self._parts = grown
            self._certain = np.concatenate([self._certain, np.zeros(grown.shape[1] - size, np.uint8)])
        vectors = self._weights.vectors[np.array(features)].sum(1)
        parts = _multiply(vectors, self._weights.window).reshape(-1, WINDOW, self._hidden_size)
        self._parts[:, first:end] = parts.transpose(1, 0, 2)
        self._parts[0, first:end] += self._weights.bias  # added once here, and not for every word


def _lay_out(sentences: Sequence[Sequence[str]]) -> list[str]:
    """Returns all words in a row, with the beginnings of sentences and the empty places between them."""
    words = [_EMPTY_PLACE] * PADDING
    for sentence in sentences:
        words.append(_BEGINNING)
        words += sentence
        words += (_EMPTY_PLACE,) * PADDING
    return words


def _multiply(rows: Floats, matrix: Floats, most: int = 250_000) -> Floats:
    """Returns the product of two matrices, in blocks of at most so many products of two numbers.

    Above 262,144 of them OpenBLAS wakes a thread on every core, and these wait for more work at full speed.
    """
    step = max(1, most // matrix.size)
    product = np.empty((len(rows), matrix.shape[1]), np.float32)
    for first in range(0, len(rows), step):
        np.matmul(rows[first : first + step], matrix, out=product[first : first + step])
    return product

"""The network of the tagger with its gradients, and Adam: plain numpy, so that training needs nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType

import numpy as np
import numpy.typing as npt

from pipelines.text.english.tagger.features import FEATURES_PER_WORD
from pipelines.text.english.tagger.model import NO_WORD, PADDING, SENTENCE, UNKNOWN_WORD, WINDOW, Floats

Integers = npt.NDArray[np.int64]
_DROPPED = 0.2
_DECAYS = (0.9, 0.99)
_SMALL = 1e-8


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence to learn from: rows of the features of each word, the number of each word's class."""

    features: Integers
    classes: Integers
    is_title: bool


@dataclass(frozen=True, slots=True)
class TrainingBatch:
    """Several sentences in a row, with empty places between them."""

    features: Integers
    classes: Integers
    words: npt.NDArray[np.bool_]
    titles: npt.NDArray[np.bool_]


def join_examples(examples: Sequence[Example]) -> TrainingBatch:
    """Returns the batch of some sentences, laid out as the tagger lays out those of a field."""
    count = PADDING + sum(len(one.classes) + 1 + PADDING for one in examples)
    features = np.full((count, FEATURES_PER_WORD), NO_WORD)
    classes = np.zeros(count, np.int64)
    words, titles = np.zeros(count, bool), np.zeros(count, bool)
    start = PADDING
    for one in examples:
        features[start, 0] = SENTENCE
        start += 1
        end = start + len(one.classes)
        features[start:end], classes[start:end] = one.features, one.classes
        words[start:end], titles[start:end] = True, one.is_title
        start = end + PADDING
    return TrainingBatch(features, classes, words, titles)


class Network:
    """The weights while they are learned. Shapes are those of `model.Weights`."""

    def __init__(self, hidden_shares: Floats, classes: int, size: int, seed: int) -> None:
        """`hidden_shares` says how often each row of the vectors is hidden, `size` is that of all vectors."""
        self._hidden_shares = hidden_shares
        self._random = np.random.default_rng(seed)
        self.arrays: dict[str, Floats] = {
            "vectors": self._draw(len(hidden_shares), size, 0.1),
            "window": self._draw(WINDOW * size, size, (WINDOW * size) ** -0.5),
            "bias": np.zeros(size, np.float32),
            "title": np.zeros(size, np.float32),
            "out": self._draw(size, classes, size**-0.5),
            "out_bias": np.zeros(classes, np.float32),
        }
        self.arrays["vectors"][NO_WORD] = 0
        self._means = {name: np.zeros_like(array) for name, array in self.arrays.items()}
        self._squares = {name: np.zeros_like(array) for name, array in self.arrays.items()}
        self._steps = 0

    def _draw(self, rows: int, columns: int, scale: float) -> Floats:
        return (self._random.standard_normal((rows, columns)) * scale).astype(np.float32)

    def _drop(self, shape: tuple[int, ...]) -> Floats:
        """Returns what switches a share of the values off and makes the others larger."""
        kept = self._random.random(shape, dtype=np.float32) >= _DROPPED
        return kept.astype(np.float32) / np.float32(1 - _DROPPED)

    def learn(self, batch: TrainingBatch, rate: float) -> float:
        """Takes one step on a batch. Returns the mean loss of its words: the negative logarithm of the right class."""
        features = batch.features.copy()
        forms = features[:, 0]
        forms[self._random.random(len(forms)) < self._hidden_shares[forms]] = UNKNOWN_WORD
        loss, gradients = self.find_gradients(
            batch, features, self._drop((len(forms), self.arrays["vectors"].shape[1])), self._drop_hidden(batch)
        )
        self._step(gradients, features, rate)
        return loss

    def _drop_hidden(self, batch: TrainingBatch) -> Floats:
        return self._drop((len(batch.classes), len(self.arrays["bias"])))

    def find_gradients(
        self, batch: TrainingBatch, features: Integers, vector_mask: Floats, hidden_mask: Floats
    ) -> tuple[float, dict[str, Floats]]:
        """Returns the loss and its gradients; that of `vectors` has one row for each place of the batch."""
        arrays, count = self.arrays, np.float32(batch.words.sum())
        vectors = arrays["vectors"][features].sum(1) * vector_mask
        wide = np.concatenate([_shift(vectors, PADDING - place) for place in range(WINDOW)], 1)
        hidden = wide @ arrays["window"] + arrays["bias"] + batch.titles[:, None] * arrays["title"]
        active = (hidden > 0) * hidden_mask
        hidden = hidden * active
        scores = hidden @ arrays["out"] + arrays["out_bias"]
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        words = np.flatnonzero(batch.words)
        right = batch.classes[words]
        loss = float(-np.log(shares[words, right] + _SMALL).mean())
        error = shares * batch.words[:, None]
        error[words, right] -= 1
        error /= count
        back = (error @ arrays["out"].T) * active
        wide_back = back @ arrays["window"].T
        size = vectors.shape[1]
        vectors_back = np.zeros_like(vectors)
        for place in range(WINDOW):
            vectors_back += _shift(wide_back[:, place * size : (place + 1) * size], place - PADDING)
        return loss, {
            "vectors": vectors_back * vector_mask,
            "window": wide.T @ back,
            "bias": back.sum(0),
            "title": back[batch.titles].sum(0),
            "out": hidden.T @ error,
            "out_bias": error.sum(0),
        }

    def _step(self, gradients: dict[str, Floats], features: Integers, rate: float) -> None:
        """Changes the weights as Adam does (Kingma and Ba 2015); of the vectors only those that the batch holds."""
        self._steps += 1
        for name, gradient in gradients.items():
            if name != "vectors":
                self._change(name, ..., gradient, rate)
        order = np.argsort(features.ravel(), kind="stable")
        rows = features.ravel()[order]
        first = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
        sums = np.add.reduceat(gradients["vectors"][order // FEATURES_PER_WORD], first, 0)
        kept = rows[first] != NO_WORD
        self._change("vectors", rows[first][kept], sums[kept], rate)

    def _change(self, name: str, rows: Integers | EllipsisType, gradient: Floats, rate: float) -> None:
        slow, fast = _DECAYS
        mean = self._means[name][rows] * np.float32(slow) + np.float32(1 - slow) * gradient
        square = self._squares[name][rows] * np.float32(fast) + np.float32(1 - fast) * gradient * gradient
        self._means[name][rows], self._squares[name][rows] = mean, square
        mean = mean / np.float32(1 - slow**self._steps)
        square = square / np.float32(1 - fast**self._steps)
        self.arrays[name][rows] -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(_SMALL))


def _shift(rows: Floats, by: int) -> Floats:
    """Returns the rows moved down by some places; what moves in is empty."""
    moved = np.zeros_like(rows)
    if by > 0:
        moved[by:] = rows[:-by]
    elif by < 0:
        moved[:by] = rows[-by:]
    else:
        moved[:] = rows
    return moved

"""Fits the weights: softmax regression with AdaGrad, decay and words left out at random, always with the same seed."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_EPOCHS = 8
_BATCH = 512
_RATE = 0.15
_DECAY = 1e-3
_LEFT_OUT = 0.5
"""Share of the words of names that a batch does not see, so that endings, lists and neighbours learn to do without."""
_LEAST_SEEN = 3
_SMALLEST = 0.02
"""Weights of a feature that are all below this do nothing."""
_CLASSES = 4

Weights = npt.NDArray[np.float64]


def fit(examples: Sequence[Sequence[str]], labels: Sequence[int], times: Sequence[int]) -> tuple[list[str], Weights]:
    """Returns the features that count, and a row of weights for each. An example counts `times` times."""
    seen = Counter(feature for features in examples for feature in set(features))
    names = sorted(feature for feature, count in seen.items() if count >= _LEAST_SEEN)
    numbers = {feature: number for number, feature in enumerate(names, 1)}
    rows = [[numbers[feature] for feature in features if feature in numbers] for features in examples]
    table = np.zeros((len(rows), max(map(len, rows))), np.int32)
    for row, known in zip(table, rows, strict=True):
        row[: len(known)] = known
    is_word = np.array([False, *(feature[1:2] == "w" and feature[0].isupper() for feature in names)])
    weights = _descend(table, np.array(labels), np.array(times), is_word)[1:]
    kept = np.abs(weights).max(axis=1) >= _SMALLEST
    return [name for name, keep in zip(names, kept, strict=True) if keep], weights[kept]


def _descend(
    table: npt.NDArray[np.int32],
    labels: npt.NDArray[np.int64],
    times: npt.NDArray[np.int64],
    is_word: npt.NDArray[np.bool_],
) -> Weights:
    """Returns the weights, averaged over the second half of the epochs. Row 0 is padding."""
    random = np.random.default_rng(0)
    weights = np.zeros((len(is_word), _CLASSES))
    squares = np.full_like(weights, 1e-8)
    average = np.zeros_like(weights)
    for epoch in range(_EPOCHS):
        order = random.permutation(len(labels))
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            features = table[batch]
            features = np.where(is_word[features] & (random.random(features.shape) < _LEFT_OUT), 0, features)
            scores = weights[features].sum(axis=1)
            errors = np.exp(scores - scores.max(axis=1, keepdims=True))
            errors /= errors.sum(axis=1, keepdims=True)
            errors[np.arange(len(batch)), labels[batch]] -= 1
            errors *= times[batch, None]
            flat, spread = features.ravel(), np.repeat(errors, features.shape[1], axis=0)
            slope = np.stack([np.bincount(flat, spread[:, one], len(weights)) for one in range(_CLASSES)], axis=1)
            touched = np.unique(flat)
            change = slope[touched] + _DECAY * len(batch) * weights[touched]
            squares[touched] += change * change
            weights[touched] -= _RATE * change / np.sqrt(squares[touched])
            weights[0] = 0
        if epoch >= _EPOCHS // 2:
            average += weights
    return average / (_EPOCHS - _EPOCHS // 2)

"""The weights, and the scores of names by them.

Scores of parts are kept: the same words come back in every article, so a name costs a few look-ups and one sum.
"""

import functools
import threading
from collections.abc import Collection, Iterable, Sequence
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.text.entities.classifier.features import list_features
from schemas.fields import EntityKind

Scores = npt.NDArray[np.float32]
"""A row of scores for each name, in the order of `KINDS`."""

KINDS: Final[tuple[EntityKind | None, ...]] = (None, "person", "organisation", "location")
WEIGHTS: Final = "weights.npz"
_MOST_KEPT = 200_000
"""Parts whose scores are kept; then they are forgotten."""
_FIRST_ROWS = 4096
"""Rows of the table of parts at first; it doubles when they are full."""


class KindModel:
    """A linear model: each feature of a name adds to the score of each kind.

    Weights are whole numbers of steps of the size `scale`, so that a sum is the same in whatever order.
    """

    def __init__(self, features: Iterable[str], weights: npt.NDArray[np.int8], scale: float) -> None:
        # A worker of Flink with several slots reads articles in several threads.
        self._lock = threading.Lock()
        # One more row, of a feature that counts nothing: the sum of no rows would not be zero.
        self._weights = np.concatenate([weights, np.zeros((1, len(KINDS)), np.int8)]).astype(np.int32)
        self._scale = np.float32(scale)
        self._numbers = {feature: number for number, feature in enumerate(features)}
        self._rows: dict[str, int] = {}
        self._table = np.zeros((_FIRST_ROWS, len(KINDS)), np.int32)

    def score(self, names: Sequence[Sequence[str]]) -> Scores:
        """Returns the logarithm of the probability of each kind, for each name by its parts."""
        if not names:
            return np.zeros((0, len(KINDS)), np.float32)
        with self._lock:
            sums = self._sum_features(names) * self._scale
        sums -= sums.max(axis=1, keepdims=True)
        return sums - np.log(np.exp(sums).sum(axis=1, keepdims=True))  # type: ignore[no-any-return]

    def _sum_features(self, names: Sequence[Sequence[str]]) -> npt.NDArray[np.int32]:
        """Returns the sums of the weights of each name."""
        if len(self._rows) > _MOST_KEPT:
            self._rows.clear()
        rows = self._rows
        self._add(dict.fromkeys(part for parts in names for part in parts if part not in rows))
        numbers: list[int] = []
        starts: list[int] = []
        for parts in names:
            starts.append(len(numbers))
            numbers.extend([rows[part] for part in parts])
        return np.add.reduceat(self._table[numbers], starts, axis=0)

    def _add(self, parts: Collection[str]) -> None:
        """Keeps the scores of new parts, all summed at once: a sum of its own for each would take longer."""
        if not parts:
            return
        features: list[int] = []
        starts: list[int] = []
        for part in parts:
            starts.append(len(features))
            features.append(-1)
            features.extend([self._numbers[feature] for feature in list_features(part) if feature in self._numbers])
        first = len(self._rows)
        last = first + len(parts)
        while last > len(self._table):
            self._table = np.concatenate([self._table, np.zeros_like(self._table)])
        self._table[first:last] = np.add.reduceat(self._weights[features], starts, axis=0)
        self._rows.update(zip(parts, range(first, last), strict=True))


@functools.cache
def load_model() -> KindModel:
    """Returns the model of the package; the file is read once in each process."""
    with resources.files(__package__).joinpath(WEIGHTS).open("rb") as file, np.load(file) as data:
        return KindModel(bytes(data["features"]).decode().split("\n"), data["weights"], float(data["scale"]))

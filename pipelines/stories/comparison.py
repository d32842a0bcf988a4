"""Decides whether two articles are copies of one text, from their fingerprints."""

import numpy as np

from pipelines.stories.fingerprints import Fingerprint, Hashes

LEAST_SHARE = 0.30
"""Share of the smaller text's pairs that copies have in common. With a third of the words edited, about half remain."""
LEAST_PAIRS = 8
"""Pairs that copies have in common: fewer say only that the topic is the same."""
LEAST_NUMBERS = 0.5
"""Share of the numbers of the text with fewer that copies have in common. A monthly report repeats its words with new
numbers: it is news, not a copy."""


def count_likeness(one: Fingerprint, other: Fingerprint) -> int:
    """Returns the number of pairs that both have; 0 if they are not copies."""
    limit = min(one.limit, other.limit)
    first, second = _cut(one.pairs, one.limit, limit), _cut(other.pairs, other.limit, limit)
    shared = _count_shared(first, second)
    if shared < LEAST_PAIRS or shared < LEAST_SHARE * min(len(first), len(second)):
        return 0
    numbers = min(len(one.numbers), len(other.numbers))
    if numbers and _count_shared(one.numbers, other.numbers) < LEAST_NUMBERS * numbers:
        return 0
    return shared


def _cut(hashes: Hashes, own: int, limit: int) -> Hashes:
    return hashes if own == limit else hashes[: int(np.searchsorted(hashes, limit, side="right"))]


def _count_shared(first: Hashes, second: Hashes) -> int:
    return len(np.intersect1d(first, second, assume_unique=True))

"""The counters of this process, which the supervisor, the status line and the monitor read.

Beam's metrics are not used: querying them on the FnApiRunner recurses, and grows with every bundle.
"""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from schemas.metrics import METRICS, SUM, Key

_lock = threading.Lock()
_values: Counter[Key] = Counter()


def add(name: str, amount: float = 1, **labels: str) -> None:
    """Adds to a counter. Raises `KeyError` for a metric or label that `schemas.metrics` does not declare."""
    key = (name, tuple(labels[label] for label in METRICS[name].own_labels))
    with _lock:
        _values[key] += amount  # type: ignore[assignment]


def observe(name: str, values: Iterable[float], **labels: str) -> None:
    """Adds observations to a histogram, under the same rules as `add`.

    Many observations in one call are cheap: on a hot path, collect those of a bundle.
    """
    metric = METRICS[name]
    given = tuple(labels[label] for label in metric.labels)
    found: dict[int, int] = {}
    total = 0.0
    for reading in values:
        bucket = bisect_left(metric.bounds, reading)
        found[bucket] = found.get(bucket, 0) + 1
        total += reading
    if not found:
        return
    with _lock:
        for bucket, count in found.items():
            _values[name, (*given, metric.buckets[bucket])] += count
        _values[name, (*given, SUM)] += total  # type: ignore[assignment]


def set_gauge(name: str, value: float, **labels: str) -> None:
    """Sets a gauge, under the same rules as `add`."""
    key = (name, tuple(labels[label] for label in METRICS[name].labels))
    with _lock:
        _values[key] = value  # type: ignore[assignment]


def snapshot() -> dict[Key, float]:
    """Returns a copy of all values."""
    with _lock:
        return dict(_values)


def reset() -> None:
    """Forgets all values, for tests."""
    with _lock:
        _values.clear()

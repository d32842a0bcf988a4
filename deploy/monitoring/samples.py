"""Turns values of metrics into samples of the index `health`. Needs no server.

The counters of a process grow from its start. A sample has what a counter grew by since the previous sample. So sums
over any time are right even if a process restarts, and a process that dies loses only the growth since its last sample.
"""

import os
import socket
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from schemas.metrics import METRICS, QUANTILES, WORKER, Key, Metric
from schemas.operations.records import HealthSample

SampleSource = Literal["run", "monitor"]
Values = Mapping[Key, float]
"""All values of a process; counters and histograms since its start."""


def find_instance() -> str:
    """Returns the name of this process in samples: `host:pid`."""
    return f"{socket.gethostname()}:{os.getpid()}"


def make_sample(
    metric: str, value: float, *, at: datetime, source: SampleSource, labels: Sequence[str] = (), **more: Any
) -> HealthSample:
    """Makes a sample of this process. `labels` are those of the metric, in its order; `more` has other fields.

    An empty worker means that it is unknown, or that there is none: the field stays empty.
    Raises `KeyError` or `ValueError` for a metric or labels that `schemas.metrics` does not declare.
    """
    named: dict[str, Any] = dict(zip(METRICS[metric].labels, labels, strict=True))
    if WORKER in named:
        named[WORKER] = named[WORKER] or None
    return HealthSample(at=at, source=source, instance=find_instance(), metric=metric, value=value, **named, **more)


class Sampler:
    """Takes samples of the values of one process, repeatedly.

    `since` is the time at which its counters were zero. If it is None, they may have grown before (those of a server
    have), and the first samples have no growth. With `zeros`, counters that did not grow get samples too.
    """

    def __init__(self, source: SampleSource, since: datetime | None = None, zeros: bool = False) -> None:
        self.source = source
        self.zeros = zeros
        self.taken_at = since
        self.before: Values | None = {} if since else None

    def take(self, values: Values, at: datetime) -> list[HealthSample]:
        """Returns the samples since the last call: gauges as they are, counters and histograms by their growth."""
        before = values if self.before is None else self.before
        seconds = (at - self.taken_at).total_seconds() if self.taken_at else 0.0
        self.before, self.taken_at = dict(values), at
        histograms: defaultdict[Key, dict[str, float]] = defaultdict(dict)
        points: list[tuple[Key, str | None, float]] = []
        for key, value in values.items():
            name, labels = key
            kind, grown = METRICS[name].kind, compute_growth(before.get(key, 0), value)
            if kind == "histogram":
                histograms[name, labels[:-1]][labels[-1]] = grown
            elif kind == "gauge":
                points.append((key, None, value))
            elif grown or self.zeros:
                points.append((key, None, grown))
        for key, grown_by in histograms.items():
            points += [(key, name, value) for name, value in summarize_histogram(METRICS[key[0]], grown_by)]
        return [
            make_sample(name, value, at=at, source=self.source, labels=labels, seconds=seconds, quantile=quantile)
            for (name, labels), quantile, value in points
        ]


def summarize_histogram(metric: Metric, grown: Mapping[str, float]) -> list[tuple[str, float]]:
    """Returns the number of observations and their quantiles, by their names in samples. Empty without observations."""
    counts = [grown.get(bucket, 0) for bucket in metric.buckets]
    if not sum(counts):
        return []
    return [
        ("count", sum(counts)),
        *((str(share), estimate_quantile(share, counts, metric.bounds)) for share in QUANTILES),
    ]


def compute_growth(before: float, now: float) -> float:
    """Returns what a counter grew by. If the value is smaller than before, the counter was reset to 0."""
    return now - before if now >= before else now


def estimate_quantile(share: float, counts: Sequence[float], bounds: Sequence[float]) -> float:
    """Returns the value below which `share` of the observations are, assuming that they are evenly spread in a bucket.

    In the last bucket, which has no upper bound, it returns the last bound.
    """
    target = share * sum(counts)
    seen = 0.0
    for count, low, high in zip(counts, (0.0, *bounds), (*bounds, bounds[-1]), strict=True):
        if count and seen + count >= target:
            return low + (high - low) * (target - seen) / count
        seen += count
    return bounds[-1]

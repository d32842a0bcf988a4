"""Values of metrics become samples of the index `health`: pure, no server needed.

A process holds its counters since its start; the index gets what they grew by between two takings. So a sum over any
time is right over restarts, and a process that dies loses no more than what it had not yet told.
"""

import os
import socket
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from schemas.metrics import METRICS, QUANTILES, Key, Metric
from schemas.records import HealthSample

Source = Literal["run", "monitor"]
Values = Mapping[Key, float]
"""All values of a process; counters and histograms since their start."""


def instance() -> str:
    """This process, as samples name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def sample(
    metric: str, value: float, *, at: datetime, source: Source, labels: Sequence[str] = (), **more: Any
) -> HealthSample:
    """One sample of this process; `labels` are the metric's, in its order, `more` other fields of the record.

    Raises `KeyError` or `ValueError` for a metric or labels that `schemas.metrics` does not declare.
    """
    named: dict[str, Any] = dict(zip(METRICS[metric].labels, labels, strict=True))
    return HealthSample(at=at, source=source, instance=instance(), metric=metric, value=value, **named, **more)


class Sampler:
    """Takes samples of one process's values again and again.

    `since` is when its counters were zero; None says that they may have grown before, as those of a server have, and
    then the first taking tells no growth. With `zeros` counters that did not grow are told, too.
    """

    def __init__(self, source: Source, since: datetime | None = None, zeros: bool = False) -> None:
        self.source = source
        self.zeros = zeros
        self.taken_at = since
        self.before: Values | None = {} if since else None

    def take(self, values: Values, at: datetime) -> list[HealthSample]:
        """The samples of the time since the last taking: gauges as they are, counters and histograms by growth."""
        before = values if self.before is None else self.before
        seconds = (at - self.taken_at).total_seconds() if self.taken_at else 0.0
        self.before, self.taken_at = dict(values), at
        histograms: defaultdict[Key, dict[str, float]] = defaultdict(dict)
        told: list[tuple[Key, str | None, float]] = []
        for key, value in values.items():
            name, labels = key
            kind, grown = METRICS[name].kind, growth(before.get(key, 0), value)
            if kind == "histogram":
                histograms[name, labels[:-1]][labels[-1]] = grown
            elif kind == "gauge":
                told.append((key, None, value))
            elif grown or self.zeros:
                told.append((key, None, grown))
        for key, grown_by in histograms.items():
            told += [(key, name, value) for name, value in distribution(METRICS[key[0]], grown_by)]
        return [
            sample(name, value, at=at, source=self.source, labels=labels, seconds=seconds, quantile=quantile)
            for (name, labels), quantile, value in told
        ]


def distribution(metric: Metric, grown: Mapping[str, float]) -> list[tuple[str, float]]:
    """How many readings a histogram had, and their quantiles, by the names they have in samples; none without any."""
    counts = [grown.get(bucket, 0) for bucket in metric.buckets]
    if not sum(counts):
        return []
    return [("count", sum(counts)), *((str(share), quantile(share, counts, metric.bounds)) for share in QUANTILES)]


def growth(before: float, now: float) -> float:
    """What a counter grew by; a smaller value is that of one that began anew."""
    return now - before if now >= before else now


def quantile(share: float, counts: Sequence[float], bounds: Sequence[float]) -> float:
    """The value below which `share` of the readings are, taken as evenly spread within their bucket.

    Above the last bound nothing is known but that, so it is the answer there.
    """
    wanted = share * sum(counts)
    seen = 0.0
    for count, low, high in zip(counts, (0.0, *bounds), (*bounds, bounds[-1]), strict=True):
        if count and seen + count >= wanted:
            return low + (high - low) * (wanted - seen) / count
        seen += count
    return bounds[-1]

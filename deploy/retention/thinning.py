"""Thins health samples: one for each minute or ten minutes instead of one every ten seconds. Needs no server.

Boards draw a counter as a sum, and a gauge by its worst value: the largest, or of some the smallest. A thinned series
keeps exactly these, so that charts over whole steps show the same as before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from schemas.identity import digest
from schemas.metrics import METRICS

Sample = dict[str, Any]
"""A health sample as Elasticsearch stores it."""


@dataclass(frozen=True, slots=True)
class ThinningStep:
    """One sample for each `seconds`, once the bucket has ended for longer than `after`."""

    name: str
    seconds: int
    after: timedelta


STEPS: Final = (ThinningStep("1m", 60, timedelta(days=7)), ThinningStep("10m", 600, timedelta(days=60)))
"""From fine to coarse. `lag_growing` and the other conditions look back 30 days at most in `health`."""

LOWEST: Final = (
    "newsclaims_server_up",
    "newsclaims_elasticsearch_free_bytes",
    "newsclaims_index_freshness_seconds",
)
"""Gauges of which boards draw the smallest value."""

VALUES: Final = ("at", "seconds", "value", "detail", "url")
"""Fields that do not identify a series."""


def find_step(end: datetime, now: datetime) -> ThinningStep | None:
    """Returns the step for samples of a bucket that ended then, or None if all are kept."""
    due = [step for step in STEPS if end + step.after <= now]
    return due[-1] if due else None


def thin(samples: Iterable[Sample], step: ThinningStep) -> dict[str, Sample]:
    """Returns the samples that remain, by id. An event remains as it is; other series have one sample for each step.

    Give it all samples of a step at once. To thin what is thinned gives the same samples again.
    """
    kept: dict[str, Sample] = {}
    for sample in samples:
        kind = find_kind(sample)
        window = int(parse_time(sample["at"]).timestamp()) // step.seconds
        id = make_id(sample, sample["at"] if kind == "event" else str(window))
        kept[id] = combine(kind, kept[id], sample) if id in kept else sample
    return kept


def find_kind(sample: Sample) -> str:
    """Returns how samples of a series are combined: `sum`, `max`, `min`, or `event`: not at all.

    A metric that this release does not know is kept like an event.
    """
    metric = METRICS.get(sample["metric"])
    if metric is None or metric.kind == "event":
        return "event"
    if metric.kind == "counter" or sample.get("quantile") == "count":
        return "sum"
    return "min" if metric.name in LOWEST else "max"


def combine(kind: str, one: Sample, other: Sample) -> Sample:
    """Returns one sample for two of the same series."""
    if kind == "sum":
        last = max(one, other, key=lambda each: parse_time(each["at"]))
        return {
            **last,
            "value": one["value"] + other["value"],
            "seconds": one.get("seconds", 0.0) + other.get("seconds", 0.0),
        }
    if kind == "event":
        return other
    choose = min if kind == "min" else max
    return choose(one, other, key=lambda each: each["value"])


def make_id(sample: Sample, when: str) -> str:
    """Returns the id of a thinned sample, which follows from its series and its step."""
    series = [f"{name}={value}" for name, value in sorted(sample.items()) if name not in VALUES and value is not None]
    return digest(when, *series)


def parse_time(text: str) -> datetime:
    """Returns a time as Elasticsearch stores it, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)

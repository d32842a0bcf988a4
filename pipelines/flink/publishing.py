"""The counters of a worker as metrics of Beam, which Flink shows and the client reads.

The counters of `pipelines.counters` live in the worker's process. Each bundle publishes what was added since the one
before. Beam keeps metrics by bundle, so the cost is that of a bundle, and bundles are few on Flink.
"""

import threading

from apache_beam.metrics import Metrics

from pipelines import counters
from pipelines.flink.metric_names import NAMESPACE, encode_key, find_scale
from schemas.metrics import METRICS, Key

_lock = threading.Lock()
_published: dict[Key, int] = {}


def publish_counters() -> None:
    """Publishes the growth of all counters since the last call in this process, and the gauges as they are."""
    for key, amount in take_growth().items():
        if METRICS[key[0]].kind == "gauge":
            Metrics.gauge(NAMESPACE, encode_key(key)).set(amount)
        else:
            Metrics.counter(NAMESPACE, encode_key(key)).inc(amount)


def take_growth() -> dict[Key, int]:
    """Returns the growth of each counter since the last call, and the value of each gauge, in whole numbers."""
    found = {}
    with _lock:
        for key, value in counters.snapshot().items():
            now = round(value * find_scale(key))
            if METRICS[key[0]].kind == "gauge":
                found[key] = now
            elif grown := now - _published.get(key, 0):
                found[key] = grown
                _published[key] = now
    return found

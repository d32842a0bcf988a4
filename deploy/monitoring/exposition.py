"""Metrics for Prometheus, and whether all is well for whoever starts processes again: an HTTP port of our own.

`/metrics` has the values in Prometheus's formats, `/healthz` a short JSON with status 200 or 503, `/` says so.
"""

import errno
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as MetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from schemas.errors import Permanent
from schemas.metrics import METRICS, SUM, Key, Metric

HINT = b"newsclaims: /metrics for Prometheus, /healthz for whether all is well\n"
PATIENCE_SECONDS = 10.0
"""How long a client may take to say what it wants."""


@dataclass(frozen=True)
class Verdict:
    """Whether all is well, and what there is to say about it, as JSON values."""

    ok: bool
    says: dict[str, Any]


class ValuesCollector(Collector):
    """Gives the values of a process to prometheus_client, with the names and meanings of `schemas.metrics`."""

    def __init__(self, values: Callable[[], Mapping[Key, float]]) -> None:
        self.values = values

    def collect(self) -> Iterator[MetricFamily]:
        """One family for each metric that has values."""
        found: defaultdict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
        for (name, labels), value in self.values().items():
            found[name][labels] = value
        for name, metric in METRICS.items():
            if name in found and metric.kind != "event":
                yield family(metric, found[name])


def family(metric: Metric, values: Mapping[tuple[str, ...], float]) -> MetricFamily:
    """A metric's values by its labels."""
    if metric.kind == "histogram":
        return histogram(metric, values)
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    found = kind(metric.name, metric.meaning, labels=metric.labels)
    for labels, value in values.items():
        found.add_metric(labels, value)
    return found


def histogram(metric: Metric, values: Mapping[tuple[str, ...], float]) -> HistogramMetricFamily:
    """A histogram, with each bucket counting those below it too, as Prometheus wants it."""
    found = HistogramMetricFamily(metric.name, metric.meaning, labels=metric.labels)
    for labels in dict.fromkeys(labels[:-1] for labels in values):
        count = 0.0
        buckets = []
        for bucket in metric.buckets:
            count += values.get((*labels, bucket), 0)
            buckets.append((bucket, count))
        found.add_metric(labels, buckets, values.get((*labels, SUM), 0))
    return found


class MetricsServer:
    """Serves values and a verdict in threads of its own. Use it as a context manager.

    `values` and `verdict` are called for each request. Raises `Permanent` where the address cannot be listened at;
    `option` is the command line's for the port.
    """

    def __init__(
        self,
        address: tuple[str, int],
        values: Callable[[], Mapping[Key, float]],
        verdict: Callable[[], Verdict],
        option: str,
    ) -> None:
        # A registry of its own: the usual one would add Python's and the process's metrics, which the table has not.
        registry = CollectorRegistry(auto_describe=False)
        registry.register(ValuesCollector(values))
        try:
            self.server = _server(address[0])(address, _handler(registry, verdict))
        except (OSError, OverflowError) as error:
            raise Permanent(_refusal(address, error, option)) from error
        host, port = self.server.server_address[:2]
        self.url = f"http://{f'[{host!s}]' if ':' in str(host) else host!s}:{port}"
        self.thread = threading.Thread(target=self.server.serve_forever, name="metrics", daemon=True)

    def __enter__(self) -> "MetricsServer":
        self.thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def _server(host: str) -> type[ThreadingHTTPServer]:
    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = AF_INET6 if ":" in host else AF_INET

    return Server


def _refusal(address: tuple[str, int], error: Exception, option: str) -> str:
    host, port = address
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken: choose another with {option}"
    return f"{host}:{port} cannot be listened at ({error}): choose another address with {option}"


def _handler(registry: CollectorRegistry, verdict: Callable[[], Verdict]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE_SECONDS

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                encode, kind = choose_encoder(self.headers.get("Accept", ""))
                self.answer(200, kind, encode(registry))
            elif path == "/healthz":
                found = verdict()
                self.answer(200 if found.ok else 503, "application/json", json.dumps(found.says).encode() + b"\n")
            else:
                self.answer(200 if path == "/" else 404, "text/plain; charset=utf-8", HINT)

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """A scrape every few seconds is no news."""

    return Handler

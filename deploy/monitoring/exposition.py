"""Serves metrics for Prometheus, and a health check for process managers, on an HTTP port.

`/metrics` has the values in Prometheus's formats. `/healthz` has a short JSON document with status 200 or 503, and so
has `/livez`, which answers 503 only if a restart of the process would help.
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

HINT = b"newsclaims: metrics for Prometheus at /metrics, health check at /healthz, liveness at /livez\n"
REQUEST_TIMEOUT_SECONDS = 10.0
"""How long a client may take to send its request."""


@dataclass(frozen=True)
class HealthCheck:
    """The result of a health check, and details as JSON values.

    `is_alive` is whether the process itself works, whatever the servers do; None if that is the same as `ok`.
    """

    ok: bool
    details: dict[str, Any]
    is_alive: bool | None = None

    def find_status(self, path: str) -> int:
        """Returns the HTTP status of `/healthz` or `/livez`."""
        ok = self.is_alive if path == "/livez" and self.is_alive is not None else self.ok
        return 200 if ok else 503


class ValuesCollector(Collector):
    """Passes the values of a process to prometheus_client, with the names and meanings of `schemas.metrics`."""

    def __init__(self, values: Callable[[], Mapping[Key, float]]) -> None:
        self.values = values

    def collect(self) -> Iterator[MetricFamily]:
        """Yields a family for each metric that has values."""
        found: defaultdict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
        for (name, labels), value in self.values().items():
            found[name][labels] = value
        for name, metric in METRICS.items():
            if name in found and metric.kind != "event":
                yield make_family(metric, found[name])


def make_family(metric: Metric, values: Mapping[tuple[str, ...], float]) -> MetricFamily:
    """Makes the family of a metric from its values by labels."""
    if metric.kind == "histogram":
        return make_histogram(metric, values)
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    found = kind(metric.name, metric.meaning, labels=metric.labels)
    for labels, value in values.items():
        found.add_metric(labels, value)
    return found


def make_histogram(metric: Metric, values: Mapping[tuple[str, ...], float]) -> HistogramMetricFamily:
    """Makes a histogram. Each bucket also counts the observations of the buckets below it, as Prometheus requires."""
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
    """Serves values and a health check in threads of its own. Use it as a context manager.

    `values` and `check` are called for each request. Raises `Permanent` if it cannot listen on the address; `option` is
    the command-line option to name then.
    """

    def __init__(
        self,
        address: tuple[str, int],
        values: Callable[[], Mapping[Key, float]],
        check: Callable[[], HealthCheck],
        option: str,
    ) -> None:
        # A separate registry: the default one would add metrics of Python and the process, which are not in the table.
        registry = CollectorRegistry(auto_describe=False)
        registry.register(ValuesCollector(values))
        try:
            self.server = _make_server_class(address[0])(address, _make_handler_class(registry, check))
        except (OSError, OverflowError) as error:
            raise Permanent(_describe_failure(address, error, option)) from error
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


def _make_server_class(host: str) -> type[ThreadingHTTPServer]:
    class MetricsHTTPServer(ThreadingHTTPServer):
        daemon_threads = True
        address_family = AF_INET6 if ":" in host else AF_INET

    return MetricsHTTPServer


def _describe_failure(address: tuple[str, int], error: Exception, option: str) -> str:
    host, port = address
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken: choose another with {option}"
    return f"Cannot listen on {host}:{port} ({error}): choose another address with {option}"


def _make_handler_class(registry: CollectorRegistry, check: Callable[[], HealthCheck]) -> type[BaseHTTPRequestHandler]:
    class MetricsHandler(BaseHTTPRequestHandler):
        timeout = REQUEST_TIMEOUT_SECONDS

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                encode, kind = choose_encoder(self.headers.get("Accept", ""))
                self.answer(200, kind, encode(registry))
            elif path in ("/healthz", "/livez"):
                found = check()
                self.answer(found.find_status(path), "application/json", json.dumps(found.details).encode() + b"\n")
            else:
                self.answer(200 if path == "/" else 404, "text/plain; charset=utf-8", HINT)

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Logs nothing: Prometheus sends a request every few seconds."""

    return MetricsHandler

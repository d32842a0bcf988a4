"""`newsclaims monitor`: polls Kafka and Elasticsearch every 30 s and reports their health and the job's.

Each round of checks goes to the index `health` and to Prometheus. An unreachable server is reported and checked again
in the next round. The monitor runs until it is stopped. Once a day it drops what is beyond its retention, and once a
minute it brings the index of assertions up to date.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from deploy.assertions.keeping import AssertionKeeper
from deploy.monitoring.conditions import evaluation
from deploy.monitoring.daily_retention import DailyRetention
from deploy.monitoring.elasticsearch_health import measure_elasticsearch
from deploy.monitoring.exposition import HealthCheck, MetricsServer
from deploy.monitoring.health_writer import HealthWriter
from deploy.monitoring.kafka_health import measure_kafka
from deploy.monitoring.samples import Sampler, find_instance, make_sample
from deploy.settings import Settings
from deploy.signals import stop_signals
from schemas.alerts import ALERTS
from schemas.durations import UNITS, parse_duration
from schemas.errors import NewsclaimsError, Permanent, Retryable
from schemas.metrics import Key
from schemas.operations.records import HealthSample

_log = logging.getLogger(__name__)

PORT = 9464
HOST = "127.0.0.1"
INTERVAL_SECONDS = 30.0
"""Seconds between two rounds."""
MIN_INTERVAL_SECONDS = 1.0
TIMEOUT_SECONDS = 10.0
"""Timeout of a request to Elasticsearch."""
MAX_MISSED_ROUNDS = 3
"""The health check fails after this many intervals without a successful round."""
STUCK_SECONDS = 300.0
"""The monitor itself is stuck if no round ended for this long, and for ten intervals. Timeouts make rounds long."""
SHUTDOWN_SECONDS = 2.0
"""How long the monitor waits for the current round when it is stopped."""

CONDITION, ALERT = "newsclaims_condition", "newsclaims_alert"
PASSES = "newsclaims_assertion_passes_total"


@dataclass(frozen=True)
class MonitorRound:
    """The results of one round: values, samples to write, and the problem of each server (kafka, elasticsearch)."""

    at: datetime
    values: dict[Key, float] = field(default_factory=dict)
    samples: list[HealthSample] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    def find_exposed_values(self) -> dict[Key, float]:
        """Returns the values for Prometheus: those measured, and those of alerts."""
        conditions = {
            (CONDITION, (one.alert or "", one.subject or "")): one.value
            for one in self.samples
            if one.metric == CONDITION
        }
        return self.values | conditions

    def make_report(self) -> dict[str, Any]:
        """Returns the round as JSON values for programs. A sample has only the fields that are set."""
        samples = [
            {name: value for name, value in msgspec.structs.asdict(sample).items() if value is not None}
            for sample in self.samples
        ]
        return {"at": self.at, "problems": self.problems, "samples": samples}


class Monitor:
    """Runs rounds of checks, and keeps the latest.

    `write` takes the samples of each round. `now` returns the time.
    """

    def __init__(
        self,
        settings: Settings,
        write: Callable[[Iterable[HealthSample]], None],
        interval: float = INTERVAL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.write = write
        self.interval = interval
        self.now = now
        self.sampler = Sampler("monitor", zeros=True)
        self.started_at = now()
        self.latest: MonitorRound | None = None
        self.succeeded_at: datetime | None = None

    def run(self, stop: threading.Event, client: Elasticsearch) -> None:
        """Runs a round after each interval, until `stop` is set."""
        while not stop.wait(self.interval):
            self.run_round(client)

    def run_round(self, client: Elasticsearch) -> MonitorRound:
        """Checks everything once. Problems are part of the result, and are logged when they begin and end."""
        at = self.now()
        values: dict[Key, float] = {}
        measurements: dict[str, Callable[[], Mapping[Key, float]]] = {
            "kafka": lambda: measure_kafka(self.settings),
            "elasticsearch": lambda: measure_elasticsearch(client, at),
        }
        problems = {
            server: problem
            for server, measure in measurements.items()
            if (problem := add_values(server, measure, values))
        }
        samples = self.sampler.take(values, at)
        if "elasticsearch" not in problems:
            samples += self.make_condition_samples(client, at)
        found = MonitorRound(at, values, samples, problems)
        self.log_changes(found)
        self.write(found.samples)
        self.latest = found
        if not problems:
            self.succeeded_at = at
        return found

    def make_condition_samples(self, client: Elasticsearch, at: datetime) -> list[HealthSample]:
        """Returns samples with the values of all alerts, and with an event for each alert that begins."""
        before = self.latest.samples if self.latest else []
        seconds = (at - self.latest.at).total_seconds() if self.latest else 0.0
        try:
            found = evaluation.make_samples(client, at, find_instance(), seconds)
        except Retryable as error:
            _log.warning("alerts could not be evaluated: %s", error)
            return []
        # The evaluation reads the index, in which our previous round may not be searchable yet.
        firing = {(one.alert, one.subject) for one in before if is_firing(one)}
        return [one for one in found if one.metric != ALERT or (one.alert, one.subject) not in firing]

    def log_changes(self, found: MonitorRound) -> None:
        """Logs the beginning and the end of each problem."""
        before = self.latest.problems if self.latest else {}
        for server, problem in found.problems.items():
            if server not in before:
                _log.warning("%s", problem)
        for server in before.keys() - found.problems.keys():
            _log.info("%s is healthy again", server)

    def find_values(self) -> dict[Key, float]:
        """Returns the values of the latest round, for Prometheus."""
        return self.latest.find_exposed_values() if self.latest else {}

    def check_health(self) -> HealthCheck:
        """Returns whether rounds succeed in time and the latest had no problem. It is alive while rounds end at all."""
        now = self.now()
        problems = dict(self.latest.problems) if self.latest else {}
        seconds = (now - (self.succeeded_at or self.started_at)).total_seconds()
        if seconds > MAX_MISSED_ROUNDS * self.interval:
            problems["monitor"] = f"no successful round for {seconds:.0f} s; one is due every {self.interval:g} s"
        ok = self.succeeded_at is not None and not problems
        details = {
            "status": "ok" if ok else "failing" if problems else "starting",
            "last_good_round": self.succeeded_at.isoformat(timespec="seconds") if self.succeeded_at else None,
            "seconds_since": round((now - self.succeeded_at).total_seconds(), 1) if self.succeeded_at else None,
            "problems": problems,
        }
        without = (now - (self.latest.at if self.latest else self.started_at)).total_seconds()
        return HealthCheck(ok, details, is_alive=without < max(STUCK_SECONDS, 10 * self.interval))


def is_firing(sample: HealthSample) -> bool:
    """Returns whether a sample is the value of an alert, above its threshold."""
    return sample.metric == CONDITION and sample.value > ALERTS[sample.alert or ""].threshold


def add_values(server: str, measure: Callable[[], Mapping[Key, float]], values: dict[Key, float]) -> str | None:
    """Measures a server and adds the values, and whether it is up. Returns the problem, if there is one."""
    problem, is_up = None, True
    try:
        values.update(measure())
    except NewsclaimsError as error:
        problem, is_up = str(error), not isinstance(error, Retryable)
    except Exception as error:  # noqa: BLE001 - the next round may succeed; the problem is reported
        _log.exception("could not measure %s", server)
        problem = f"{type(error).__name__}: {error}"
    values["newsclaims_server_up", (server,)] = float(is_up)
    return problem


def monitor(
    settings: Settings,
    host: str = HOST,
    port: int = PORT,
    interval: float = INTERVAL_SECONDS,
    retention: bool = True,
) -> None:
    """Runs rounds until SIGTERM or SIGINT, and serves their values.

    With `retention`, it drops once a day what is beyond its limit. Raises `Permanent` if it cannot use the port, or if
    indices.yaml is invalid.
    """
    stop = threading.Event()
    with stop_signals(stop.set), HealthWriter(settings) as writer:
        rounds = Monitor(settings, writer.add, interval)
        with MetricsServer((host, port), rounds.find_values, rounds.check_health, "--port or --host") as server:
            _log.info("metrics at %s/metrics, health check at %s/healthz", server.url, server.url)
            thread = threading.Thread(target=_run_rounds, args=(rounds, stop), name="monitor", daemon=True)
            thread.start()
            if retention:
                daily = DailyRetention(settings, writer.add)
                # A daemon: what an interrupted run leaves, the next one does.
                threading.Thread(target=daily.run, args=(stop,), name="retention", daemon=True).start()
            keeper = AssertionKeeper(settings, lambda problem: writer.add([make_pass_sample(problem, rounds.now())]))
            threading.Thread(target=keeper.run, args=(stop,), name="assertions", daemon=True).start()
            stop.wait()
            thread.join(SHUTDOWN_SECONDS)


def make_pass_sample(problem: str | None, at: datetime) -> HealthSample:
    """Returns the sample of a pass over the assertions: why it failed, or None."""
    outcome = "failed" if problem else "ok"
    return make_sample(PASSES, 1, at=at, source="monitor", labels=(outcome,), detail=problem)


def _run_rounds(rounds: Monitor, stop: threading.Event) -> None:
    with connect(rounds.settings) as client:
        rounds.run_round(client)
        rounds.run(stop, client)


def monitor_once(settings: Settings) -> MonitorRound:
    """Runs one round, writes it to `health`, and returns it."""
    with HealthWriter(settings) as writer, connect(settings) as client:
        return Monitor(settings, writer.add).run_round(client)


@contextmanager
def monitor_during(settings: Settings, interval: float) -> Iterator[None]:
    """Runs rounds while the block runs: the first before it starts, the last after it ends."""
    stop = threading.Event()
    with HealthWriter(settings) as writer, connect(settings) as client:
        rounds = Monitor(settings, writer.add, interval)
        rounds.run_round(client)
        thread = threading.Thread(target=rounds.run, args=(stop, client), name="monitor", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            rounds.run_round(client)


@contextmanager
def connect(settings: Settings) -> Iterator[Elasticsearch]:
    """Makes the monitor's client. It does not retry: the next round does."""
    options = settings.elasticsearch.client_options()
    with Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client:
        yield client


def parse_interval(text: str) -> float:
    """Parses `30s`, `5m`, `1h` or `30` to seconds. Raises `Permanent` for other texts, and for less than a second."""
    try:
        seconds = parse_duration(text, {**UNITS, "": 1})
    except ValueError as error:
        raise Permanent(f"--interval: {error}") from error
    if seconds < MIN_INTERVAL_SECONDS:
        raise Permanent(f"--interval is {text!r}: it must be at least {MIN_INTERVAL_SECONDS:g}s")
    return seconds

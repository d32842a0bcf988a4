"""`newsclaims monitor`: asks Kafka and Elasticsearch how they and the job do, every half a minute, and tells it.

Each round goes to the index `health` and to Prometheus. A server that is away is told as such and asked again: the
monitor ends only when it is told to.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from deploy.monitoring.conditions import evaluation
from deploy.monitoring.elasticsearch_health import elasticsearch_health
from deploy.monitoring.exposition import MetricsServer, Verdict
from deploy.monitoring.health import HealthWriter
from deploy.monitoring.kafka_health import kafka_health
from deploy.monitoring.samples import Sampler, instance
from deploy.settings import Settings
from schemas.alerts import ALERTS
from schemas.durations import UNITS, parse_duration
from schemas.errors import NewsclaimsError, Permanent, Retryable
from schemas.metrics import Key
from schemas.records import HealthSample

_log = logging.getLogger(__name__)

PORT = 9464
HOST = "127.0.0.1"
INTERVAL = 30.0
"""Seconds between two rounds."""
SHORTEST = 1.0
TIMEOUT = 10.0
"""Seconds that Elasticsearch may take for one answer."""
LATE_ROUNDS = 3
"""After how many intervals without a good round all is not well."""
LINGER_SECONDS = 2.0
"""How long a round that is under way may take at the end."""

CONDITION, ALERT = "newsclaims_condition", "newsclaims_alert"


@dataclass(frozen=True)
class Round:
    """What one round found: values, what is written of it, and by server (kafka, elasticsearch) what went wrong."""

    at: datetime
    values: dict[Key, float] = field(default_factory=dict)
    samples: list[HealthSample] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    def exposed(self) -> dict[Key, float]:
        """The values and the numbers of alerts."""
        numbers = {
            (CONDITION, (one.alert or "", one.subject or "")): one.value
            for one in self.samples
            if one.metric == CONDITION
        }
        return self.values | numbers

    def report(self) -> dict[str, Any]:
        """The round for a program to read; a sample has the fields that say something."""
        samples = [
            {name: value for name, value in msgspec.structs.asdict(sample).items() if value is not None}
            for sample in self.samples
        ]
        return {"at": self.at, "problems": self.problems, "samples": samples}


class Monitor:
    """Makes rounds, and remembers the latest.

    `note` takes each round's samples. `now` gives the time.
    """

    def __init__(
        self,
        settings: Settings,
        note: Callable[[Iterable[HealthSample]], None],
        interval: float = INTERVAL,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.note = note
        self.interval = interval
        self.now = now
        self.sampler = Sampler("monitor", zeros=True)
        self.began = now()
        self.latest: Round | None = None
        self.good_at: datetime | None = None

    def run(self, stop: threading.Event, client: Elasticsearch) -> None:
        """Makes a round after each interval, until `stop` is set."""
        while not stop.wait(self.interval):
            self.round(client)

    def round(self, client: Elasticsearch) -> Round:
        """Asks everything once. Whatever goes wrong is in the round, and in the log when it begins and ends."""
        at = self.now()
        values: dict[Key, float] = {}
        questions: dict[str, Callable[[], Mapping[Key, float]]] = {
            "kafka": lambda: kafka_health(self.settings),
            "elasticsearch": lambda: elasticsearch_health(client, at),
        }
        problems = {server: problem for server, ask in questions.items() if (problem := answer(server, ask, values))}
        samples = self.sampler.take(values, at)
        if "elasticsearch" not in problems:
            samples += self.conditions(client, at)
        found = Round(at, values, samples, problems)
        self.tell_changes(found)
        self.note(found.samples)
        self.latest = found
        if not problems:
            self.good_at = at
        return found

    def conditions(self, client: Elasticsearch, at: datetime) -> list[HealthSample]:
        """The numbers of all alerts, and an event for each that begins."""
        before = self.latest.samples if self.latest else []
        seconds = (at - self.latest.at).total_seconds() if self.latest else 0.0
        try:
            found = evaluation.samples(client, at, instance(), seconds)
        except Retryable as error:
            _log.warning("alerts are not known now: %s", error)
            return []
        # They look in the index, where our last round may not be searchable yet.
        firing = {(one.alert, one.subject) for one in before if is_firing(one)}
        return [one for one in found if one.metric != ALERT or (one.alert, one.subject) not in firing]

    def tell_changes(self, found: Round) -> None:
        """Logs a problem when it begins, and its end."""
        before = self.latest.problems if self.latest else {}
        for server, problem in found.problems.items():
            if server not in before:
                _log.warning("%s", problem)
        for server in before.keys() - found.problems.keys():
            _log.info("%s answers again", server)

    def values(self) -> dict[Key, float]:
        """Those of the latest round, for Prometheus."""
        return self.latest.exposed() if self.latest else {}

    def verdict(self) -> Verdict:
        """All is well while rounds come on time and nothing was wrong in the latest."""
        now = self.now()
        problems = dict(self.latest.problems) if self.latest else {}
        silent = (now - (self.good_at or self.began)).total_seconds()
        if silent > LATE_ROUNDS * self.interval:
            problems["monitor"] = f"no good round for {silent:.0f} s, where one is due every {self.interval:g} s"
        ok = self.good_at is not None and not problems
        says = {
            "status": "ok" if ok else "failing" if problems else "starting",
            "last_good_round": self.good_at.isoformat(timespec="seconds") if self.good_at else None,
            "seconds_since": round((now - self.good_at).total_seconds(), 1) if self.good_at else None,
            "problems": problems,
        }
        return Verdict(ok, says)


def is_firing(sample: HealthSample) -> bool:
    """Whether a sample is of an alert's number, above its threshold."""
    return sample.metric == CONDITION and sample.value > ALERTS[sample.alert or ""].threshold


def answer(server: str, ask: Callable[[], Mapping[Key, float]], values: dict[Key, float]) -> str | None:
    """Adds a server's answers, and whether it answers at all, to the values. Returns what went wrong, if anything."""
    problem, is_up = None, True
    try:
        values.update(ask())
    except NewsclaimsError as error:
        problem, is_up = str(error), not isinstance(error, Retryable)
    except Exception as error:  # a bug of ours, or an answer that nobody foresaw: the next round may do better
        _log.exception("the round failed at %s", server)
        problem = f"{type(error).__name__}: {error}"
    values["newsclaims_server_up", (server,)] = float(is_up)
    return problem


def monitor(settings: Settings, host: str = HOST, port: int = PORT, interval: float = INTERVAL) -> None:
    """Makes rounds until SIGTERM or SIGINT, and serves them. Raises `Permanent` where the port cannot be had."""
    stop = threading.Event()
    with _signals(stop), HealthWriter(settings) as writer:
        rounds = Monitor(settings, writer.note, interval)
        with MetricsServer((host, port), rounds.values, rounds.verdict, "--port or --host") as server:
            _log.info("metrics at %s/metrics, health at %s/healthz", server.url, server.url)
            thread = threading.Thread(target=_make_rounds, args=(rounds, stop), name="monitor", daemon=True)
            thread.start()
            stop.wait()
            thread.join(LINGER_SECONDS)


def _make_rounds(rounds: Monitor, stop: threading.Event) -> None:
    with elasticsearch(rounds.settings) as client:
        rounds.round(client)
        rounds.run(stop, client)


def look_once(settings: Settings) -> Round:
    """Makes one round, writes it to `health`, and returns it."""
    with HealthWriter(settings) as writer, elasticsearch(settings) as client:
        return Monitor(settings, writer.note).round(client)


@contextmanager
def watching(settings: Settings, interval: float) -> Iterator[None]:
    """Makes rounds beside what the block does, the first before and the last after it."""
    stop = threading.Event()
    with HealthWriter(settings) as writer, elasticsearch(settings) as client:
        beside = Monitor(settings, writer.note, interval)
        beside.round(client)
        thread = threading.Thread(target=beside.run, args=(stop, client), name="monitor", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            beside.round(client)


@contextmanager
def elasticsearch(settings: Settings) -> Iterator[Elasticsearch]:
    """The monitor's client: the next round is its retry."""
    options = settings.elasticsearch.client_options()
    with Elasticsearch(**options, request_timeout=TIMEOUT, max_retries=0) as client:
        yield client


def parsed_interval(text: str) -> float:
    """The seconds that `30s`, `5m`, `1h` or `30` mean. Raises `Permanent` for anything else, and for less than one."""
    try:
        seconds = parse_duration(text, {**UNITS, "": 1})
    except ValueError as error:
        raise Permanent(f"--interval: {error}") from error
    if seconds < SHORTEST:
        raise Permanent(f"--interval is {text!r}: it must be at least {SHORTEST:g}s")
    return seconds


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop`; as before afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda *_: stop.set())
    try:
        yield
    finally:
        for number, handler in before.items():
            with suppress(ValueError):
                signal.signal(number, handler)

"""The health of a run: its statuses become samples in the index `health`, and metrics for Prometheus."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime

from deploy.monitoring.exposition import HealthCheck, MetricsServer
from deploy.monitoring.health_writer import HealthWriter
from deploy.monitoring.samples import Sampler
from deploy.settings import Settings
from pipelines.run.options import find_kept_watches
from pipelines.run.rules_changed import RulesChanged
from pipelines.run.status import RunStatus
from schemas.metrics import Key
from schemas.operations.records import HealthSample

EVERY = 10.0
"""Seconds between two samples of a run."""
STUCK_SECONDS = 30.0
"""After this long without a status the supervisor is stuck: it publishes several a second."""


class RunHealth:
    """Takes the statuses of a run, and passes on samples every few seconds and at the end.

    `clock` counts seconds, `now` gives the time of the samples.
    """

    def __init__(
        self,
        note: Callable[[Iterable[HealthSample]], None],
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.note = note
        self.every = every
        self.clock = clock
        self.now = now
        self.sampler = Sampler("run", since=now())
        self.taken = clock()
        self.latest = RunStatus()
        self.updated_at = clock()

    def __call__(self, status: RunStatus) -> None:
        """Takes a status. The last one brings the counts since the last sample."""
        self.latest, self.updated_at = status, self.clock()
        if status.is_last or self.clock() - self.taken >= self.every:
            self.taken = self.clock()
            self.note(self.sampler.take(status.metrics(), self.now()))

    def values(self) -> dict[Key, float]:
        """Returns the metrics of the latest status."""
        return self.latest.metrics()

    def verdict(self) -> HealthCheck:
        """Returns whether statuses still come. A run that waits for a server is healthy: a restart does not help."""
        ok = self.clock() - self.updated_at < STUCK_SECONDS or not self.latest.seconds
        waiting = self.latest.waiting_for
        status = "stuck" if not ok else "starting" if not self.latest.seconds else "waiting" if waiting else "ok"
        says = {"status": status, "waiting_for": waiting, "workers": self.latest.workers, "lag": self.latest.lag}
        if self.latest.runs is not None:
            says |= {"runs": self.latest.runs, "partitions": self.latest.partitions, "own_lag": self.latest.own_lag}
        return HealthCheck(ok, says)


@contextmanager
def record_health(
    settings: Settings, every: float = EVERY, address: tuple[str, int] | None = None
) -> Iterator[Callable[[RunStatus], None]]:
    """Yields a display for a run that records its health. Waiting samples are written when the block ends, if possible.

    It also writes an event when the rules or watches are new. At `address` (host, port) it serves the metrics. Raises
    `Permanent` if it cannot listen there.
    """
    with HealthWriter(settings) as writer:
        health = RunHealth(writer.add, every)
        rules = RulesChanged(writer.add_query, find_kept_watches(settings))

        def watch(status: RunStatus) -> None:
            health(status)
            rules(status)

        option = "--metrics-port or --metrics-host"
        with MetricsServer(address, health.values, health.verdict, option) if address else nullcontext():
            yield watch

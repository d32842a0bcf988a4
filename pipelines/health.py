"""A run's health: what its statuses become in the index `health` and for Prometheus, and the event of new rules."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime

from elasticsearch import Elasticsearch

from deploy.exposition import MetricsServer, Verdict
from deploy.health import HealthWriter, Question
from deploy.samples import Sampler, sample
from deploy.settings import Settings
from pipelines.status import Status
from pipelines.text.extraction import RULES_VERSION
from schemas.indices import HEALTH
from schemas.metrics import Key
from schemas.records import HealthSample

EVERY = 10.0
"""Seconds between two samples of a run."""
STUCK_SECONDS = 30.0
"""After so long without a status something is wrong with the supervisor, which tells several a second."""

RULES_CHANGED = "newsclaims_rules_changed"


class RunHealth:
    """Watches a run, and hands on samples every few seconds and at its end.

    `clock` counts seconds, `now` gives the time that samples carry.
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
        self.latest = Status()
        self.told = clock()

    def __call__(self, status: Status) -> None:
        """Takes a status; what the run counted after its last sample goes out with its last status."""
        self.latest, self.told = status, self.clock()
        if status.is_last or self.clock() - self.taken >= self.every:
            self.taken = self.clock()
            self.note(self.sampler.take(status.metrics(), self.now()))

    def values(self) -> dict[Key, float]:
        """Those of the latest status."""
        return self.latest.metrics()

    def verdict(self) -> Verdict:
        """All is well while statuses come: a run that waits for a server would only wait again after a new start."""
        ok = self.clock() - self.told < STUCK_SECONDS or not self.latest.seconds
        waiting = self.latest.waiting_for
        status = "stuck" if not ok else "starting" if not self.latest.seconds else "waiting" if waiting else "ok"
        says = {"status": status, "waiting_for": waiting, "workers": self.latest.workers, "lag": self.latest.lag}
        return Verdict(ok, says)


@contextmanager
def run_health(
    settings: Settings, every: float = EVERY, address: tuple[str, int] | None = None
) -> Iterator[Callable[[Status], None]]:
    """What a run is to be watched with; its samples are written when the block ends, as far as Elasticsearch answers.

    A run whose rules are not those of the last event about them writes such an event. At `address` (host, port) the
    run's metrics are served. Raises `Permanent` where that cannot be had.
    """
    with HealthWriter(settings) as writer:
        watch = RunHealth(writer.note, every)
        writer.ask(rules_question(f"rules {RULES_VERSION}", datetime.now(UTC)))
        option = "--metrics-port or --metrics-host"
        with MetricsServer(address, watch.values, watch.verdict, option) if address else nullcontext():
            yield watch


def rules_question(rules: str, at: datetime) -> Question:
    """Asks whether the last event about rules tells of these; gives the event where it does not."""

    def question(client: Elasticsearch) -> list[HealthSample]:
        last = client.search(
            index=HEALTH.name, query={"term": {"metric": RULES_CHANGED}}, sort=[{"at": "desc"}], size=1,
            source_includes=["detail"],
        )["hits"]["hits"]  # fmt: skip
        if last and last[0]["_source"]["detail"] == rules:
            return []
        return [sample(RULES_CHANGED, 1, at=at, source="run", detail=rules)]

    return question

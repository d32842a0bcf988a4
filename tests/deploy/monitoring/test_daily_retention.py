"""Retention once a day: one of several monitors runs it, a failure is repeated and reported, and an alert fires."""

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.monitoring import daily_retention
from deploy.monitoring import monitor as monitoring
from deploy.monitoring.conditions.retention import retention_failing
from deploy.monitoring.daily_retention import DailyRetention, History
from deploy.retention.plan import Verdict
from deploy.retention.run import RetentionReport
from deploy.settings import Settings
from newsclaims import app
from schemas.errors import Retryable
from schemas.operations.records import HealthSample
from tests.conftest import Stack, free_ports
from tests.deploy.monitoring.condition_data import NOW, Index, ago

HOUR = timedelta(hours=1)
DROPPED = Verdict("health-g1-2024", "health", "2024", 12, 900, "drop", "old")


@pytest.mark.parametrize(
    ("history", "due"),
    [
        (History(), True),
        (History(started=ago(23.9), succeeded=ago(23.8)), False),
        (History(started=ago(24.2), succeeded=ago(24.1)), True),
        (History(started=ago(0.6), succeeded=ago(30), failed=ago(0.5)), False),
        (History(started=ago(1.2), succeeded=ago(30), failed=ago(1.1)), True),
        (History(started=ago(2), succeeded=ago(30)), False),
        (History(started=ago(7), succeeded=ago(30)), True),
    ],
    ids=["first", "today", "yesterday", "just failed", "failed", "running", "killed"],
)
def test_run_is_due_once_a_day_and_an_hour_after_a_failure(history: History, due: bool) -> None:
    assert history.is_due(NOW) == due


class Monitors:
    """Monitors on one server, whose clocks are set by the test. `outcome` is raised by a run, or None."""

    def __init__(self, settings: Settings, index: Index) -> None:
        self.settings = settings
        self.index = index
        self.at = NOW
        self.runs = 0
        self.outcome: Exception | None = None

    def run(self, settings: Settings, now: datetime) -> RetentionReport:
        """Counts a run."""
        self.runs += 1
        if self.outcome:
            raise self.outcome
        return RetentionReport(dry_run=False, lifecycle=False, verdicts=(DROPPED,))

    def write(self, samples: Iterable[HealthSample]) -> None:
        """Writes samples as the monitor does."""
        self.index.write(*samples)

    def make(self) -> DailyRetention:
        """Makes a monitor."""
        return DailyRetention(self.settings, self.write, self.run, lambda: self.at)

    def check(self, after: timedelta = timedelta(0)) -> bool:
        """Lets a monitor look whether a run is due. Returns whether it ran."""
        self.at += after
        ran = self.make().check()
        self.index.client.indices.refresh(index="health")
        return ran

    def alert(self) -> float:
        """Returns the number of the alert at the time of the last check."""
        self.index.client.indices.refresh(index="health")
        return retention_failing(self.index.client, self.at + timedelta(minutes=1))[0].value


@pytest.fixture
def monitors(stack: Stack, index: Index) -> Monitors:
    return Monitors(stack.settings, index)


@pytest.mark.integration
def test_one_of_many_monitors_runs_and_the_next_run_is_a_day_later(monitors: Monitors) -> None:
    ready, ran = threading.Barrier(4), []

    def check() -> None:
        ready.wait()
        ran.append(monitors.make().check())

    threads = [threading.Thread(target=check) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(ran), monitors.runs) == ([False, False, False, True], 1)
    monitors.index.client.indices.refresh(index="health")
    dropped: Any = {"term": {"metric": daily_retention.DROPPED}}
    [hit] = monitors.index.client.search(index="health", query=dropped)["hits"]["hits"]
    assert (hit["_source"]["index"], hit["_source"]["value"]) == ("health", 12.0)
    assert [monitors.check(HOUR), monitors.check(22 * HOUR), monitors.check(1.5 * HOUR)] == [False, False, True]
    assert monitors.alert() == 0


@pytest.mark.integration
def test_failure_is_repeated_every_hour_and_raises_an_alert_until_a_run_succeeds(monitors: Monitors) -> None:
    monitors.outcome = Retryable("Kafka does not answer")
    numbers = []
    for _ in range(3):
        assert monitors.check(1.01 * HOUR)
        assert not monitors.check(0.5 * HOUR)
        numbers.append(monitors.alert())
        monitors.at -= 0.5 * HOUR
    assert numbers == [1, 2, 3]
    monitors.outcome = None
    assert monitors.check(1.01 * HOUR)
    assert monitors.alert() == 0


@pytest.mark.integration
def test_run_that_was_killed_counts_as_failed(monitors: Monitors) -> None:
    monitors.outcome = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        monitors.check()
    monitors.index.client.indices.refresh(index="health")
    assert not monitors.check(2 * HOUR)
    monitors.outcome = RuntimeError("again")
    assert monitors.check(5 * HOUR)
    assert monitors.alert() == 2


def test_monitor_runs_it_unless_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Settings] = []

    class Daily:
        """Stops the monitor as soon as it is run."""

        def __init__(self, settings: Settings, write: object) -> None:
            self.settings = settings

        def run(self, stop: threading.Event) -> None:
            ran.append(self.settings)
            stop.set()

    unreachable = Settings.load({"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "ELASTICSEARCH_URL": "http://127.0.0.1:1"})
    monkeypatch.setattr(monitoring, "DailyRetention", Daily)
    monitoring.monitor(unreachable, port=free_ports(1)[0], interval=60)
    assert ran == [unreachable]

    called: list[bool] = []
    monkeypatch.setattr(monitoring, "monitor", lambda *given: called.append(given[-1]))
    for arguments in (["monitor"], ["monitor", "--no-retention"]):
        assert CliRunner().invoke(app, arguments).exit_code == 0
    assert called == [True, False]

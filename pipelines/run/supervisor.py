"""`newsclaims run`: worker processes that read a topic as members of its group, and are replaced when they die or grow.

Kafka shares the partitions out among the workers of all runs of a group, on whichever machines. The FnApiRunner keeps
memory for every bundle it has run, so a worker drains and is replaced after a number of bundles or megabytes. The
numbers of the status come from the counters of the workers and from Kafka, never from the metrics of the runner.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from deploy.kafka_connection import find_refusal
from deploy.monitoring.consumer_group import GroupMeter, GroupState, make_client_id
from deploy.monitoring.samples import find_instance
from deploy.signals import stop_signals
from pipelines import lifecycle
from pipelines.io.kafka.offsets import (
    Start,
    ask_until_answered,
    find_end_offsets,
    find_start_offsets,
    list_partitions,
    move_group,
)
from pipelines.run.lag import LagMeter
from pipelines.run.orders import WorkerOrder, WorkerReport
from pipelines.run.rate import RateMeter
from pipelines.run.status import RunStatus, open_display
from pipelines.run.worker_process import Event, WorkerEnd, WorkerProcess
from schemas.errors import Permanent, TooManyDeadLetters
from schemas.metrics import METRICS, Key, add_worker

_log = logging.getLogger(__name__)

STEP_SECONDS = 0.25
"""How often the supervisor publishes its status when no worker reports."""
LAG_SECONDS = 2.0
"""How often the lag is measured."""
RATE_SECONDS = 10.0
"""The time over which the rate is measured."""


FAILURES: dict[str, type[Permanent]] = {"permanent": Permanent, "too_many_dead_letters": TooManyDeadLetters}
"""Ends of a worker that end the run, and the error of each."""


CRASHES = ("died", "failed")
"""Ends of a worker that may not have left the group."""


@dataclass(frozen=True, kw_only=True)
class RunLimits:
    """When a worker is replaced, and when the supervisor gives up.

    `bundles` and `megabytes` follow from measurements (`tests/benchmarks/memory.py`): a worker starts at about 150 MB
    and keeps about 20 kB for each bundle. `deaths` in a row, each within `quick_seconds` of the start, are a crash
    loop. A worker has `drain_seconds` to stop.
    """

    bundles: int = 4000
    megabytes: int = 1024
    deaths: int = 5
    quick_seconds: float = 30.0
    back_off_seconds: tuple[float, float] = (0.5, 10.0)
    drain_seconds: float = 30.0


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What to run: `job` is the path `module:function` of a `pipelines.run.worker.Job`, `settings` are its own, as JSON
    values.

    `consumer` are kafka-python's settings with a `group_id`. A `start` other than `committed` moves the group before
    the workers start, and is refused while other runs read with it. `until_caught_up` ends once the group has committed
    the end offsets of the moment when the run starts, whichever run has read them. A worker polls for
    `idle_seconds` at a time, commits after `bundle_records` or two seconds, and reports every `report_seconds`.
    """

    job: str
    topic: str
    consumer: dict[str, Any] = field(repr=False)
    settings: dict[str, Any] = field(default_factory=dict, repr=False)
    workers: int = 1
    start: Start = "committed"
    until_caught_up: bool = False
    limits: RunLimits = field(default_factory=RunLimits)
    idle_seconds: float = 1.0
    bundle_records: int = 5000
    report_seconds: float = 1.0


def run(
    options: RunOptions,
    display: Callable[[RunStatus], None] | None = None,
    watch: Callable[[RunStatus], None] | None = None,
) -> dict[str, Any]:
    """Runs workers until all are done, or until SIGTERM or SIGINT, which drains and commits.

    `display` shows the status to a user, by default as a line; `watch` gets it too. Both get the last one however the
    run ends, and neither may block. Returns the summary of `RunStatus.summary`. Raises `Permanent` for an error that a
    restart does not repair, and for a worker that dies repeatedly; `TooManyDeadLetters` if too much of its input dies.
    All other workers have drained by then.
    """
    if options.workers < 1:
        raise Permanent(f"workers is {options.workers}: it must be at least 1.")
    if not options.consumer.get("group_id"):
        raise Permanent("The consumer settings have no group_id: without one, no offset is committed.")
    with stop_signals(lifecycle.stop_requested.set):
        plan = ask_until_answered(options.consumer, lambda client: _make_plan(client, options), find_refusal)
        if plan is None:
            return RunStatus().summary()
        with open_display() if display is None else _use_display(display) as show:
            return _Supervisor(options, plan, [show, watch] if watch else [show]).run()


@dataclass(frozen=True)
class _RunPlan:
    partitions: int
    stop_offsets: dict[int, int] | None


def _make_plan(client: Any, options: RunOptions) -> _RunPlan:
    """Determines where the run starts and ends, once for all workers and their replacements."""
    partitions = list_partitions(client, options.topic)
    if options.start != "committed":
        move_group(client, find_start_offsets(client, partitions, options.start))
    stops = {tp.partition: offset for tp, offset in find_end_offsets(client, partitions).items()}
    return _RunPlan(len(partitions), stops if options.until_caught_up else None)


class _Slot:
    """The place of a worker, and the worker that has it now."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.process: WorkerProcess | None = None
        self.start_at = 0.0
        self.quick_deaths = 0
        self.deaths = 0
        self.is_done = False
        self.values: dict[Key, float] = {}
        self.memory = 0


class _Supervisor:
    def __init__(self, options: RunOptions, plan: _RunPlan, watchers: list[Callable[[RunStatus], None]]) -> None:
        self.options = options
        self.plan = plan
        self.watchers = watchers
        count = min(options.workers, plan.partitions)
        if count < options.workers:
            _log.warning("%d workers for %d partitions: only %d are started", options.workers, plan.partitions, count)
        self.slots = [_Slot(index) for index in range(count)]
        self.events: queue.Queue[Event] = queue.Queue()
        self.retired: Counter[Key] = Counter()
        self.replacements = 0
        self.failure: str | None = None
        self.failure_kind: type[Permanent] = Permanent
        self.began = time.monotonic()
        self.rate_meter = RateMeter(RATE_SECONDS)
        self.lag_meter = LagMeter(options.consumer, options.topic)
        self.lag: dict[int, int] | None = None
        self.name = find_instance()
        self.group_meter = GroupMeter(options.consumer)
        self.group: GroupState | None = None

    def run(self) -> dict[str, Any]:
        ended = threading.Event()
        with closing(self.lag_meter), closing(self.group_meter):
            threading.Thread(target=self.watch_lag, args=(ended,), daemon=True).start()
            try:
                while not lifecycle.stop_requested.is_set() and not self.failure:
                    self.start_due()
                    if all(slot.is_done for slot in self.slots):
                        break
                    self.handle_next()
            finally:
                self.stop_all()
                ended.set()
            self.lag = None if self.failure else self.lag_meter.measure(LAG_SECONDS)
        status = self.publish_status(is_last=True)
        if self.failure:
            raise self.failure_kind(self.failure)
        return status.summary()

    def start_due(self) -> None:
        """Starts the workers that are due."""
        now = time.monotonic()
        for slot in self.slots:
            if slot.process is None and not slot.is_done and slot.start_at <= now:
                slot.process = WorkerProcess(slot.index, self.make_order(slot), self.events)

    def make_order(self, slot: _Slot) -> WorkerOrder:
        return WorkerOrder(
            job=self.options.job,
            settings=self.options.settings,
            topic=self.options.topic,
            consumer={**self.options.consumer, "client_id": make_client_id(self.name, slot.index)},
            stop_offsets=self.plan.stop_offsets,
            bundles=self.options.limits.bundles,
            megabytes=self.options.limits.megabytes,
            idle_seconds=self.options.idle_seconds,
            bundle_records=self.options.bundle_records,
            report_seconds=self.options.report_seconds,
        )

    def handle_next(self) -> None:
        """Handles the next event of a worker, and publishes the status when there is no other."""
        try:
            index, event = self.events.get(timeout=STEP_SECONDS)
        except queue.Empty:
            pass
        else:
            self.handle_event(self.slots[index], event)
            if not self.events.empty():
                return
        self.publish_status()

    def publish_status(self, is_last: bool = False) -> RunStatus:
        """Passes the status to every display, and returns it."""
        status = self.make_status()
        status.is_last = is_last
        for watcher in self.watchers:
            watcher(status)
        return status

    def handle_event(self, slot: _Slot, event: WorkerReport | WorkerEnd) -> None:
        if isinstance(event, WorkerReport):
            slot.values = {add_worker((name, labels), str(slot.index)): value for name, labels, value in event.values}
            slot.memory = event.memory
            return
        assert slot.process is not None
        lived = time.monotonic() - slot.process.started
        if event.end in CRASHES:
            client_id = make_client_id(self.name, slot.index)
            threading.Thread(target=self.group_meter.remove, args=(client_id,), daemon=True).start()
        slot.process = None
        self.retire(slot)
        if event.end in FAILURES:
            # The first failure is the cause; others follow from the stop.
            if not self.failure:
                self.failure, self.failure_kind = event.message, FAILURES[event.end]
        elif event.end == "finished":
            slot.is_done = True
        elif event.end == "replace":
            self.replacements += 1
            slot.quick_deaths = 0
            _log.info("Worker %d is replaced: %s", slot.index, event.message)
        elif lifecycle.stop_requested.is_set() or self.failure:
            slot.is_done = True
            if event.message:
                _log.warning("Worker %d stopped, %s", slot.index, event.message)
        else:
            self.plan_restart(slot, event, lived)

    def retire(self, slot: _Slot) -> None:
        """Keeps the counts of a worker that has ended, and drops its gauges."""
        for key, value in slot.values.items():
            if METRICS[key[0]].kind != "gauge":
                self.retired[key] += value  # type: ignore[assignment]
        slot.values, slot.memory = {}, 0

    def plan_restart(self, slot: _Slot, event: WorkerEnd, lived: float) -> None:
        """Plans the restart of a worker that died, or gives up."""
        limits = self.options.limits
        slot.deaths += 1
        slot.quick_deaths = slot.quick_deaths + 1 if lived < limits.quick_seconds else 1
        if slot.quick_deaths >= limits.deaths:
            self.failure = (
                f"Worker {slot.index} died {slot.quick_deaths} times in a row soon after its start; "
                f"last error: {event.message}"
            )
            return
        first, longest = limits.back_off_seconds
        pause = min(longest, first * 2 ** (slot.quick_deaths - 1))
        slot.start_at = time.monotonic() + pause
        _log.warning("Worker %d died (%s); it is restarted in %.1f s", slot.index, event.message, pause)

    def stop_all(self) -> None:
        """Lets all workers drain, kills those that take too long, and handles their last reports."""
        for slot in self.slots:
            if slot.process:
                slot.process.terminate()
        deadline = time.monotonic() + self.options.limits.drain_seconds
        while any(slot.process for slot in self.slots):
            if time.monotonic() > deadline:
                for slot in self.slots:
                    if slot.process:
                        _log.warning("Worker %d does not drain: killed, its last bundle is not committed", slot.index)
                        slot.process.kill()
                deadline = float("inf")
            self.handle_next()

    def make_status(self) -> RunStatus:
        """Returns the current status, over all workers of the run."""
        totals = Counter(self.retired)
        for slot in self.slots:
            for key, value in slot.values.items():
                if METRICS[key[0]].kind == "gauge":
                    # If one worker waits for a server, all of them may soon.
                    totals[key] = max(totals[key], value)  # type: ignore[assignment]
                else:
                    totals[key] += value  # type: ignore[assignment]
        now = time.monotonic()
        status = RunStatus(
            values=dict(totals),
            seconds=now - self.began,
            workers=sum(slot.process is not None for slot in self.slots),
            replacements=self.replacements,
            deaths={str(slot.index): slot.deaths for slot in self.slots},
            memory=tuple(slot.memory for slot in self.slots),
            lag=None if self.lag is None else sum(self.lag.values()),
        )
        self.describe_share(status)
        status.rate = self.rate_meter.measure(now, status.records_in)
        return status

    def describe_share(self, status: RunStatus) -> None:
        """Adds which part of the group this run is, if Kafka has said so."""
        if self.group is None:
            return
        own = self.group.partitions.get(self.name, frozenset())
        status.runs, status.members, status.partitions = self.group.runs, self.group.members, len(own)
        if self.lag is not None:
            status.own_lag = sum(records for number, records in self.lag.items() if number in own)

    def watch_lag(self, ended: threading.Event) -> None:
        while not ended.wait(LAG_SECONDS):
            self.lag = self.lag_meter.measure()
            self.group = self.group_meter.measure()


@contextmanager
def _use_display(display: Callable[[RunStatus], None]) -> Iterator[Callable[[RunStatus], None]]:
    yield display

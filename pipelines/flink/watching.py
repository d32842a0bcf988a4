"""What a run reads from Flink about its job, again and again: counters, checkpoints, restarts, failures."""

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pipelines.flink.metric_names import NAMESPACE, decode_key, find_scale
from pipelines.flink.rest import FlinkCluster
from schemas import errors
from schemas.errors import Permanent
from schemas.metrics import METRICS, Key, add_worker

COUNTERS_SECONDS = 3.0
"""How often the counters are read: it takes a request for each dozen of them."""

_RAISED = re.compile(r"schemas\.errors\.(\w+): ([^\n]+)")
_STEP = re.compile(r" \[while running '[^']*'\].*")
PYTHON_FAILURE = "Traceback (most recent call last)"
"""What the stack trace of a failure in one of our workers contains, unlike that of a lost machine."""


@dataclass
class JobView:
    """What is known about a job. `restarts` and `failed_checkpoints` count since the start of the job."""

    job: str
    state: str = "INITIALIZING"
    parallelism: int = 0
    running: int = 0
    restarts: int = 0
    completed: int = 0
    failed_checkpoints: int = 0
    checkpoint_path: str | None = None
    checkpoint_bytes: int | None = None
    checkpoint_at: float | None = None
    subtask_records: tuple[int, ...] = ()


@dataclass
class JobFailure:
    """A failure of the job: one sentence, and the error of ours that it was, if it was one."""

    message: str
    kind: type[Permanent] | None
    is_ours: bool


class JobWatch:
    """Reads one job. The counters of a subtask start again at 0 when Flink restarts it; the sums here do not."""

    def __init__(self, cluster: FlinkCluster, job: str) -> None:
        self.cluster = cluster
        self.view = JobView(job)
        self.values: dict[Key, float] = {}
        self._ended: Counter[tuple[int, Key]] = Counter()
        self._current: dict[tuple[int, Key], float] = {}
        self._read_at = 0.0
        self.last_failure = ""
        self._failures_seen = int(time.time() * 1000)

    def update(self) -> JobView:
        """Reads the job. Raises `FlinkUnreachable`, and `FlinkRefused` with status 404 if the job is gone."""
        view = self.view
        found = self.cluster.read_job(view.job)
        view.state = str(found["state"])
        vertices = found["vertices"]
        view.parallelism = max((int(each["parallelism"]) for each in vertices), default=0)
        reading = find_reading_vertex(vertices)
        view.running = int(reading["tasks"].get("RUNNING", 0)) if reading else 0
        self._read_checkpoints(self.cluster.read_checkpoints(view.job))
        view.restarts = max(view.restarts, self.cluster.read_restarts(view.job))
        if reading and view.state == "RUNNING" and time.monotonic() - self._read_at >= COUNTERS_SECONDS:
            self._read_at = time.monotonic()
            self.add_counters(self._fetch_counters(str(reading["id"])))
        return view

    def _read_checkpoints(self, found: dict[str, Any]) -> None:
        view = self.view
        view.completed = int(found["counts"]["completed"])
        view.failed_checkpoints = int(found["counts"]["failed"])
        latest = (found.get("latest") or {}).get("completed")
        if latest:
            view.checkpoint_path = latest.get("external_path") or view.checkpoint_path
            view.checkpoint_bytes = int(latest["state_size"])
            view.checkpoint_at = float(latest["latest_ack_timestamp"]) / 1000

    def _fetch_counters(self, vertex: str) -> dict[tuple[int, Key], float]:
        found: dict[tuple[int, Key], float] = {}
        for subtask, name, value in self.cluster.read_metrics(self.view.job, vertex, f"{NAMESPACE}_"):
            if key := decode_key(name):
                place = subtask, add_worker(key, str(subtask))
                found[place] = found.get(place, 0.0) + value / find_scale(key)
        return found

    def add_counters(self, fresh: dict[tuple[int, Key], float]) -> None:
        """Takes the counters of all subtasks as they are now. One that has become smaller has started again."""
        for place, value in fresh.items():
            before = self._current.get(place, 0.0)
            if METRICS[place[1][0]].kind != "gauge" and value < before:
                self._ended[place] += before  # type: ignore[assignment]
            self._current[place] = value
        sums: Counter[Key] = Counter()
        for source in (self._ended, self._current):
            for (_, key), value in source.items():
                if METRICS[key[0]].kind == "gauge":
                    sums[key] = max(sums[key], value)  # type: ignore[assignment]
                else:
                    sums[key] += value  # type: ignore[assignment]
        self.values = dict(sums)
        read = {at: value for (at, key), value in self._current.items() if key[0] == "newsclaims_source_records_total"}
        self.view.subtask_records = tuple(int(read.get(at, 0)) for at in range(self.view.parallelism))

    def take_failure(self) -> JobFailure | None:
        """Returns the newest failure since the last call, or None. One of ours goes before others."""
        found = [
            (moment, trace)
            for moment, trace in self.cluster.read_exceptions(self.view.job)
            if moment > self._failures_seen
        ]
        if not found:
            return None
        self._failures_seen = found[-1][0]
        failures = [explain_failure(trace) for _, trace in found]
        chosen = next((each for each in failures if each.kind), failures[-1])
        self.last_failure = chosen.message
        return chosen


def find_reading_vertex(vertices: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Returns the vertex that reads and writes: the last of those that run in Python. Its name has all steps."""
    named = [each for each in vertices if "parcel" in each["name"]]
    return named[-1] if named else None


def explain_failure(trace: str) -> JobFailure:
    """Returns the failure of a stack trace. Errors that we raise on purpose are in it with their name and message."""
    if raised := _RAISED.findall(trace):
        name, message = raised[-1]
        kind = getattr(errors, name, None)
        kind = kind if isinstance(kind, type) and issubclass(kind, Permanent) else None
        return JobFailure(_STEP.sub("", message).strip(), kind, is_ours=True)
    lines = [line.strip() for line in trace.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    last = lines[-1] if PYTHON_FAILURE in trace else lines[0] if lines else "no reason given"
    return JobFailure(last[:300], None, PYTHON_FAILURE in trace)


@dataclass
class Totals:
    """The counts of the jobs of this run that are over, for a run that submits its job more than once."""

    values: Counter[Key] = field(default_factory=Counter)
    restarts: int = 0
    failed_checkpoints: int = 0

    def retire(self, watch: JobWatch) -> None:
        """Adds the counts of a job that is over; its gauges are dropped."""
        for key, value in watch.values.items():
            if METRICS[key[0]].kind != "gauge":
                self.values[key] += value  # type: ignore[assignment]
        self.restarts += watch.view.restarts
        self.failed_checkpoints += watch.view.failed_checkpoints

"""The source on a runner that finalizes bundles only at checkpoints, and keeps something for each turn: Flink."""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest
from apache_beam.io.restriction_trackers import OffsetRange
from kafka import TopicPartition

from pipelines import lifecycle
from pipelines.io.kafka.offsets import OPEN_END, OffsetSpan
from pipelines.io.kafka.restriction import OffsetTracker
from pipelines.io.kafka.runner_traits import RunnerTraits
from pipelines.io.kafka.source import Pace, ReadFromKafka, _ReadPartition
from tests.pipelines.io.kafka.restriction_view import View

HERE = TopicPartition("orders", 0)
SPAN = OffsetSpan("orders", 0, 0, OPEN_END, 2)
LATE = RunnerTraits(finalizes=False)


@dataclass
class FakeReader:
    """A reader in memory. `arrivals` are what each poll brings, then none come; `waiting` is of another partition."""

    arrivals: deque[int] = field(default_factory=deque)
    waiting: int = 0
    active: set[TopicPartition] = field(default_factory=lambda: {HERE})
    commits: list[tuple[TopicPartition, int]] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    fetched: deque[Any] = field(default_factory=deque)
    next: int = 0

    def begin_bundle(self) -> None: ...

    def begin_turn(self, _tp: TopicPartition, _offset: int) -> bool:
        return False

    def peek(self, _tp: TopicPartition) -> Any:
        return self.fetched[0] if self.fetched else None

    def take(self, _tp: TopicPartition) -> None:
        self.fetched.popleft()
        self.next += 1

    def count_waiting(self) -> int:
        return len(self.fetched) + self.waiting

    def poll(self, wait: float) -> bool:
        self.polls.append(wait)
        count = self.arrivals.popleft() if self.arrivals else 0
        first = self.next + len(self.fetched)
        self.fetched += [make_record(first + each) for each in range(count)]
        return count > 0

    def position(self, _tp: TopicPartition) -> int:
        return self.next

    def commit(self, tp: TopicPartition, offset: int) -> None:
        self.commits.append((tp, offset))

    def is_at_end(self, _tp: TopicPartition) -> bool:
        return False

    def forget(self, _tp: TopicPartition) -> None: ...

    def partition_count(self, _topic: str) -> int:
        return 2


def make_record(offset: int) -> Any:
    return SimpleNamespace(
        topic="orders", partition=0, offset=offset, timestamp=1, key=None, value=b"x", headers=(),
    )  # fmt: skip


@dataclass
class Finalizer:
    """A bundle finalizer and a watermark; the runner never finalizes."""

    registered: list[Any] = field(default_factory=list)

    def register(self, callback: Any) -> None:
        self.registered.append(callback)

    def set_watermark(self, _timestamp: Any) -> None: ...

    def current_watermark(self) -> None:
        return None


@pytest.fixture(autouse=True)
def _running() -> Iterator[None]:
    lifecycle.stop_requested.clear()
    yield
    lifecycle.stop_requested.clear()


class Source:
    """An instance of the source with a reader in memory."""

    def __init__(self, reader: FakeReader, traits: RunnerTraits, pace: Pace | None = None) -> None:
        self.reader = reader
        self.finalizer = Finalizer()
        self.read = _ReadPartition({}, None, pace or Pace(idle_seconds=0.01), traits=traits)
        self.read.reader = reader  # type: ignore[assignment]

    def turn(self) -> tuple[int, View]:
        """Gives the partition a turn. Returns the number of records and the view of the restriction."""
        view = View(OffsetTracker(OffsetRange(self.reader.next, OPEN_END), self.read.admits))
        return sum(1 for _ in self.read.process(SPAN, self.finalizer, view, self.finalizer)), view

    def bundle(self) -> int:
        """Runs a bundle of one turn; returns the number of records."""
        self.read.start_bundle()
        found, _ = self.turn()
        self.read.finish_bundle()
        return found


def test_runner_that_finalizes_late_gets_no_finalizer_and_commits_at_the_next_bundle() -> None:
    """A registered finalizer makes Beam's worker keep the whole chain of the bundle until the next checkpoint."""
    source = Source(FakeReader(deque([3, 2])), LATE)
    assert source.bundle() == 5
    assert source.reader.commits == [], "the sink may not have written yet"
    source.read.start_bundle()
    assert source.reader.commits == [(HERE, 5)]
    source.read.start_bundle()
    assert source.reader.commits == [(HERE, 5)], "once is enough"
    assert source.finalizer.registered == []


def test_instance_of_a_failed_bundle_commits_nothing() -> None:
    source = Source(FakeReader(deque([3])), LATE)
    source.bundle()  # fails in the sink: Beam discards the instance and makes another
    other = Source(FakeReader(), LATE)
    other.bundle()
    other.read.start_bundle()
    assert source.reader.commits == other.reader.commits == []


def test_runner_that_finalizes_at_once_commits_in_finalization() -> None:
    source = Source(FakeReader(deque([3])), RunnerTraits())
    source.bundle()
    source.read.start_bundle()
    assert source.reader.commits == []
    for callback in source.finalizer.registered:
        callback()
    assert source.reader.commits == [(HERE, 3)]


def test_stop_gives_the_rest_back_to_a_runner_that_keeps_it() -> None:
    """A range that counts as done in a checkpoint is never read again."""
    lifecycle.stop_requested.set()
    source = Source(FakeReader(deque([3])), LATE)
    source.read.start_bundle()
    found, view = source.turn()
    assert found == 0
    assert view.deferred
    drained = Source(FakeReader(deque([3])), RunnerTraits())
    drained.read.start_bundle()
    assert not drained.turn()[1].deferred


LONG = Pace(idle_seconds=0.01, seconds=0.3, linger_seconds=0.3, crowd=5)


def test_long_turn_goes_on_while_few_records_of_others_wait() -> None:
    """Beam's Java runner keeps some kilobytes for each turn, so turns must be few."""
    reader = FakeReader(deque([1] * 4))
    source = Source(reader, LATE, LONG)
    source.read.start_bundle()
    reader.fetched.append(make_record(0))
    reader.waiting = 4
    assert source.turn()[0] == 5
    assert max(reader.polls) > 0.2, "it waits for more up to its time"


def test_long_turn_ends_once_many_records_of_others_wait() -> None:
    reader = FakeReader(deque([1] * 4))
    source = Source(reader, LATE, LONG)
    source.read.start_bundle()
    reader.fetched.append(make_record(0))
    reader.waiting = 5
    assert source.turn()[0] == 1
    assert reader.polls == []


def test_turn_without_records_never_delays_those_of_others() -> None:
    reader = FakeReader(deque([1]), waiting=1)
    source = Source(reader, LATE, LONG)
    source.read.start_bundle()
    assert source.turn()[0] == 0
    assert reader.polls == []


def test_long_turn_ends_at_its_time() -> None:
    source = Source(FakeReader(deque([1] * 1_000_000)), LATE, replace(LONG, records=1_000_000))
    source.read.start_bundle()
    began = time.monotonic()
    source.turn()
    assert 0.2 < time.monotonic() - began < 5


def test_place_chooses_the_elements_and_each_bundle_is_announced() -> None:
    calls: list[str] = []
    traits = RunnerTraits(finalizes=False, begin_bundle=lambda: calls.append("bundle"))
    Source(FakeReader(), traits).bundle()
    assert calls == ["bundle"]
    assert ReadFromKafka("orders", {}, traits=traits).traits is traits

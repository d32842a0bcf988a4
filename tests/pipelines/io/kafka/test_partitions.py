"""The reader of one worker when partitions move to other workers and come back."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from apache_beam.io.restriction_trackers import OffsetRange
from kafka import TopicPartition

from pipelines import lifecycle
from pipelines.io.kafka import partitions
from pipelines.io.kafka.offsets import OPEN_END, OffsetSpan
from pipelines.io.kafka.partitions import PartitionReader
from pipelines.io.kafka.restriction import OffsetTracker
from pipelines.io.kafka.source import Pace, _ReadPartition
from tests.conftest import Stack
from tests.pipelines.io.kafka.restriction_view import View
from tests.pipelines.topics import Topic

HERE, ELSEWHERE = TopicPartition("orders", 0), TopicPartition("orders", 1)


@dataclass(frozen=True)
class Message:
    """A record as the reader sees it."""

    offset: int


@dataclass
class FakeConsumer:
    """A consumer in memory: each poll brings two records of each partition that is assigned and not paused."""

    config: dict[str, Any] = field(default_factory=lambda: {"group_id": "billing"})
    assigned: list[TopicPartition] = field(default_factory=list)
    paused: set[TopicPartition] = field(default_factory=set)
    at: defaultdict[TopicPartition, int] = field(default_factory=lambda: defaultdict(int))
    group: dict[TopicPartition, int] = field(default_factory=dict)

    def assign(self, found: list[TopicPartition]) -> None:
        self.assigned = found

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.at[tp] = offset

    def pause(self, tp: TopicPartition) -> None:
        self.paused.add(tp)

    def resume(self, tp: TopicPartition) -> None:
        self.paused.discard(tp)

    def poll(self, **_: Any) -> dict[TopicPartition, list[Message]]:
        found = {}
        for tp in self.assigned:
            if tp not in self.paused:
                found[tp] = [Message(self.at[tp]), Message(self.at[tp] + 1)]
                self.at[tp] += 2
        return found

    def end_offsets(self, found: list[TopicPartition], **_: Any) -> dict[TopicPartition, int]:
        return dict.fromkeys(found, 1_000)

    def committed(self, tp: TopicPartition, **_: Any) -> int | None:
        return self.group.get(tp)

    def commit(self, offsets: dict[TopicPartition, Any], **_: Any) -> None:
        self.group |= {tp: given.offset for tp, given in offsets.items()}


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> FakeConsumer:
    made = FakeConsumer()
    monkeypatch.setattr(partitions, "make_consumer", lambda _settings: made)
    return made


@pytest.fixture
def reader(consumer: FakeConsumer) -> PartitionReader:
    """A reader that had turns of both partitions, and then two bundles of one alone."""
    made = PartitionReader({})
    made.begin_bundle()
    made.begin_turn(HERE, 0)
    made.begin_turn(ELSEWHERE, 0)
    assert made.poll(0)
    for _ in range(2):
        made.begin_bundle()
        made.begin_turn(HERE, 2)
    return made


def test_records_of_a_partition_that_moved_do_not_count(reader: PartitionReader, consumer: FakeConsumer) -> None:
    assert reader.peek(ELSEWHERE) is not None
    assert not reader.has_records
    assert reader.active == {HERE}
    assert reader.poll(0)
    assert reader.peek(HERE) == Message(2)
    consumer.assigned = [ELSEWHERE]
    consumer.paused.clear()
    reader._buffers.clear()
    assert not reader.poll(0), "only the partition that moved had records"


def test_partition_counts_in_the_bundle_after_its_turn(consumer: FakeConsumer) -> None:
    reader = PartitionReader({})
    reader.begin_bundle()
    reader.begin_turn(HERE, 0)
    assert reader.poll(0)
    reader.begin_bundle()
    assert reader.has_records
    reader.begin_bundle()
    assert not reader.has_records
    assert consumer.assigned == [HERE], "it stays assigned for a while"


def test_records_that_wait_for_a_turn_do_not_pile_up(reader: PartitionReader) -> None:
    for _ in range(50):
        reader.poll(0)
    assert len(reader._buffers[ELSEWHERE]) == 2
    reader.begin_turn(ELSEWHERE, 0)
    for _ in range(2):
        reader.take(ELSEWHERE)
    reader.poll(0)
    assert reader.peek(ELSEWHERE) == Message(2), "nothing is skipped after the pause"


def test_late_commit_of_a_partition_that_moved_does_not_take_the_group_back(
    reader: PartitionReader, consumer: FakeConsumer
) -> None:
    reader.commit(ELSEWHERE, 1)
    consumer.group[ELSEWHERE] = 500
    reader.commit(ELSEWHERE, 2)
    assert consumer.group[ELSEWHERE] == 500
    consumer.group[ELSEWHERE] = 600
    reader.begin_turn(ELSEWHERE, 600)
    reader.commit(ELSEWHERE, 510)
    assert consumer.group[ELSEWHERE] == 600
    reader.commit(ELSEWHERE, 610)
    assert consumer.group[ELSEWHERE] == 610


def test_partition_without_a_turn_for_long_is_dropped(
    reader: PartitionReader, consumer: FakeConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "FORGET_SECONDS", -1.0)
    reader.begin_bundle()
    assert consumer.assigned == []
    assert not reader.active


class Ignore:
    """A bundle finalizer and a watermark that do nothing."""

    def register(self, _callback: Any) -> None: ...

    def set_watermark(self, _timestamp: Any) -> None: ...

    def current_watermark(self) -> None:
        return None


class Turns:
    """One instance of the source that gets the turns which a test gives it."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.source = _ReadPartition(topic.consumer, None, Pace(idle_seconds=0.3, records=200))
        self.source.setup()
        self.at = dict.fromkeys(range(topic.partitions), 0)

    def bundle(self, *given: int) -> dict[int, int]:
        """Gives each partition a turn; returns how many records each brought."""
        self.source.start_bundle()
        found = {}
        for number in given:
            view = View(OffsetTracker(OffsetRange(self.at[number], OPEN_END), self.source.admits))
            span = OffsetSpan(self.topic.name, number, 0, OPEN_END, self.topic.partitions)
            found[number] = sum(1 for _ in self.source.process(span, Ignore(), view, Ignore()))
            assert view.deferred
            self.at[number] += found[number]
        return found


@pytest.fixture
def turns(stack: Stack) -> Iterator[Turns]:
    lifecycle.stop_requested.clear()
    topic = Topic(stack.bootstrap_servers, partitions=3)
    topic.publish([b"x" * 100] * 3_000)
    made = Turns(topic)
    yield made
    made.source.teardown()


@pytest.mark.integration
def test_partition_is_read_at_once_when_two_others_have_moved_away(turns: Turns) -> None:
    """The reader once waited for the records of the other two to be dropped: a minute of silence."""
    for _ in range(3):
        turns.bundle(0, 1)
    assert turns.source.reader.has_records
    began, found, bundles = time.monotonic(), 0, 0
    while not found and time.monotonic() - began < 20:
        found, bundles = turns.bundle(2)[2], bundles + 1
    assert found, "nothing was read in 20 s"
    assert bundles <= 5
    while turns.at[2] < 1_000:
        assert turns.bundle(2)[2] or time.monotonic() - began < 40
    # One of them comes back and goes on at its offset, with nothing lost or doubled.
    while turns.at[0] < 1_000:
        turns.bundle(0)
        assert time.monotonic() - began < 60
    assert turns.at[0] == 1_000

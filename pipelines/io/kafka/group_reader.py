"""Reads the partitions of a group member: each from the offset of the group, as long as the member has it."""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from kafka import TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import RetriableError

from pipelines import lifecycle
from pipelines.io.kafka.membership import GroupMember
from pipelines.io.kafka.offsets import (
    OPEN_END,
    Diagnosis,
    ask_until_answered,
    find_committed_offsets,
    find_first_offsets,
    find_start_offsets,
    list_partitions,
)
from pipelines.io.kafka.partitions import PartitionReader

T = TypeVar("T")

SLICE_SECONDS = 0.25
"""How soon a reader that waits for records notices that it has got a partition."""
CAUGHT_UP_SECONDS = 1.0
"""How often it is checked whether the group has caught up."""
JOIN_SECONDS = 10.0
"""How long the first bundle waits for the group. Its worker could otherwise be replaced before it has read anything."""

_open: list["GroupReader"] = []


class GroupReader:
    """A member of a group, and the reader of its partitions. Offsets are committed by the member alone."""

    def __init__(
        self,
        topic: str,
        settings: Mapping[str, Any],
        stop_offsets: Mapping[int, int] | None,
        diagnose: Diagnosis,
        member: GroupMember,
    ) -> None:
        self.topic = topic
        self.settings = settings
        self.stop_offsets = stop_offsets
        self.diagnose = diagnose
        self.member = member
        self.reader = PartitionReader(settings, diagnose)
        self.known: dict[TopicPartition, int] = {}
        self.next: dict[TopicPartition, int] = {}
        self.committed: dict[TopicPartition, int] = {}
        self.checked = 0.0
        self.version = 0
        _open.append(self)

    @classmethod
    def open(
        cls, topic: str, settings: Mapping[str, Any], stop_offsets: Mapping[int, int] | None, diagnose: Diagnosis
    ) -> "GroupReader | None":
        """Joins the group once Kafka answers. Returns None if the process is asked to stop before it does."""
        if ask_until_answered(settings, lambda client: list_partitions(client, topic), diagnose) is None:
            return None
        found = cls(topic, settings, stop_offsets, diagnose, GroupMember(topic, settings))
        end = time.monotonic() + JOIN_SECONDS
        while not lifecycle.stop_requested.is_set() and time.monotonic() < end:
            if found.member.wait_until_joined(SLICE_SECONDS):
                break
        return found

    def close(self) -> None:
        """Leaves the group and closes the connections."""
        if self in _open:
            _open.remove(self)
            self.member.close()
            self.reader.close()

    @property
    def partition_count(self) -> int:
        """The number of partitions that are read, at least 1."""
        return max(1, len(self.known))

    def begin_bundle(self) -> None:
        """Takes up the partitions that the member got, and drops those that it has lost."""
        self.version = self.member.version
        owned = {tp: number for tp, number in self.member.begin_bundle().items() if self.stop(tp)}
        gone = [tp for tp, number in self.known.items() if owned.get(tp) != number]
        for tp in gone:
            del self.known[tp], self.next[tp]
            self.committed.pop(tp, None)
        self.reader.forget(*gone)
        new = [tp for tp in owned if tp not in self.known]
        starts = self._ask(lambda: find_start_offsets(self.reader.client, new, "committed")) if new else {}
        for tp in starts or {}:
            self.known[tp], self.next[tp] = owned[tp], (starts or {})[tp]
        self.reader.begin_bundle()
        for tp, offset in self.next.items():
            self.reader.begin_turn(tp, offset)

    def _ask(self, ask: Callable[[], T]) -> T | None:
        """Returns the answer of Kafka, or None if it does not answer; the next bundle asks again."""
        try:
            return ask()
        except RetriableError:
            return ask_until_answered(self.settings, lambda _: None, self.diagnose)

    def list_waiting(self) -> list[TopicPartition]:
        """Returns the partitions with fetched records that are to be read."""
        return [tp for tp in self.known if (record := self.reader.peek(tp)) and record.offset < self.stop(tp)]

    def stop(self, tp: TopicPartition) -> int:
        """Returns the offset at which the reading of a partition stops."""
        return OPEN_END if self.stop_offsets is None else self.stop_offsets.get(tp.partition, 0)

    def take(self, tp: TopicPartition, most: int) -> Iterator[ConsumerRecord]:
        """Yields fetched records of a partition, as long as it is the member's.

        A record counts as read when the caller comes back for the next one: one that it does not claim stays.
        """
        if not self.member.claim(tp):
            return
        for _ in range(most):
            record = self.reader.peek(tp)
            if record is None or record.offset >= self.stop(tp) or self.member.must_end_bundle():
                return
            yield record
            self.reader.take(tp)
            self.next[tp] = record.offset + 1

    def poll(self, seconds: float) -> bool:
        """Waits for records, and returns whether there are any; shorter if the partitions change."""
        end = time.monotonic() + seconds
        while True:
            left = max(0.0, end - time.monotonic())
            if not self.known:
                self.member.wait_for_change(self.version, left)
                return False
            if self.reader.poll(min(left, SLICE_SECONDS)) and self.list_waiting():
                return True
            if left <= SLICE_SECONDS or self.must_end_bundle() or lifecycle.stop_requested.is_set():
                return False

    def must_end_bundle(self) -> bool:
        """Returns whether the bundle must end, because partitions have come or gone, or have to go."""
        return self.member.version != self.version or self.member.must_end_bundle()

    def list_positions(self) -> dict[TopicPartition, int]:
        """Returns the next offset of each partition that is read."""
        found = dict(self.next)
        for tp, offset in self.next.items():
            # Offsets may have gaps: those of a compacted topic, and of transactions. The end may be one.
            record = self.reader.peek(tp)
            reached = record.offset if record else self._ask(partial(self.reader.position, tp))
            found[tp] = max(offset, min(reached or 0, self.stop(tp)))
        return found

    def end_bundle(self, positions: Mapping[TopicPartition, int]) -> None:
        """Commits the positions that have moved since the last commit of this member."""
        moved = {tp: offset for tp, offset in positions.items() if self.committed.get(tp) != offset}
        self.committed.update(moved)
        self.member.end_bundle(moved)

    def is_caught_up(self) -> bool:
        """Returns whether the group has committed the stop offsets of all partitions, whichever member read them."""
        if self.stop_offsets is None or time.monotonic() - self.checked < CAUGHT_UP_SECONDS:
            return False
        self.checked = time.monotonic()
        return bool(self._ask(self._has_group_caught_up))

    def _has_group_caught_up(self) -> bool:
        client = self.reader.client
        partitions = [tp for tp in list_partitions(client, self.topic) if tp.partition in (self.stop_offsets or {})]
        first, committed = find_first_offsets(client, partitions), find_committed_offsets(client, partitions)
        # What retention has deleted before the first record is not to be read any more, committed or not.
        return all(max(first[tp], committed[tp] or 0) >= self.stop(tp) for tp in partitions)


def close_readers() -> None:
    """Leaves all groups that this process reads with: the runner does not close a source whose job has failed."""
    for each in tuple(_open):
        each.close()

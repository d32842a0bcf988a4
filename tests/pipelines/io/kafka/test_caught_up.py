"""When the group of a run until caught up has caught up, with a consumer that counts what it is asked."""

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from kafka import TopicPartition

from pipelines import counters
from pipelines.io.kafka.group_reader import GroupReader, close_readers
from pipelines.io.kafka.membership import GroupMember
from pipelines.io.kafka.offsets import find_no_refusal

TOPIC = "articles"


class FakeConsumer:
    """Has two partitions with these first and committed offsets."""

    def __init__(self, first: tuple[int, int], committed: tuple[int | None, int | None]) -> None:
        self.config = {"group_id": "g", "bootstrap_servers": "kafka:9092"}
        self.first, self.offsets = first, committed
        self.asked: Counter[str] = Counter()

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return {0, 1}

    def beginning_offsets(self, partitions: list[TopicPartition], **_: Any) -> dict[TopicPartition, int]:
        self.asked["first"] += 1
        return {tp: self.first[tp.partition] for tp in partitions}

    def committed(self, tp: TopicPartition, **_: Any) -> int | None:
        self.asked[f"committed {tp.partition}"] += 1
        return self.offsets[tp.partition]

    def close(self, **_: Any) -> None:
        """Closes nothing."""


def make_reader(consumer: FakeConsumer) -> GroupReader:
    member = cast(GroupMember, SimpleNamespace(close=lambda: None))
    reader = GroupReader(TOPIC, {}, {0: 10, 1: 20}, find_no_refusal, member)
    reader.reader._consumer = consumer
    return reader


@pytest.mark.parametrize(
    ("first", "committed", "expected"),
    [
        ((0, 0), (10, 20), True),
        ((0, 0), (11, 25), True),
        ((0, 0), (10, 19), False),
        ((0, 0), (10, None), False),
        ((0, 20), (10, None), True),
        ((0, 20), (10, 3), True),
        ((0, 19), (10, 3), False),
    ],
    ids=["at", "beyond", "before", "never", "empty", "deleted", "deleted-in-part"],
)
def test_group_has_caught_up_when_nothing_is_left_before_the_stop_offsets(
    first: tuple[int, int], committed: tuple[int | None, int | None], expected: bool
) -> None:
    counters.reset()
    consumer = FakeConsumer(first, committed)
    reader = make_reader(consumer)
    try:
        assert reader.is_caught_up() is expected
        assert consumer.asked == {"first": 1, "committed 0": 1, "committed 1": 1}, "each is asked for once"
        assert not reader.is_caught_up(), "the next check waits"
        assert consumer.asked["first"] == 1
        assert counters.snapshot() == {}, "what is lost is counted by the worker that reads on, not by each check"
    finally:
        close_readers()

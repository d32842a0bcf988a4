"""Which messages a replay reads and sends, with a consumer in memory and with the real Kafka."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from pipelines.io.dead_letters import ATTEMPTS_HEADER
from pipelines.replay import CLOCK_TOLERANCE, find_originals, read_since
from tests.conftest import Stack
from tests.pipelines.topics import Topic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def letter(id: str, minutes: float, cut: bool = False) -> dict[str, Any]:
    """A message of the topic of dead letters, a number of minutes after noon."""
    own = {"dead_letter_id": id, "topic": "raw-articles", "attempts": "2", "key": "key"}
    own |= {"cut": "5"} if cut else {}
    headers = [("feed", b"wire"), *((f"newsclaims.{name}", value.encode()) for name, value in own.items())]
    return {
        "key": id.encode(), "value": f"original of {id}".encode(), "headers": headers,
        "timestamp_ms": int((NOON + timedelta(minutes=minutes)).timestamp() * 1000),
    }  # fmt: skip


@dataclass
class MemoryConsumer:
    """Acts like kafka-python's consumer, over records by partition; counts those that were read."""

    partitions: dict[int, list[dict[str, Any]]]
    positions: dict[TopicPartition, int] = field(default_factory=dict)
    read: int = 0

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return set(self.partitions)

    def offsets_for_times(self, times: Mapping[TopicPartition, int]) -> dict[TopicPartition, Any]:
        found: dict[TopicPartition, Any] = {}
        for partition, time in times.items():
            records = self.partitions[partition.partition]
            offsets = [offset for offset, record in enumerate(records) if record["timestamp_ms"] >= time]
            found[partition] = SimpleNamespace(offset=offsets[0]) if offsets else None
        return found

    def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {partition: len(self.partitions[partition.partition]) for partition in partitions}

    def assign(self, partitions: list[TopicPartition]) -> None:
        self.positions = dict.fromkeys(partitions, 0)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.positions[partition] = offset

    def position(self, partition: TopicPartition) -> int:
        return self.positions[partition]

    def poll(self, **_: Any) -> dict[TopicPartition, Iterator[Any]]:
        """One record of each partition, as if each fetch were as small as that."""
        found = {}
        for partition, position in self.positions.items():
            records = self.partitions[partition.partition][position : position + 1]
            self.positions[partition] += len(records)
            self.read += len(records)
            found[partition] = iter([SimpleNamespace(**record) for record in records])
        return found


def test_only_records_since_the_oldest_wanted_letter_are_read() -> None:
    consumer = MemoryConsumer({0: [letter(f"old {hour}", -60 * hour) for hour in range(200, 0, -1)] + [letter("a", 1)]})
    assert [id for id, _ in find_originals(consumer, {"a": NOON})] == ["a"]
    assert consumer.read == 1


def test_reading_ends_when_all_wanted_letters_are_found() -> None:
    consumer = MemoryConsumer({0: [letter("a", 1), letter("b", 2), *(letter(f"new {n}", 3 + n) for n in range(100))]})
    assert [id for id, _ in find_originals(consumer, {"a": NOON, "b": NOON})] == ["a", "b"]
    assert consumer.read == 2


def test_original_becomes_a_message_for_the_topic_it_came_from() -> None:
    ((id, message),) = find_originals(MemoryConsumer({0: [letter("a", 1)]}), {"a": NOON})
    assert (id, message.topic, message.key, message.value) == ("a", "raw-articles", b"key", b"original of a")
    assert message.headers == (("feed", b"wire"), (ATTEMPTS_HEADER, b"2"))


def test_letter_of_an_earlier_release_has_the_key_of_its_original() -> None:
    given = letter("a", 1) | {"key": b"its own"}
    given["headers"] = [header for header in given["headers"] if header[0] != "newsclaims.key"]
    ((_, message),) = find_originals(MemoryConsumer({0: [given]}), {"a": NOON})
    assert message.key == b"its own"


def test_original_without_key_gets_one_because_a_compacted_topic_takes_no_other() -> None:
    given = letter("a", 1)
    given["headers"] = [header for header in given["headers"] if header[0] != "newsclaims.key"]
    ((_, message),) = find_originals(MemoryConsumer({0: [given]}), {"a": NOON})
    assert message.key == b"a"


def test_letter_that_is_cut_or_gone_is_left_out_and_one_there_twice_comes_once() -> None:
    consumer = MemoryConsumer({0: [letter("a", 1), letter("a", 2), letter("cut", 3, cut=True)], 1: [letter("b", 4)]})
    found = [id for id, _ in find_originals(consumer, dict.fromkeys(("a", "b", "cut", "gone"), NOON))]
    assert sorted(found) == ["a", "b"]


def test_message_that_is_a_little_older_than_its_letter_is_found() -> None:
    early = -CLOCK_TOLERANCE.total_seconds() / 60 + 1
    assert [id for id, _ in find_originals(MemoryConsumer({0: [letter("a", early)]}), {"a": NOON})] == ["a"]
    assert not list(find_originals(MemoryConsumer({0: [letter("a", early - 2)]}), {"a": NOON}))


def test_topic_without_partitions_or_records_has_nothing() -> None:
    assert not list(read_since(MemoryConsumer({}), "none", NOON))
    assert not list(read_since(MemoryConsumer({0: [], 1: []}), "empty", NOON))


@pytest.mark.integration
def test_real_kafka_finds_the_letters_by_time(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    with closing(KafkaProducer(bootstrap_servers=stack.bootstrap_servers)) as producer:
        for partition, number in ((0, 0), (1, 1), (0, 60), (1, 61), (0, 62)):
            producer.send(topic.name, partition=partition, **letter(str(number), number))
        producer.flush()
    options = {"bootstrap_servers": stack.bootstrap_servers, "enable_auto_commit": False, "group_id": None}
    with closing(KafkaConsumer(**options)) as consumer:
        records = [record.value for record in read_since(consumer, topic.name, NOON + timedelta(minutes=30))]
        assert sorted(records) == [b"original of 60", b"original of 61", b"original of 62"]
    with closing(KafkaConsumer(**options)) as consumer:
        times = {"61": NOON + timedelta(minutes=61), "62": NOON + timedelta(minutes=62)}
        assert sorted(id for id, _ in find_originals(consumer, times, topic.name)) == ["61", "62"]

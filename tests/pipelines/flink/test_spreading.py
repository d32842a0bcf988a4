"""Partitions are spread evenly over Flink's subtasks."""

import pytest

from pipelines.flink.spreading import KEY_GROUPS, find_key_group, hash_bytes, spread
from pipelines.io.kafka.offsets import OPEN_END, OffsetSpan


def make_spans(count: int, start: int = 0) -> list[OffsetSpan]:
    return [OffsetSpan("raw-articles", number, start + number, OPEN_END, count) for number in range(count)]


def count_subtasks(spans: list[OffsetSpan], parallelism: int) -> list[int]:
    subtasks = [find_key_group(span) * parallelism // KEY_GROUPS for span in spans]
    return [subtasks.count(number) for number in range(parallelism)]


@pytest.mark.parametrize("start", [0, 17, 1_000_003])
@pytest.mark.parametrize(("partitions", "parallelism"), [(4, 1), (4, 2), (4, 4), (12, 3), (12, 6), (64, 8)])
def test_each_subtask_gets_as_many_partitions(partitions: int, parallelism: int, start: int) -> None:
    counts = count_subtasks(spread(make_spans(partitions, start)), parallelism)
    assert set(counts) == {partitions // parallelism}


def test_hash_alone_would_not_do() -> None:
    counts = [count_subtasks(make_spans(4, start), 2) for start in range(20)]
    assert any(found != [2, 2] for found in counts)


def test_more_partitions_than_key_groups_are_spread_too() -> None:
    assert max(count_subtasks(spread(make_spans(200)), 4)) == 50


def test_nothing_but_the_salt_changes() -> None:
    found = spread(make_spans(4))
    assert [(span.topic, span.partition, span.start, span.stop, span.known) for span in found] == [
        ("raw-articles", number, number, OPEN_END, 4) for number in range(4)
    ]


def test_hash_of_bytes_is_that_of_java() -> None:
    """`ByteBuffer.wrap(bytes).hashCode()` in Java, also with bytes above 127."""
    assert hash_bytes(b"") == 1
    assert hash_bytes(b"a") == 31 + 97
    assert hash_bytes(b"\xff\x01") == (31 * (31 + 1) - 1) & 0xFFFFFFFF

"""The states of feeds, read from a topic that other programs may have written to."""

from types import SimpleNamespace
from typing import Any

import pytest

from connectors.polling.feed_states import decode_state, read_states
from schemas.codec import encode
from schemas.operations.records import FeedState

STATE = (
    b'{"health": {"feed": "herald", "connector": "rss", "since": "2024-11-05T08:00:00Z", '
    b'"polled_at": "2024-11-05T08:00:00Z", "next_poll_at": "2024-11-05T08:00:00Z"}}'
)


class OneBatch:
    """A consumer whose topic has one partition with these messages."""

    def __init__(self, *messages: tuple[bytes | None, bytes | None]) -> None:
        self.messages = [SimpleNamespace(key=key, value=value) for key, value in messages]
        self.read = 0

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return {0}

    def assign(self, partitions: list[Any]) -> None:
        self.partitions = partitions

    def seek_to_beginning(self, *_partitions: Any) -> None: ...

    def end_offsets(self, partitions: list[Any]) -> dict[Any, int]:
        return dict.fromkeys(partitions, len(self.messages))

    def position(self, _partition: Any) -> int:
        return self.read

    def poll(self, timeout_ms: int) -> dict[Any, list[Any]]:
        assert timeout_ms
        self.read = len(self.messages)
        return {self.partitions[0]: self.messages}


def test_last_state_of_each_feed_is_read() -> None:
    state = decode_state(STATE)
    assert isinstance(state, FeedState)
    newer = encode(state).replace(b'"failures":0', b'"failures":3')
    found = read_states(OneBatch((b"herald", STATE), (b"herald", newer), (b"gone", STATE), (b"gone", None)))
    assert {name: each.health.failures for name, each in found.items()} == {"herald": 3}


@pytest.mark.parametrize(
    "broken",
    [None, b"", b"\xff", b"[]", STATE.replace(b"}}", b'}, "hours": {"a": 1e99}}'), b'{"x": ' + b"[" * 9000,
     STATE.replace(b'"herald"', b'"\xff"'), STATE.replace(b"}}", b', "failures": 99999999999999999999}}')],
)  # fmt: skip
def test_message_that_is_not_a_state_starts_its_feed_anew_and_costs_no_other(broken: bytes | None) -> None:
    found = read_states(
        OneBatch((b"herald", STATE), (b"post", STATE), (b"post", broken), (None, broken), (b"\xff", broken))
    )
    assert found.keys() == {"herald"}

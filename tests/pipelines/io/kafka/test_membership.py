"""Members of a group share the partitions of a topic in the real Kafka, and write only what is theirs."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.structs import MemberState

from pipelines import lifecycle
from pipelines.io.kafka import membership
from pipelines.io.kafka.membership import GroupMember
from schemas.errors import Retryable
from tests.conftest import Stack
from tests.pipelines.run.running import eventually
from tests.pipelines.topics import Topic


@pytest.fixture(autouse=True)
def _no_stop_is_left() -> Iterator[None]:
    yield
    lifecycle.stop_requested.clear()
    lifecycle.replacement.clear()


def join(topic: Topic, on_lost: Callable[[str], None] = lambda _: None, **more: Any) -> GroupMember:
    """Joins the group of a topic, and returns once the group has shared out its partitions."""
    member = GroupMember(topic.name, topic.consumer, on_lost, **more)
    eventually(lambda: member.wait_until_joined(1))
    return member


def owns(member: GroupMember, count: int) -> Callable[[], bool]:
    return lambda: len(member.begin_bundle()) == count


@pytest.mark.integration
def test_partitions_are_shared_and_come_back_when_a_member_leaves(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=4)
    with closing(join(topic)) as one:
        eventually(owns(one, 4))
        with closing(join(topic)) as other:
            eventually(owns(other, 2))
            eventually(owns(one, 2))
            assert not one.begin_bundle().keys() & other.begin_bundle().keys()
        eventually(owns(one, 4))


@pytest.mark.integration
def test_partition_moves_once_what_was_read_from_it_is_committed(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    topic.publish([b"one", b"two"])
    with closing(join(topic)) as one:
        eventually(owns(one, 2))
        both = sorted(one.begin_bundle())
        assert all(one.claim(tp) for tp in both)
        with closing(join(topic)) as other:
            eventually(one.must_end_bundle)
            time.sleep(1)
            assert other.begin_bundle() == {}, "the other member has it while the bundle is in progress"
            one.require_ownership()
            one.end_bundle(dict.fromkeys(both, 1))
            eventually(owns(other, 1))
            assert topic.committed() == [1, 1]
            assert not one.claim(*other.begin_bundle())
            assert not one.must_end_bundle()


@pytest.mark.integration
def test_member_that_was_silent_for_too_long_writes_and_commits_nothing_more(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"one"])
    reasons: list[str] = []
    with closing(join(topic, reasons.append)) as silent:
        eventually(owns(silent, 1))
        (tp,) = silent.begin_bundle()
        assert silent.claim(tp)
        silent._coordinator._disable_heartbeat()  # as if its process were stopped
        with closing(join(topic)) as other:
            eventually(owns(other, 1))
            silent._coordinator._enable_heartbeat()
            eventually(lambda: bool(reasons))
            with pytest.raises(Retryable, match="nothing of this bundle is written"):
                silent.require_ownership()
            with pytest.raises(Retryable, match="silent for too long"):
                lifecycle.require_write_permission()
            other.end_bundle({tp: 1})
            silent.end_bundle({tp: 0})
            assert topic.committed() == [1]


@pytest.mark.integration
def test_member_waits_with_its_writes_while_its_session_is_uncertain(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    ahead = [0.0]
    with closing(join(topic, clock=lambda: time.monotonic() + ahead[0])) as member:
        eventually(owns(member, 1))
        member.require_ownership()  # nothing is in the bundle
        assert member.claim(TopicPartition(topic.name, 0))
        member.require_ownership()
        ahead[0] = membership.SESSION_SECONDS
        lifecycle.stop_requested.set()
        with pytest.raises(Retryable, match="does not confirm"):
            member.require_ownership()
        ahead[0] = 0.0
        member.require_ownership()


@pytest.mark.integration
def test_bundle_that_is_not_written_in_time_is_given_up(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "LETTING_GO_SECONDS", 0.5)
    topic = Topic(stack.bootstrap_servers, partitions=2)
    reasons: list[str] = []
    with closing(join(topic, reasons.append)) as stuck:
        eventually(owns(stuck, 2))
        assert all(stuck.claim(tp) for tp in stuck.begin_bundle())
        with closing(join(topic)) as other:
            eventually(owns(other, 1))
            assert "a bundle was not written in" in reasons[0]
            with pytest.raises(Retryable):
                stuck.require_ownership()


@pytest.mark.integration
def test_commit_in_a_rebalance_is_made_up_for(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"one"])
    with closing(join(topic)) as member:
        eventually(owns(member, 1))
        tp = TopicPartition(topic.name, 0)
        assert member.claim(tp)
        member._coordinator.state = MemberState.REBALANCING
        member.end_bundle({tp: 1})
        assert topic.committed() == [None]
        member._coordinator.state = MemberState.STABLE
        eventually(lambda: topic.committed() == [1])

"""Several runs share the partitions of a topic: supervisors and workers as processes, over the real Kafka."""

import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.monitoring.consumer_group import GroupMeter, GroupState, find_run, make_client_id, make_state
from deploy.monitoring.samples import find_instance
from pipelines import lifecycle
from pipelines.run.supervisor import RunOptions, run
from schemas.errors import Permanent
from tests.conftest import Stack
from tests.pipelines.run.test_supervisor import ROOT, Supervisor, lines, numbers, options, values
from tests.pipelines.run.test_supervisor import eventually as wait
from tests.pipelines.topics import Topic

started: list[Supervisor] = []
"""What a test has started; it is killed when the test ends."""


@pytest.fixture(autouse=True)
def _root(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers find the tests' jobs, and none of them outlives its test."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    yield
    lifecycle.stop_requested.clear()
    while started:
        run = started.pop()
        if run.process.poll() is None:
            send_to_all(run, signal.SIGKILL)
            run.end()


def eventually(condition: Callable[[], Any]) -> Any:
    """Waits longer than other tests do: several runs start at the same time."""
    return wait(condition, seconds=280.0)


def share(topic: Topic, output: Path, **more: Any) -> Supervisor:
    started.append(Supervisor(**options(topic, output, "append_if_permitted", **more)))
    return started[-1]


def find_owned(topic: Topic, *runs: Supervisor) -> list[int]:
    """Returns how many partitions each run has."""
    meter = GroupMeter(topic.consumer)
    try:
        state = meter.measure() or GroupState()
    finally:
        meter.close()
    host = find_instance().rpartition(":")[0]
    return [len(state.partitions.get(f"{host}:{each.process.pid}", ())) for each in runs]


def send_to_all(run: Supervisor, number: int) -> None:
    """Sends a signal to a supervisor and its workers."""
    for process in (psutil.Process(run.process.pid), *run.workers()):
        process.send_signal(number)


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_runs_share_partitions_as_they_come_stop_and_die(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers, partitions=4), tmp_path / "out"
    one, two = share(topic, output), share(topic, output)
    topic.publish(numbers(100))
    eventually(lambda: find_owned(topic, one, two) == [2, 2])
    three = share(topic, output)
    topic.publish(numbers(200)[100:])
    eventually(lambda: min(find_owned(topic, one, two, three)) >= 1)
    eventually(lambda: len(values(output)) == 200)
    assert set(values(output).values()) == {1}, "joining doubles nothing"
    send_to_all(one, signal.SIGKILL)
    one.end()
    topic.publish(numbers(300)[200:])
    assert two.stop()[0] == 0
    eventually(lambda: find_owned(topic, three) == [4])
    eventually(lambda: len(values(output)) == 300)
    code, _, errors = three.stop()
    assert code == 0
    assert "runs share the partitions" in errors or "died" not in errors
    assert set(values(output)) == {str(number) for number in range(300)}
    assert topic.committed() == [75, 75, 75, 75]


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_partitions_of_a_dead_worker_move_before_its_session_is_over(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers, partitions=2), tmp_path / "out"
    running = share(topic, output, workers=2)
    other = share(topic, output)
    topic.publish(numbers(10))
    eventually(lambda: len(values(output)) == 10)
    eventually(lambda: sum(find_owned(topic, running, other)) == 2)
    running.workers()[0].kill()
    topic.publish(numbers(20)[10:])
    eventually(lambda: len(values(output)) == 20)
    running.stop()
    other.stop()
    assert set(values(output)) == {str(number) for number in range(20)}


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_runs_until_caught_up_end_when_the_group_has_caught_up(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers, partitions=4), tmp_path / "out"
    topic.publish(numbers(400))
    given = options(topic, output, until_caught_up=True)
    summaries = []
    other = Supervisor(**given)
    threading.Thread(target=lambda: summaries.append(other.end()), daemon=True).start()
    run(RunOptions(**given), lambda _: None)
    eventually(lambda: bool(summaries))
    assert summaries[0][0] == 0, summaries
    assert set(values(output)) == {str(number) for number in range(400)}
    assert topic.committed() == [100, 100, 100, 100]


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_start_that_moves_the_group_is_refused_while_another_run_reads(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers), tmp_path / "out"
    topic.publish(numbers(5))
    reading = share(topic, output)
    eventually(lambda: len(lines(output)) == 5)
    with pytest.raises(Permanent, match="cannot be moved, because it has members"):
        run(RunOptions(**options(topic, output, start="earliest")), lambda _: None)
    reading.stop()
    assert len(lines(output)) == 5


def test_runs_are_told_apart_by_the_names_of_their_workers() -> None:
    one, two = "host-a:10", "host-b:10"
    assert find_run(make_client_id(one, 3)) == one
    assert find_run("kafka-python-3") == "kafka-python-3"
    members = [
        {"client_id": make_client_id(one, 0), "member_assignment": assign(0, 1)},
        {"client_id": make_client_id(one, 1), "member_assignment": assign(2)},
        {"client_id": make_client_id(two, 0), "member_assignment": assign()},
        {"client_id": "joining", "member_assignment": b""},
    ]
    state = make_state(members)
    assert (state.members, state.runs) == (4, 3)
    assert state.partitions == {one: {0, 1, 2}, two: frozenset(), "joining": frozenset()}


def assign(*partitions: int) -> dict[str, Any]:
    return {"assigned_partitions": [{"topic": "raw-articles", "partitions": list(partitions)}]}


def test_group_that_cannot_be_described_is_unknown() -> None:
    class Silent:
        closed = 0

        def describe_groups(self, _groups: list[str]) -> Any:
            raise OSError("no answer")

        def close(self) -> None:
            Silent.closed += 1

    meter = GroupMeter({"group_id": "g", "bootstrap_servers": "kafka:9092"}, lambda **_: Silent())
    assert meter.measure() is None
    meter.remove("newsclaims@host:1/0")
    assert Silent.closed == 2

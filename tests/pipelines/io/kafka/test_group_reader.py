"""Processes that read a topic as members of a group: they join, stop, die and are frozen, over the real Kafka."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from deploy.monitoring.consumer_group import GroupMeter
from tests.conftest import Stack
from tests.pipelines.io.kafka.reading_process import LOST
from tests.pipelines.run.running import ROOT, eventually
from tests.pipelines.topics import Topic


class Readers:
    """The processes of a test, which read `topic` and append to one file."""

    def __init__(self, topic: Topic, directory: Path) -> None:
        self.topic = topic
        self.output = directory / "out"
        self.processes: dict[str, subprocess.Popen[str]] = {}

    def start(self, name: str, gate: Path | None = None) -> None:
        """Starts a process with this name."""
        consumer = {**self.topic.consumer, "client_id": name}
        given = {"topic": self.topic.name, "consumer": consumer, "output": str(self.output), "name": name}
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "tests.pipelines.io.kafka.reading_process", json.dumps(given | _name(gate))],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def send(self, name: str, number: int) -> None:
        """Sends a signal to a process."""
        self.processes[name].send_signal(number)

    def end(self, name: str) -> tuple[int, str]:
        """Waits for the end of a process, and returns its exit code and output."""
        output, _ = self.processes[name].communicate(timeout=120)
        return self.processes[name].returncode, output

    def wait_for_shares(self, **shares: int) -> float:
        """Waits until each process has so many partitions, and no other has any. Returns the seconds."""
        began = time.monotonic()
        with closing(GroupMeter(self.topic.consumer)) as meter:

            def is_so() -> bool:
                state = meter.measure()
                return state is not None and {run: len(own) for run, own in state.partitions.items() if own} == shares

            eventually(is_so)
        return time.monotonic() - began

    def read(self) -> list[tuple[str, str]]:
        """Returns who wrote which record, in order."""
        lines = self.output.read_text().splitlines() if self.output.exists() else []
        return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]

    def publish(self, count: int) -> None:
        """Publishes records, and waits until they are written and committed."""
        before = len({record for _, record in self.read()})
        self.topic.publish([b"%d" % number for number in range(count)])
        eventually(lambda: len({record for _, record in self.read()}) == before + count)


def _name(gate: Path | None) -> dict[str, str]:
    return {"gate": str(gate)} if gate else {}


@pytest.fixture
def readers(stack: Stack, tmp_path: Path) -> Iterator[Readers]:
    """Processes on a topic of four partitions, which are gone afterwards."""
    found = Readers(Topic(stack.bootstrap_servers, partitions=4), tmp_path)
    yield found
    for process in found.processes.values():
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_is_lost_or_doubled_as_members_join_stop_and_die(readers: Readers) -> None:
    for name in ("one", "two", "three"):
        readers.start(name)
    with closing(GroupMeter(readers.topic.consumer)) as meter:
        eventually(lambda: (state := meter.measure()) and sum(map(bool, state.partitions.values())) == 3)
    readers.publish(200)
    readers.send("one", signal.SIGKILL)
    readers.publish(100)  # the records of the dead member's partitions, too
    readers.send("two", signal.SIGTERM)
    assert readers.end("two") == (0, "")
    readers.wait_for_shares(three=4)
    readers.start("four")
    readers.wait_for_shares(three=2, four=2)
    readers.publish(100)
    eventually(lambda: readers.topic.committed() == [100, 100, 100, 100])
    doubled = {record for record, count in Counter(record for _, record in readers.read()).items() if count > 1}
    written_by_the_dead = {record for name, record in readers.read() if name == "one"}
    assert doubled <= written_by_the_dead, "only what was written and not committed comes again"
    assert len({record for _, record in readers.read()}) == 400


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_frozen_member_writes_nothing_after_its_partitions_moved(readers: Readers, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    readers.topic.publish([b"%d" % number for number in range(40)])
    readers.start("frozen", gate)
    eventually((tmp_path / "gate.waiting").exists)
    readers.send("frozen", signal.SIGSTOP)
    readers.start("other")
    eventually(lambda: len(readers.read()) == 40)
    eventually(lambda: readers.topic.committed() == [10, 10, 10, 10])
    gate.touch()
    readers.send("frozen", signal.SIGCONT)
    code, output = readers.end("frozen")
    assert code == LOST
    assert "nothing of this bundle is written or committed" in output
    readers.publish(40)
    assert Counter(readers.read()).keys() == {("other", f"{number % 4} {number // 4}") for number in range(80)}
    assert len(readers.read()) == 80

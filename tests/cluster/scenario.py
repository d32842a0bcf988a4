"""Waves of articles through the real chain on a real cluster, while its processes are killed, stopped and rescaled."""

import logging
import time
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.flink.rest import ENDED, FlinkCluster
from pipelines.flink.watching import find_reading_vertex
from tests.cluster.processes import Client, Cluster, wait_for
from tests.conftest import Stack
from tests.faults.articles import Outgoing, make_broken, make_message
from tests.faults.job import Publisher, wait_until_read

_log = logging.getLogger(__name__)

TASKMANAGERS = ("taskmanager1", "taskmanager2")
LONGEST = 600.0
"""Seconds after which a wave must be read."""
LARGEST_CHECKPOINT = 2_000_000
"""Bytes of a checkpoint after some minutes: 6 kB for each turn of a second, and as much again for the start."""
CONNECTIONS = 6
"""The most connections to Kafka of one chain: those of its consumer and of its producer."""


@dataclass
class Run:
    """What the scenario publishes and measures. `articles` is the size of a wave."""

    stack: Stack
    cluster: Cluster
    articles: int
    seed: int = 15
    sent: list[Outgoing] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    waves: int = 0

    def publish(self, seconds: float) -> Publisher:
        """Begins to publish a wave, over so many seconds."""
        first = self.waves * self.articles
        self.waves += 1
        found = [make_message(number, 1, self.seed) for number in range(first, first + self.articles)]
        found.append(make_broken(first, self.seed))
        return Publisher(self.stack, found, seconds)

    def await_wave(self, publisher: Publisher, what: str) -> None:
        """Waits until everything that was published is read."""
        publisher.finish()
        self.sent += publisher.sent
        began = time.monotonic()
        if not wait_until_read(self.stack, LONGEST):
            self.problems.append(f"stall: not everything was read in {LONGEST:.0f} s after {what}")
        self.note(what, f"read {time.monotonic() - began:.0f} s after the last message")

    def note(self, what: str, fact: str) -> None:
        """Keeps a fact with the time since the start."""
        self.facts.append((what, fact))
        _log.info("%5.0f s  %s: %s", time.monotonic() - self.began, what, fact)

    def note_stop(self, code: int, began: float) -> None:
        """Keeps how a client ended that was stopped at this time."""
        self.note("SIGTERM", f"stopped with a savepoint in {time.monotonic() - began:.1f} s, exit code {code}")
        if code:
            self.problems.append(f"the client ended with {code} after SIGTERM")

    def look(self) -> "Look":
        """Looks at the job that runs."""
        return Look(self.cluster)

    def check_spread(self, parallelism: int, is_fresh: bool) -> None:
        """Checks that each subtask has as many partitions, and each worker process one chain for each subtask."""
        wait_for(lambda: len(self.look().subtasks) == parallelism, f"the job runs with parallelism {parallelism}")
        wait_for(lambda: self.look().checkpoint, "a checkpoint is complete")
        look = self.look()
        if len(look.subtasks) != parallelism:
            self.problems.append(f"{len(look.subtasks)} subtasks instead of {parallelism}")
        if is_fresh and set(look.partitions) != {4 // parallelism}:
            self.problems.append(f"partitions by subtask: {look.partitions}")
        self.note(
            f"parallelism {parallelism}",
            f"elements by subtask {look.partitions}, connections to Kafka by worker {look.connections}, "
            f"checkpoint {look.checkpoint / 1e3:.0f} kB",
        )
        if sum(look.connections) > CONNECTIONS * parallelism:
            self.problems.append(f"{look.connections} connections to Kafka: more than one chain for each subtask")
        if len(look.connections) != len(TASKMANAGERS) or len(set(look.connections)) != 1:
            self.problems.append(f"{look.connections} connections to Kafka: not every subtask reads")
        if look.checkpoint > LARGEST_CHECKPOINT:
            self.problems.append(f"the checkpoint has {look.checkpoint} bytes")


class Look:
    """What is visible of the job at one moment."""

    def __init__(self, cluster: Cluster) -> None:
        flink = FlinkCluster(cluster.url)
        try:
            jobs = [job for job, state in flink.find_jobs("newsclaims newsclaims").items() if state not in ENDED]
            vertex = find_reading_vertex(flink.read_job(jobs[-1])["vertices"]) if jobs else None
            self.subtasks = flink.read_subtasks(jobs[-1], vertex["id"]) if vertex else []
            self.partitions = [int(each["metrics"]["read-records"]) for each in self.subtasks]
            latest = (flink.read_checkpoints(jobs[-1]).get("latest") or {}).get("completed") if jobs else None
            self.checkpoint = int((latest or {}).get("state_size", 0))
        finally:
            flink.close()
        kafka = int(cluster.stack.bootstrap_servers.rpartition(":")[2])
        self.connections = [
            sum(bool(each.raddr) and each.raddr[1] == kafka for each in worker.net_connections("tcp"))
            for worker in cluster.find_workers()
        ]


def run(found: Run) -> None:
    """Runs all waves. What goes wrong is in `problems`."""
    cluster = found.cluster
    cluster.start(*TASKMANAGERS)
    found.note("start", "JobManager, two TaskManagers and the job server answer")
    # So often that one comes while the partitions are listed, which must not stall the job.
    client = Client(cluster, 2, ("--checkpoint-seconds", "1"))
    found.await_wave(found.publish(5), "first wave, fresh start with parallelism 2")
    found.check_spread(2, is_fresh=True)

    wave = found.publish(15)
    time.sleep(5)
    cluster.kill("taskmanager2")
    time.sleep(2)
    cluster.start(*TASKMANAGERS)
    found.await_wave(wave, "second wave, kill -9 of a TaskManager")

    wave = found.publish(15)
    time.sleep(3)
    cluster.kill("jobserver")
    time.sleep(3)
    began = time.monotonic()
    found.note_stop(client.stop(), began)
    cluster.start_job_server()
    client = Client(cluster, 4)
    found.await_wave(wave, "third wave, kill -9 of the job server, savepoint, restored with parallelism 4")
    found.check_spread(4, is_fresh=False)

    wave = found.publish(15)
    time.sleep(6)
    client.kill()
    cluster.kill_everything()
    cluster.start(*TASKMANAGERS)
    client = Client(cluster, 2)
    found.await_wave(wave, "fourth wave, kill -9 of everything, restored from a checkpoint with parallelism 2")
    found.check_spread(2, is_fresh=False)
    restored = "restored" if count_log(cluster, "from file:") >= 2 else "not restored"
    if restored != "restored":
        found.problems.append("the job was not restored from a savepoint and a checkpoint")

    began = time.monotonic()
    found.note_stop(client.stop(), began)


LIMIT_MEGABYTES = 1.0
"""The limit of checkpoints while they are watched: they reach it about once in five minutes."""
LOOK_SECONDS = 10.0


def watch_checkpoints(found: Run, minutes: float) -> None:
    """Lets the restored job read a trickle of articles with turns of five seconds, and watches its checkpoints.

    Beam's runner never lets go of what it has kept for a turn. So the size is bounded by the limit at which the client
    starts the job afresh, and by what is added until the next checkpoint.
    """
    fresh_before = count_log(found.cluster, "starts afresh")
    more = ("--checkpoint-seconds", "10", "--turn-seconds", "5", "--checkpoint-limit", str(LIMIT_MEGABYTES))
    client = Client(found.cluster, 2, more)
    wave = found.publish(60 * minutes)
    sizes: list[tuple[float, int]] = []
    began = time.monotonic()
    while time.monotonic() < began + 60 * minutes:
        time.sleep(LOOK_SECONDS)
        if size := found.look().checkpoint:
            sizes.append(((time.monotonic() - began) / 60, size))
    found.await_wave(wave, f"{minutes:g} minutes, a wave spread over all of them")
    largest = max((size for _, size in sizes), default=0)
    pairs = [(one, other) for one, other in pairwise(sizes) if other[1] > one[1]]
    grown = sum(other[1] - one[1] for one, other in pairs) / max(0.1, sum(other[0] - one[0] for one, other in pairs))
    fresh = count_log(found.cluster, "starts afresh") - fresh_before
    found.note(
        f"checkpoints of {minutes:g} minutes",
        f"at most {largest / 1e6:.2f} MB with a limit of {LIMIT_MEGABYTES:g} MB, growing by {grown / 1e3:.0f} kB a "
        f"minute, started afresh {fresh} times",
    )
    if not fresh:
        found.problems.append("the job did not start afresh when its checkpoint had grown")
    if not 0 < largest < 1.5e6 * LIMIT_MEGABYTES:
        found.problems.append(f"a checkpoint of {largest / 1e6:.2f} MB, with a limit of {LIMIT_MEGABYTES:g} MB")
    client.stop()


def count_log(cluster: Cluster, text: str) -> int:
    """Returns how often the clients logged the text."""
    return (cluster.directory / "client.log").read_text("utf-8", "replace").count(text)

"""The scenarios: what is published, and what is broken meanwhile."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.monitoring.consumer_group import GroupMeter, GroupState
from deploy.monitoring.samples import find_instance
from schemas.topics import load_topics
from tests.conftest import Stack
from tests.faults import job as jobs
from tests.faults.articles import Outgoing, make_broken, make_message
from tests.faults.job import Job
from tests.pipelines.io.elasticsearch.faulty_proxy import FaultyProxy, Injection, Reply

PRODUCT = {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}
BUSY = b'{"error": {"type": "circuit_breaking_exception", "reason": "injected"}, "status": 429}'
SORRY = b"<html><head><title>Sorry</title></head><body>Please try again later.</body></html>"
HTML = {"content-type": "text/html"}

INJECTIONS = (
    Injection(reply=Reply(429, BUSY, {**PRODUCT, "retry-after": "1"})),
    Injection(reply=Reply(503, SORRY, HTML)),
    Injection(reply=Reply(502, SORRY, HTML)),
    Injection(reply=Reply(504, SORRY, HTML), passes_on=True),
    Injection(reply=Reply(200, SORRY, HTML)),
    Injection(hangs_up=True),
    Injection(hangs_up=True, passes_on=True),
    Injection(cuts=True, passes_on=True),
    Injection(passes_on=True, hold=2.0),
    Injection(passes_on=True, hold=35.0),
    Injection(item=(429, "es_rejected_execution_exception")),
    Injection(item=(503, "unavailable_shards_exception")),
)
"""What goes wrong with a request. The longest is more than the sink waits for an answer."""


FROZEN_SECONDS = 20.0
"""Longer than the session of a member of the group, so that its partitions go to others meanwhile."""
PARTITIONS = int(load_topics()[jobs.TOPIC].partitions)


@dataclass
class World:
    """What a scenario may break: the servers, the jobs, and the proxy between them. `scale` shortens its times."""

    stack: Stack
    directory: Path
    rng: random.Random
    job: Job
    proxy: FaultyProxy | None = None
    scale: float = 1.0
    others: list[Job] = field(default_factory=list)
    what: str = ""

    def sleep(self, seconds: float) -> None:
        """Waits for so long, in a short form less."""
        time.sleep(seconds * self.scale)


Messages = Callable[[random.Random, int, int], list[Outgoing]]


def single(_rng: random.Random, count: int, seed: int) -> list[Outgoing]:
    """Returns one message for each article, and a broken one after every twentieth."""
    found = []
    for number in range(count):
        found.append(make_message(number, 1, seed))
        if number % 20 == 10:
            found.append(make_broken(number, seed))
    return found


def twice(rng: random.Random, count: int, seed: int) -> list[Outgoing]:
    """Returns every message twice, up to thirty places apart."""
    return shuffle(rng, [each for each in single(rng, count, seed) for _ in range(2)])


def out_of_order(rng: random.Random, count: int, seed: int) -> list[Outgoing]:
    """Returns three revisions of each article, the older often after the newer."""
    revisions = [make_message(number, revision, seed) for number in range(count) for revision in (1, 2, 3)]
    return shuffle(rng, revisions) + [make_broken(number, seed) for number in range(3)]


def shuffle(rng: random.Random, messages: list[Outgoing]) -> list[Outgoing]:
    """Moves each message by up to thirty places."""
    return [each for _, each in sorted((place + rng.uniform(0, 30), each) for place, each in enumerate(messages))]


def kill_at_random(world: World, times: int = 20) -> None:
    """Kills a worker or the supervisor at random moments."""
    killed = {"worker": 0, "supervisor": 0}
    for _ in range(max(2, round(times * world.scale))):
        time.sleep(world.rng.uniform(0.5, 8.0))
        if world.rng.random() < 0.3:
            world.job.kill_supervisor()
            killed["supervisor"] += 1
        else:
            while not world.job.kill_worker(world.rng):
                time.sleep(0.2)
            killed["worker"] += 1
    world.what = f"kill -9: {killed['worker']} workers, {killed['supervisor']} supervisors"


def kill_elasticsearch(world: World) -> None:
    """Kills Elasticsearch twice, and starts it again."""
    for _ in range(2):
        world.sleep(8)
        jobs.kill_server(world.stack, "elasticsearch")
        world.sleep(5)
        jobs.start_servers(world.stack)
    world.what = "Elasticsearch killed (-9) and started again, twice"


def leave_elasticsearch_down(world: World) -> None:
    """Keeps Elasticsearch away for two minutes."""
    world.sleep(8)
    jobs.kill_server(world.stack, "elasticsearch")
    world.sleep(120)
    jobs.start_servers(world.stack)
    world.what = "Elasticsearch away for two minutes"


def freeze_elasticsearch(world: World) -> None:
    """Stops Elasticsearch's process for longer than the sink waits for an answer, and lets it go on."""
    world.sleep(8)
    jobs.send_signal(world.stack, "elasticsearch", signal.SIGSTOP)
    time.sleep(45)
    jobs.send_signal(world.stack, "elasticsearch", signal.SIGCONT)
    world.what = "Elasticsearch frozen (SIGSTOP) for 45 s, then it does what it was asked"


def kill_kafka(world: World) -> None:
    """Kills Kafka twice, and starts it again."""
    for _ in range(2):
        world.sleep(8)
        jobs.kill_server(world.stack, "kafka")
        world.sleep(10)
        jobs.start_servers(world.stack)
    world.what = "Kafka killed (-9) and started again, twice"


def inject(world: World, share: float = 0.1) -> None:
    """Makes a share of the requests to Elasticsearch go wrong."""
    rng = random.Random(world.rng.random())
    kinds = [each for each in INJECTIONS if world.scale == 1.0 or each.hold < 10]

    def decide(path: str, _body: bytes) -> Injection | None:
        hit = path.endswith(("_bulk", "_mget")) and rng.random() < share
        kind = rng.choice(kinds)
        return None if not hit or (kind.item and not path.endswith("_bulk")) else kind

    assert world.proxy is not None
    world.proxy.decide = decide
    world.sleep(40)
    world.what = f"proxy faults in {share:.0%} of the requests"


def run_twice(world: World) -> None:
    """Runs the job a second time with the same group, and kills some workers of both."""
    other = Job(world.stack, world.directory, world.job.environ, name="other")
    world.others.append(other)
    for _ in range(round(6 * world.scale)):
        time.sleep(world.rng.uniform(3, 8))
        world.rng.choice((world.job, other)).kill_worker(world.rng)
    world.sleep(20)
    world.what = "two runs of the same group at once, workers of both killed"


def share_partitions(world: World) -> None:
    """Runs the job three times; one machine dies, one run is stopped, one is added and one is frozen."""
    group = GroupWatcher(world.stack)
    second, third = (Job(world.stack, world.directory, world.job.environ, name, workers=1) for name in ("two", "three"))
    world.others += [second, third]
    group.wait(lambda state: all(group.find(state, job) for job in (world.job, second, third)))
    world.sleep(20)
    second.kill_machine()
    killed = group.wait(lambda state: not group.find(state, second) and group.is_whole(state))
    world.sleep(20)
    third.stop()
    stopped = group.wait(lambda state: not group.find(state, third) and group.is_whole(state))
    fourth = Job(world.stack, world.directory, world.job.environ, "four", workers=1)
    world.others.append(fourth)
    group.wait(lambda state: group.knows(state, fourth))
    joined = group.wait(lambda state: bool(group.find(state, fourth)) and group.is_whole(state))
    world.sleep(20)
    fourth.freeze(FROZEN_SECONDS)
    world.sleep(20)
    group.close()
    world.what = (
        f"three runs; partitions moved {killed:.1f} s after kill -9 of a whole run, {stopped:.1f} s after the end of a "
        f"stopped one, {joined:.1f} s after one joined; one frozen for {FROZEN_SECONDS:.0f} s"
    )


class GroupWatcher:
    """Looks at the members of the job's group, and measures how long a change takes."""

    def __init__(self, stack: Stack) -> None:
        self.meter = GroupMeter({**stack.settings.kafka.client_options(), "group_id": stack.settings.group})
        self.host = find_instance().rpartition(":")[0]

    def find(self, state: GroupState, job: Job) -> frozenset[int]:
        """Returns the partitions of a job."""
        return state.partitions.get(f"{self.host}:{job.process.pid}", frozenset())

    def knows(self, state: GroupState, job: Job) -> bool:
        """Returns whether a job is a member of the group, with or without partitions."""
        return f"{self.host}:{job.process.pid}" in state.partitions

    def is_whole(self, state: GroupState) -> bool:
        """Returns whether every partition has an owner."""
        return sum(len(owned) for owned in state.partitions.values()) == PARTITIONS

    def wait(self, is_reached: Callable[[GroupState], bool], longest: float = 180.0) -> float:
        """Waits for a state of the group. Returns the seconds that it took."""
        began = time.monotonic()
        while time.monotonic() - began < longest:
            state = self.meter.measure()
            if state is not None and is_reached(state):
                return time.monotonic() - began
            time.sleep(0.1)
        raise AssertionError(f"the group did not come to the expected state in {longest:.0f} s")

    def close(self) -> None:
        """Closes its client."""
        self.meter.close()


def block_indices(world: World) -> None:
    """Makes the indices read-only for a while."""
    world.sleep(10)
    jobs.put_block(world.stack, on=True)
    world.sleep(40)
    jobs.put_block(world.stack, on=False)
    world.what = "indices read-only for 40 s"


def fill_disk(world: World) -> None:
    """Sets the watermarks so high that the disk counts as full: Elasticsearch blocks its indices by itself."""
    names = [f"cluster.routing.allocation.disk.watermark.{level}" for level in ("low", "high", "flood_stage")]
    world.sleep(8)
    jobs.put_settings(world.stack, {"cluster.info.update.interval": "10s", **dict.fromkeys(names, "900tb")})
    time.sleep(45)
    jobs.put_settings(world.stack, dict.fromkeys(["cluster.info.update.interval", *names]))
    world.what = "disk counts as full (flood stage) for 45 s, through the watermarks"


def nothing(world: World) -> None:
    """Breaks nothing."""
    world.sleep(5)
    world.what = "nothing broken"


def everything(world: World) -> None:
    """Injects proxy faults and kills workers and the supervisor at the same time."""
    inject(world)
    kill_at_random(world, 6)
    world.what = f"proxy faults in 10% of the requests; {world.what}"


@dataclass(frozen=True)
class Scenario:
    """What is published at which pace, and what is broken meanwhile. `seconds` is the time of the publishing."""

    name: str
    disturb: Callable[[World], None]
    messages: Messages = single
    articles: int = 200
    seconds: float = 40.0
    proxied: bool = False


SCENARIOS = (
    Scenario("kill", kill_at_random, articles=400, seconds=85),
    Scenario("elasticsearch-killed", kill_elasticsearch),
    Scenario("elasticsearch-away", leave_elasticsearch_down, seconds=120),
    Scenario("elasticsearch-frozen", freeze_elasticsearch),
    Scenario("kafka-killed", kill_kafka),
    Scenario("proxy-faults", inject, proxied=True),
    Scenario("two-runs", run_twice, out_of_order, articles=100),
    Scenario("shared", share_partitions, articles=5_000, seconds=300),
    Scenario("read-only", block_indices),
    Scenario("full-disk", fill_disk),
    Scenario("duplicates", nothing, twice),
    Scenario("out-of-order", nothing, out_of_order, articles=100),
    Scenario("everything", everything, out_of_order, articles=100, seconds=60, proxied=True),
)

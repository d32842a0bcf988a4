"""Feeds shared by several pollers: ownership, handing over, and real pollers that are started and killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from kafka.partitioner import DefaultPartitioner
from werkzeug import Request, Response

from connectors.kafka_clients import partition_of
from connectors.polling.feed_states import TOPIC
from connectors.polling.poller import Poller
from connectors.polling.scheduler import Scheduler
from connectors.polling.shares import Ownership
from deploy import bootstrap
from schemas.errors import Retryable
from tests.conftest import Stack
from tests.connectors.polling.test_poller import FakeClock, FakeKafka, Setup, feed
from tests.connectors.sample_feeds import numbered
from tests.connectors.test_commands import published
from tests.connectors.web_server import Responder, WebServer

NAMES = [f"feed-{number}" for number in range(12)]
INTERVAL = 3.0


@pytest.fixture
def setup() -> Setup:
    return Setup(FakeKafka(), FakeClock())


def test_a_feed_belongs_to_the_partition_that_its_state_goes_to() -> None:
    cluster = SimpleNamespace(
        topics=lambda: {TOPIC}, partitions_for_topic=lambda _: set(range(8)),
        available_partitions_for_topic=lambda _: set(range(8)),
    )  # fmt: skip
    for name in NAMES:
        key = name.encode()
        assert partition_of(name, 8) == DefaultPartitioner().partition(TOPIC, key, key, b"", b"", cluster)


def test_a_partition_is_owned_from_reading_its_states_until_it_is_given_up() -> None:
    log: list[object] = []
    failing = [True]

    def take(partitions: Collection[int]) -> None:
        if failing:
            failing.pop()
            raise Retryable("Kafka is unreachable")
        log.append((set(partitions), [name for name in NAMES if ownership.owns(name)]))

    def give(given: Callable[[str], bool]) -> None:
        log.append(([name for name in NAMES if given(name)], [name for name in NAMES if ownership.owns(name)]))

    ownership = Ownership(2, take)
    ownership.give = give
    feeds = ownership.reload_after_moves(lambda: None, lambda: [feed("http://a.example/")])
    with pytest.raises(Retryable):
        ownership.assign([0, 1])
    assert not any(map(ownership.owns, NAMES))
    assert feeds() is None
    ownership.assign([0, 1])
    assert all(map(ownership.owns, NAMES))
    assert feeds() is not None  # all feeds are returned once
    assert feeds() is None
    ownership.assign([0, 1])
    ownership.revoke([1])
    first, second = ([name for name in NAMES if partition_of(name, 2) == number] for number in (0, 1))
    assert log == [({0, 1}, []), (second, first)]


class HeldKafka(FakeKafka):
    """Holds each delivery until `go_on` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def deliver(self, batch: object) -> int:
        self.begun.set()
        assert self.go_on.wait(20)
        return super().deliver(batch)  # type: ignore[arg-type]


@contextmanager
def running(poller: Poller, url: str) -> Iterator[Scheduler]:
    """A scheduler that runs in a thread until the end of the block."""
    lists = [[feed(url)]]
    scheduler = Scheduler(poller, lambda: lists.pop() if lists else None)
    thread = threading.Thread(target=scheduler.run)
    thread.start()
    try:
        yield scheduler
    finally:
        poller.cancelled.set()
        thread.join(20)
    assert not thread.is_alive()


@pytest.mark.parametrize(("patience", "delivered"), [(20.0, 450), (0.0, 200)])
def test_a_running_poll_ends_and_is_stored_before_its_feed_is_given_up(
    server: WebServer, patience: float, delivered: int
) -> None:
    kafka = HeldKafka()
    setup = Setup(kafka, FakeClock())
    url = server.serve("/feed", numbered(1, 450))
    with running(setup.poller(), url) as scheduler:
        assert kafka.begun.wait(20)
        given = threading.Thread(target=scheduler.give_up, args=(lambda _: True, patience))
        given.start()
        while not patience and not scheduler.ends["ledger"].is_set():
            given.join(0.01)
        assert given.is_alive()
        kafka.go_on.set()
        given.join(20)
        assert kafka.log[-1] == "stored"
        assert len(kafka.articles) == delivered
    # A poll that was cut short is due at once, and the poller that takes over continues where it ended.
    assert (kafka.stored["ledger"].health.next_poll_at == setup.clock.moment) == (delivered < 450)
    assert len(server.requests) == 1
    Scheduler(setup.poller(), lambda: [feed(url)]).run(once=True)
    assert len(kafka.articles) == len(set(kafka.articles)) == 450


def test_feeds_of_others_are_not_polled(server: WebServer, setup: Setup) -> None:
    poller = setup.poller()
    poller.owns = lambda name: name == "ours"
    feeds = [feed(server.serve(f"/{n}", numbered(1, 1)), n) for n in ("ours", "theirs")]
    Scheduler(poller, lambda: feeds).run(once=True)
    assert list(setup.kafka.stored) == ["ours"]


class Pollers:
    """`newsclaims feeds run` in processes of their own, with an interval shorter than users may set."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.environ = os.environ | stack.environ | {"KAFKA_GROUP": "shared", "PYTHONUNBUFFERED": "1"}
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        code = "import connectors.feeds.configuration as c; c.SHORTEST = 1; from newsclaims import app; app()"
        with (self.folder / name).open("wb") as output:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-c", code, "feeds", "run", "-f", str(self.folder / "feeds.yaml"), "--spacing", "0",
                 "--per-host", "12"],
                env=self.environ, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def polled(self, name: str) -> list[str]:
        """Returns the feeds for which this poller reported new entries, in order."""
        return re.findall(r"^(feed-\d+): 1 new$", (self.folder / name).read_text(), re.MULTILINE)

    def end(self, name: str, number: signal.Signals) -> None:
        process = self.running.pop(name)
        process.send_signal(number)
        process.wait(20)


@pytest.fixture
def pollers(stack: Stack, tmp_path: Path) -> Iterator[Pollers]:
    found = Pollers(stack, tmp_path)
    yield found
    for name in list(found.running):
        found.end(name, signal.SIGKILL)


def until(condition: Callable[[], bool], what: str) -> None:
    """Waits for something that other processes do."""
    deadline = time.monotonic() + 25
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.mark.integration
def test_pollers_share_the_feeds_and_take_over_from_one_that_is_killed(
    stack: Stack, server: WebServer, pollers: Pollers, tmp_path: Path
) -> None:
    bootstrap.init(stack.settings)
    asked: dict[str, list[float]] = {name: [] for name in NAMES}

    def respond_with_one_more(name: str) -> Responder:
        def respond(_: Request) -> Response:
            asked[name].append(time.monotonic())
            return Response(numbered(1, len(asked[name])))

        return respond

    for name in NAMES:
        server.responders[f"/{name}"] = respond_with_one_more(name)
    (tmp_path / "feeds.yaml").write_text(
        f"defaults: {{interval: {INTERVAL:g}s, settings: {{allow_private: true, robots: false}}}}\nfeeds:\n"
        + "".join(f"  {name}: {server.url(f'/{name}')}\n" for name in NAMES)
    )
    pollers.start("one")
    until(lambda: set(pollers.polled("one")) == set(NAMES), "a single poller polls all feeds")
    pollers.start("two")
    until(lambda: bool(pollers.polled("two")), "a second poller gets feeds")
    seen = {name: len(pollers.polled(name)) for name in ("one", "two")}
    time.sleep(2.5 * INTERVAL)  # in this time each feed is polled twice
    ones, twos = (set(pollers.polled(name)[seen[name] :]) for name in ("one", "two"))
    assert ones | twos == set(NAMES)
    assert not ones & twos
    assert min(len(ones), len(twos)) >= 3

    until(lambda: time.monotonic() - max(map(max, asked.values())) > 0.5, "a moment without polls")
    gaps = [after - before for times in asked.values() for before, after in pairwise(times)]
    assert min(gaps) > 0.9 * INTERVAL  # no feed was polled twice, not even one that moved
    pollers.end("one", signal.SIGKILL)
    killed = len(pollers.polled("two"))
    until(lambda: set(pollers.polled("two")[killed:]) == set(NAMES), "the other takes over all feeds")
    pollers.end("two", signal.SIGTERM)
    for name in NAMES:
        brought = published(stack, name)
        assert len(brought) == len(set(brought)) == len(asked[name]), name

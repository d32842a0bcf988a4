"""Feeds shared out over several pollers: who owns what, handing over, and real pollers that come and are killed."""

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

from connectors.polling.feed_states import TOPIC, partition_of
from connectors.polling.poller import Poller, Rounds
from connectors.polling.shares import Ownership
from deploy import bootstrap
from schemas.errors import Retryable
from tests.conftest import Stack
from tests.connectors.polling.test_feeds_command import published
from tests.connectors.polling.test_poller import Clock, Kafka, Setup, feed
from tests.connectors.sample_feeds import numbered
from tests.connectors.web_server import Handler, Server

NAMES = [f"feed-{number}" for number in range(12)]
INTERVAL = 3.0


@pytest.fixture
def setup() -> Setup:
    return Setup(Kafka(), Clock())


def test_a_feed_belongs_to_the_partition_that_its_state_goes_to() -> None:
    cluster = SimpleNamespace(
        topics=lambda: {TOPIC}, partitions_for_topic=lambda topic: set(range(8)),
        available_partitions_for_topic=lambda topic: set(range(8)),
    )  # fmt: skip
    for name in NAMES:
        key = name.encode()
        assert partition_of(name, 8) == DefaultPartitioner().partition(TOPIC, key, key, b"", b"", cluster)


def test_a_part_is_ours_once_its_states_are_read_and_no_more_when_it_is_given_up() -> None:
    log: list[object] = []
    failing = [True]

    def take(partitions: Collection[int]) -> None:
        if failing:
            failing.pop()
            raise Retryable("Kafka does not answer")
        log.append((set(partitions), [name for name in NAMES if ownership.owns(name)]))

    def give(given: Callable[[str], bool]) -> None:
        log.append(([name for name in NAMES if given(name)], [name for name in NAMES if ownership.owns(name)]))

    ownership = Ownership(2, take)
    ownership.give = give
    feeds = ownership.reloading(lambda: None, lambda: [feed("http://a.example/")])
    with pytest.raises(Retryable):
        ownership.assigned([0, 1])
    assert not any(map(ownership.owns, NAMES))
    assert feeds() is None
    ownership.assigned([0, 1])
    assert all(map(ownership.owns, NAMES))
    assert feeds() is not None  # they are looked at again once
    assert feeds() is None
    ownership.assigned([0, 1])
    ownership.revoked([1])
    first, second = ([name for name in NAMES if partition_of(name, 2) == number] for number in (0, 1))
    assert log == [({0, 1}, []), (second, first)]


class Held(Kafka):
    """Holds each delivery until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def deliver(self, batch: object) -> int:
        self.begun.set()
        assert self.go_on.wait(20)
        return super().deliver(batch)  # type: ignore[arg-type]


@contextmanager
def started(poller: Poller, url: str) -> Iterator[Rounds]:
    """Rounds that run in a thread until the end of the block."""
    rounds: list[Rounds] = []
    lists = [[feed(url)]]
    run = {"reload": lambda: lists.pop() if lists else None, "begun": rounds.append}
    thread = threading.Thread(target=poller.run, kwargs=run)
    thread.start()
    try:
        while not rounds:
            thread.join(0.01)
        yield rounds[0]
    finally:
        poller.cancelled.set()
        thread.join(20)
    assert not thread.is_alive()


@pytest.mark.parametrize(("patience", "delivered"), [(20.0, 450), (0.0, 200)])
def test_a_poll_under_way_ends_and_is_stored_before_its_feed_is_given_up(
    server: Server, patience: float, delivered: int
) -> None:
    kafka = Held()
    setup = Setup(kafka, Clock())
    url = server.serve("/feed", numbered(1, 450))
    with started(setup.poller(), url) as rounds:
        assert kafka.begun.wait(20)
        given = threading.Thread(target=rounds.give_up, args=(lambda name: True, patience))
        given.start()
        while not patience and not rounds.ends["ledger"].is_set():
            given.join(0.01)
        assert given.is_alive()
        kafka.go_on.set()
        given.join(20)
        assert kafka.log[-1] == "stored"
        assert len(kafka.articles) == delivered
    # Cut short, it is due at once for the poller that takes it over, which goes on where it ended.
    assert (kafka.stored["ledger"].health.next_poll_at == setup.clock.moment) == (delivered < 450)
    assert len(server.requests) == 1
    setup.poller().run(lambda: [feed(url)], once=True)
    assert len(kafka.articles) == len(set(kafka.articles)) == 450


def test_feeds_of_others_are_not_polled(server: Server, setup: Setup) -> None:
    poller = setup.poller()
    poller.owns = lambda name: name == "ours"
    poller.run(lambda: [feed(server.serve(f"/{n}", numbered(1, 1)), n) for n in ("ours", "theirs")], once=True)
    assert list(setup.kafka.stored) == ["ours"]


class Pollers:
    """`newsclaims feeds run` in processes of their own, at an interval shorter than is allowed to users."""

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
        """The feeds that this poller said to have brought new entries, in order."""
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
    """Waits for what other processes do."""
    deadline = time.monotonic() + 25
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.mark.integration
def test_pollers_share_the_feeds_and_take_over_from_one_that_is_killed(
    stack: Stack, server: Server, pollers: Pollers, tmp_path: Path
) -> None:
    bootstrap.init(stack.settings)
    asked: dict[str, list[float]] = {name: [] for name in NAMES}

    def one_more(name: str) -> Callable[[Handler], None]:
        def answer(handler: Handler) -> None:
            asked[name].append(time.monotonic())
            handler.reply(200, numbered(1, len(asked[name])).encode())

        return answer

    for name in NAMES:
        server.answers[f"/{name}"] = one_more(name)
    (tmp_path / "feeds.yaml").write_text(
        f"defaults: {{interval: {INTERVAL:g}s, settings: {{allow_private: true, robots: false}}}}\nfeeds:\n"
        + "".join(f"  {name}: {server.url(f'/{name}')}\n" for name in NAMES)
    )
    pollers.start("one")
    until(lambda: set(pollers.polled("one")) == set(NAMES), "a single poller polls all feeds")
    pollers.start("two")
    until(lambda: bool(pollers.polled("two")), "a second poller gets feeds")
    seen = {name: len(pollers.polled(name)) for name in ("one", "two")}
    time.sleep(2.5 * INTERVAL)  # the time in which each feed comes round twice is what is looked at
    ones, twos = (set(pollers.polled(name)[seen[name] :]) for name in ("one", "two"))
    assert ones | twos == set(NAMES)
    assert not ones & twos
    assert min(len(ones), len(twos)) >= 3

    until(lambda: time.monotonic() - max(map(max, asked.values())) > 0.5, "a moment without polls")
    gaps = [after - before for times in asked.values() for before, after in pairwise(times)]
    assert min(gaps) > 0.9 * INTERVAL  # nothing was polled twice, neither shared nor on its way to the other poller
    pollers.end("one", signal.SIGKILL)
    killed = len(pollers.polled("two"))
    until(lambda: set(pollers.polled("two")[killed:]) == set(NAMES), "the other takes over all feeds")
    pollers.end("two", signal.SIGTERM)
    for name in NAMES:
        brought = published(stack, name)
        assert len(brought) == len(set(brought)) == len(asked[name]), name

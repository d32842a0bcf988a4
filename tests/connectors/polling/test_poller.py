"""Polling: what is delivered, stored and told; a fake clock, feeds on 127.0.0.1, a broker that can fail."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from time import monotonic
from typing import Any

import pytest
from kafka.errors import NotLeaderForPartitionError

from connectors.feeds.configuration import Entry, Feed
from connectors.kit import Batch
from connectors.kit.article_line import Found, Refused
from connectors.kit.registry import connector_type
from connectors.polling.feed_states import begun, ended
from connectors.polling.poller import Delivery, Poller
from connectors.polling.schedule import after_failure, after_success
from connectors.sources.files import from_fields
from connectors.sources.push import Post, Push, PushSettings
from connectors.sources.syndication import SyndicationSettings
from connectors.web.client import Web, now
from connectors.web.hosts import Hosts
from connectors.web.wire import Limits
from schemas.errors import Retryable
from schemas.records import FeedState
from tests.connectors.sample_feeds import item, numbered, rss
from tests.connectors.test_publisher import Broker, connected
from tests.connectors.web_server import Server
from tests.pipelines.messages import article


@dataclass
class Kafka:
    """Delivery and states; `failing` lets the next so many deliveries fail, `log` is the order of things."""

    failing: int = 0
    failing_states: int = 0
    log: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    stored: dict[str, FeedState] = field(default_factory=dict)

    def deliver(self, batch: Batch) -> int:
        if self.failing:
            self.failing -= 1
            raise Retryable("Kafka does not answer")
        self.log.append("delivered")
        self.articles += [found.article.article_id for found in batch.articles]
        return len(batch.refused)

    def save(self, state: FeedState) -> None:
        if self.failing_states:
            self.failing_states -= 1
            raise Retryable("Kafka did not take the state")
        self.log.append("stored")
        self.stored[state.health.feed] = state


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


def feed(url: str, name: str = "ledger", interval: float = 900.0, **entry: Any) -> Feed:
    return Feed(name, Entry(url=url, **entry), interval, SyndicationSettings(allow_private=True, robots=False))


@dataclass
class Setup:
    kafka: Kafka
    clock: Clock

    def poller(self) -> Poller:
        """A poller as it starts: it knows what was stored."""
        web = Web(Limits(5, 2, 1_000_000), Hosts(spacing=0, at_once=50), clock=self.clock)
        return Poller(self.kafka.deliver, self.kafka, dict(self.kafka.stored), web, clock=self.clock, random=Random(1))


@pytest.fixture
def setup() -> Setup:
    return Setup(Kafka(), Clock())


def test_state_is_stored_only_after_delivery(server: Server, setup: Setup) -> None:
    server.serve("/feed", numbered(1, 3), etag='"1"')
    state = setup.poller().poll(feed(server.url("/feed")))
    assert setup.kafka.log == ["delivered", "stored", "stored"]
    assert state.cursor["etag"] == '"1"'
    health = state.health
    assert (health.entries_total, health.entries_day, health.failures, health.error) == (3, 3, 0, None)
    assert health.succeeded_at == setup.clock.moment


def test_what_kafka_did_not_take_comes_again(server: Server, setup: Setup) -> None:
    server.serve("/feed", numbered(1, 3), etag='"1"')
    setup.kafka.failing = 1
    state = setup.poller().poll(feed(server.url("/feed")))
    assert state.health.error == "Kafka does not answer"
    assert state.cursor == {}
    setup.poller().poll(feed(server.url("/feed")))
    assert len(set(setup.kafka.articles)) == 3


def test_a_poller_started_anew_publishes_nothing_twice(server: Server, setup: Setup) -> None:
    server.serve("/feed", numbered(1, 450))
    first = setup.poller()
    deliver = setup.kafka.deliver

    def killed_in_the_second_batch(batch: Batch) -> int:
        if setup.kafka.log:
            raise KeyboardInterrupt
        return deliver(batch)

    first.deliver = killed_in_the_second_batch
    with pytest.raises(KeyboardInterrupt):
        first.poll(feed(server.url("/feed")))
    setup.poller().poll(feed(server.url("/feed")))
    assert len(setup.kafka.articles) == 450
    assert len(set(setup.kafka.articles)) == 450


def test_a_state_that_cannot_be_stored_does_not_stop_polling(server: Server, setup: Setup) -> None:
    server.serve("/feed", numbered(1, 0))
    setup.kafka.failing_states = 1
    assert "did not take the state" in str(setup.poller().poll(feed(server.url("/feed"))).health.error)


def test_failures_are_counted_told_and_forgotten(server: Server, setup: Setup) -> None:
    server.serve("/feed", b"", 502)
    poller = setup.poller()
    waits = []
    for _ in range(3):
        health = poller.poll(feed(server.url("/feed"))).health
        waits.append((health.next_poll_at - setup.clock.moment).total_seconds())
    assert (health.failures, health.succeeded_at) == (3, None)
    assert "answers 502" in str(health.error)
    assert waits == sorted(waits)
    assert waits[2] > 2 * waits[0]
    server.serve("/feed", numbered(1, 1))
    health = poller.poll(feed(server.url("/feed"))).health
    assert (health.failures, health.error) == (0, None)
    assert health.failed_at is not None


@pytest.mark.parametrize("value", ["7200", "Mon, 02 Mar 2026 14:00:00 GMT"])
def test_retry_after_is_obeyed(server: Server, setup: Setup, value: str) -> None:
    server.serve("/feed", b"", 429, retry_after=value)
    health = setup.poller().poll(feed(server.url("/feed"))).health
    assert health.next_poll_at >= setup.clock.moment + timedelta(hours=2)


def test_a_moved_feed_is_asked_at_its_new_place_and_again_at_the_old_one_when_that_fails(
    server: Server, setup: Setup
) -> None:
    server.serve("/old", b"", 301, location="/new")
    server.serve("/new", numbered(1, 1))
    ours, poller = feed(server.url("/old")), setup.poller()
    assert poller.poll(ours).health.moved_to == server.url("/new")
    poller.poll(ours)
    assert len(server.seen("/old")) == 1
    server.serve("/new", b"", 404)
    assert poller.poll(ours).health.moved_to is None
    server.serve("/old", numbered(1, 2))
    poller.poll(ours)
    assert len(set(setup.kafka.articles)) == 2


def test_credentials_of_the_address_are_in_no_state(server: Server, setup: Setup) -> None:
    server.serve("/feed", b"", 500)
    url = server.url("/feed").replace("127", "me:hush@127")
    assert "hush" not in repr(setup.poller().poll(feed(url)))


def test_a_bug_in_a_connector_is_told_and_others_go_on(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.sources.syndication.Syndication.read", lambda self, cursor: 1 / 0)
    assert "which is a bug: ZeroDivisionError" in str(setup.poller().poll(feed("http://a.example/")).health.error)


def test_another_address_begins_with_what_was_seen_and_without_the_old_validators(setup: Setup) -> None:
    before = begun(feed("http://a.example/"), None, setup.clock.moment)
    cursor = {"seen": {"k": "v"}, "etag": "x", "hash": "y"}
    known = FeedState(health=before.health, cursor=cursor)
    assert begun(feed("http://a.example/"), known, setup.clock.moment) is known
    moved = begun(feed("http://b.example/"), known, setup.clock.moment)
    assert moved.cursor == {"seen": {"k": "v"}}
    assert begun(feed("http://a.example/", connector="other"), known, setup.clock.moment).cursor == {}


def test_silence_shows_against_the_expected_volume(setup: Setup) -> None:
    ours = feed("http://a.example/", expected_per_day=6.0)
    state = begun(ours, None, setup.clock.moment)
    late = setup.clock.moment + timedelta(hours=13)
    assert not ended(state, ours, setup.clock.moment + timedelta(hours=11), 1, None).health.silent
    assert ended(state, ours, late, 1, None).health.silent
    assert not ended(state, feed("http://a.example/"), late, 1, None).health.silent


def test_empty_and_refused_entries_are_counted(server: Server, setup: Setup) -> None:
    server.serve("/feed", rss(item(1, description=""), item(2, description="", title=""), item(3)))
    health = setup.poller().poll(feed(server.url("/feed"))).health
    assert (health.entries_total, health.empty_total, health.refused_total) == (2, 2, 1)


def test_waits_grow_to_a_day_and_are_spread() -> None:
    waits = [after_failure(900, failures, 0, Random(failures)) for failures in range(1, 40)]
    assert 675 <= waits[0] <= 900
    assert all(64_800 <= wait <= 86_400 for wait in waits[8:])
    assert len(set(waits)) == len(waits)
    assert after_failure(900, 1, 50_000, Random(1)) == 50_000
    assert 900 <= after_success(900, 60, Random(1)) <= 990
    assert 1800 <= after_success(900, 1800, Random(1)) <= 1980
    assert after_success(900, 80_000, Random(1)) <= 3960


def test_rounds_poll_what_is_due_once(server: Server, setup: Setup) -> None:
    feeds = [feed(server.serve(f"/{n}", numbered(n, n)), f"feed-{n}") for n in range(30)]
    feeds.append(feed(server.serve("/paused", numbered(99, 99)), "paused", paused=True))
    setup.poller().run(lambda: feeds, once=True)
    assert len(setup.kafka.stored) == len(set(setup.kafka.articles)) == 30
    setup.poller().run(lambda: feeds, once=True)
    assert len(server.requests) == 30  # nothing is due again yet
    setup.clock.moment += timedelta(minutes=20)
    setup.poller().run(lambda: feeds, once=True)
    assert len(server.requests) == 60


def test_rounds_go_on_take_new_feeds_and_stop(server: Server, setup: Setup) -> None:
    one, two = (feed(server.serve(f"/{n}", numbered(n, n)), f"feed-{n}") for n in (1, 2))
    lists = [[one], [one, two]]
    poller = setup.poller()
    both = threading.Event()

    def told(state: FeedState) -> None:
        setup.clock.moment += timedelta(hours=1)  # so that each is due again at once
        if len(poller.states) == 2:
            both.set()

    poller.told = told
    thread = threading.Thread(target=poller.run, args=(lambda: lists.pop(0) if lists else None,))
    thread.start()
    assert both.wait(20)
    poller.cancelled.set()
    thread.join(20)
    assert not thread.is_alive()
    assert len(server.seen("/1")) >= 2


def test_one_slow_host_does_not_hold_the_others(server: Server, setup: Setup) -> None:
    slow = [feed(server.url(f"/slow{n}", "localhost"), f"a-slow-{n}") for n in range(6)]
    quick = [feed(server.serve(f"/{n}", numbered(n, n)), f"quick-{n}") for n in range(10)]
    release = threading.Event()
    for n in range(6):
        server.answers[f"/slow{n}"] = lambda handler: (release.wait(10), handler.reply(200, numbered(1, 1).encode()))[1]
    poller = setup.poller()
    poller.clock = now
    poller.web.hosts.at_once = 2
    done: list[str] = []

    def told(state: FeedState) -> None:
        done.append(state.health.feed)
        if len(done) == 10:
            release.set()

    poller.told = told
    begun_at = monotonic()
    poller.run(lambda: [*slow, *quick], once=True, at_once=4)
    assert all(name.startswith("quick") for name in done[:10])
    assert len(done) == 16
    assert monotonic() - begun_at < 10


def test_a_continuous_connector_runs_beside_polls_and_ends_with_its_feed(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSCLAIMS_PUSH_TOKEN", "t")
    push = Feed("room", Entry(connector="push"), 900.0, PushSettings(port=0))
    opened: list[Push] = []
    delivered, closed = threading.Event(), threading.Event()

    class Ours(Push):
        def open(self) -> None:
            super().open()
            opened.append(self)
            self.posts.put(Post([from_fields({"text": "Twelve berths."}, "1", "room")]))

        def close(self) -> None:
            super().close()
            closed.set()

    monkeypatch.setattr("connectors.sources.push.Push", Ours)
    connector_type.cache_clear()
    lists: list[list[Feed]] = [[push]]
    poller = setup.poller()
    deliver = poller.deliver
    poller.deliver = lambda batch: (deliver(batch), delivered.set())[0]
    thread = threading.Thread(target=poller.run, args=(lambda: lists.pop(0) if lists else None,))
    thread.start()
    assert delivered.wait(20)
    lists.append([])
    assert closed.wait(20)
    assert thread.is_alive()
    poller.cancelled.set()
    thread.join(20)
    connector_type.cache_clear()
    assert setup.kafka.stored["room"].health.entries_total == 1


def test_a_delivery_that_fails_concerns_its_own_batch_only(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(None, NotLeaderForPartitionError(), None, None)
    deliver = Delivery(connected(monkeypatch, broker))
    pair = tuple(Found(str(number), article(number)) for number in (1, 2))
    with pytest.raises(Retryable, match="not acknowledged"):
        deliver(Batch(pair, {}))
    assert deliver(Batch(pair, {}, refused=(Refused("3", "no text"),))) == 1
    assert len(broker.messages) == 4

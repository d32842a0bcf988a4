"""Polling with a fake clock, feeds on this machine, and a broker that can fail."""

import io
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from time import monotonic
from typing import Any

import pytest
from kafka.errors import NotLeaderForPartitionError
from rich.console import Console
from werkzeug import Request, Response

from connectors.feeds.configuration import Feed, FeedConfig
from connectors.kit import Batch, FoundArticle, RefusedItem
from connectors.kit.registry import load_connector_type
from connectors.polling.delivery import BatchDelivery
from connectors.polling.feed_tables import render_summaries, summarize_feeds
from connectors.polling.intervals import wait_after_failure, wait_after_success
from connectors.polling.poller import Poller
from connectors.polling.scheduler import REOPENED, Scheduler
from connectors.polling.state_changes import add_batch, begin_poll, end_poll
from connectors.sources.files import from_fields
from connectors.sources.push import PendingPost, Push, PushSettings
from connectors.sources.syndication import SyndicationSettings
from connectors.web.client import Web, utc_now
from connectors.web.hosts import HostLimits
from connectors.web.wire import FetchLimits
from schemas.errors import AccessRefused, Retryable
from schemas.operations.records import FeedState
from tests.connectors.sample_feeds import item, numbered, rss
from tests.connectors.test_publisher import FakeProducer, make_publisher
from tests.connectors.web_server import WebServer
from tests.pipelines.messages import article


@dataclass
class FakeKafka:
    """Takes batches and states. The next `failing` deliveries fail; `log` is the order of events."""

    failing: int = 0
    failing_states: int = 0
    is_refusing: bool = False
    log: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    stored: dict[str, FeedState] = field(default_factory=dict)

    def deliver(self, batch: Batch) -> int:
        if self.is_refusing:
            raise AccessRefused("Kafka rejects the login")
        if self.failing:
            self.failing -= 1
            raise Retryable("Kafka is unreachable")
        self.log.append("delivered")
        self.articles += [found.article.article_id for found in batch.articles]
        return len(batch.refused)

    def save(self, state: FeedState) -> None:
        if self.failing_states:
            self.failing_states -= 1
            raise Retryable("Kafka did not store the state")
        self.log.append("stored")
        self.stored[state.health.feed] = state


class FakeClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


def feed(url: str, name: str = "ledger", interval: float = 900.0, **config: Any) -> Feed:
    return Feed(name, FeedConfig(url=url, **config), interval, SyndicationSettings(allow_private=True, robots=False))


@dataclass
class Setup:
    kafka: FakeKafka
    clock: FakeClock

    def poller(self) -> Poller:
        """Returns a poller that has just started: it knows what was stored."""
        web = Web(FetchLimits(5, 2, 1_000_000), HostLimits(spacing=0, at_once=50), clock=self.clock)
        return Poller(self.kafka.deliver, self.kafka, dict(self.kafka.stored), web, clock=self.clock, random=Random(1))


@pytest.fixture
def setup() -> Setup:
    return Setup(FakeKafka(), FakeClock())


def test_state_is_stored_only_after_delivery(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", numbered(1, 3), etag='"1"')
    state = setup.poller().poll(feed(server.url("/feed")))
    assert setup.kafka.log == ["delivered", "stored", "stored"]
    assert state.cursor["etag"] == '"1"'
    health = state.health
    assert (health.entries_total, health.entries_day, health.failures, health.error) == (3, 3, 0, None)
    assert health.succeeded_at == setup.clock.moment


def test_what_was_repaired_is_known_until_the_feed_changes(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", rss(item(1, title="Deal: <4% back it, >5% do not"), item(2)), etag='"1"')
    poller = setup.poller()
    assert poller.poll(feed(server.url("/feed"))).repairs == {"titles with < kept as text": 1}
    server.serve("/feed", b"", status=304)
    state = poller.poll(feed(server.url("/feed")))
    (line,) = summarize_feeds([feed(server.url("/feed"))], {"ledger": state})
    output = io.StringIO()
    Console(file=output, width=200).print(render_summaries([line]))
    assert "in the feed: 1 × titles with < kept as text" in output.getvalue()
    server.serve("/feed", numbered(1, 3))
    assert poller.poll(feed(server.url("/feed"))).repairs == {}


def test_undelivered_articles_come_again(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", numbered(1, 3), etag='"1"')
    setup.kafka.failing = 1
    state = setup.poller().poll(feed(server.url("/feed")))
    assert state.health.error == "Kafka is unreachable"
    assert state.cursor == {}
    setup.poller().poll(feed(server.url("/feed")))
    assert len(set(setup.kafka.articles)) == 3


def test_a_poller_that_kafka_refuses_stops(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", numbered(1, 3))
    setup.kafka.is_refusing = True
    poller = setup.poller()
    state = poller.poll(feed(server.url("/feed")))
    assert (poller.cancelled.is_set(), str(poller.refusal)) == (True, "Kafka rejects the login")
    assert state.health.error == "Kafka rejects the login"


def test_a_restarted_poller_publishes_nothing_twice(server: WebServer, setup: Setup) -> None:
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


def test_a_state_that_cannot_be_stored_does_not_stop_polling(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", numbered(1, 0))
    setup.kafka.failing_states = 1
    assert "did not store the state" in str(setup.poller().poll(feed(server.url("/feed"))).health.error)


def test_failures_are_counted_until_a_poll_succeeds(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", b"", 502)
    poller = setup.poller()
    waits = []
    for _ in range(3):
        health = poller.poll(feed(server.url("/feed"))).health
        waits.append((health.next_poll_at - setup.clock.moment).total_seconds())
    assert (health.failures, health.succeeded_at) == (3, None)
    assert "returned status 502" in str(health.error)
    assert waits == sorted(waits)
    assert waits[2] > 2 * waits[0]
    server.serve("/feed", numbered(1, 1))
    health = poller.poll(feed(server.url("/feed"))).health
    assert (health.failures, health.error) == (0, None)
    assert health.failed_at is not None


def test_retry_after_is_obeyed(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", b"", 429, retry_after="7200")
    health = setup.poller().poll(feed(server.url("/feed"))).health
    assert health.next_poll_at >= setup.clock.moment + timedelta(hours=2)


def test_a_moved_feed_is_read_at_its_new_address_until_that_fails(server: WebServer, setup: Setup) -> None:
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


def test_credentials_are_not_stored(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", b"", 500)
    url = server.url("/feed").replace("127", "me:hush@127")
    assert "hush" not in repr(setup.poller().poll(feed(url)))


def test_a_bug_in_a_connector_is_reported_and_does_not_stop_the_poller(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.sources.syndication.Syndication.read", lambda *_: 1 / 0)
    assert "has a bug: ZeroDivisionError" in str(setup.poller().poll(feed("http://a.example/")).health.error)


def test_a_new_address_keeps_what_was_seen_but_not_the_validators(setup: Setup) -> None:
    before = begin_poll(feed("http://a.example/"), None, setup.clock.moment)
    cursor = {"seen": {"k": "v"}, "etag": "x", "hash": "y"}
    known = FeedState(health=before.health, cursor=cursor)
    assert begin_poll(feed("http://a.example/"), known, setup.clock.moment) is known
    moved = begin_poll(feed("http://b.example/"), known, setup.clock.moment)
    assert moved.cursor == {"seen": {"k": "v"}}
    assert begin_poll(feed("http://a.example/", connector="other"), known, setup.clock.moment).cursor == {}


def test_entries_of_a_day_are_those_of_the_last_24_hours(setup: Setup) -> None:
    ours, now = feed("http://a.example/"), setup.clock.moment
    state = begin_poll(ours, None, now)
    for hours, day in ((0, 2), (1, 4), (23, 6), (25, 4), (60, 2)):
        state = add_batch(state, Batch((FoundArticle("1", article(1)), FoundArticle("2", article(2))), {}), 0,
                          now + timedelta(hours=hours))  # fmt: skip
        assert state.health.entries_day == day
    assert state.health.entries_total == 10


def test_silence_depends_on_the_expected_volume(setup: Setup) -> None:
    ours = feed("http://a.example/", expected_per_day=6.0)
    state = begin_poll(ours, None, setup.clock.moment)
    late = setup.clock.moment + timedelta(hours=13)
    assert not end_poll(state, ours, setup.clock.moment + timedelta(hours=11), 1, None).health.silent
    assert end_poll(state, ours, late, 1, None).health.silent
    assert not end_poll(state, feed("http://a.example/"), late, 1, None).health.silent


def test_empty_and_refused_entries_are_counted(server: WebServer, setup: Setup) -> None:
    server.serve("/feed", rss(item(1, description=""), item(2, description="", title=""), item(3)))
    health = setup.poller().poll(feed(server.url("/feed"))).health
    assert (health.entries_total, health.empty_total, health.refused_total) == (2, 2, 1)


def test_waits_grow_to_a_day_with_jitter() -> None:
    waits = [wait_after_failure(900, failures, 0, Random(failures)) for failures in range(1, 40)]
    assert 675 <= waits[0] <= 900
    assert all(64_800 <= wait <= 86_400 for wait in waits[8:])
    assert len(set(waits)) == len(waits)
    assert wait_after_failure(900, 1, 50_000, Random(1)) == 50_000
    assert 900 < wait_after_success(900, 60, Random(1)) <= 990
    assert 1800 <= wait_after_success(900, 1800, Random(1)) <= 1980
    assert wait_after_success(900, 80_000, Random(1)) <= 3960


def test_feeds_that_are_due_are_polled_once(server: WebServer, setup: Setup) -> None:
    feeds = [feed(server.serve(f"/{n}", numbered(n, n)), f"feed-{n}") for n in range(30)]
    feeds.append(feed(server.serve("/paused", numbered(99, 99)), "paused", paused=True))
    Scheduler(setup.poller(), lambda: feeds).run(once=True)
    assert len(setup.kafka.stored) == len(set(setup.kafka.articles)) == 30
    Scheduler(setup.poller(), lambda: feeds).run(once=True)
    assert len(server.requests) == 30  # nothing is due again yet
    setup.clock.moment += timedelta(minutes=20)
    Scheduler(setup.poller(), lambda: feeds).run(once=True)
    assert len(server.requests) == 60


def test_the_scheduler_accepts_new_feeds_and_stops(server: WebServer, setup: Setup) -> None:
    one, two = (feed(server.serve(f"/{n}", numbered(n, n)), f"feed-{n}") for n in (1, 2))
    lists = [[one], [one, two]]
    poller = setup.poller()
    both = threading.Event()

    def on_state(_: FeedState) -> None:
        setup.clock.moment += timedelta(hours=1)  # so that each is due again at once
        if len(poller.states) == 2:
            both.set()

    poller.on_state = on_state
    thread = threading.Thread(target=Scheduler(poller, lambda: lists.pop(0) if lists else None).run)
    thread.start()
    assert both.wait(20)
    poller.cancelled.set()
    thread.join(20)
    assert not thread.is_alive()
    assert len(server.seen("/1")) >= 2


def test_a_slow_host_does_not_delay_the_others(server: WebServer, setup: Setup) -> None:
    slow = [feed(server.url(f"/slow{n}", "localhost"), f"a-slow-{n}") for n in range(6)]
    quick = [feed(server.serve(f"/{n}", numbered(n, n)), f"quick-{n}") for n in range(10)]
    release = threading.Event()

    def respond_late(_: Request) -> Response:
        release.wait(10)
        return Response(numbered(1, 1))

    for n in range(6):
        server.responders[f"/slow{n}"] = respond_late
    poller = setup.poller()
    poller.clock = utc_now
    poller.web.hosts.at_once = 2
    done: list[str] = []

    def on_state(state: FeedState) -> None:
        done.append(state.health.feed)
        if len(done) == 10:
            release.set()

    poller.on_state = on_state
    begun_at = monotonic()
    Scheduler(poller, lambda: [*slow, *quick], at_once=4).run(once=True)
    assert all(name.startswith("quick") for name in done[:10])
    assert len(done) == 16
    assert monotonic() - begun_at < 10


def test_a_continuous_connector_runs_until_its_feed_is_removed(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCLAIMS_PUSH_TOKEN", "t")
    push = Feed("room", FeedConfig(connector="push"), 900.0, PushSettings(port=0))
    opened: list[Push] = []
    delivered, closed = threading.Event(), threading.Event()

    class Ours(Push):
        def open(self) -> None:
            super().open()
            opened.append(self)
            self.posts.put(PendingPost([from_fields({"text": "Twelve berths."}, "1", "room")]))

        def close(self) -> None:
            super().close()
            closed.set()

    monkeypatch.setattr("connectors.sources.push.Push", Ours)
    load_connector_type.cache_clear()
    lists: list[list[Feed]] = [[push]]
    poller = setup.poller()
    deliver = poller.deliver
    poller.deliver = lambda batch: (deliver(batch), delivered.set())[0]
    thread = threading.Thread(target=Scheduler(poller, lambda: lists.pop(0) if lists else None).run)
    thread.start()
    assert delivered.wait(20)
    lists.append([])
    assert closed.wait(20)
    assert thread.is_alive()
    poller.cancelled.set()
    thread.join(20)
    load_connector_type.cache_clear()
    assert setup.kafka.stored["room"].health.entries_total == 1


def test_a_failed_continuous_connector_is_opened_again_soon(setup: Setup) -> None:
    waits: list[float] = []

    class FakeEvent(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            self.set()
            return True

    broken = Feed("room", FeedConfig(connector="push"), 900.0, PushSettings(token_variable="NOT_SET"))
    Scheduler(setup.poller(), lambda: None).keep_reading(broken, FakeEvent())
    assert waits == [REOPENED]


def test_a_failed_delivery_affects_only_its_own_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = FakeProducer(None, NotLeaderForPartitionError(), None, None)
    deliver = BatchDelivery(make_publisher(monkeypatch, broker))
    pair = tuple(FoundArticle(str(number), article(number)) for number in (1, 2))
    with pytest.raises(Retryable, match="not acknowledged"):
        deliver(Batch(pair, {}))
    assert deliver(Batch(pair, {}, refused=(RefusedItem("3", "no text"),))) == 1
    assert len(broker.messages) == 4

"""Polls feeds for ever: many at once in one process, each batch delivered before its state is stored."""

import heapq
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from random import Random
from typing import Any

import msgspec

from connectors.feeds.configuration import Feed
from connectors.kit import Batch, Connector, Context
from connectors.kit.registry import connector_type
from connectors.polling.feed_states import States, begun, ended, with_batch
from connectors.polling.schedule import after_failure, after_success
from connectors.publisher import Publisher, publish_all
from connectors.web.addresses import redacted, split
from connectors.web.client import Web, now
from schemas.errors import NewsclaimsError, RateLimited
from schemas.records import FeedState

_log = logging.getLogger(__name__)

AT_ONCE = 24
"""Feeds polled at the same time: they wait for the network nearly all of it."""

REOPENED = 10.0
"""Seconds after which a continuous connector that failed is opened again at the latest: senders wait for it."""

PATIENCE = 10.0
"""Seconds for polls of feeds that another poller takes over, before they are cut short: most end by themselves."""

Deliver = Callable[[Batch], int]
"""Delivers a batch and returns how many of it were refused; when it returns, Kafka has acknowledged the rest."""


class Delivery:
    """Delivers batches of many threads through one publisher."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self.lock = threading.Lock()

    def __call__(self, batch: Batch) -> int:
        """Publishes and waits for all acknowledgements. Raises `Retryable` where one does not come."""

        def refuse(place: str, why: str) -> None:
            _log.info("%s: %s", redacted(place), why)

        with self.lock:
            try:
                refused = publish_all(self.publisher, [*batch.articles, *batch.refused], refuse)
            finally:
                # Each thread waits for its own messages, so that those of many travel together.
                ours = [*self.publisher.waiting]
                self.publisher.waiting.clear()
        for place, future in ours:
            self.publisher.settle(place, future)
        return refused


def connector_of(feed: Feed, context: Context) -> Connector[Any]:
    """The feed's connector."""
    return connector_type(feed.entry.connector)(context, feed.settings)


@contextmanager
def opened(connector: Connector[Any]) -> Iterator[Connector[Any]]:
    """The connector, open until the end of the block."""
    try:
        connector.open()
        yield connector
    finally:
        connector.close()


def context_of(feed: Feed, web: Web, clock: Callable[[], datetime], cancelled: threading.Event) -> Context:
    """What the feed's connector is told."""
    entry = feed.entry
    return Context(
        feed.name, entry.url, entry.publisher, entry.language, entry.rights, entry.mode, web, clock, cancelled
    )  # fmt: skip


@dataclass
class Poller:
    """Polls feeds. `states` are the known ones by name; `told` is called with each new state, say for a live table."""

    deliver: Deliver
    store: States
    states: dict[str, FeedState]
    web: Web
    told: Callable[[FeedState], None] = lambda state: None
    clock: Callable[[], datetime] = now
    random: Random = field(default_factory=Random)
    cancelled: threading.Event = field(default_factory=threading.Event)
    owns: Callable[[str], bool] = lambda feed: True
    """Whether a feed is ours to poll; `Rounds.give_up` must follow where it becomes false."""

    def poll(self, feed: Feed, cancelled: threading.Event | None = None) -> FeedState:
        """One poll: reads, delivers, stores. What goes wrong is in the state that it returns, never raised."""
        state = begun(feed, self.states.get(feed.name), self.clock())
        cancelled = cancelled or self.cancelled
        context = context_of(feed, self.web, self.clock, cancelled)
        asked, error = 0.0, None
        try:
            with opened(connector_of(feed, replace(context, url=state.health.moved_to or feed.entry.url))) as connector:
                for batch in connector.read(state.cursor):
                    state, asked = self.batch(state, batch), batch.wait
                    connector.acknowledge(batch)
        except NewsclaimsError as caught:
            asked, error = caught.wait if isinstance(caught, RateLimited) else 0.0, redacted(str(caught))
        except Exception as caught:
            _log.exception("The connector %s failed on the feed %s", feed.entry.connector, feed.name)
            error = f"the connector {feed.entry.connector} failed, which is a bug: {type(caught).__name__}: {caught}"
        return self.end(state, feed, asked, error, cancelled.is_set())

    def batch(self, state: FeedState, batch: Batch) -> FeedState:
        """Delivers a batch, then stores the state after it; an empty one is stored at the poll's end."""
        refused = self.deliver(batch) if batch.articles or batch.refused else 0
        state = with_batch(state, batch, refused, self.clock())
        if batch.articles:
            self.store.save(state)
            self.states[state.health.feed] = state
        return state

    def end(self, state: FeedState, feed: Feed, asked: float, error: str | None, cut: bool = False) -> FeedState:
        """Fixes the next poll, stores and tells the state. A poll that was cut short is due again at once."""
        if error:
            wait = after_failure(feed.interval, state.health.failures + 1, asked, self.random)
        else:
            wait = 0.0 if cut else after_success(feed.interval, asked, self.random)
        state = ended(state, feed, self.clock(), wait, error)
        try:
            self.store.save(state)
        except NewsclaimsError as caught:
            # The older state stands: what came since is read again.
            _log.warning("%s", caught)
            state = msgspec.structs.replace(
                state, health=msgspec.structs.replace(state.health, error=str(caught)[:1000])
            )
        self.states[feed.name] = state
        self.told(state)
        return state

    def run(
        self,
        reload: Callable[[], Iterable[Feed] | None],
        once: bool = False,
        at_once: int = AT_ONCE,
        begun: Callable[["Rounds"], None] = lambda rounds: None,
    ) -> None:
        """Polls until `cancelled` is set, or each due feed once.

        `reload` is asked about every second for the feeds as they are now, and answers None where nothing changed;
        `begun` is called with the rounds before they begin, for whoever takes feeds away from them.
        """
        rounds = Rounds(self, reload, at_once)
        begun(rounds)
        rounds.run(once)


class Rounds:
    """The order in which feeds come: a heap of times, a pool of threads, a thread for each continuous connector."""

    def __init__(self, poller: Poller, reload: Callable[[], Iterable[Feed] | None], at_once: int) -> None:
        self.poller = poller
        self.reload = reload
        self.pool = ThreadPoolExecutor(at_once, "poll")
        self.free = at_once
        self.once = False
        self.changed = threading.Condition()
        self.feeds: dict[str, Feed] = {}
        self.due: list[tuple[float, int, str]] = []
        self.queued: set[str] = set()
        self.busy: dict[str, Feed] = {}
        self.ends: dict[str, threading.Event] = {}
        self.endless: dict[str, tuple[Feed, threading.Event, threading.Thread]] = {}
        self.order = count()

    def run(self, once: bool) -> None:
        """Until cancelled, or until each feed that is due now was polled once (continuous ones are left out)."""
        self.once = once
        self.take(self.reload() or ())
        try:
            while not self.poller.cancelled.is_set():
                with self.changed:
                    pause = self.start_due()
                    if once and not self.due and not self.busy:
                        return
                    self.changed.wait(pause)
                if not once and (feeds := self.reload()) is not None:
                    self.take(feeds)
        finally:
            self.stop()

    def stop(self) -> None:
        """Lets what runs come to the end of its batch."""
        self.poller.cancelled.set()
        with self.changed:
            for cancelled in self.ends.values():
                cancelled.set()
        endless = list(self.endless.values())
        for _, cancelled, _ in endless:
            cancelled.set()
        self.pool.shutdown(wait=True, cancel_futures=True)
        for _, _, thread in endless:
            thread.join()
        with self.changed:
            # What the pool had not begun yet never ends.
            self.busy.clear()
            self.changed.notify_all()

    def take(self, feeds: Iterable[Feed]) -> None:
        """The feeds from now on: new ones are polled when they are due, others are forgotten."""
        moment = self.poller.clock().timestamp()
        with self.changed:
            active = {feed.name: feed for feed in feeds if not feed.entry.paused and self.poller.owns(feed.name)}
            self.feeds = {name: feed for name, feed in active.items() if not is_continuous(feed)}
            for name in self.feeds.keys() - self.queued - self.busy.keys():
                state = self.poller.states.get(name)
                at = state.health.next_poll_at.timestamp() if state else 0.0
                if not self.once or at <= moment:
                    self.queue(name, at)
            if not self.once:
                self.follow({name: feed for name, feed in active.items() if is_continuous(feed)})

    def give_up(self, given: Callable[[str], bool], patience: float = PATIENCE) -> None:
        """Polls the feeds that are given away no more; returns once no poll of them is under way.

        What runs may come to its end for `patience` seconds, then to the end of its batch.
        """

        def idle() -> bool:
            return not any(given(name) for name in self.busy)

        with self.changed:
            self.feeds = {name: feed for name, feed in self.feeds.items() if not given(name)}
            self.follow({name: feed for name, (feed, _, _) in self.endless.items() if not given(name)})
            if not self.changed.wait_for(idle, patience):
                for name in filter(given, self.busy):
                    self.ends[name].set()
                self.changed.wait_for(idle)

    def follow(self, feeds: dict[str, Feed]) -> None:
        """Starts continuous connectors, and ends those whose feed is gone or is another now."""
        for name, (feed, cancelled, thread) in list(self.endless.items()):
            if feeds.get(name) != feed:
                cancelled.set()
                thread.join()
                del self.endless[name]
        for name in feeds.keys() - self.endless.keys():
            cancelled = threading.Event()
            thread = threading.Thread(target=self.read_on, args=(feeds[name], cancelled), name=name)
            self.endless[name] = (feeds[name], cancelled, thread)
            thread.start()

    def read_on(self, feed: Feed, cancelled: threading.Event) -> None:
        """Reads a continuous connector, and again after a pause where it failed."""
        while not cancelled.is_set():
            state = self.poller.poll(feed, cancelled)
            pause = (state.health.next_poll_at - self.poller.clock()).total_seconds()
            cancelled.wait(min(pause, REOPENED))

    def queue(self, name: str, at: float) -> None:
        """Puts a feed into the order."""
        self.queued.add(name)
        heapq.heappush(self.due, (at, next(self.order), name))

    def start_due(self) -> float:
        """Starts what is due and can be started; returns the seconds until there may be more to do, one at most."""
        moment = self.poller.clock().timestamp()
        while self.due and self.due[0][0] <= moment and self.free:
            name = self.due[0][2]
            feed = self.feeds.get(name)
            if feed and (wait := self.host_free_in(host(feed))):
                # A feed whose host is not free would only hold a thread.
                heapq.heapreplace(self.due, (moment + wait, next(self.order), name))
                continue
            heapq.heappop(self.due)
            self.queued.discard(name)
            if feed:
                self.busy[name], self.ends[name] = feed, threading.Event()
                self.free -= 1
                self.pool.submit(self.work, feed, self.ends[name])
        return min(1.0, max(0.0, self.due[0][0] - moment)) if self.due and self.free else 1.0

    def host_free_in(self, name: str) -> float:
        """Seconds until a feed of this host may be started; 0 where it may now."""
        if not name:
            return 0.0
        hosts = self.poller.web.hosts
        running = sum(host(feed) == name for feed in self.busy.values())
        return max(hosts.free_in(name), hosts.spacing or 0.05) if running >= hosts.at_once else hosts.free_in(name)

    def work(self, feed: Feed, cancelled: threading.Event) -> None:
        """One poll in a thread of the pool."""
        state = self.poller.poll(feed, cancelled)
        with self.changed:
            self.free += 1
            del self.busy[feed.name], self.ends[feed.name]
            if feed.name in self.feeds and not self.once:
                self.queue(feed.name, state.health.next_poll_at.timestamp())
            self.changed.notify_all()


def is_continuous(feed: Feed) -> bool:
    """Whether the feed's connector reads until it is told to end."""
    return connector_type(feed.entry.connector).continuous


def host(feed: Feed) -> str:
    """The host that the feed is fetched from, empty for what is not fetched."""
    return str(split(feed.entry.url).hostname) if "://" in feed.entry.url else ""

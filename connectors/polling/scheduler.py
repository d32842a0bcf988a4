"""When feeds are polled: a heap of due times, a pool of threads, and a thread for each continuous connector."""

import heapq
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from connectors.feeds.configuration import Feed
from connectors.kit.registry import load_connector_type
from connectors.polling.poller import Poller
from connectors.web.addresses import split_url

AT_ONCE = 24
"""Feeds polled at the same time: they spend nearly all of it waiting for the network."""
REOPENED = 10.0
"""Seconds after which a failed continuous connector is opened again at the latest, because senders wait for it."""
PATIENCE = 10.0
"""Seconds that polls of feeds which another poller takes over may take to end by themselves."""

Reload = Callable[[], Iterable[Feed] | None]
"""Returns the feeds, or None if they have not changed."""


@dataclass(frozen=True)
class ContinuousRead:
    """A continuous connector in its thread."""

    feed: Feed
    thread: threading.Thread
    cancelled: threading.Event = field(default_factory=threading.Event)


class Scheduler:
    """Starts the polls of a poller when they are due."""

    def __init__(self, poller: Poller, reload: Reload, at_once: int = AT_ONCE) -> None:
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
        self.continuous: dict[str, ContinuousRead] = {}
        self.order = count()

    def run(self, once: bool = False) -> None:
        """Polls until the poller is cancelled, or with `once` until each feed that is due now was polled.

        About every second it calls `reload` for the current feeds. With `once`, continuous connectors are left out.
        """
        self.once = once
        self.set_feeds(self.reload() or ())
        try:
            while not self.poller.cancelled.is_set():
                with self.changed:
                    pause = self.start_due()
                    if once and not self.due and not self.busy:
                        return
                    self.changed.wait(pause)
                if not once and (feeds := self.reload()) is not None:
                    self.set_feeds(feeds)
        finally:
            self.stop()

    def stop(self) -> None:
        """Lets running polls reach the end of their batch, and waits for them."""
        self.poller.cancelled.set()
        with self.changed:
            for cancelled in self.ends.values():
                cancelled.set()
        reads = list(self.continuous.values())
        for read in reads:
            read.cancelled.set()
        self.pool.shutdown(wait=True, cancel_futures=True)
        for read in reads:
            read.thread.join()
        with self.changed:
            # Polls that the pool had not started will never end.
            self.busy.clear()
            self.changed.notify_all()

    def set_feeds(self, feeds: Iterable[Feed]) -> None:
        """Sets the feeds to poll from now on. New ones are polled when they are due, missing ones are dropped."""
        moment = self.poller.clock().timestamp()
        with self.changed:
            active = {feed.name: feed for feed in feeds if not feed.config.paused and self.poller.owns(feed.name)}
            self.feeds = {name: feed for name, feed in active.items() if not is_continuous(feed)}
            for name in self.feeds.keys() - self.queued - self.busy.keys():
                state = self.poller.states.get(name)
                at = state.health.next_poll_at.timestamp() if state else 0.0
                if not self.once or at <= moment:
                    self.queue(name, at)
            if not self.once:
                self.read_continuously({name: feed for name, feed in active.items() if is_continuous(feed)})

    def give_up(self, is_given: Callable[[str], bool], patience: float = PATIENCE) -> None:
        """Stops polling the feeds for which `is_given` is true; returns once none of their polls is running.

        Running polls may end by themselves within `patience` seconds; then they are cut short after their batch.
        """

        def is_idle() -> bool:
            return not any(is_given(name) for name in self.busy)

        with self.changed:
            self.feeds = {name: feed for name, feed in self.feeds.items() if not is_given(name)}
            self.read_continuously({name: read.feed for name, read in self.continuous.items() if not is_given(name)})
            if not self.changed.wait_for(is_idle, patience):
                for name in filter(is_given, self.busy):
                    self.ends[name].set()
                self.changed.wait_for(is_idle)

    def read_continuously(self, feeds: dict[str, Feed]) -> None:
        """Starts the continuous connectors of these feeds, and ends those whose feed is missing or has changed."""
        for name, read in list(self.continuous.items()):
            if feeds.get(name) != read.feed:
                read.cancelled.set()
                read.thread.join()
                del self.continuous[name]
        for name in feeds.keys() - self.continuous.keys():
            cancelled = threading.Event()
            thread = threading.Thread(target=self.keep_reading, args=(feeds[name], cancelled), name=name)
            self.continuous[name] = ContinuousRead(feeds[name], thread, cancelled)
            thread.start()

    def keep_reading(self, feed: Feed, cancelled: threading.Event) -> None:
        """Reads a continuous connector, and opens it again after a pause if it fails."""
        while not cancelled.is_set():
            state = self.poller.poll(feed, cancelled)
            pause = (state.health.next_poll_at - self.poller.clock()).total_seconds()
            cancelled.wait(min(pause, REOPENED))

    def queue(self, name: str, at: float) -> None:
        """Puts a feed into the heap; `at` is a Unix time."""
        self.queued.add(name)
        heapq.heappush(self.due, (at, next(self.order), name))

    def start_due(self) -> float:
        """Starts the polls that are due and possible. Returns the seconds until the next check, one at most."""
        moment = self.poller.clock().timestamp()
        while self.due and self.due[0][0] <= moment and self.free:
            name = self.due[0][2]
            feed = self.feeds.get(name)
            if feed and (wait := self.seconds_until_free(host_of(feed))):
                # A feed whose host is not free would only occupy a thread.
                heapq.heapreplace(self.due, (moment + wait, next(self.order), name))
                continue
            heapq.heappop(self.due)
            self.queued.discard(name)
            if feed:
                self.busy[name], self.ends[name] = feed, threading.Event()
                self.free -= 1
                self.pool.submit(self.poll, feed, self.ends[name])
        return min(1.0, max(0.0, self.due[0][0] - moment)) if self.due and self.free else 1.0

    def seconds_until_free(self, host: str) -> float:
        """Returns the seconds until a poll of a feed on this host may start; 0 if it may start now."""
        if not host:
            return 0.0
        hosts = self.poller.web.hosts
        wait = hosts.seconds_until_free(host)
        running = sum(host_of(feed) == host for feed in self.busy.values())
        return max(wait, hosts.spacing or 0.05) if running >= hosts.at_once else wait

    def poll(self, feed: Feed, cancelled: threading.Event) -> None:
        """Polls once, in a thread of the pool."""
        state = self.poller.poll(feed, cancelled)
        with self.changed:
            self.free += 1
            del self.busy[feed.name], self.ends[feed.name]
            if feed.name in self.feeds and not self.once:
                self.queue(feed.name, state.health.next_poll_at.timestamp())
            self.changed.notify_all()


def is_continuous(feed: Feed) -> bool:
    """Whether the feed's connector reads until it is cancelled."""
    return load_connector_type(feed.config.connector).continuous


def host_of(feed: Feed) -> str:
    """Returns the host that the feed is fetched from, or an empty string if it is not fetched."""
    return str(split_url(feed.config.url).hostname) if "://" in feed.config.url else ""

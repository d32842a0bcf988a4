"""Several pollers of one feeds.yaml: a Kafka consumer group on `feed-states` says which of them polls which feed.

A feed belongs to the poller that has the partition of its state. The group moves single partitions (cooperative): the
old owner ends what it polls and stores the states before the new owner hears of the partition, and that one reads
those states before it polls. Nothing is consumed or committed: membership is all that the group is for.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any, Self

from kafka import KafkaConsumer
from kafka.consumer.subscription_state import AsyncConsumerRebalanceListener
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError
from kafka.future import Future

from connectors.feeds.configuration import Feed
from connectors.polling.feed_states import TOPIC, partition_of
from connectors.publisher import unreachable
from deploy.settings import Settings
from schemas.errors import Retryable

_log = logging.getLogger(__name__)

SESSION_MS = 10_000
"""Silence after which a poller counts as dead and others take its feeds: above Kafka's least of 6 s, far below any
interval."""
HEARTBEAT_MS = 2_000
REBALANCE_MS = 300_000
"""How long a poller may take to end its polls of feeds that are moved; a request alone may take a minute."""
PAUSE = 2.0
"""Seconds after an error until Kafka is asked again."""

Reload = Callable[[], list[Feed] | None]
"""The feeds, or None where they are as they were."""
Take = Callable[[Collection[int]], None]
"""Reads the states of these partitions. Raises `Retryable`."""
Give = Callable[[Callable[[str], bool]], None]
"""Ends the polls of the feeds that the function is true for, and returns once none of them is under way."""


class Ownership:
    """The partitions that are ours, out of `count`: what is decided, without Kafka."""

    def __init__(self, count: int, take: Take) -> None:
        self.count = count
        self.take = take
        self.give: Give = lambda given: None
        self.owned: frozenset[int] = frozenset()
        self.moved = threading.Event()

    def owns(self, feed: str) -> bool:
        """Whether the feed is ours to poll."""
        return partition_of(feed, self.count) in self.owned

    def assigned(self, partitions: Iterable[int]) -> None:
        """Takes what is new among our partitions, once its states are read. Raises `Retryable`: then it is not ours."""
        if new := frozenset(partitions) - self.owned:
            self.take(new)
            self.owned |= new
            self.moved.set()
            _log.info("This poller has %d of %d parts of the feeds", len(self.owned), self.count)

    def revoked(self, partitions: Iterable[int]) -> None:
        """Gives up these partitions; returns once nothing of them is polled and their states are stored."""
        gone = frozenset(partitions)
        self.owned -= gone
        self.give(lambda feed: partition_of(feed, self.count) in gone)

    def reloading(self, reload: Reload, all_feeds: Callable[[], list[Feed]]) -> Reload:
        """What `Poller.run` asks for feeds: as `reload`, and all of them again after a change of what is ours."""

        def feeds() -> list[Feed] | None:
            changed = reload()
            if self.moved.is_set():
                self.moved.clear()
                return all_feeds()
            return changed

        return feeds


class Listener(AsyncConsumerRebalanceListener):  # type: ignore[misc]
    """Holds the group's next step until our polls have ended; heartbeats go on meanwhile, as it waits in a thread."""

    def __init__(self, ownership: Ownership) -> None:
        self.ownership = ownership

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """The partitions are going to another poller."""
        done = Future()

        def give() -> None:
            try:
                self.ownership.revoked(partition.partition for partition in revoked)
            finally:
                done.success(None)

        threading.Thread(target=give, name="feeds-given-up").start()
        await done

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Nothing: the thread that polls the group sees it."""


class Membership:
    """A poller's membership in the group, in a thread of its own. Use it as a context manager: leaving it leaves the
    group, so that others take over at once. Raises `Retryable` where Kafka does not answer or has no such topic."""

    def __init__(self, settings: Settings, take: Take) -> None:
        try:
            self.consumer: Any = KafkaConsumer(
                **settings.kafka.client_options(), group_id=f"{settings.group}-pollers", enable_auto_commit=False,
                auto_offset_reset="latest", session_timeout_ms=SESSION_MS, heartbeat_interval_ms=HEARTBEAT_MS,
                max_poll_interval_ms=REBALANCE_MS, partition_assignment_strategy=[CooperativeStickyAssignor],
                allow_auto_create_topics=False, bootstrap_timeout_ms=10_000,
            )  # fmt: skip
        except KafkaError as error:
            raise Retryable(unreachable(settings, error)) from error
        count = len(self.consumer.partitions_for_topic(TOPIC) or ())
        if not count:
            self.consumer.close()
            raise Retryable(f"There is no topic {TOPIC}: run `newsclaims init`")
        self.ownership = Ownership(count, take)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, name="feed-shares")

    def __enter__(self) -> Self:
        self.consumer.subscribe([TOPIC], listener=Listener(self.ownership))
        self.thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.stopped.set()
        self.thread.join()
        self.consumer.close(autocommit=False, timeout_ms=10_000)

    def run(self) -> None:
        """Keeps the membership until stopped."""
        while not self.stopped.is_set():
            try:
                self.consumer.poll(timeout_ms=500)
                mine = self.consumer.assignment()
                self.consumer.pause(*mine)
                self.ownership.assigned(partition.partition for partition in mine)
            except (KafkaError, Retryable) as error:
                _log.warning("The feeds are not shared out anew for now: %s", error)
                self.stopped.wait(PAUSE)

"""Several pollers of one feeds.yaml: a Kafka consumer group on `feed-states` decides which of them polls which feed.

A feed belongs to the poller that is assigned the partition of its state. The group moves single partitions
(cooperative rebalancing): the old owner ends its polls and stores the states before the new owner is assigned the
partition, and the new owner reads those states before it polls. The group is only used for membership; nothing is
consumed or committed.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any, Self

from kafka.consumer.subscription_state import AsyncConsumerRebalanceListener
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError
from kafka.future import Future

from connectors.feeds.configuration import Feed
from connectors.kafka_clients import make_consumer, partition_of
from connectors.polling.feed_states import NO_TOPIC, TOPIC
from deploy.settings import Settings
from schemas.errors import Retryable

logger = logging.getLogger(__name__)

SESSION_MS = 10_000
"""Time without a heartbeat after which a poller counts as dead and others take its feeds: above Kafka's minimum of
6 s, far below any interval."""
HEARTBEAT_MS = 2_000
REBALANCE_MS = 300_000
"""How long a poller may take to end its polls of feeds that move; a single request may take a minute."""
PAUSE = 2.0
"""Seconds after an error until Kafka is tried again."""

Reload = Callable[[], list[Feed] | None]
"""Returns the feeds, or None if they have not changed."""
Take = Callable[[Collection[int]], None]
"""Reads the states of these partitions. Raises `Retryable`."""
Give = Callable[[Callable[[str], bool]], None]
"""Ends the polls of the feeds for which the function is true, and returns once none of them is running."""


class Ownership:
    """The partitions that this poller owns, out of `count`: the decisions, without Kafka."""

    def __init__(self, count: int, take: Take) -> None:
        self.count = count
        self.take = take
        self.give: Give = lambda _: None
        self.owned: frozenset[int] = frozenset()
        self.moved = threading.Event()

    def owns(self, feed: str) -> bool:
        """Whether this poller polls the feed."""
        return partition_of(feed, self.count) in self.owned

    def assign(self, partitions: Iterable[int]) -> None:
        """Takes new partitions once their states are read. Raises `Retryable`: then they are not taken."""
        if new := frozenset(partitions) - self.owned:
            self.take(new)
            self.owned |= new
            self.moved.set()
            logger.info("This poller owns %d of %d partitions of the feeds", len(self.owned), self.count)

    def revoke(self, partitions: Iterable[int]) -> None:
        """Gives up partitions; returns once none of their feeds is being polled and all states are stored."""
        gone = frozenset(partitions)
        self.owned -= gone
        self.give(lambda feed: partition_of(feed, self.count) in gone)

    def reload_after_moves(self, reload: Reload, all_feeds: Callable[[], list[Feed]]) -> Reload:
        """Returns a `Reload` that also returns all feeds after a change of the owned partitions."""

        def reload_feeds() -> list[Feed] | None:
            changed = reload()
            if self.moved.is_set():
                self.moved.clear()
                return all_feeds()
            return changed

        return reload_feeds


class RebalanceListener(AsyncConsumerRebalanceListener):  # type: ignore[misc]
    """Delays the group's next step until our polls have ended. It waits in a thread, so that heartbeats continue."""

    def __init__(self, ownership: Ownership) -> None:
        self.ownership = ownership

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """The partitions are moving to another poller."""
        done = Future()

        def give() -> None:
            try:
                self.ownership.revoke(partition.partition for partition in revoked)
            finally:
                done.success(None)

        threading.Thread(target=give, name="feeds-given-up").start()
        await done

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Does nothing: the thread of `Membership` sees the assignment."""


class Membership:
    """This poller's membership in the group, in a thread of its own.

    Use it as a context manager: leaving it leaves the group, so that others take over at once. Raises `Retryable` if
    Kafka is unreachable or the topic does not exist.
    """

    def __init__(self, settings: Settings, take: Take) -> None:
        self.consumer: Any = make_consumer(
            settings,
            group_id=f"{settings.group}-pollers",
            auto_offset_reset="latest",
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            max_poll_interval_ms=REBALANCE_MS,
            partition_assignment_strategy=[CooperativeStickyAssignor],
            allow_auto_create_topics=False,
        )
        count = len(self.consumer.partitions_for_topic(TOPIC) or ())
        if not count:
            self.consumer.close()
            raise Retryable(NO_TOPIC)
        self.ownership = Ownership(count, take)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, name="feed-shares")

    def __enter__(self) -> Self:
        self.consumer.subscribe([TOPIC], listener=RebalanceListener(self.ownership))
        self.thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.stopped.set()
        self.thread.join()
        self.consumer.close(autocommit=False, timeout_ms=10_000)

    def run(self) -> None:
        """Maintains the membership until stopped."""
        while not self.stopped.is_set():
            try:
                self.consumer.poll(timeout_ms=500)
                mine = self.consumer.assignment()
                self.consumer.pause(*mine)
                self.ownership.assign(partition.partition for partition in mine)
            except (KafkaError, Retryable) as error:
                logger.warning("The feeds cannot be shared among pollers for now: %s", error)
                self.stopped.wait(PAUSE)

"""One poll of one feed: reads batches, and stores the state of the feed after each batch is delivered."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

from connectors.feeds.configuration import Feed
from connectors.kit import Batch, Connector, Context
from connectors.kit.registry import load_connector_type
from connectors.polling.feed_states import StateStore
from connectors.polling.intervals import wait_after_failure, wait_after_success
from connectors.polling.state_changes import add_batch, add_error, begin_poll, end_poll
from connectors.web.addresses import redact
from connectors.web.client import Web, utc_now
from schemas.errors import AccessRefused, NewsclaimsError, RateLimited
from schemas.operations.records import FeedState

logger = logging.getLogger(__name__)

Deliver = Callable[[Batch], int]
"""Delivers a batch and returns the number of refused items. When it returns, Kafka has acknowledged the others."""


@contextmanager
def open_connector(feed: Feed, context: Context) -> Iterator[Connector[Any]]:
    """Opens the feed's connector until the end of the block."""
    connector = load_connector_type(feed.config.connector)(context, feed.settings)
    try:
        connector.open()
        yield connector
    finally:
        connector.close()


def make_context(feed: Feed, web: Web, clock: Callable[[], datetime], cancelled: threading.Event) -> Context:
    """Makes the context of the feed's connector."""
    config = feed.config
    return Context(
        feed=feed.name,
        url=config.url,
        publisher=config.publisher,
        language=config.language,
        rights=config.rights,
        mode=config.mode,
        web=web,
        clock=clock,
        cancelled=cancelled,
    )


@dataclass(frozen=True)
class PollResult:
    """How reading ended: the wait in seconds that the source requested, and the error if there was one."""

    requested: float = 0.0
    error: str | None = None


@dataclass
class Poller:
    """Polls feeds. `states` are the known states by name; `on_state` is called with each new state."""

    deliver: Deliver
    store: StateStore
    states: dict[str, FeedState]
    web: Web
    on_state: Callable[[FeedState], None] = lambda _: None
    clock: Callable[[], datetime] = utc_now
    random: Random = field(default_factory=Random)
    cancelled: threading.Event = field(default_factory=threading.Event)
    owns: Callable[[str], bool] = lambda _: True
    """Whether this poller polls the feed. When it becomes false, `Scheduler.give_up` must be called."""
    refusal: AccessRefused | None = None
    """Kafka's refusal of this poller, after which it has cancelled itself."""

    def poll(self, feed: Feed, cancelled: threading.Event | None = None) -> FeedState:
        """Polls once: reads, delivers, stores. Errors are in the state that it returns, never raised."""
        cancelled = cancelled or self.cancelled
        known = begin_poll(feed, self.states.get(feed.name), self.clock())
        state, result = self.read(feed, known, cancelled)
        return self.finish(state, feed, result, cancelled.is_set())

    def read(self, feed: Feed, state: FeedState, cancelled: threading.Event) -> tuple[FeedState, PollResult]:
        """Reads and delivers all batches. Returns the state after the last one that was delivered."""
        context = make_context(feed, self.web, self.clock, cancelled)
        if state.health.moved_to:
            context = replace(context, url=state.health.moved_to)
        requested = 0.0
        try:
            with open_connector(feed, context) as connector:
                for batch in connector.read(state.cursor):
                    state, requested = self.take_batch(state, batch), batch.wait
                    connector.acknowledge(batch)
        except AccessRefused as error:
            # Delivery raises it: no other feed fares better.
            self.refusal = error
            self.cancelled.set()
            return state, PollResult(error=str(error))
        except NewsclaimsError as error:
            return state, PollResult(error.wait if isinstance(error, RateLimited) else 0.0, redact(str(error)))
        except Exception as error:
            # A bug in one connector must not stop the other feeds.
            logger.exception("The connector %s failed on the feed %s", feed.config.connector, feed.name)
            why = f"the connector {feed.config.connector} has a bug: {type(error).__name__}: {error}"
            return state, PollResult(requested, why)
        return state, PollResult(requested)

    def take_batch(self, state: FeedState, batch: Batch) -> FeedState:
        """Delivers a batch and stores the state after it. A batch without articles is stored at the poll's end."""
        refused = self.deliver(batch) if batch.articles or batch.refused else 0
        state = add_batch(state, batch, refused, self.clock())
        if batch.articles:
            self.store.save(state)
            self.states[state.health.feed] = state
        return state

    def finish(self, state: FeedState, feed: Feed, result: PollResult, is_cut_short: bool = False) -> FeedState:
        """Sets the time of the next poll, stores and reports the state. A poll that was cut short is due at once."""
        if result.error:
            wait = wait_after_failure(feed.interval, state.health.failures + 1, result.requested, self.random)
        else:
            wait = 0.0 if is_cut_short else wait_after_success(feed.interval, result.requested, self.random)
        state = end_poll(state, feed, self.clock(), wait, result.error)
        try:
            self.store.save(state)
        except NewsclaimsError as error:
            if isinstance(error, AccessRefused):
                self.refusal = error
                self.cancelled.set()
            # The state stored before is still valid: everything since then is read again.
            logger.warning("%s", error)
            state = add_error(state, str(error))
        self.states[feed.name] = state
        self.on_state(state)
        return state

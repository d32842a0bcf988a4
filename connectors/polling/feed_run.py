"""`newsclaims feeds run`: a poller with everything that it needs, alone or sharing the feeds with other pollers."""

import threading
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass

from rich.console import Console

from connectors.feeds.configuration import Feed
from connectors.feeds.reloaded_feeds import ReloadedFeeds
from connectors.polling.delivery import BatchDelivery
from connectors.polling.feed_health import HealthIndex
from connectors.polling.feed_states import KafkaStateStore, load_states
from connectors.polling.feed_tables import show_progress
from connectors.polling.poller import Poller
from connectors.polling.poller_health import PollerHealth, serve_health
from connectors.polling.scheduler import AT_ONCE, Scheduler
from connectors.polling.shares import Membership
from connectors.publisher import ArticlePublisher
from connectors.web.client import Web
from connectors.web.hosts import HostLimits
from deploy.settings import Settings
from deploy.signals import stop_signals
from schemas.operations.records import FeedState


@dataclass(frozen=True)
class PollOptions:
    """How `feeds run` polls. `spacing` is the time between two requests to one host in seconds.

    `health_address` is the host and port at which the poller's health is served.
    """

    once: bool = False
    at_once: int = AT_ONCE
    spacing: float = 1.0
    per_host: int = 2
    health_address: tuple[str, int] | None = None


def run_feeds(settings: Settings, feeds: ReloadedFeeds, options: PollOptions, console: Console) -> dict[str, FeedState]:
    """Polls until SIGTERM or SIGINT, or once; returns the states of the feeds.

    Pollers of all feeds share them among each other. A poller that polls once, or that polls named feeds, polls
    exactly these. Raises `Retryable` if Kafka is unreachable at the start, and `AccessRefused` if it refuses this
    poller, also later; `Permanent` if it cannot listen at the health address. Elasticsearch may be unreachable.
    """
    poller_health = PollerHealth()
    states = load_states(settings)
    totals = count_entries(states)
    with ExitStack() as stack:
        stack.enter_context(serve_health(poller_health, options.health_address))
        publisher = stack.enter_context(ArticlePublisher(settings))
        store = KafkaStateStore(settings)
        stack.callback(store.close)
        health = stack.enter_context(HealthIndex(settings))
        cancelled = threading.Event()
        stack.enter_context(stop_signals(cancelled.set))
        is_alone = options.once or bool(feeds.names)
        membership = None if is_alone else Membership(settings, state_reader(settings, states, totals))
        owns = membership.ownership.owns if membership else owns_all

        def find_owned() -> list[Feed]:
            return [feed for feed in feeds.feeds if owns(feed.name)]

        poller_health.find_owned = find_owned
        show_state = stack.enter_context(show_progress(console, states, totals, find_owned))

        def report(state: FeedState) -> None:
            health.add(state)
            show_state(state)

        web = Web(hosts=HostLimits(options.spacing, options.per_host))
        poller = Poller(BatchDelivery(publisher), store, states, web, report, cancelled=cancelled, owns=owns)
        if membership:
            poller_health.is_member = membership.thread.is_alive
            share_feeds(poller, feeds, membership, options.at_once, poller_health)
        else:
            Scheduler(poller, poller_health.watch(feeds), options.at_once).run(options.once)
    if poller.refusal:
        raise poller.refusal
    return {feed.name: states[feed.name] for feed in feeds.feeds if feed.name in states}


def owns_all(_: str) -> bool:
    """Whether a poller that does not share polls a feed: always."""
    return True


def share_feeds(
    poller: Poller, feeds: ReloadedFeeds, membership: Membership, at_once: int, health: PollerHealth
) -> None:
    """Polls this poller's share of the feeds until cancelled."""
    ownership = membership.ownership
    reload = health.watch(ownership.reload_after_moves(feeds, lambda: feeds.feeds))
    scheduler = Scheduler(poller, reload, at_once)
    ownership.give = scheduler.give_up
    with membership:
        scheduler.run()


def state_reader(
    settings: Settings, states: dict[str, FeedState], totals: dict[str, int]
) -> Callable[[Collection[int]], None]:
    """Returns a function that reads the states of new partitions: another poller may have changed them meanwhile."""

    def read(partitions: Collection[int]) -> None:
        found = load_states(settings, partitions)
        states.update(found)
        totals.update(count_entries(found))

    return read


def count_entries(states: dict[str, FeedState]) -> dict[str, int]:
    """Returns how many entries each feed has brought so far."""
    return {name: state.health.entries_total for name, state in states.items()}

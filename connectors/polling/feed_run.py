"""`newsclaims feeds run`, `preview` and `list`: pollers with all that they need, and what people see of them."""

import logging
import signal
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.live import Live
from rich.table import Table

from connectors.feeds.configuration import Entry, Feed, load_feeds, read_feeds
from connectors.kit import Batch
from connectors.kit.article_line import Found, Refused
from connectors.kit.registry import connector_type
from connectors.polling.feed_health import HealthIndex
from connectors.polling.feed_states import KafkaStates, load_states
from connectors.polling.poller import AT_ONCE, Delivery, Poller, Rounds, connector_of, context_of, opened
from connectors.polling.shares import Membership
from connectors.publisher import Publisher
from connectors.web.addresses import redacted
from connectors.web.client import Web, now
from connectors.web.hosts import Hosts
from deploy.settings import Settings
from schemas.durations import format_duration
from schemas.errors import Permanent
from schemas.files.reloading import ReloadedFile
from schemas.records import FeedHealth, FeedState

_log = logging.getLogger(__name__)

ROWS = 25
"""Feeds in the live table, those with trouble first."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A feed in `feeds list`."""

    feed: str
    connector: str
    url: str
    interval: float
    paused: bool
    health: FeedHealth | None = None


class Watched:
    """The feeds of a file, read again when it has changed; one that is wrong then changes nothing, and is told."""

    def __init__(self, file: Path, names: Iterable[str] = ()) -> None:
        self.names = set(names)
        self.file = ReloadedFile(file, self.load, "feeds")
        self.unread = self.file.reload()

    @property
    def feeds(self) -> list[Feed]:
        """The feeds of the last reading."""
        return self.file.content or []

    def load(self, file: Path) -> list[Feed]:
        """Reads the chosen feeds. Raises `Permanent` if the file is wrong or does not have one of them."""
        feeds = load_feeds(file)
        if missing := self.names - {feed.name for feed in feeds}:
            raise Permanent(f"{file} has no feed {', '.join(sorted(missing))}: see `newsclaims feeds list`")
        return [feed for feed in feeds if not self.names or feed.name in self.names]

    def __call__(self) -> list[Feed] | None:
        """Returns the feeds, or None if they are as they were at the last call."""
        changed = self.file.reload() or self.unread
        self.unread = False
        return self.feeds if changed else None


@dataclass(frozen=True)
class RunOptions:
    """How `feeds run` polls: `spacing` is in seconds between two requests to one host."""

    once: bool = False
    at_once: int = AT_ONCE
    spacing: float = 1.0
    per_host: int = 2


def run(settings: Settings, watched: Watched, options: RunOptions, console: Console) -> dict[str, FeedState]:
    """Polls until SIGTERM or SIGINT, or once; returns the states of the feeds.

    Pollers of all feeds share them out; one that polls once, or feeds that were named, polls just these.
    Raises `Retryable` where Kafka does not answer at the start; Elasticsearch may be away.
    """
    states = load_states(settings)
    totals = entries(states)
    with ExitStack() as stack:
        publisher = stack.enter_context(Publisher(settings))
        store = KafkaStates(settings)
        stack.callback(store.close)
        health = stack.enter_context(HealthIndex(settings))
        cancelled = stack.enter_context(stop_signals())
        ours = None if options.once or watched.names else Membership(settings, taking(settings, states, totals))
        owns = ours.ownership.owns if ours else everything
        told = stack.enter_context(shown(console, states, totals, lambda: [f for f in watched.feeds if owns(f.name)]))
        web = Web(hosts=Hosts(options.spacing, options.per_host))

        def tell(state: FeedState) -> None:
            health.note(state)
            told(state)

        poller = Poller(Delivery(publisher), store, states, web, tell, cancelled=cancelled, owns=owns)
        if ours:
            share(poller, watched, ours, options.at_once)
        else:
            poller.run(watched, options.once, options.at_once)
    return {feed.name: states[feed.name] for feed in watched.feeds if feed.name in states}


def everything(feed: str) -> bool:
    """Any feed is ours: nobody shares them."""
    return True


def share(poller: Poller, watched: Watched, membership: Membership, at_once: int) -> None:
    """Polls the feeds that are ours among those of all pollers, until cancelled."""
    ownership = membership.ownership
    with ExitStack() as stack:

        def begun(rounds: Rounds) -> None:
            ownership.give = rounds.give_up
            stack.enter_context(membership)

        poller.run(ownership.reloading(watched, lambda: watched.feeds), at_once=at_once, begun=begun)


def taking(
    settings: Settings, states: dict[str, FeedState], totals: dict[str, int]
) -> Callable[[Collection[int]], None]:
    """What reads the states of partitions that become ours: theirs hold, not what we knew when we started."""

    def take(partitions: Collection[int]) -> None:
        found = load_states(settings, partitions)
        states.update(found)
        totals.update(entries(found))

    return take


def entries(states: dict[str, FeedState]) -> dict[str, int]:
    """How many entries each feed has brought so far."""
    return {name: state.health.entries_total for name, state in states.items()}


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, in the main thread."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def shown(
    console: Console, states: dict[str, FeedState], totals: dict[str, int], feeds: Callable[[], list[Feed]]
) -> Iterator[Callable[[FeedState], None]]:
    """What to call with each new state: in a terminal a live table, else a line for what is worth one.

    `totals` are the entries that each feed has brought so far, `feeds` those that we poll.
    """
    if console.is_terminal:
        with Live(console=console, refresh_per_second=2, get_renderable=lambda: live_table(states, feeds())):
            yield lambda state: None
        return

    def line(state: FeedState) -> None:
        found = state.health
        new = found.entries_total - totals.get(found.feed, 0)
        totals[found.feed] = found.entries_total
        if new or found.error or found.warning:
            words = [f"{new} new" if new else "", found.error or "", found.warning or ""]
            console.print(f"{found.feed}: {'; '.join(word for word in words if word)}", markup=False, soft_wrap=True)

    yield line


def live_table(states: dict[str, FeedState], feeds: list[Feed]) -> Table:
    """The feeds in trouble, then the others, the latest polled first."""
    healths = [states[feed.name].health for feed in feeds if feed.name in states]
    healths.sort(key=lambda health: health.polled_at, reverse=True)
    healths.sort(key=lambda health: not (health.error or health.silent))
    table = health_table([(health.feed, health) for health in healths[:ROWS]], now())
    broken = sum(bool(health.error) for health in healths)
    day = sum(health.entries_day for health in healths)
    table.caption = f"{len(feeds)} feeds, {broken} with errors, {day} new entries in 24 hours"
    return table


def health_table(rows: Iterable[tuple[str, FeedHealth | None]], moment: datetime) -> Table:
    """One row for each feed."""
    table = Table("feed", "last poll", "next", "new 24 h", "state", box=None, pad_edge=False)
    for name, health in rows:
        if health is None:
            table.add_row(name, "never", "now", "", "")
            continue
        age = format_duration((moment - health.polled_at).total_seconds())
        coming = (health.next_poll_at - moment).total_seconds()
        soon = f"in {format_duration(coming)}" if coming > 0 else "now"
        expected = f" of {health.expected_day:g}" if health.expected_day else ""
        table.add_row(name, f"{age} ago", soon, f"{health.entries_day}{expected}", state_words(health))
    return table


def state_words(health: FeedHealth) -> str:
    """How the feed does, in words."""
    moved = f"moved to {health.moved_to}" if health.moved_to else ""
    failed = f"failed {health.failures} times: {health.error}" if health.error else ""
    return "; ".join(part for part in (failed, "silent" if health.silent else "", health.warning or "", moved) if part)


def lines(feeds: list[Feed], states: dict[str, FeedState]) -> list[Line]:
    """What `feeds list` prints."""
    return [
        Line(
            feed=feed.name, connector=feed.entry.connector, url=redacted(feed.entry.url), interval=feed.interval,
            paused=feed.entry.paused, health=states[feed.name].health if feed.name in states else None,
        )
        for feed in feeds
    ]  # fmt: skip


def render_lines(found: list[Line]) -> Table:
    """`feeds list` for a terminal."""
    return health_table([(f"{line.feed} (paused)" if line.paused else line.feed, line.health) for line in found], now())


def chosen_feed(target: str, file: Path, allow_private: bool) -> Feed:
    """The feed of this name, or for an address one of the connector `syndication`."""
    if "://" in target:
        settings = connector_type("syndication").settings_type
        return Feed("preview", Entry(url=target), 900.0, settings(allow_private=allow_private))
    feeds, problems = read_feeds(file)
    for feed in feeds:
        if feed.name == target:
            return feed
    hint = f"; {problems[0]}" if problems else ""
    raise Permanent(f"{file} has no feed {target} that can be read: see `newsclaims feeds list`{hint}")


def preview(feed: Feed, limit: int, web: Web | None = None) -> Iterator[Found | Refused | str]:
    """Up to `limit` articles that the feed would bring from its beginning, and its warnings; delivers nothing."""
    cancelled = threading.Event()
    context = replace(context_of(feed, web or Web(), now, cancelled))
    with opened(connector_of(feed, context)) as connector:
        for batch in connector.read({}):
            yield from told_of(batch)[:limit]
            limit -= len(batch.articles)
            if limit <= 0:
                break


def told_of(batch: Batch) -> list[Found | Refused | str]:
    """What a batch has to show, the newest first."""
    warning: list[Found | Refused | str] = [batch.warning] if batch.warning else []
    return [*warning, *reversed(batch.articles), *batch.refused]


def render_preview(found: Iterable[Found | Refused | str]) -> Table:
    """The preview for a terminal."""
    table = Table("published", "scope", "letters", "title", "address", box=None, pad_edge=False)
    for item in found:
        if isinstance(item, Found):
            article: Any = item.article
            date = f"{article.published_at:%Y-%m-%d %H:%M}" if article.published_at else "no date"
            size = f"{len(article.body):,}"
            table.add_row(date, article.content_scope, size, article.title or article.body[:60], article.url)
        else:
            table.add_row(
                "", "refused" if isinstance(item, Refused) else "warning", "", str(getattr(item, "why", item))
            )
    return table

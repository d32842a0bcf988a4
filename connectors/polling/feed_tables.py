"""The feeds in a terminal: the live table or the lines of `feeds run`, and the table of `feeds list`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import msgspec
from rich.console import Console
from rich.live import Live
from rich.table import Table

from connectors.feeds.configuration import Feed
from connectors.web.addresses import redact
from connectors.web.client import utc_now
from schemas.durations import format_duration
from schemas.operations.records import FeedHealth, FeedState

ROWS = 25
"""Feeds in the live table; those with errors come first."""


class FeedSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A feed in `feeds list`. `interval` is in seconds."""

    feed: str
    connector: str
    url: str
    interval: float
    paused: bool
    health: FeedHealth | None = None
    repairs: dict[str, int] = {}


@contextmanager
def show_progress(
    console: Console, states: dict[str, FeedState], totals: dict[str, int], find_feeds: Callable[[], list[Feed]]
) -> Iterator[Callable[[FeedState], None]]:
    """Yields a function to call with each new state. A terminal shows a live table, anything else gets lines.

    `totals` are the entries that each feed has brought so far; `find_feeds` returns the feeds that are polled here.
    """
    if console.is_terminal:
        with Live(console=console, refresh_per_second=2, get_renderable=lambda: render_live(states, find_feeds())):
            yield lambda _: None
        return

    def print_state(state: FeedState) -> None:
        health = state.health
        new = health.entries_total - totals.get(health.feed, 0)
        totals[health.feed] = health.entries_total
        if new or health.error or health.warning:
            words = [f"{new} new" if new else "", health.error or "", health.warning or ""]
            console.print(f"{health.feed}: {'; '.join(word for word in words if word)}", markup=False, soft_wrap=True)

    yield print_state


def render_live(states: dict[str, FeedState], feeds: list[Feed]) -> Table:
    """Returns the live table: feeds with errors first, then the most recently polled ones."""
    healths = [states[feed.name].health for feed in feeds if feed.name in states]
    healths.sort(key=lambda health: health.polled_at, reverse=True)
    healths.sort(key=lambda health: not (health.error or health.silent))
    table = render_healths([(health.feed, health) for health in healths[:ROWS]], utc_now())
    failing = sum(bool(health.error) for health in healths)
    day = sum(health.entries_day for health in healths)
    table.caption = f"{len(feeds)} feeds, {failing} with errors, {day} new entries in 24 hours"
    return table


def render_healths(
    rows: Iterable[tuple[str, FeedHealth | None]], now: datetime, repairs: Mapping[str, str] | None = None
) -> Table:
    """Returns a table with one row for each feed; `repairs` are words to add to its state."""
    table = Table("feed", "last poll", "next", "new in 24 h", "state", box=None, pad_edge=False)
    for name, health in rows:
        if health is None:
            table.add_row(name, "never", "now", "", "")
            continue
        wait = (health.next_poll_at - now).total_seconds()
        expected = f" of {health.expected_day:g}" if health.expected_day else ""
        table.add_row(
            name,
            f"{render_seconds((now - health.polled_at).total_seconds())} ago",
            f"in {render_seconds(wait)}" if wait > 0 else "now",
            f"{health.entries_day}{expected}",
            "; ".join(part for part in (describe_health(health), (repairs or {}).get(name, "")) if part),
        )
    return table


def render_seconds(seconds: float) -> str:
    """Returns a duration without a fraction of a second."""
    return format_duration(round(seconds))


def describe_health(health: FeedHealth) -> str:
    """Describes the health of a feed in words."""
    moved = f"moved to {health.moved_to}" if health.moved_to else ""
    failed = f"failed {health.failures} times: {health.error}" if health.error else ""
    return "; ".join(part for part in (failed, "silent" if health.silent else "", health.warning or "", moved) if part)


def summarize_feeds(feeds: list[Feed], states: dict[str, FeedState]) -> list[FeedSummary]:
    """Returns what `feeds list` prints."""
    return [
        FeedSummary(
            feed=feed.name,
            connector=feed.config.connector,
            url=redact(feed.config.url),
            interval=feed.interval,
            paused=feed.config.paused,
            health=states[feed.name].health if feed.name in states else None,
            repairs=states[feed.name].repairs if feed.name in states else {},
        )
        for feed in feeds
    ]


def render_summaries(summaries: list[FeedSummary]) -> Table:
    """Returns the table of `feeds list`."""
    named = {f"{found.feed} (paused)" if found.paused else found.feed: found for found in summaries}
    repairs = {name: describe_repairs(found.repairs) for name, found in named.items()}
    return render_healths([(name, found.health) for name, found in named.items()], utc_now(), repairs)


def describe_repairs(repairs: Mapping[str, int]) -> str:
    """Describes what was repaired or left out in a feed."""
    return f"in the feed: {'; '.join(f'{count} × {kind}' for kind, count in repairs.items())}" if repairs else ""

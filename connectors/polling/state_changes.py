"""How a poll changes the state of its feed: pure functions for its beginning, each batch and its end."""

from datetime import datetime, timedelta

import msgspec

from connectors.feeds.configuration import Feed
from connectors.kit import Batch
from connectors.web.addresses import redact
from schemas.alerts import find_feed_patience
from schemas.operations.records import FeedHealth, FeedState

HTTP_CACHE_KEYS = ("etag", "last_modified", "hash")
"""What a cursor says about the documents of one server."""
LONGEST_ERROR = 1_000


def begin_poll(feed: Feed, known: FeedState | None, now: datetime) -> FeedState:
    """Returns the state with which a poll begins: the known one, or a new one if the feed has another connector."""
    url = redact(feed.config.url)
    if known and known.health.connector == feed.config.connector:
        if known.health.url == url:
            return known
        # After a change of the address, what was seen remains seen, but the old server's validators are void.
        cursor = {name: value for name, value in known.cursor.items() if name not in HTTP_CACHE_KEYS}
        health = msgspec.structs.replace(known.health, url=url, moved_to=None)
        return msgspec.structs.replace(known, cursor=cursor, health=health)
    health = FeedHealth(
        feed=feed.name,
        connector=feed.config.connector,
        url=url,
        publisher=feed.config.publisher or "",
        since=now,
        polled_at=now,
        next_poll_at=now,
    )
    return FeedState(health=health)


def add_batch(state: FeedState, batch: Batch, refused: int, now: datetime) -> FeedState:
    """Returns the state after the batch is in Kafka; `refused` items of it are not."""
    count, health = len(batch.articles), state.health
    hours = {hour: number for hour, number in state.hours.items() if hour > f"{now - timedelta(days=1):%Y-%m-%dT%H}"}
    if count:
        hours[f"{now:%Y-%m-%dT%H}"] = hours.get(f"{now:%Y-%m-%dT%H}", 0) + count
    health = msgspec.structs.replace(
        health,
        entry_at=now if count else health.entry_at,
        entries_total=health.entries_total + count,
        entries_day=sum(hours.values()),
        empty_total=health.empty_total + batch.empty,
        refused_total=health.refused_total + refused,
        moved_to=batch.moved_to or health.moved_to,
        warning=batch.warning,
    )
    repairs = state.repairs if batch.repairs is None else dict(batch.repairs)
    return msgspec.structs.replace(state, health=health, cursor=batch.cursor, hours=hours, repairs=repairs)


def end_poll(state: FeedState, feed: Feed, now: datetime, wait: float, error: str | None) -> FeedState:
    """Returns the state at the end of a poll; the next one is due in `wait` seconds."""
    expected, health = feed.config.expected_per_day, state.health
    since = health.entry_at or health.since
    patience = find_feed_patience(expected) if expected else None
    health = msgspec.structs.replace(
        health,
        publisher=feed.config.publisher or "",
        polled_at=now,
        succeeded_at=health.succeeded_at if error else now,
        failed_at=now if error else health.failed_at,
        failures=health.failures + 1 if error else 0,
        error=error[:LONGEST_ERROR] if error else None,
        next_poll_at=now + timedelta(seconds=wait),
        # If the new address fails, the configured one is tried again.
        moved_to=None if error else health.moved_to,
        expected_day=expected,
        silent=patience is not None and now - since > patience,
    )
    return msgspec.structs.replace(state, health=health)


def add_error(state: FeedState, error: str) -> FeedState:
    """Returns the state with an error that is not the feed's own, such as one of Kafka."""
    return msgspec.structs.replace(state, health=msgspec.structs.replace(state.health, error=error[:LONGEST_ERROR]))

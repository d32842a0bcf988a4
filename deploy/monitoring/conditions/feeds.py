"""Conditions of what comes in, that ops teams are paged for: articles at all, each feed's entries, their text."""

from datetime import datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.readings import (
    DAY,
    HOUR,
    LIVE,
    Reading,
    aggregated,
    counted,
    hits,
    live,
    new_letters,
    shortened,
    shown,
    within,
    worst,
)
from schemas.alerts import feed_patience

UNPOLLED = timedelta(hours=1)
"""A feed whose poll is overdue by this is paused or removed, or no poller runs: its silence says nothing."""

MOST_FEEDS = 10_000
"""Feeds that are looked at: Elasticsearch gives no more documents in one answer."""

FEWEST_EMPTY = 5
"""With fewer of a feed in a window no share of them is an alarm."""

USUAL_DAYS = timedelta(days=14)
"""Over which a feed's usual share of articles without text is taken: some have nothing but teasers, always."""


def no_articles(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Seconds since the last live article was fetched, or, where none ever was, since the first health sample."""
    fetched: dict[str, Any] = {"range": {"fetched_at": {"lte": now.isoformat()}}}
    query = {"bool": {"filter": [LIVE, fetched]}}
    for article in hits(client, "articles", query, 1, "fetched_at:desc"):
        last = datetime.fromisoformat(article["fetched_at"])
        detail = f"the last came at {shown(last)} from {article['feed']}: {shortened(article['title'])}"
        return [Reading("no_articles", (now - last).total_seconds(), detail=detail, url=article["url"] or None)]
    for sample in hits(client, "health", {"range": {"at": {"lte": now.isoformat()}}}, 1, "at:asc"):
        first = datetime.fromisoformat(sample["at"])
        detail = f"none has come since {shown(first)}, when this began to be watched"
        return [Reading("no_articles", (now - first).total_seconds(), detail=detail)]
    return [Reading("no_articles", 0.0, detail="none has come, and this is the first look")]


def feed_silent(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Time since each feed's last entry, as a multiple of what its expected volume lets one wait.

    Feeds without an expected volume have no number, and feeds that nobody polls have 0.
    """
    expected = {"range": {"expected_day": {"gt": 0}}}
    return worst(
        "feed_silent",
        [silence(feed, now) for feed in hits(client, "feeds", expected, MOST_FEEDS, "polled_at:desc")],
        "no feed says what volume is expected of it",
    )


def silence(feed: dict[str, Any], now: datetime) -> Reading:
    """The reading of one feed, from its `FeedHealth`."""
    due = datetime.fromisoformat(feed["next_poll_at"])
    if now - due > UNPOLLED:
        return Reading(
            "feed_silent", 0.0, feed["feed"], f"not polled since {feed['polled_at'][:16]}: paused, or removed"
        )
    last = datetime.fromisoformat(feed["entry_at"] or feed["since"])
    detail = f"nothing new since {shown(last)}, {feed['expected_day']:g} a day are expected"
    if feed["error"]:
        detail += f"; the last poll failed: {shortened(feed['error'])}"
    value = (now - last) / feed_patience(feed["expected_day"])
    return Reading("feed_silent", max(0.0, value), feed["feed"], detail, feed["url"] or None)


def empty_bodies(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Share of each feed's articles that had no text or only a teaser's, above the feed's usual share.

    The last hour and the last day are looked at, and the higher share counts: an hour is soon enough for large feeds,
    and small ones have too few articles in it.
    """
    articles = aggregated(client, "articles", live(now, USUAL_DAYS), {"feeds": by_feed(now)})
    letters = aggregated(client, "dead-letters", dead_for_emptiness(now), {"feeds": by_feed(now, field="failed_at")})
    dead = counted(letters["feeds"]["buckets"])
    alive = counted(articles["feeds"]["buckets"])
    readings = [emptiness(feed, alive.get(feed), dead.get(feed)) for feed in sorted({*alive, *dead})]
    return worst("empty_bodies", readings, "no feed brought an article")


def by_feed(now: datetime, field: str = "fetched_at") -> dict[str, Any]:
    """Counts by feed: of each window all, and those without text (dead letters are, all of them)."""
    empty = {"bool": {"should": [{"term": {"content_scope": "teaser"}}, {"term": {"word_count": 0}}]}}
    counts = {"empty": {"filter": empty}} if field == "fetched_at" else {}
    windows = {"hour": within(field, now, HOUR), "day": within(field, now, DAY)}
    windows["before"] = within(field, now - DAY, USUAL_DAYS - DAY)
    return {
        "terms": {"field": "feed", "size": MOST_FEEDS},
        "aggs": {name: {"filter": window, "aggs": counts} for name, window in windows.items()},
    }


def dead_for_emptiness(now: datetime) -> dict[str, Any]:
    """Dead letters of two weeks that had no text and may raise an alert."""
    return new_letters(within("failed_at", now, USUAL_DAYS), {"term": {"reason": "empty_body"}})


def emptiness(feed: str, alive: dict[str, Any] | None, dead: dict[str, Any] | None) -> Reading:
    """The reading of one feed, from its buckets of articles and dead letters."""

    def counts(window: str) -> tuple[int, int]:
        lost = dead[window]["doc_count"] if dead else 0
        kept, empty = (alive[window]["doc_count"], alive[window]["empty"]["doc_count"]) if alive else (0, 0)
        return empty + lost, kept + lost

    empty_before, all_before = counts("before")
    usual = empty_before / all_before if all_before else 0.0
    best = Reading("empty_bodies", 0.0, feed, f"usually {usual:.0%} without text")
    for window in ("hour", "day"):
        empty, all_of_them = counts(window)
        excess = empty / all_of_them - usual if empty >= FEWEST_EMPTY else 0.0
        if excess > best.value:
            detail = f"{empty} of {all_of_them} articles of the last {window} without text, usually {usual:.0%}"
            best = Reading("empty_bodies", excess, feed, detail)
    return best

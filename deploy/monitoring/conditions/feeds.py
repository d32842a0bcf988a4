"""Conditions for ops teams on the input: whether articles arrive at all, each feed's entries, and their text."""

from datetime import datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.queries import (
    DAY,
    HOUR,
    LIVE,
    Clause,
    find_documents,
    iterate_documents,
    iterate_groups,
    match_new_dead_letters,
    match_news,
    match_window,
)
from deploy.monitoring.conditions.readings import Reading, format_time, rank_readings, shorten
from schemas.alerts import find_feed_patience

UNPOLLED_AFTER = timedelta(hours=1)
"""If the poll of a feed is overdue by this, the feed is paused or removed, or no poller runs: silence means nothing."""

MIN_EMPTY = 5
"""With fewer empty articles of a feed in a window, no share of them is a reason for an alert."""

BASELINE = timedelta(days=14)
"""The time over which a feed's usual share of empty articles is computed: some feeds only ever have teasers."""

FEED = {"feed": {"field": "feed"}}


def no_articles(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes the seconds since the last live article was fetched. If there is none, since the first health sample."""
    fetched: Clause = {"range": {"fetched_at": {"lte": now.isoformat()}}}
    query = {"bool": {"filter": [LIVE, fetched]}}
    for article in find_documents(client, "articles", query, 1, "fetched_at:desc"):
        last = datetime.fromisoformat(article["fetched_at"])
        detail = f"the last arrived at {format_time(last)} from {article['feed']}: {shorten(article['title'])}"
        return [Reading("no_articles", (now - last).total_seconds(), detail=detail, url=article["url"] or None)]
    for sample in find_documents(client, "health", {"range": {"at": {"lte": now.isoformat()}}}, 1, "at:asc"):
        first = datetime.fromisoformat(sample["at"])
        detail = f"none has arrived since monitoring began at {format_time(first)}"
        return [Reading("no_articles", (now - first).total_seconds(), detail=detail)]
    return [Reading("no_articles", 0.0, detail="none has arrived yet, and monitoring has just begun")]


def feed_silent(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes the time since each feed's last entry, as a multiple of the longest wait that its volume justifies.

    Feeds without an expected volume have no reading. Feeds that are not polled have 0.
    """
    expected = {"range": {"expected_day": {"gt": 0}}}
    readings = (measure_silence(feed, now) for feed in iterate_documents(client, "feeds", expected, "feed"))
    return rank_readings("feed_silent", readings, "no feed has an expected volume")


def measure_silence(feed: dict[str, Any], now: datetime) -> Reading:
    """Returns the reading of one feed, from its `FeedHealth`."""
    due = datetime.fromisoformat(feed["next_poll_at"])
    if now - due > UNPOLLED_AFTER:
        detail = f"not polled since {feed['polled_at'][:16]}: paused or removed"
        return Reading("feed_silent", 0.0, feed["feed"], detail)
    last = datetime.fromisoformat(feed["entry_at"] or feed["since"])
    detail = f"nothing new since {format_time(last)}; {feed['expected_day']:g} a day are expected"
    if feed["error"]:
        detail += f"; the last poll failed: {shorten(feed['error'])}"
    value = (now - last) / find_feed_patience(feed["expected_day"])
    return Reading("feed_silent", max(0.0, value), feed["feed"], detail, feed["url"] or None)


def empty_bodies(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes each feed's share of articles without text or with only a teaser, above the feed's usual share.

    Of the last hour and the last day, the higher share counts: an hour is enough for large feeds, and small feeds have
    too few articles in it.
    """
    letters = match_new_dead_letters(match_window("failed_at", now, BASELINE), {"term": {"reason": "empty_body"}})
    articles = count_by_feed(client, "articles", match_news(now, BASELINE), now)
    dead = count_by_feed(client, "dead-letters", letters, now, field="failed_at")
    readings = [measure_emptiness(feed, articles.get(feed), dead.get(feed)) for feed in sorted({*articles, *dead})]
    return rank_readings("empty_bodies", readings, "no feed delivered an article")


def count_by_feed(
    client: Elasticsearch, index: str, query: Clause, now: datetime, field: str = "fetched_at"
) -> dict[str, dict[str, Any]]:
    """Counts the documents of each feed in each window, and those without text (all of them, for dead letters)."""
    empty = {"bool": {"should": [{"term": {"content_scope": "teaser"}}, {"term": {"word_count": 0}}]}}
    counts = {"empty": {"filter": empty}} if field == "fetched_at" else {}
    windows = {"hour": match_window(field, now, HOUR), "day": match_window(field, now, DAY)}
    windows["before"] = match_window(field, now - DAY, BASELINE - DAY)
    by_window = {name: {"filter": window, "aggs": counts} for name, window in windows.items()}
    return {group["key"]["feed"]: group for group in iterate_groups(client, index, query, FEED, by_window)}


def measure_emptiness(feed: str, articles: dict[str, Any] | None, dead: dict[str, Any] | None) -> Reading:
    """Returns the reading of one feed, from the counts of its articles and dead letters."""

    def count(window: str) -> tuple[int, int]:
        lost = dead[window]["doc_count"] if dead else 0
        kept, empty = (articles[window]["doc_count"], articles[window]["empty"]["doc_count"]) if articles else (0, 0)
        return empty + lost, kept + lost

    empty_before, all_before = count("before")
    usual = empty_before / all_before if all_before else 0.0
    best = Reading("empty_bodies", 0.0, feed, f"usually {usual:.0%} without text")
    for window in ("hour", "day"):
        empty, total = count(window)
        excess = empty / total - usual if empty >= MIN_EMPTY else 0.0
        if excess > best.value:
            detail = f"{empty} of {total} articles of the last {window} without text, usually {usual:.0%}"
            best = Reading("empty_bodies", excess, feed, detail)
    return best

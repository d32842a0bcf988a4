"""Condition of analysts: a watch spikes."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.readings import (
    HOUR,
    LIVE,
    MOST_WATCHES,
    Clause,
    Reading,
    aggregated,
    live,
    within,
    worst,
)

USUAL_DAYS = 14
"""Days whose claims tell a watch's usual hour."""

USUAL_HOURS = tuple(24 * day + beside for day in range(1, USUAL_DAYS + 1) for beside in (-1, 0, 1))
"""Hours before the last one whose claims are counted: those at the same time of day and beside it, as mornings have
more than nights; newest first."""

HISTORY = timedelta(days=3)
"""A watch must have had claims so long ago before an hour of it counts as unusual."""

FEWEST_CLAIMS, FEWEST_ARTICLES = 10, 3
"""A spike has at least so many claims, from so many articles: one long article has dozens of claims."""

QUIETEST_HOUR = 1.0
"""Claims that any watch's usual hour is taken to have, so that the first ones after a silence are no multiple of 0."""


def watch_spike(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Claims of each watch in the last hour, as a multiple of its usual hour; 0 where there are few."""
    last, usual = last_hour(client, now), usual_hours(client, now)
    young = [watch for watch, hours in usual.items() if max(hours, default=0) * HOUR < HISTORY]
    young += [watch for watch in last if watch not in usual]
    known = known_before(client, now - HISTORY, [watch for watch in young if is_many(last.get(watch))])
    readings = []
    for watch in sorted({*last, *usual}):
        counts, oldest = usual.get(watch, {}), max(usual.get(watch, {}), default=0)
        if watch in known or watch not in young:
            reach = USUAL_HOURS[-1] if watch in known else oldest
            before = [counts.get(hour, 0) for hour in USUAL_HOURS if hour <= reach]
            readings.append(spike(watch, last.get(watch, (0, 0)), max(QUIETEST_HOUR, median(before))))
        else:
            detail = "the watch is too new for a usual level"
            readings.append(Reading("watch_spike", 0.0, watch, detail))
    return worst("watch_spike", readings, "no watch has claims")


def spike(watch: str, last: tuple[int, int], usual: float) -> Reading:
    """The reading of one watch, from claims and articles of the last hour and its usual claims."""
    claims, articles = last
    detail = f"{claims} claims from {articles} articles in the last hour, usually {usual:g}"
    return Reading("watch_spike", claims / usual if is_many(last) else 0.0, watch, detail)


def is_many(last: tuple[int, int] | None) -> bool:
    """Whether claims and articles are enough for a spike."""
    return last is not None and last[0] >= FEWEST_CLAIMS and last[1] >= FEWEST_ARTICLES


def last_hour(client: Elasticsearch, now: datetime) -> dict[str, tuple[int, int]]:
    """Claims of each watch in the last hour, and the articles that they are from."""
    articles = {"articles": {"cardinality": {"field": "article_id"}}}
    answer = aggregated(client, "claims", live(now, HOUR), by_watch(articles))
    return {
        bucket["key"]: (bucket["doc_count"], bucket["articles"]["value"]) for bucket in answer["watches"]["buckets"]
    }


def usual_hours(client: Elasticsearch, now: datetime) -> dict[str, Mapping[int, int]]:
    """Claims of each watch in its `USUAL_HOURS`; hours without any are left out.

    Late articles count here: they can only make a spike rarer, and telling them apart costs more than all the rest.
    """
    histogram: dict[str, Any] = {
        "field": "fetched_at", "fixed_interval": "1h", "min_doc_count": 1,
        # Hours that end at the minute and second of `now`; their ends are inclusive.
        "offset": f"{(int(now.timestamp() * 1000) + 1) % 3_600_000}ms",
    }  # fmt: skip
    days = [within("fetched_at", now - HOUR * (24 * day - 1), HOUR * 3) for day in range(1, USUAL_DAYS + 1)]
    query = {"bool": {"filter": [LIVE, {"bool": {"should": days}}]}}
    answer = aggregated(client, "claims", query, by_watch({"hours": {"date_histogram": histogram}}))
    return {
        watch["key"]: {hours_ago(bucket["key"], now): bucket["doc_count"] for bucket in watch["hours"]["buckets"]}
        for watch in answer["watches"]["buckets"]
    }


def hours_ago(start: int, now: datetime) -> int:
    """How many hours before the last hour one began, from its start in milliseconds."""
    return round((now.timestamp() - start / 1000) / HOUR.total_seconds()) - 1


def by_watch(parts: Clause) -> dict[str, Any]:
    """The aggregation `watches`, of those with the most claims."""
    return {"watches": {"terms": {"field": "watches", "size": MOST_WATCHES}, "aggs": parts}}


def known_before(client: Elasticsearch, until: datetime, watches: Collection[str]) -> set[str]:
    """Those of these watches that have live claims fetched until then."""
    if not watches:
        return set()
    names = sorted(watches)
    until_then = {"range": {"fetched_at": {"lte": until.isoformat()}}}
    named = {"watches": {"terms": {"field": "watches", "include": names, "size": len(names)}}}
    query = {"bool": {"filter": [LIVE, until_then, {"terms": {"watches": names}}]}}
    return {bucket["key"] for bucket in aggregated(client, "claims", query, named)["watches"]["buckets"]}

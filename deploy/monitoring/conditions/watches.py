"""Condition for analysts: a watch spikes."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.queries import HOUR, LIVE, aggregate, iterate_groups, match_news, match_window
from deploy.monitoring.conditions.readings import Reading, rank_readings

BASELINE_DAYS = 14
"""Days whose claims define a watch's usual hour."""

BASELINE_HOURS = tuple(24 * day + offset for day in range(1, BASELINE_DAYS + 1) for offset in (-1, 0, 1))
"""The hours of the baseline, as hours before the last one, newest first: the same time of day, an hour earlier and an
hour later. Mornings have more claims than nights."""

HISTORY = timedelta(days=3)
"""A watch can only spike if its first claim is at least this old."""

MIN_CLAIMS, MIN_ARTICLES = 10, 3
"""A spike has at least this many claims and articles. One long article alone can have dozens of claims."""

MIN_BASELINE = 1.0
"""The usual hour counts as at least one claim, so that the first claims after a silence are not a multiple of 0."""

WATCH = {"watch": {"field": "watches"}}


def watch_spike(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes the claims of each watch in the last hour, as a multiple of its usual hour; 0 if there are few."""
    last, baselines = count_last_hour(client, now), count_baseline_hours(client, now)
    new = [watch for watch, hours in baselines.items() if max(hours, default=0) * HOUR < HISTORY]
    new += [watch for watch in last if watch not in baselines]
    old = find_older_watches(client, now - HISTORY, [watch for watch in new if is_many(last.get(watch))])
    readings = []
    for watch in sorted({*last, *baselines}):
        counts, oldest = baselines.get(watch, {}), max(baselines.get(watch, {}), default=0)
        if watch in old or watch not in new:
            reach = BASELINE_HOURS[-1] if watch in old else oldest
            before = [counts.get(hour, 0) for hour in BASELINE_HOURS if hour <= reach]
            readings.append(compare(watch, last.get(watch, (0, 0)), max(MIN_BASELINE, median(before))))
        else:
            readings.append(Reading("watch_spike", 0.0, watch, "the watch is too new to have a usual level"))
    return rank_readings("watch_spike", readings, "no watch has claims")


def compare(watch: str, last: tuple[int, int], baseline: float) -> Reading:
    """Returns the reading of one watch, from claims and articles of the last hour and the claims of its usual hour."""
    claims, articles = last
    detail = f"{claims} claims from {articles} articles in the last hour, usually {baseline:g}"
    return Reading("watch_spike", claims / baseline if is_many(last) else 0.0, watch, detail)


def is_many(last: tuple[int, int] | None) -> bool:
    """Returns whether claims and articles are enough for a spike."""
    return last is not None and last[0] >= MIN_CLAIMS and last[1] >= MIN_ARTICLES


def count_last_hour(client: Elasticsearch, now: datetime) -> dict[str, tuple[int, int]]:
    """Counts the claims of each watch in the last hour, and the articles that they come from."""
    articles = {"articles": {"cardinality": {"field": "article_id"}}}
    groups = iterate_groups(client, "claims", match_news(now, HOUR), WATCH, articles)
    return {group["key"]["watch"]: (group["doc_count"], group["articles"]["value"]) for group in groups}


def count_baseline_hours(client: Elasticsearch, now: datetime) -> dict[str, Mapping[int, int]]:
    """Counts the claims of each watch in its `BASELINE_HOURS`. Hours without claims are left out.

    Late articles count here: they can only make a spike less likely, and excluding them costs more than the rest.
    """
    histogram: dict[str, Any] = {
        "field": "fetched_at", "fixed_interval": "1h", "min_doc_count": 1,
        # Hours that end at the minute and second of `now`; the end is inclusive.
        "offset": f"{(int(now.timestamp() * 1000) + 1) % 3_600_000}ms",
    }  # fmt: skip
    days = [match_window("fetched_at", now - HOUR * (24 * day - 1), HOUR * 3) for day in range(1, BASELINE_DAYS + 1)]
    query = {"bool": {"filter": [LIVE, {"bool": {"should": days}}]}}
    groups = iterate_groups(client, "claims", query, WATCH, {"hours": {"date_histogram": histogram}})
    return {
        group["key"]["watch"]: {
            count_hours_before(hour["key"], now): hour["doc_count"] for hour in group["hours"]["buckets"]
        }
        for group in groups
    }


def count_hours_before(start: int, now: datetime) -> int:
    """Returns how many hours before the last hour an hour began. `start` is in milliseconds."""
    return round((now.timestamp() - start / 1000) / HOUR.total_seconds()) - 1


def find_older_watches(client: Elasticsearch, until: datetime, watches: Collection[str]) -> set[str]:
    """Returns the given watches that have live claims fetched at or before `until`."""
    if not watches:
        return set()
    names = sorted(watches)
    by_watch = {"watches": {"terms": {"field": "watches", "include": names, "size": len(names)}}}
    until_then = {"range": {"fetched_at": {"lte": until.isoformat()}}}
    query = {"bool": {"filter": [LIVE, until_then, {"terms": {"watches": names}}]}}
    return {bucket["key"] for bucket in aggregate(client, "claims", query, by_watch)["watches"]["buckets"]}

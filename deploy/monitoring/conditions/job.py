"""Conditions of the job, that ops teams are paged for: whether it keeps up, can read what comes, and can write."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.readings import HOUR, NEWS, Reading, aggregated, new_letters, within

THIRD = timedelta(minutes=5)
"""A third of the time over which lag must have grown."""

MOST_ROUNDS = 1_000
"""Rounds of the monitor that lag is read from: the shortest that fit into twenty minutes are of two seconds."""

FEWEST_DEAD_LETTERS = 5
"""With fewer in an hour no share of them is an alarm: one bad message of two is no broken release."""

REFUSALS = {
    "documents": ("newsclaims_documents_total", 20),
    "requests": ("newsclaims_bulk_requests_total", 3),
}
"""Counters of what was sent, and with how many refusals of it in five minutes a share says something: the sink waits up
to thirty seconds between two attempts."""

TAKEN = ("written", "deleted", "gone_already", "newer_there", "ok")
"""Outcomes of what Elasticsearch took (`pipelines.io.elasticsearch.outcomes`)."""

DOCUMENTS_FAULT = ("rejected", "too_large")
"""Outcomes that one document brought about: they become dead letters and count there."""

SUM: dict[str, Any] = {"sum": {"sum": {"field": "value"}}}

OVERLOAD = ("busy",)
"""Outcomes that a backfill brings about as it presses on: the sink sends again, more slowly."""


def lag_growing(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Records that the lag grew by in fifteen minutes, where it grew in each third of them; else 0.

    Also 0 while most of what the job writes is old: then somebody backfills, and lag is expected.
    """
    lags = lags_at(client, now)
    points = [next((lag for at, lag in lags if until - THIRD < at <= until), None) for until in thirds(now)]
    known = [point for point in points if point is not None]
    if len(known) < len(points):
        return [Reading("lag_growing", 0.0, detail="lag is not known for fifteen minutes yet")]
    if any(later <= earlier for earlier, later in pairwise(known)):
        return [Reading("lag_growing", 0.0, detail=f"lag is {known[-1]:,.0f} records")]
    words = f"lag grew from {known[0]:,.0f} to {known[-1]:,.0f} records in fifteen minutes"
    if is_mostly_old(client, now):
        return [Reading("lag_growing", 0.0, detail=f"{words}, most of them of a backfill, a replay or late")]
    return [Reading("lag_growing", known[-1] - known[0], detail=words)]


def thirds(now: datetime) -> list[datetime]:
    """The ends of the four spans that tell whether lag grew in each third of fifteen minutes."""
    return [now - THIRD * steps for steps in (3, 2, 1, 0)]


def lags_at(client: Elasticsearch, now: datetime) -> list[tuple[datetime, float]]:
    """The lag over all partitions at each round of the monitor of the last twenty minutes, newest first."""
    rounds = {"terms": {"field": "at", "size": MOST_ROUNDS, "order": {"_key": "desc"}}, "aggs": SUM}
    query = within_health(now, THIRD * 4, "newsclaims_consumer_lag_records")
    buckets = aggregated(client, "health", query, {"rounds": rounds})["rounds"]["buckets"]
    return [(datetime.fromtimestamp(bucket["key"] / 1000, now.tzinfo), bucket["sum"]["value"]) for bucket in buckets]


def is_mostly_old(client: Elasticsearch, now: datetime) -> bool:
    """Whether most of the articles written in the last fifteen minutes were replays, backfills, or late.

    Here, and only here, the time of writing counts: the question is what the job is busy with.
    """
    aggs = {"all": {"value_count": {"field": "article_id"}}, "news": {"filter": NEWS}}
    answer = aggregated(client, "articles", within("indexed_at", now, THIRD * 3), aggs)
    return bool(answer["news"]["doc_count"] * 2 < answer["all"]["value"])


def dead_letter_share(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Share of the last hour's records that became dead letters, apart from replays, backfills and late articles."""
    reasons, aside = dead_letters(client, now)
    dead = sum(reasons.values())
    read = records_read(client, now) - aside - old_articles(client, now)
    words = ", ".join(f"{count:g} {reason}" for reason, count in reasons.items())
    detail = f"{dead} of {max(dead, read):g} records: {words}" if dead else f"none of {max(0, read):g} records"
    share = dead / max(dead, read) if dead >= FEWEST_DEAD_LETTERS else 0.0
    return [Reading("dead_letter_share", share, detail=detail)]


def dead_letters(client: Elasticsearch, now: datetime) -> tuple[dict[str, int], int]:
    """The last hour's dead letters by reason, and how many more there are that raise no alert.

    A letter whose message cannot be read, and so does not say how it came, counts as live.
    """
    by_reason = {"reasons": {"terms": {"field": "reason", "size": 50}}}
    aggs = {"all": {"value_count": {"field": "dead_letter_id"}}, "news": {"filter": new_letters(), "aggs": by_reason}}
    answer = aggregated(client, "dead-letters", within("failed_at", now, HOUR), aggs)
    reasons = {bucket["key"]: bucket["doc_count"] for bucket in answer["news"]["reasons"]["buckets"]}
    return reasons, answer["all"]["value"] - answer["news"]["doc_count"]


def records_read(client: Elasticsearch, now: datetime) -> float:
    """Records that the job read in the last hour: each leaves the step `decode` once."""
    query = within_health(now, HOUR, "newsclaims_records_total", {"term": {"step": "decode"}})
    return float(aggregated(client, "health", query, SUM)["sum"]["value"])


def old_articles(client: Elasticsearch, now: datetime) -> int:
    """Articles that the job read in the last hour, and that raise no alert."""
    query = {"bool": {"filter": within("processed_at", now, HOUR), "must_not": NEWS}}
    return int(client.count(index="articles", query=query)["count"])


def elasticsearch_rejecting(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Share of the documents or requests of the last five minutes that Elasticsearch refused; the higher one.

    What it refuses for what is in a document, and what it is too busy for during a backfill, does not count.
    """
    passed_over = (*DOCUMENTS_FAULT, *(OVERLOAD if is_mostly_old(client, now) else ()))
    shares = [refused_share(client, now, kind, passed_over) for kind in REFUSALS]
    nodes = within_health(now, THIRD, "newsclaims_elasticsearch_rejected_total")
    rejected = aggregated(client, "health", nodes, SUM)["sum"]["value"]
    best = max(shares, key=lambda reading: reading.value)
    if rejected:
        return [Reading(best.alert, best.value, detail=f"{best.detail}; the nodes' queues rejected {rejected:g}")]
    return [best]


def refused_share(client: Elasticsearch, now: datetime, kind: str, passed_over: tuple[str, ...]) -> Reading:
    """The share of what was sent that was refused, with its outcomes."""
    metric, fewest = REFUSALS[kind]
    outcomes = {"outcomes": {"terms": {"field": "outcome", "size": 50}, "aggs": SUM}}
    answer = aggregated(client, "health", within_health(now, THIRD, metric), outcomes)
    sent = {bucket["key"]: bucket["sum"]["value"] for bucket in answer["outcomes"]["buckets"]}
    refused = {name: count for name, count in sent.items() if name not in TAKEN and name not in passed_over}
    words = ", ".join(f"{count:g} {name}" for name, count in sorted(refused.items(), key=lambda item: -item[1]))
    detail = f"{sum(refused.values()):g} of {sum(sent.values()):g} {kind} refused" + (f": {words}" if words else "")
    share = sum(refused.values()) / sum(sent.values()) if sum(refused.values()) >= fewest else 0.0
    return Reading("elasticsearch_rejecting", share, detail=detail)


def within_health(now: datetime, window: timedelta, metric: str, *more: dict[str, Any]) -> dict[str, Any]:
    """Health samples of one metric in a window."""
    return {"bool": {"filter": [within("at", now, window), {"term": {"metric": metric}}, *more]}}

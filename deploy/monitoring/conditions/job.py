"""Conditions for ops teams on the job: whether it keeps up, can read its input, and can write its output."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.queries import (
    HOUR,
    NEWS,
    Clause,
    aggregate,
    iterate_groups,
    match_new_dead_letters,
    match_window,
)
from deploy.monitoring.conditions.readings import Reading

THIRD = timedelta(minutes=5)
"""A third of the time over which lag must have grown."""

MIN_DEAD_LETTERS = 5
"""With fewer in an hour, no share of them is a reason for an alert: one bad message of two is not a broken release."""

REFUSALS = {
    "documents": ("newsclaims_documents_total", 20),
    "requests": ("newsclaims_bulk_requests_total", 3),
}
"""Counters of what was sent, and the smallest number of refusals in five minutes that counts. The sink waits up to 30 s
between two attempts."""

ACCEPTED = ("written", "deleted", "gone_already", "newer_there", "ok")
"""Outcomes of what Elasticsearch accepted (`pipelines.io.elasticsearch.outcomes`)."""

DOCUMENT_FAULTS = ("rejected", "too_large")
"""Outcomes that a document caused itself. It becomes a dead letter and counts there."""

OVERLOAD = ("busy",)
"""Outcomes that a fast backfill causes. The sink sends again, more slowly."""

SUM: dict[str, Any] = {"sum": {"sum": {"field": "value"}}}


def lag_growing(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes by how many records the lag grew in fifteen minutes, if it grew in each third of them; else 0.

    Also 0 while most of what the job writes is old: then a backfill runs, and lag is expected.
    """
    lags = find_lags(client, now)
    points = [next((lag for at, lag in lags if until - THIRD < at <= until), None) for until in find_ends(now)]
    known = [point for point in points if point is not None]
    if len(known) < len(points):
        return [Reading("lag_growing", 0.0, detail="the lag has been known for less than fifteen minutes")]
    if any(later <= earlier for earlier, later in pairwise(known)):
        return [Reading("lag_growing", 0.0, detail=f"the lag is {known[-1]:,.0f} records")]
    detail = f"the lag grew from {known[0]:,.0f} to {known[-1]:,.0f} records in fifteen minutes"
    if is_mostly_old(client, now):
        return [Reading("lag_growing", 0.0, detail=f"{detail}; most are late or from a backfill or replay")]
    return [Reading("lag_growing", known[-1] - known[0], detail=detail)]


def find_ends(now: datetime) -> list[datetime]:
    """Returns the ends of the four spans that show whether lag grew in each third of fifteen minutes."""
    return [now - THIRD * steps for steps in (3, 2, 1, 0)]


def find_lags(client: Elasticsearch, now: datetime) -> list[tuple[datetime, float]]:
    """Returns the lag over all partitions at each round of the monitor of the last twenty minutes, newest first."""
    query = match_health(now, THIRD * 4, "newsclaims_consumer_lag_records")
    rounds = iterate_groups(client, "health", query, {"at": {"field": "at", "order": "desc"}}, SUM)
    return [
        (datetime.fromtimestamp(each["key"]["at"] / 1000, now.tzinfo), each["sum"]["value"]) for each in rounds
    ]  # fmt: skip


def is_mostly_old(client: Elasticsearch, now: datetime) -> bool:
    """Returns whether most of the articles written in the last fifteen minutes were replays, backfills, or late.

    Only here the time of writing counts: the question is what the job is busy with.
    """
    aggs = {"all": {"value_count": {"field": "article_id"}}, "news": {"filter": NEWS}}
    answer = aggregate(client, "articles", match_window("indexed_at", now, THIRD * 3), aggs)
    return bool(answer["news"]["doc_count"] * 2 < answer["all"]["value"])


def dead_letter_share(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes the share of the last hour's records that became dead letters. Ignores replays, backfills, late ones."""
    reasons, ignored = count_dead_letters(client, now)
    dead = sum(reasons.values())
    read = count_records_read(client, now) - ignored - count_old_articles(client, now)
    counts = ", ".join(f"{count:g} {reason}" for reason, count in reasons.items())
    detail = f"{dead} of {max(dead, read):g} records: {counts}" if dead else f"none of {max(0, read):g} records"
    share = dead / max(dead, read) if dead >= MIN_DEAD_LETTERS else 0.0
    return [Reading("dead_letter_share", share, detail=detail)]


def count_dead_letters(client: Elasticsearch, now: datetime) -> tuple[dict[str, int], int]:
    """Counts the last hour's dead letters by reason, and how many more there are that raise no alert.

    A dead letter whose message cannot be read does not say how it came, and counts as live.
    """
    by_reason = {"reasons": {"terms": {"field": "reason", "size": 50}}}
    news = {"filter": match_new_dead_letters(), "aggs": by_reason}
    aggs = {"all": {"value_count": {"field": "dead_letter_id"}}, "news": news}
    answer = aggregate(client, "dead-letters", match_window("failed_at", now, HOUR), aggs)
    reasons = {bucket["key"]: bucket["doc_count"] for bucket in answer["news"]["reasons"]["buckets"]}
    return reasons, answer["all"]["value"] - answer["news"]["doc_count"]


def count_records_read(client: Elasticsearch, now: datetime) -> float:
    """Counts the records that the job read in the last hour: each leaves the step `decode` once."""
    query = match_health(now, HOUR, "newsclaims_records_total", {"term": {"step": "decode"}})
    return float(aggregate(client, "health", query, SUM)["sum"]["value"])


def count_old_articles(client: Elasticsearch, now: datetime) -> int:
    """Counts the articles that the job read in the last hour and that raise no alert."""
    query = {"bool": {"filter": match_window("processed_at", now, HOUR), "must_not": NEWS}}
    return int(client.count(index="articles", query=query)["count"])


def elasticsearch_rejecting(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes the share of the last five minutes' documents or requests that were refused, whichever is higher.

    Ignores refusals that a document caused itself, and overload during a backfill.
    """
    ignored = (*DOCUMENT_FAULTS, *(OVERLOAD if is_mostly_old(client, now) else ()))
    shares = [measure_refusals(client, now, kind, ignored) for kind in REFUSALS]
    nodes = match_health(now, THIRD, "newsclaims_elasticsearch_rejected_total")
    rejected = aggregate(client, "health", nodes, SUM)["sum"]["value"]
    highest = max(shares, key=lambda reading: reading.value)
    if rejected:
        detail = f"{highest.detail}; the nodes' queues rejected {rejected:g}"
        return [Reading(highest.alert, highest.value, detail=detail)]
    return [highest]


def measure_refusals(client: Elasticsearch, now: datetime, kind: str, ignored: tuple[str, ...]) -> Reading:
    """Returns the share of the sent documents or requests that was refused, with the outcomes."""
    metric, fewest = REFUSALS[kind]
    outcomes = {"outcomes": {"terms": {"field": "outcome", "size": 50}, "aggs": SUM}}
    answer = aggregate(client, "health", match_health(now, THIRD, metric), outcomes)
    sent = {bucket["key"]: bucket["sum"]["value"] for bucket in answer["outcomes"]["buckets"]}
    refused = {name: count for name, count in sent.items() if name not in ACCEPTED and name not in ignored}
    counts = ", ".join(f"{count:g} {name}" for name, count in sorted(refused.items(), key=lambda item: -item[1]))
    detail = f"{sum(refused.values()):g} of {sum(sent.values()):g} {kind} refused" + (f": {counts}" if counts else "")
    share = sum(refused.values()) / sum(sent.values()) if sum(refused.values()) >= fewest else 0.0
    return Reading("elasticsearch_rejecting", share, detail=detail)


def match_health(now: datetime, window: timedelta, metric: str, *more: Clause) -> Clause:
    """Returns the query for health samples of one metric in a window."""
    return {"bool": {"filter": [match_window("at", now, window), {"term": {"metric": metric}}, *more]}}

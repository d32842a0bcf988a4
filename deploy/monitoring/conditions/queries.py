"""Queries that all conditions share: which documents may raise an alert, and how they are counted.

Windows are over `fetched_at`, the time at which an article was seen: the other times change when it is processed again.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch

from deploy.searches.paging import iterate_buckets, iterate_hits

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

LATE_AFTER = DAY
"""An article that was fetched later than this after its publication is old: an entry of an archive, for example."""

PAGE_BUCKETS = 500
"""Groups in one response of `iterate_groups`. With nested buckets, such as up to 42 hours of a watch, there must be
fewer than 65,536, the limit of Elasticsearch."""

PAGE_DOCUMENTS = 5_000
"""Documents in one response of `iterate_documents`; Elasticsearch returns 10,000 at most."""

Clause = dict[str, Any]
"""A clause of a `bool.filter`."""

# Dead letters may lack both times, because their originals did.
_TIMELY = """
doc['fetched_at'].size() == 0 || doc['published_at'].size() == 0
|| doc['fetched_at'].value.toInstant().toEpochMilli() - doc['published_at'].value.toInstant().toEpochMilli()
   <= params.late
"""
_LATE_MILLISECONDS = int(LATE_AFTER.total_seconds() * 1000)
TIMELY: Clause = {"script": {"script": {"source": _TIMELY, "params": {"late": _LATE_MILLISECONDS}}}}

UNMARKED: Clause = {"bool": {"must_not": [{"exists": {"field": "mark"}}]}}
"""Documents that no analyst marked; only claims and figures can be marked."""
LIVE: Clause = {"bool": {"filter": [{"term": {"ingest_mode": "live"}}, UNMARKED]}}
"""Live documents that no analyst marked: a wrong or doubled claim is not news."""
NEWS: Clause = {"bool": {"filter": [LIVE, TIMELY]}}
"""Documents that may raise an alert, whenever they were fetched."""


def match_news(until: datetime, window: timedelta, *more: Clause) -> Clause:
    """Returns the query for documents that may raise an alert: live, timely, and fetched in the window."""
    return {"bool": {"filter": [match_window("fetched_at", until, window), *more, NEWS]}}


def match_new_dead_letters(*more: Clause) -> Clause:
    """Returns the query for dead letters that may raise an alert.

    They are not of a replay or a backfill, not late, and failed for the first time.
    """
    old = [{"terms": {"ingest_mode": ["replay", "backfill"]}}, {"range": {"attempts": {"gt": 1}}}]
    return {"bool": {"filter": [*more, TIMELY], "must_not": old}}


def match_window(field: str, until: datetime, window: timedelta) -> Clause:
    """Returns the clause for a window that ends at `until` (inclusive) and begins after `until - window`."""
    return {"range": {field: {"gt": (until - window).isoformat(), "lte": until.isoformat()}}}


def aggregate(client: Elasticsearch, index: str, query: Clause, aggs: dict[str, Any]) -> dict[str, Any]:
    """Returns the results of aggregations by their names. Raises the client's errors."""
    answer = client.search(index=index, size=0, query=query, aggs=aggs, track_total_hits=False)
    return dict(answer["aggregations"])


def iterate_groups(
    client: Elasticsearch,
    index: str,
    query: Clause,
    sources: Mapping[str, Mapping[str, Any]],
    aggs: dict[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yields a bucket for each combination of values of the `sources`: see `iterate_buckets`."""
    return iterate_buckets(client, index, query, sources, PAGE_BUCKETS, aggs)


def find_documents(client: Elasticsearch, index: str, query: Clause, size: int, sort: str) -> list[dict[str, Any]]:
    """Returns the sources of the first `size` documents; `sort` is `field:order`. Raises the client's errors."""
    answer = client.search(index=index, query=query, size=size, sort=sort, track_total_hits=False)
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def iterate_documents(client: Elasticsearch, index: str, query: Clause, sort: str) -> Iterator[dict[str, Any]]:
    """Yields the sources of all documents, sorted by the field `sort`, which must be unique."""
    return (hit["_source"] for hit in iterate_hits(client, index, query, [sort], PAGE_DOCUMENTS))

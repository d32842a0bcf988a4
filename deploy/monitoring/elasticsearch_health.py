"""What the monitor asks of Elasticsearch: sizes and freshness of what is behind the aliases, its own state, feeds."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch

from deploy.server_errors import handle_elasticsearch_errors
from schemas.elasticsearch.indices import FAMILIES, FEEDS
from schemas.metrics import Key

WRITTEN_AT = {
    "articles": "indexed_at",
    "claims": "indexed_at",
    "figures": "indexed_at",
    "ledger": "written_at",
    "dead-letters": "failed_at",
    "feeds": "polled_at",
    "health": "at",
}
"""The field of each family that says when a document was written."""

LEVELS = {"green": 0, "yellow": 1, "red": 2}

FEED_STATES: dict[str, dict[str, Any]] = {
    "failing": {"range": {"failures": {"gt": 0}}},
    "silent": {"bool": {"must": {"term": {"silent": True}}, "must_not": {"range": {"failures": {"gt": 0}}}}},
}
"""Queries for the feeds in these states; the others are `ok`."""

Values = dict[Key, float]


def elasticsearch_health(client: Elasticsearch, now: datetime) -> Values:
    """The metrics of aliases, cluster, nodes and feeds.

    Raises `Retryable` where Elasticsearch does not answer, `Permanent` where it refuses or an alias is not there.
    """
    questions: tuple[Callable[[], Values], ...] = (
        lambda: cluster(client), lambda: nodes(client), lambda: sizes(client), lambda: freshness(client, now),
        lambda: feeds(client),
    )  # fmt: skip
    values: Values = {}
    with handle_elasticsearch_errors("report its health"):
        for question in questions:
            values |= question()
    return values


def cluster(client: Elasticsearch) -> Values:
    """The health of the cluster as a number."""
    return {("newsclaims_elasticsearch_health", ()): LEVELS[client.cluster.health()["status"]]}


def nodes(client: Elasticsearch) -> Values:
    """Heap and disk of the fullest node, and what all nodes rejected since they started."""
    found = client.nodes.stats(metric="jvm,fs,thread_pool,indexing_pressure")["nodes"].values()
    memory = [node["jvm"]["mem"] for node in found]
    return {
        ("newsclaims_elasticsearch_heap_share", ()): max(
            heap["heap_used_in_bytes"] / heap["heap_max_in_bytes"] for heap in memory
        ),
        ("newsclaims_elasticsearch_free_bytes", ()): min(node["fs"]["total"]["available_in_bytes"] for node in found),
        ("newsclaims_elasticsearch_rejected_total", ()): sum(rejections(node) for node in found),
    }


def rejections(node: dict[str, Any]) -> int:
    """Writes that a node rejected: its queue was full, or too many bytes were under way."""
    queued = node["thread_pool"].get("write", {}).get("rejected", 0)
    pressure = node.get("indexing_pressure", {}).get("memory", {}).get("total", {})
    kinds = ("coordinating_rejections", "primary_rejections", "replica_rejections")
    return int(queued + sum(pressure.get(kind, 0) for kind in kinds))


def sizes(client: Elasticsearch) -> Values:
    """Documents (without copies) and bytes on disk (with copies) behind each alias."""
    values: Values = {}
    for alias in FAMILIES:
        found = client.indices.stats(index=alias, metric="docs,store")["_all"]
        values["newsclaims_index_documents", (alias,)] = found["primaries"]["docs"]["count"]
        values["newsclaims_index_bytes", (alias,)] = found["total"]["store"]["size_in_bytes"]
    return values


def freshness(client: Elasticsearch, now: datetime) -> Values:
    """Time since the newest document was written, for each alias that has one."""
    values: Values = {}
    for alias, field in WRITTEN_AT.items():
        answer = client.search(
            index=alias, size=0, track_total_hits=False, aggs={"newest": {"max": {"field": field}}}
        )  # fmt: skip
        newest = answer["aggregations"]["newest"]["value"]
        if newest is not None:
            values["newsclaims_index_freshness_seconds", (alias,)] = max(0.0, now.timestamp() - newest / 1000)
    return values


def feeds(client: Elasticsearch) -> Values:
    """How many feeds are in which state; one that fails is not counted as silent, too."""
    answer = client.search(
        index=FEEDS.name, size=0, aggs={"states": {"filters": {"filters": FEED_STATES, "other_bucket_key": "ok"}}}
    )  # fmt: skip
    buckets = answer["aggregations"]["states"]["buckets"]
    return {("newsclaims_feeds", (state,)): bucket["doc_count"] for state, bucket in buckets.items()}

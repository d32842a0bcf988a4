"""Elasticsearch's metrics for the monitor: size and freshness behind each alias, the cluster, feeds and passes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch

from deploy.assertions.refreshing import read_state
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
"""The field of each family with the time at which a document was written."""

LEVELS = {"green": 0, "yellow": 1, "red": 2}
"""The health of a cluster as a number."""

FEED_STATES: dict[str, dict[str, Any]] = {
    "failing": {"range": {"failures": {"gt": 0}}},
    "silent": {"bool": {"must": {"term": {"silent": True}}, "must_not": {"range": {"failures": {"gt": 0}}}}},
}
"""Queries for the feeds in these states. All other feeds are `ok`."""

Values = dict[Key, float]


def measure_elasticsearch(client: Elasticsearch, now: datetime) -> Values:
    """Returns the metrics of aliases, cluster, nodes, feeds and passes.

    Raises `Retryable` if Elasticsearch does not answer, and `Permanent` if it refuses or an alias is missing.
    """
    measurements: tuple[Callable[[], Values], ...] = (
        lambda: measure_cluster(client), lambda: measure_nodes(client), lambda: measure_sizes(client),
        lambda: measure_freshness(client, now), lambda: count_feeds(client), lambda: measure_passes(client, now),
    )  # fmt: skip
    values: Values = {}
    with handle_elasticsearch_errors("report its health"):
        for measure in measurements:
            values |= measure()
    return values


def measure_cluster(client: Elasticsearch) -> Values:
    """Returns the health of the cluster as a number."""
    return {("newsclaims_elasticsearch_health", ()): LEVELS[client.cluster.health()["status"]]}


def measure_nodes(client: Elasticsearch) -> Values:
    """Returns heap and disk of the fullest node, and what all nodes rejected since they started."""
    found = client.nodes.stats(metric="jvm,fs,thread_pool,indexing_pressure")["nodes"].values()
    memory = [node["jvm"]["mem"] for node in found]
    return {
        ("newsclaims_elasticsearch_heap_share", ()): max(
            heap["heap_used_in_bytes"] / heap["heap_max_in_bytes"] for heap in memory
        ),
        ("newsclaims_elasticsearch_free_bytes", ()): min(node["fs"]["total"]["available_in_bytes"] for node in found),
        ("newsclaims_elasticsearch_rejected_total", ()): sum(count_rejections(node) for node in found),
    }


def count_rejections(node: dict[str, Any]) -> int:
    """Returns how many writes a node rejected because its queue was full, or too many bytes were in flight."""
    queued = node["thread_pool"].get("write", {}).get("rejected", 0)
    pressure = node.get("indexing_pressure", {}).get("memory", {}).get("total", {})
    kinds = ("coordinating_rejections", "primary_rejections", "replica_rejections")
    return int(queued + sum(pressure.get(kind, 0) for kind in kinds))


def measure_sizes(client: Elasticsearch) -> Values:
    """Returns documents (without replicas) and bytes on disk (with replicas) behind each alias."""
    values: Values = {}
    for alias in FAMILIES:
        found = client.indices.stats(index=alias, metric="docs,store")["_all"]
        values["newsclaims_index_documents", (alias,)] = found["primaries"]["docs"]["count"]
        values["newsclaims_index_bytes", (alias,)] = found["total"]["store"]["size_in_bytes"]
    return values


def measure_freshness(client: Elasticsearch, now: datetime) -> Values:
    """Returns the seconds since the newest document was written, for each alias that has documents."""
    values: Values = {}
    for alias, field in WRITTEN_AT.items():
        answer = client.search(
            index=alias, size=0, track_total_hits=False, aggs={"newest": {"max": {"field": field}}}
        )  # fmt: skip
        newest = answer["aggregations"]["newest"]["value"]
        if newest is not None:
            values["newsclaims_index_freshness_seconds", (alias,)] = max(0.0, now.timestamp() - newest / 1000)
    return values


def count_feeds(client: Elasticsearch) -> Values:
    """Counts the feeds in each state. A feed that fails does not also count as silent."""
    answer = client.search(
        index=FEEDS.name, size=0, aggs={"states": {"filters": {"filters": FEED_STATES, "other_bucket_key": "ok"}}}
    )  # fmt: skip
    buckets = answer["aggregations"]["states"]["buckets"]
    return {("newsclaims_feeds", (state,)): bucket["doc_count"] for state, bucket in buckets.items()}


def measure_passes(client: Elasticsearch, now: datetime) -> Values:
    """Returns the seconds since the last pass over the assertions began that succeeded; nothing if none has."""
    state = read_state(client)
    return {("newsclaims_assertions_age_seconds", ()): max(0.0, (now - state.at).total_seconds())} if state else {}

"""Reads all hits or all groups of a search, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

Order = str | Mapping[str, str]
"""A field to sort by, or a field with `asc` or `desc`."""


def iterate_hits(
    client: Elasticsearch, index: str, query: Mapping[str, Any], sort: Sequence[Order], size: int, **options: Any
) -> Iterator[Mapping[str, Any]]:
    """Yields all hits in the order of some fields, the last of which no two documents share.

    `size` are the hits of one answer; Elasticsearch returns 10,000 at most. Raises the client's errors.
    """
    after: dict[str, Any] = {}
    while True:
        hits = client.search(
            index=index, query=query, size=size, sort=list(sort), track_total_hits=False, **options, **after
        )["hits"]["hits"]
        yield from hits
        if len(hits) < size:
            return
        after = {"search_after": hits[-1]["sort"]}


def iterate_buckets(
    client: Elasticsearch,
    index: str,
    query: Mapping[str, Any],
    sources: Mapping[str, Mapping[str, Any]],
    size: int,
    aggs: Mapping[str, Any] | None = None,
    **options: Any,
) -> Iterator[dict[str, Any]]:
    """Yields a bucket for each combination of values of the `sources`, with `aggs` computed.

    A source is the body of a `terms` source of a composite aggregation, such as `{"field": "feed"}`. The `key` of a
    bucket has the values by the names of the sources. `size` are the buckets of one answer. Raises the client's errors.
    """
    composite: dict[str, Any] = {
        "size": size,
        "sources": [{name: {"terms": dict(source)}} for name, source in sources.items()],
    }
    while True:
        groups = {"groups": {"composite": composite, "aggs": aggs or {}}}
        answer = client.search(index=index, size=0, query=query, aggs=groups, track_total_hits=False, **options)
        page = answer["aggregations"]["groups"]
        yield from page["buckets"]
        if len(page["buckets"]) < size:
            return
        composite |= {"after": page["after_key"]}

"""Removes the ledger entries of buckets that are dropped, so that the ledger does not grow without end.

The job writes nothing into a bucket that is beyond its limit (`pipelines.io.elasticsearch.ledger`), so an old article
that is delivered again does not come back without its entry.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.helpers import scan, streaming_bulk

from schemas.elasticsearch.indices import LEDGER
from schemas.errors import Retryable

MAX_BUCKETS: Final = 10_000
"""More than there are: a month each, and a year each before that."""

AT_ONCE: Final = 2_000

ALREADY_DONE: Final = (404, 409)
"""Statuses of a deletion that has nothing to do: the entry is gone, or a job has written a newer one."""


def count_entries(client: Elasticsearch, generation: int) -> dict[str, int]:
    """Returns the number of ledger entries in each bucket. Empty if the generation has no ledger."""
    index = LEDGER.index("", generation)
    try:
        client.indices.refresh(index=index)
    except NotFoundError:
        return {}
    terms = {"terms": {"field": "bucket", "size": MAX_BUCKETS}}
    found = client.search(index=index, size=0, track_total_hits=False, aggs={"buckets": terms})
    return {each["key"]: each["doc_count"] for each in found["aggregations"]["buckets"]["buckets"]}


def find_left_over(
    entries: dict[str, int], stored: Collection[str], is_expired: Callable[[str], bool]
) -> dict[str, int]:
    """Returns those buckets of the ledger that are beyond every limit and of which no index is left."""
    return {bucket: count for bucket, count in entries.items() if bucket not in stored and is_expired(bucket)}


def delete_entries(client: Elasticsearch, generation: int, bucket: str) -> int:
    """Deletes the entries of a bucket, and returns how many. An entry that a job has renewed meanwhile stays.

    Raises `Retryable` if Elasticsearch does not delete one.
    """
    deleted = 0
    for ok, item in streaming_bulk(
        client, make_deletions(client, generation, bucket), chunk_size=AT_ONCE, raise_on_error=False
    ):
        outcome = item["delete"]
        if not ok and outcome["status"] not in ALREADY_DONE:
            raise Retryable(f"Elasticsearch did not delete entries of the ledger ({outcome.get('error')}): try again")
        deleted += ok
    return deleted


def make_deletions(client: Elasticsearch, generation: int, bucket: str) -> Iterator[dict[str, Any]]:
    """Yields a deletion for each entry, at the revision that it has now: it fails if there is a newer one."""
    query = {"query": {"term": {"bucket": bucket}}, "_source": ["revision"]}
    for hit in scan(client, index=LEDGER.index("", generation), query=query, size=AT_ONCE):
        yield {
            "_op_type": "delete",
            "_index": hit["_index"],
            "_id": hit["_id"],
            "version": hit["_source"]["revision"],
            "version_type": "external_gte",
        }

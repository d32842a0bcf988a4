"""Replaces an index of health samples by a thinned copy.

The copy is invisible until it is complete: its alias has a filter that matches nothing. Then one request makes it
visible and removes the old index, so that no chart ever shows samples twice, or none. A copy that an interrupted run
left is made again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.helpers import bulk, scan

from deploy.retention.stored import StoredIndex
from deploy.retention.thinning import STEPS, Sample, ThinningStep, find_step, thin
from schemas.elasticsearch.indices import HEALTH
from schemas.elasticsearch.names import STEP_SEPARATOR

CHUNK: Final = timedelta(hours=1)
"""Samples of this time are thinned at once: a multiple of every step, and some 100,000 samples at most."""

AT_ONCE: Final = 2_000
HIDDEN: Final[dict[str, Any]] = {"match_none": {}}
"""The filter of the alias of a copy that is not complete."""


@dataclass(frozen=True, slots=True)
class Thinning:
    """An index that is thinned. `after` is its number of samples afterwards, None in a dry run."""

    index: str
    copy: str
    before: int
    after: int | None = None


def plan_thinning(found: Sequence[StoredIndex], now: datetime) -> list[tuple[StoredIndex, ThinningStep]]:
    """Returns the indices of health samples that are due for a coarser step, with that step."""
    names = [step.name for step in STEPS]
    due = []
    for each in found:
        step = find_step(each.end, now) if each.family == HEALTH.name and each.is_live and each.documents else None
        if step and (each.step not in names or names.index(each.step) < names.index(step.name)):
            due.append((each, step))
    return due


def name_copy(found: StoredIndex, step: ThinningStep) -> str:
    """Returns the name of the thinned copy of an index."""
    return HEALTH.index(f"{found.bucket}{STEP_SEPARATOR}{step.name}", found.generation)


def thin_index(client: Elasticsearch, found: StoredIndex, step: ThinningStep) -> Thinning:
    """Makes the copy, and puts it in the place of the index. Raises the client's errors."""
    copy = name_copy(found, step)
    if is_hidden(client, copy):
        client.indices.delete(index=copy)
    if not client.indices.exists(index=copy):
        client.indices.create(index=copy, aliases={HEALTH.name: {"filter": HIDDEN}})
    client.indices.refresh(index=found.index)
    for since in find_chunks(client, found.index):
        kept = thin(read_samples(client, found.index, since), step)
        actions = ({"_index": copy, "_id": id, "_source": sample} for id, sample in kept.items())
        bulk(client, actions, chunk_size=AT_ONCE)
    client.indices.refresh(index=copy)
    show = {"add": {"index": copy, "alias": HEALTH.name}}
    client.indices.update_aliases(actions=[show, {"remove_index": {"index": found.index}}])
    return Thinning(found.index, copy, found.documents, client.count(index=copy)["count"])


def is_hidden(client: Elasticsearch, index: str) -> bool:
    """Returns whether an index is a copy that is not complete."""
    try:
        aliases = client.indices.get_alias(index=index)[index]["aliases"]
    except NotFoundError:
        return False
    return bool(aliases.get(HEALTH.name, {}).get("filter"))


def find_chunks(client: Elasticsearch, index: str) -> Iterator[datetime]:
    """Yields the beginnings of all hours that have samples."""
    hours = {"date_histogram": {"field": "at", "fixed_interval": "1h", "min_doc_count": 1}}
    found = client.search(index=index, size=0, track_total_hits=False, aggs={"hours": hours})
    for bucket in found["aggregations"]["hours"]["buckets"]:
        yield datetime.fromtimestamp(bucket["key"] / 1000, UTC)


def read_samples(client: Elasticsearch, index: str, since: datetime) -> Iterator[Sample]:
    """Yields the samples of an hour."""
    span = {"gte": since.isoformat(), "lt": (since + CHUNK).isoformat()}
    for hit in scan(client, index=index, query={"query": {"range": {"at": span}}}, size=AT_ONCE):
        yield hit["_source"]

"""What is stored: the indices that retention may drop, with their documents, sizes and lifecycle policies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from schemas.elasticsearch.indices import ARTICLE_FAMILIES, FAMILIES
from schemas.elasticsearch.names import parse_index

BUCKETED: Final = tuple(name for name, family in FAMILIES.items() if family.bucketed)
"""Families whose indices may be dropped."""

PUBLISHED_AT: Final = "published_at"


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """An index with a bucket. `size` is in bytes, with replicas.

    `is_live` is whether searches read it through the alias of its family. `policy` is the lifecycle policy of the
    server that manages it, empty if there is none. `step` is set if its samples are thinned.
    """

    index: str
    family: str
    generation: int
    bucket: str
    end: datetime
    documents: int
    size: int
    is_live: bool = True
    policy: str = ""
    step: str = ""


def list_indices(client: Elasticsearch) -> list[StoredIndex]:
    """Returns all indices with buckets, of every generation, in the order of families and buckets.

    Indices whose names are not ours are left out. Raises the client's errors.
    """
    patterns = ",".join(f"{family}-g*" for family in BUCKETED)
    options: dict[str, Any] = {"index": patterns, "ignore_unavailable": True, "allow_no_indices": True}
    sizes = client.indices.stats(
        index=patterns, metric="docs,store",
        filter_path="indices.*.primaries.docs.count,indices.*.total.store.size_in_bytes",
    ).get("indices", {})  # fmt: skip
    policies = client.indices.get_settings(**options, name="index.lifecycle.name", flat_settings=True)
    aliases = client.indices.get_alias(**options)
    found = []
    for index, size in sizes.items():
        name = parse_index(index)
        if name is None or name.end is None:
            continue
        found.append(
            StoredIndex(
                index=index,
                family=name.family.name,
                generation=name.generation,
                bucket=name.bucket,
                end=name.end,
                documents=size["primaries"]["docs"]["count"],
                size=size["total"]["store"]["size_in_bytes"],
                is_live=name.family.name in aliases.get(index, {}).get("aliases", {}),
                policy=policies.get(index, {}).get("settings", {}).get("index.lifecycle.name", ""),
                step=name.step,
            )
        )
    return sorted(found, key=lambda each: (BUCKETED.index(each.family), each.end, each.index))


def find_newest(client: Elasticsearch, index: str) -> datetime | None:
    """Returns the latest time of publication in an index of articles, claims or figures; None without documents.

    The bucket of an article is fixed at its first write. A later revision may have a later time.
    """
    answer = client.search(index=index, size=0, aggs={"newest": {"max": {"field": PUBLISHED_AT}}}, request_cache=False)
    text = answer["aggregations"]["newest"].get("value_as_string")
    return datetime.fromisoformat(text) if text else None


def is_of_articles(found: StoredIndex) -> bool:
    """Returns whether the index has what is made from articles."""
    return found.family in ARTICLE_FAMILIES

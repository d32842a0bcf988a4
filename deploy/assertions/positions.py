"""How far the indices have been read: the sequence numbers that Elasticsearch gives to the writes of each shard.

Any write gives a document a new number, also one that leaves `indexed_at` as it was. So a pass finds what was written
since the last one, by any program. A deletion leaves no document: the ledger says which articles have changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch

from deploy.searches.paging import iterate_buckets
from schemas.elasticsearch.assertions import PassState

PAGE = 1_000
"""Values in one answer."""


@dataclass(frozen=True)
class Positions:
    """The last sequence number of each shard of each index, and Elasticsearch's ids of the indices."""

    numbers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    index_ids: Mapping[str, str] = field(default_factory=dict)

    def continues(self, state: PassState) -> bool:
        """Returns whether these are the indices that an earlier pass read, with new ones at most.

        An index that was dropped, restored or replaced, or has other shards, cannot be continued.
        """
        return all(
            self.index_ids.get(index) == id and self.numbers[index].keys() == state.positions[index].keys()
            for index, id in state.index_ids.items()
        )

    def count_writes(self, before: Mapping[str, Mapping[str, int]], family: str) -> int:
        """Returns how many writes to the indices of a family came after some positions."""
        return sum(last - first for _, _, first, last in find_ranges(self, before, family))


def read_positions(client: Elasticsearch, aliases: str) -> Positions:
    """Reads the positions of all indices behind some aliases. What is written later has higher numbers."""
    found = client.indices.stats(index=aliases, level="shards", metric="docs")["indices"]
    numbers = {
        index: {
            number: next(copy["seq_no"]["global_checkpoint"] for copy in copies if copy["routing"]["primary"])
            for number, copies in stats["shards"].items()
        }
        for index, stats in found.items()
    }
    return Positions(numbers, {index: stats["uuid"] for index, stats in found.items()})


def find_ranges(
    now: Positions, before: Mapping[str, Mapping[str, int]], family: str
) -> Iterator[tuple[str, str, int, int]]:
    """Yields each shard of a family in which something was written: index, shard, and the numbers before and now."""
    for index, shards in now.numbers.items():
        if index.startswith(f"{family}-g"):
            for shard, last in shards.items():
                first = before.get(index, {}).get(shard, -1)
                if last > first:
                    yield index, shard, first, last


def find_changed(
    client: Elasticsearch, now: Positions, before: Mapping[str, Mapping[str, int]], family: str, name: str
) -> Iterator[str]:
    """Yields the values of a keyword in the documents of a family that were written between two positions.

    What is to be found must be refreshed. A value may occur several times.
    """
    for index, shard, first, last in find_ranges(now, before, family):
        query = {"range": {"_seq_no": {"gt": first, "lte": last}}}
        yield from list_values(client, index, query, name, preference=f"_shards:{shard}")


def list_values(
    client: Elasticsearch, index: str, query: Mapping[str, Any], name: str, **options: Any
) -> Iterator[str]:
    """Yields each value of a keyword in the documents that match."""
    buckets = iterate_buckets(client, index, query, {"value": {"field": name}}, PAGE, **options)
    return (bucket["key"]["value"] for bucket in buckets)

"""The indices, their names, and the templates that create them.

An index is `<family>-g<generation>-<bucket>`, such as `claims-g1-2024.10`, and is read through the alias with the name
of the family. `newsclaims reprocess` builds the next generation of articles, claims, figures and ledger next to the
live one; the index `generations` says which are written, and which is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from schemas.elasticsearch.aliases import ClaimantAlias
from schemas.elasticsearch.assertions import Assertion, PassState
from schemas.elasticsearch.mapping import mapping, mapping_hash
from schemas.elasticsearch.marks import ClaimMark
from schemas.elasticsearch.replays import Replay
from schemas.elasticsearch.takedowns import Takedown
from schemas.operations.records import FeedHealth, HealthSample
from schemas.records import Article, Claim, DeadLetter, Figure, GenerationState, LedgerEntry

GENERATION = 1
"""The first generation, and that of all families that are never processed again."""

TEMPLATE_PRIORITY = 200
"""Higher than that of the templates that are part of Elasticsearch (100 and less)."""

FIELD_LIMIT = 300
"""The largest record has about 60 fields. With strict mappings, only a mistake can come near this limit."""


@dataclass(frozen=True)
class Family:
    """The indices of one record. `name` is the alias that searches use.

    `bucketed` is whether documents are spread over indices by time; `stamped` is whether the sink sets `indexed_at`;
    `reprocessed` is whether `newsclaims reprocess` makes it again, so that it can have more than one generation;
    `is_live` is whether the alias has the indices of this `generation`.
    """

    name: str
    record: type[msgspec.Struct]
    bucketed: bool = True
    stamped: bool = False
    reprocessed: bool = False
    generation: int = GENERATION
    is_live: bool = True

    def at(self, generation: int, is_live: bool = True) -> "Family":
        """Returns the family in another generation, which is behind the alias or not."""
        return replace(self, generation=generation, is_live=is_live)

    @property
    def template(self) -> str:
        """The name of the index template."""
        more = "" if self.generation == GENERATION else f"-g{self.generation}"
        return f"newsclaims-{self.name}{more}"

    @property
    def pattern(self) -> str:
        """The pattern of every index of this generation."""
        return f"{self.name}-g{self.generation}-*" if self.bucketed else self.index("")

    def index(self, bucket: str, generation: int | None = None) -> str:
        """Returns the index of a bucket. A family without buckets has one index, whatever the bucket.

        Pass the generation for a family that is `reprocessed`: see `pipelines.io.elasticsearch.generations`.
        """
        stem = f"{self.name}-g{generation or self.generation}"
        return f"{stem}-{bucket}" if self.bucketed else stem

    def mapping(self) -> dict[str, Any]:
        """Returns the mapping, with its hash in `_meta`."""
        mapped = mapping(self.record)
        return {**mapped, "_meta": {"mapping_hash": mapping_hash(mapped), "record": self.record.__name__}}


FAMILIES = {
    family.name: family
    for family in (
        Family("articles", Article, stamped=True, reprocessed=True),
        Family("claims", Claim, stamped=True, reprocessed=True),
        Family("figures", Figure, stamped=True, reprocessed=True),
        Family("ledger", LedgerEntry, bucketed=False, reprocessed=True),
        Family("generations", GenerationState, bucketed=False),
        Family("takedowns", Takedown, bucketed=False),
        Family("dead-letters", DeadLetter),
        Family("replays", Replay, bucketed=False),
        Family("marks", ClaimMark, bucketed=False),
        Family("aliases", ClaimantAlias, bucketed=False),
        Family("assertions", Assertion, bucketed=False),
        Family("passes", PassState, bucketed=False),
        Family("feeds", FeedHealth, bucketed=False),
        Family("health", HealthSample),
    )
}

LEDGER = FAMILIES["ledger"]
GENERATIONS = FAMILIES["generations"]
TAKEDOWNS = FAMILIES["takedowns"]
DEAD_LETTERS = FAMILIES["dead-letters"]
REPLAYS = FAMILIES["replays"]
MARKS = FAMILIES["marks"]
ALIASES = FAMILIES["aliases"]
ASSERTIONS = FAMILIES["assertions"]
PASSES = FAMILIES["passes"]
FEEDS = FAMILIES["feeds"]
HEALTH = FAMILIES["health"]


ARTICLE_FAMILIES = ("articles", "claims", "figures")
"""Families of what is made from one article: all of it is in the bucket of the article."""

DEFAULT_SETTINGS = {"number_of_shards": "1", "number_of_replicas": "0", "refresh_interval": "1s"}
"""The settings of an index on a single node, unless `indices.yaml` says otherwise."""


def template(family: Family, settings: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Returns the composable index template of a family, for `PUT _index_template`.

    `settings` are those of the indices: shards, replicas and the refresh interval. `_meta` keeps them too, so that the
    next `newsclaims init` can tell them from an operator's.
    """
    given = dict(settings or DEFAULT_SETTINGS)
    limit = str(FIELD_LIMIT)
    own = {**given, "mapping": {"total_fields": {"limit": limit}}}
    return {
        "index_patterns": [family.pattern],
        "priority": TEMPLATE_PRIORITY,
        "template": {
            "settings": {"index": own},
            "mappings": family.mapping(),
            "aliases": {family.name: {}} if family.is_live else {},
        },
        "_meta": {
            "mapping_hash": mapping_hash(mapping(family.record)),
            "managed_by": "newsclaims init",
            "settings": {**given, "mapping.total_fields.limit": limit},
        },
    }

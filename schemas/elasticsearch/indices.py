"""Which indices there are, how they are named, and the templates that make them.

An index is `<family>-g<generation>-<bucket>`, as `claims-g1-2024.10`, read through the alias of the family's name. The
generation counts mappings that could not be changed in place.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from schemas.elasticsearch.mapping import mapping, mapping_hash
from schemas.records import Article, Claim, DeadLetter, FeedHealth, Figure, HealthSample, LedgerEntry

GENERATION = 1

TEMPLATE_PRIORITY = 200
"""Above the templates that Elasticsearch brings along (100 and less)."""

FIELD_LIMIT = 300
"""The largest record has about 60 fields; with strict mappings only a mistake can come near."""


@dataclass(frozen=True)
class Family:
    """Indices of one record: `name` is the alias that searches use.

    `bucketed` says whether documents are spread over indices by time; `stamped` whether the sink sets `indexed_at`.
    """

    name: str
    record: type[msgspec.Struct]
    bucketed: bool = True
    stamped: bool = False

    @property
    def template(self) -> str:
        """Name of the index template."""
        return f"newsclaims-{self.name}"

    @property
    def pattern(self) -> str:
        """Every index of this generation."""
        return f"{self.name}-g{GENERATION}-*" if self.bucketed else self.index("")

    def index(self, bucket: str) -> str:
        """The index of a bucket; a family without buckets has one index, whatever the bucket."""
        stem = f"{self.name}-g{GENERATION}"
        return f"{stem}-{bucket}" if self.bucketed else stem

    def mapping(self) -> dict[str, Any]:
        """The mapping, with its hash under `_meta`."""
        mapped = mapping(self.record)
        return {**mapped, "_meta": {"mapping_hash": mapping_hash(mapped), "record": self.record.__name__}}


FAMILIES = {
    family.name: family
    for family in (
        Family("articles", Article, stamped=True),
        Family("claims", Claim, stamped=True),
        Family("figures", Figure, stamped=True),
        Family("ledger", LedgerEntry, bucketed=False),
        Family("dead-letters", DeadLetter),
        Family("feeds", FeedHealth, bucketed=False),
        Family("health", HealthSample),
    )
}

LEDGER = FAMILIES["ledger"]
DEAD_LETTERS = FAMILIES["dead-letters"]
FEEDS = FAMILIES["feeds"]
HEALTH = FAMILIES["health"]


def template(family: Family, replicas: int = 0, refresh_interval: str = "1s") -> dict[str, Any]:
    """The composable index template of a family, as `PUT _index_template` takes it.

    `replicas` is 0 for a single node; a cluster wants 1. `refresh_interval` is how soon a write is searchable.
    """
    return {
        "index_patterns": [family.pattern],
        "priority": TEMPLATE_PRIORITY,
        "template": {
            "settings": {
                "index": {
                    "number_of_shards": "1",
                    "number_of_replicas": str(replicas),
                    "refresh_interval": refresh_interval,
                    "mapping": {"total_fields": {"limit": str(FIELD_LIMIT)}},
                }
            },
            "mappings": family.mapping(),
            "aliases": {family.name: {}},
        },
        "_meta": {"mapping_hash": mapping_hash(mapping(family.record)), "managed_by": "newsclaims init"},
    }


def bucket(published_at: datetime, now: datetime) -> str:
    """The bucket of a publication time: its month within two years of `now`, its year before that.

    Give the time of the fetch as `now`: then a redelivery, whenever it comes, names the same bucket.
    """
    published, recent = published_at.astimezone(UTC), now.astimezone(UTC)
    months = (recent.year - published.year) * 12 + recent.month - published.month
    return month(published) if months <= 24 else f"{published.year:04}"


def month(moment: datetime) -> str:
    """The bucket of a month, as `2024.10`."""
    moment = moment.astimezone(UTC)
    return f"{moment.year:04}.{moment.month:02}"

"""Reads the stored decisions about claimants."""

from typing import Any

from pipelines.grouping.claimants.aliases import Aliases, read_aliases
from pipelines.io.elasticsearch.bulk import BulkSender, IndexSearch
from schemas.elasticsearch.indices import ALIASES

MOST_ALIASES = 10_000
"""Decisions that are read, as many as one search returns; the newest count."""


def load_aliases(sender: BulkSender) -> Aliases:
    """Reads the stored decisions. Raises as `BulkSender.search`."""
    return read_aliases(read_decisions(sender))


def read_decisions(sender: BulkSender) -> list[dict[str, Any]]:
    """Returns the stored decisions, the oldest first. Raises as `BulkSender.search`."""
    search = IndexSearch((ALIASES.index(""),), {"size": MOST_ALIASES, "sort": [{"at": "desc"}]})
    (hits,) = sender.search([search])
    return [hit["_source"] for hit in reversed(hits)]

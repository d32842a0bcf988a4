"""Stored decisions are read in one search, and the newest about a claimant counts."""

from collections.abc import Sequence
from typing import Any

from pipelines.grouping.stored_aliases import load_aliases
from pipelines.io.elasticsearch.bulk import BulkSender, IndexSearch
from schemas.elasticsearch.indices import ALIASES


class Sender(BulkSender):
    """Answers one search with decisions, the newest first."""

    def __init__(self) -> None:
        self.asked: list[IndexSearch] = []

    def search(self, searches: Sequence[IndexSearch]) -> list[list[Any]]:
        self.asked += searches
        newest = {"decision": "merge", "from_id": "a", "to_id": "c", "to_name": "C"}
        return [
            [{"_source": each} for each in (newest, newest | {"to_id": "b"}, {"decision": "split", "form": "The Pier"})]
        ]


def test_newest_decision_counts() -> None:
    sender = Sender()
    found = load_aliases(sender)
    assert found.merges["a"].id == "c"
    assert found.splits == {"pier"}
    assert [each.indices for each in sender.asked] == [(ALIASES.index(""),)]

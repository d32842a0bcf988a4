"""Reads back all documents that the sink wrote for an article, by the ids in the ledger, even before a refresh."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.ledger import CHILD_FIELDS, read_entries
from schemas.elasticsearch.indices import FAMILIES, LEDGER
from schemas.records import LedgerEntry

Source = dict[str, Any]
"""A document as Elasticsearch stores it."""

ARTICLES = "articles"
AT_ONCE = 1_000
"""Documents in one read: some megabytes."""


@dataclass(frozen=True, slots=True)
class StoredSet:
    """The documents of an article by family and id, with the ledger entry that names them."""

    entry: LedgerEntry
    documents: dict[str, dict[str, Source]]

    @property
    def article(self) -> Source:
        """The article's own document."""
        return self.documents[ARTICLES][self.entry.article_id]

    def sources(self) -> Iterator[Source]:
        """Yields all documents."""
        for documents in self.documents.values():
            yield from documents.values()


def read_stored(sender: BulkSender, owners: Sequence[str], generation: int) -> list[StoredSet]:
    """Returns the sets of these articles in a generation, except those that are being written or are gone.

    Raises as `BulkSender`.
    """
    if not owners:
        return []
    entries = read_entries(sender.read(LEDGER.index("", generation), owners))
    documents = {
        family: read_family(sender, family, entries.values(), generation) for family in (ARTICLES, *CHILD_FIELDS)
    }
    return [found for entry in entries.values() if (found := collect_set(entry, documents))]


def list_ids(entry: LedgerEntry, family: str) -> tuple[str, ...]:
    """Returns the ids of the documents of one family that the entry names."""
    return (entry.article_id,) if family == ARTICLES else getattr(entry, CHILD_FIELDS[family])


def read_family(sender: BulkSender, family: str, entries: Iterable[LedgerEntry], generation: int) -> dict[str, Source]:
    """Returns the documents of one family that the entries name, by id."""
    by_bucket: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        by_bucket[entry.bucket] += list_ids(entry, family)
    found: dict[str, Source] = {}
    for bucket, ids in by_bucket.items():
        for first in range(0, len(ids), AT_ONCE):
            found |= sender.read(FAMILIES[family].index(bucket, generation), ids[first : first + AT_ONCE])
    return found


def collect_set(entry: LedgerEntry, documents: Mapping[str, Mapping[str, Source]]) -> StoredSet | None:
    """Returns the set of an entry; None if the article is missing, or if a document has another revision by now."""
    own = {
        family: {id: found[id] for id in list_ids(entry, family) if id in found} for family, found in documents.items()
    }
    stored = StoredSet(entry, own)
    if not own[ARTICLES] or any(source["revision"] > entry.revision for source in stored.sources()):
        return None
    return stored if stored.article["revision"] == entry.revision else None

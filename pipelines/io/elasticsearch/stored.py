"""Reads back what the sink wrote for an article: all its documents, by the ledger's ids, refreshed or not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.ledger import CHILD_FIELDS, read_entries
from schemas.elasticsearch.indices import FAMILIES, LEDGER
from schemas.records import LedgerEntry

Source = dict[str, Any]
"""A document as Elasticsearch holds it."""

ARTICLES = "articles"
AT_ONCE = 1_000
"""Documents of one read: some megabytes."""


@dataclass(frozen=True, slots=True)
class StoredSet:
    """An article's documents by family and id, with the ledger's entry that names them."""

    entry: LedgerEntry
    documents: dict[str, dict[str, Source]]

    @property
    def article(self) -> Source:
        """The article's own document."""
        return self.documents[ARTICLES][self.entry.article_id]

    def sources(self) -> Iterator[Source]:
        """All documents."""
        for documents in self.documents.values():
            yield from documents.values()


def read_stored(sender: BulkSender, owners: Sequence[str]) -> list[StoredSet]:
    """The sets of these articles, without those that are being written just now or are gone. Raises as `BulkSender`."""
    entries = read_entries(sender.read(LEDGER.index(""), owners))
    documents = {family: read_family(sender, family, entries.values()) for family in (ARTICLES, *CHILD_FIELDS)}
    return [found for entry in entries.values() if (found := collect_set(entry, documents))]


def list_ids(entry: LedgerEntry, family: str) -> tuple[str, ...]:
    """The ids of the documents of one family that the entry names."""
    return (entry.article_id,) if family == ARTICLES else getattr(entry, CHILD_FIELDS[family])


def read_family(sender: BulkSender, family: str, entries: Iterable[LedgerEntry]) -> dict[str, Source]:
    """The documents of one family that the entries name, by id."""
    by_bucket: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        by_bucket[entry.bucket] += list_ids(entry, family)
    found: dict[str, Source] = {}
    for bucket, ids in by_bucket.items():
        for first in range(0, len(ids), AT_ONCE):
            found |= sender.read(FAMILIES[family].index(bucket), ids[first : first + AT_ONCE])
    return found


def collect_set(entry: LedgerEntry, documents: Mapping[str, Mapping[str, Source]]) -> StoredSet | None:
    """The entry's set; None where the article is not there, or a document is not of the ledger's revision any more."""
    own = {
        family: {id: found[id] for id in list_ids(entry, family) if id in found} for family, found in documents.items()
    }
    stored = StoredSet(entry, own)
    if not own[ARTICLES] or any(source["revision"] > entry.revision for source in stored.sources()):
        return None
    return stored if stored.article["revision"] == entry.revision else None

"""Compares two generations by their ledgers, and brings over what the new one lacks."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from pipelines.groups import split_groups
from pipelines.io.elasticsearch.actions import delete
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.ledger import CHILD_FIELDS, read_entries
from pipelines.io.elasticsearch.stored import StoredSet, read_stored
from pipelines.io.elasticsearch.writer import BatchWriter
from pipelines.reprocess.progress import ProgressFile
from pipelines.transforms.retagging import copy_stored
from schemas.elasticsearch.indices import FAMILIES, LEDGER

_log = logging.getLogger(__name__)

AT_ONCE = 200
"""Articles that are compared together."""


@dataclass
class CopyResult:
    """What one comparison found: articles copied, left behind because today's rules no longer give them, and those
    that were being written."""

    copied: int = 0
    gone: int = 0
    busy: int = 0


@dataclass(frozen=True)
class GenerationPair:
    """What comparisons work with: clients, and the generations to read from and to write to."""

    client: Elasticsearch
    sender: BulkSender
    source: int
    target: int


def copy_missing(pair: GenerationPair, writer: BatchWriter, progress: ProgressFile) -> CopyResult:
    """Copies every article that the target lacks or has in an older revision, unless its raw article was read again.

    Raises as `BulkSender` and the client do.
    """
    result = CopyResult()
    for revisions in iterate_missing(pair):
        stored = {each.entry.article_id: each for each in read_stored(pair.sender, list(revisions), pair.source)}
        copies = []
        for article_id, is_new in revisions.items():
            if article_id not in stored:
                result.busy += 1
            elif is_new and is_gone(stored[article_id], progress):
                result.gone += 1
            else:
                copies.append(copy_stored(stored[article_id]))
        if copies:
            writer.write(copies)
            progress.note_written((each.owner_id, each.revision) for each in copies)
            result.copied += len(copies)
    return result


def iterate_missing(pair: GenerationPair) -> Iterator[dict[str, bool]]:
    """Yields groups of articles that the target lacks (True) or has in an older revision (False)."""
    for group in split_groups(iterate_ledger(pair.client, pair.source), AT_ONCE):
        revisions = dict(group)
        there = read_entries(pair.sender.read(LEDGER.index("", pair.target), list(revisions)))
        missing = {
            id: id not in there
            for id, revision in revisions.items()
            if id not in there or there[id].revision < revision
        }
        if missing:
            yield missing


def is_gone(stored: StoredSet, progress: ProgressFile) -> bool:
    """Whether the page or article was read again in this revision, and this article is not in it any more."""
    raw_id = stored.article.get("parent_id") or stored.entry.article_id
    return progress.was_read(raw_id, stored.entry.revision)


def iterate_ledger(client: Elasticsearch, generation: int) -> Iterator[tuple[str, int]]:
    """Yields all articles of a generation with their revisions."""
    index = LEDGER.index("", generation)
    client.indices.refresh(index=index)
    query = {"query": {"match_all": {}}, "_source": ["revision"], "sort": ["_doc"]}
    for hit in scan(client, index=index, query=query, size=1000, scroll="10m"):
        yield hit["_id"], hit["_source"]["revision"]


def remove_orphans(pair: GenerationPair, written: Iterable[tuple[str, int]]) -> int:
    """Deletes claims and figures of older revisions that the job could not know of when it wrote a newer one.

    Two processes write the target: the job writes revision 2 of an article and deletes the children of revision 1 that
    its ledger names; if revision 1 is written by the re-processing at that moment, its children would stay. `written`
    are the articles and revisions that the re-processing wrote. Returns the number of deletions.
    """
    removed = 0
    for group in split_groups(written, AT_ONCE):
        revisions = dict(group)
        there = read_entries(pair.sender.read(LEDGER.index("", pair.target), list(revisions)))
        newer = {id: entry for id, entry in there.items() if entry.revision > revisions[id]}
        for family in CHILD_FIELDS if newer else ():
            pattern = FAMILIES[family].at(pair.target).pattern
            pair.client.indices.refresh(index=pattern)
            query = {"query": {"terms": {"article_id": list(newer)}}, "_source": ["article_id", "revision"]}
            orphans = [
                delete(hit["_index"], hit["_id"], hit["_source"]["revision"])
                for hit in scan(pair.client, index=pattern, query=query, size=1000)
                if hit["_id"] not in getattr(newer[hit["_source"]["article_id"]], CHILD_FIELDS[family])
                and hit["_source"]["revision"] < newer[hit["_source"]["article_id"]].revision
            ]
            pair.sender.send(orphans)
            removed += len(orphans)
    return removed


def read_live_sources(sender: BulkSender, owners: Sequence[str], generation: int) -> dict[str, dict[str, Any]]:
    """Returns the documents that a generation has of these articles, by id and for each article."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for stored in read_stored(sender, owners, generation):
        for documents in stored.documents.values():
            found[stored.entry.article_id] |= documents
    return found

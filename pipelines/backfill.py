"""`newsclaims watches backfill`: gives indexed articles the watches of today, through the same sink.

A scan finds the articles. They, their claims and their figures are read by the ids of the ledger in realtime, so that
documents that are not refreshed yet are included. A set whose watches change is written again with its own revision: if
a running job writes a newer revision in the meantime, that one wins. Times such as `indexed_at` do not change, so that
nothing looks new.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from deploy.settings import Settings
from pipelines.connections import make_sink_topics, open_elasticsearch, open_publisher
from pipelines.groups import split_groups
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.generations import FixedGeneration, read_only_generation
from pipelines.io.elasticsearch.overtaking import PublishedDocuments, find_overtaken, list_published, publish_again
from pipelines.io.elasticsearch.stored import StoredSet, read_stored
from pipelines.io.elasticsearch.writer import BatchWriter
from pipelines.text.watches.matching import Watchlist
from pipelines.transforms.retagging import read_tags, retag
from schemas.errors import Permanent
from schemas.suggestions import suggest
from schemas.watches import Watch

ACTION = "backfill the watches"
REMEDY = "Finished articles stay done: run the backfill again"

BATCH = 100
"""Number of articles that are read and written together."""
SETTLE_SECONDS = 5.0
"""How long a running job may still use the old watches: a second until it checks the file, two for the current bundle,
and the time to write it."""


@dataclass(frozen=True)
class BackfillOrder:
    """What to backfill: all watches or those in `names`, in all articles or those published `since` then."""

    watchlist: Watchlist
    names: tuple[str, ...] = ()
    since: datetime | None = None
    dry_run: bool = False

    def query(self) -> dict[str, Any]:
        """Returns the query for the articles."""
        return {"range": {"published_at": {"gte": self.since.isoformat()}}} if self.since else {"match_all": {}}


def choose_names(watches: Sequence[Watch], names: Sequence[str], all_of_them: bool) -> tuple[str, ...]:
    """Returns the names to backfill, or none for all. Raises `Permanent` for an unknown name or no choice."""
    if all_of_them == bool(names):
        raise Permanent(
            "give the names of watches to backfill, or --all, which also removes the names of deleted watches"
        )
    known = [watch.name for watch in watches]
    for name in names:
        if name not in known:
            raise Permanent(
                f"no watch is named {name!r}: {suggest(name, known)}; --all removes the names of deleted watches"
            )
    return tuple(names)


@dataclass
class BackfillResult:
    """What a backfill did, or would do: articles read and changed, and claims that each watch gained and lost.

    `passed_over` are articles that a job was writing at the same time: it uses the watches of today.
    """

    articles: int = 0
    changed: int = 0
    claims: int = 0
    gained: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    passed_over: int = 0

    def count(self, stored: StoredSet, written: DocumentSet) -> None:
        """Counts a set that changes."""
        self.changed += 1
        tags = read_tags(stored)
        for document in written.documents:
            if document.family == "claims":
                before, after = set(tags[document.id]), set(msgspec.json.decode(document.source)["watches"])
                self.claims += before != after
                for counted, names in ((self.gained, after - before), (self.lost, before - after)):
                    counted.update({name: counted.get(name, 0) + 1 for name in names})

    def describe(self, dry_run: bool) -> str:
        """Returns the counts in words."""
        would = "would be " if dry_run else ""
        parts = [f"{self.articles:,} articles read, {self.changed:,} with {self.claims:,} claims {would}changed"]
        parts += [
            f"  {name}: {self.gained.get(name, 0):,} claims gained, {self.lost.get(name, 0):,} lost"
            for name in sorted(self.gained.keys() | self.lost.keys())
        ]
        if self.passed_over:
            parts.append(f"  {self.passed_over:,} were skipped: a job was writing them, with the watches of today")
        return "\n".join(parts)


def backfill(settings: Settings, order: BackfillOrder, progress: Callable[[int, int], None]) -> BackfillResult:
    """Gives indexed articles the watches of today. `progress` gets the number of articles done, and of all articles.

    Safe to repeat, and to run during a job. Raises `Retryable` if a server does not answer, and `Permanent` if the
    configuration is wrong or a document belongs to another release.
    """
    done = BackfillResult()
    with ExitStack() as stack:
        client = stack.enter_context(open_elasticsearch(settings, ACTION, REMEDY))
        publisher = None if order.dry_run else stack.enter_context(open_publisher(settings, ACTION))
        sender = BulkSender(client)
        generation = read_only_generation(
            sender,
            "a re-processing is not finished and gives articles the watches of today: see "
            "`newsclaims reprocess status`",
        )
        reader = IndexReader(client, sender, generation)
        if publisher is None:
            for _ in find_changes(reader, order, done, progress):
                pass
            return done
        published = make_sink_topics(settings.kafka.client_options())
        writer = BatchWriter(sender, publisher, published, FixedGeneration(generation))
        late: list[PublishedDocuments] = []
        for sets in find_changes(reader, order, done, progress):
            writer.write(sets)
            late += find_overtaken(sender, [list_published(each, "claims") for each in sets], generation)
        publish_again(sender, publisher, ("claims", published.families["claims"]), late, generation)
    return done


@dataclass(frozen=True)
class IndexReader:
    """What a backfill reads with: a client for searches, a sender for realtime reads, and the live generation."""

    client: Elasticsearch
    sender: BulkSender
    generation: int


def find_changes(
    reader: IndexReader, order: BackfillOrder, done: BackfillResult, progress: Callable[[int, int], None]
) -> Iterator[list[DocumentSet]]:
    """Yields the sets that change, batch by batch, and counts them in `done`."""
    client = reader.client
    client.indices.refresh(index="articles")
    total = int(client.count(index="articles", query=order.query())["count"])
    progress(0, total)
    for owners in split_groups(find_articles(client, order), BATCH):
        stored = read_stored(reader.sender, owners, reader.generation)
        done.articles += len(owners)
        done.passed_over += len(owners) - len(stored)
        sets = []
        for each in stored:
            if changed := retag(each, order.watchlist, order.names):
                done.count(each, changed)
                sets.append(changed)
        if sets:
            yield sets
        progress(done.articles, total)


def find_articles(client: Elasticsearch, order: BackfillOrder) -> Iterator[str]:
    """Yields the ids of the articles."""
    query = {"query": order.query(), "_source": False, "sort": ["_doc"]}
    yield from (hit["_id"] for hit in scan(client, index="articles", query=query, size=1000, scroll="10m"))


def wait_for_jobs(
    file: Path, now: Callable[[], float] = time.time, pause: Callable[[float], None] = time.sleep
) -> None:
    """Waits until running jobs use a file that was changed just now."""
    age = now() - file.stat().st_mtime
    if 0 <= age < SETTLE_SECONDS:
        pause(SETTLE_SECONDS - age)

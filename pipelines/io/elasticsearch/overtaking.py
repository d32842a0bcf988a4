"""Repairs what the slower of two writers leaves behind when it writes an older state of an article after the newer one.

In Elasticsearch the newer revision of a document wins by its version, but a claim that only the older revision has is
written. A compacted topic keeps the last message. Workers of one job cannot collide, because one partition has all
revisions of an article. A worker that was frozen in the middle of a request can, and a backfill next to a job. The job
indexes before it publishes: if the index has nothing newer after our messages are acknowledged, nothing newer was
published before them.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from pipelines import lifecycle
from pipelines.io.elasticsearch.actions import BulkAction, delete
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import WritePlan, list_children, list_known_children, read_entries
from pipelines.io.elasticsearch.stored import ARTICLES, Source, StoredSet, read_stored
from pipelines.io.kafka.publishing import OutgoingMessage, Publisher
from schemas.elasticsearch.indices import FAMILIES, LEDGER
from schemas.records import LedgerEntry

PATIENCE_SECONDS = 60.0
"""How long to wait for a job that is writing. If it died, it publishes again when its messages are redelivered."""
PAUSE_SECONDS = 0.5
LEDGER_SECONDS = 2.0
"""How long a job waits for the writer of a newer revision. If that one died, its message comes again and repairs it."""

Wait = Callable[[float], bool]
"""Waits for so many seconds, and returns whether to stop waiting."""


def wait_to_end(seconds: float) -> bool:
    """Waits also if the process is asked to stop."""
    time.sleep(seconds)
    return False


@dataclass(frozen=True, slots=True)
class LateSet:
    """A revision that was written, or may have been by a run that died, although another writer had written more."""

    plan: WritePlan
    found: DocumentSet
    entry: LedgerEntry

    def list_leftovers(self) -> Iterator[BulkAction]:
        """Yields the deletions of all its documents that the ledger does not have, in any bucket it may have."""
        kept = {(ARTICLES, self.entry.article_id), *list_known_children(self.entry)}
        for bucket in dict.fromkeys((self.plan.bucket, *(each.bucket for each in self.plan.revisions))):
            for family, id in ((ARTICLES, self.found.owner_id), *list_children(self.found)):
                if bucket != self.entry.bucket or (family, id) not in kept:
                    yield delete(FAMILIES[family].index(bucket, self.plan.generation), id, self.entry.revision)

    def list_published(self, family: str) -> "PublishedDocuments":
        """Returns what was published of it."""
        ids = tuple(document.id for document in self.found.documents if document.family == family)
        return PublishedDocuments(self.found.owner_id, self.entry.bucket, self.found.revision, ids)


def find_late(
    sender: BulkSender, plans: Sequence[WritePlan], wait: Wait = lifecycle.stop_requested.wait
) -> list[LateSet]:
    """Returns the revisions of these plans that are not newer than what the ledger has now.

    The writer of the newer revision may not have come to the ledger yet: that is waited for, but not for long. If that
    writer died, its message is delivered again, and finds the older revision in the ledger.
    """
    end = time.monotonic() + LEDGER_SECONDS
    written = {plan.owner_id: plan.written.revision for plan in plans if plan.written}
    while True:
        found = sender.read(LEDGER.index("", plans[0].generation), [plan.owner_id for plan in plans])
        entries = read_entries(found)
        late = [
            LateSet(plan, revision, entries[plan.owner_id])
            for plan in plans
            for revision in plan.revisions
            if plan.owner_id in entries and revision.revision <= entries[plan.owner_id].revision
        ]
        reached = {owner: entry.revision for owner, entry in entries.items()}
        if all(reached.get(owner, 0) > revision for owner, revision in written.items()) or time.monotonic() > end:
            return late
        if wait(PAUSE_SECONDS):
            return late


@dataclass(frozen=True, slots=True)
class PublishedDocuments:
    """The documents of an article that were published: the ids of one family, at a revision."""

    owner_id: str
    bucket: str
    revision: int
    ids: tuple[str, ...]


def list_published(written: DocumentSet, family: str) -> PublishedDocuments:
    """Returns what the sink published of a set."""
    ids = tuple(document.id for document in written.documents if document.family == family)
    return PublishedDocuments(written.owner_id, written.bucket, written.revision, ids)


def list_stored(stored: StoredSet, family: str) -> PublishedDocuments:
    """Returns what is published of a set as it is stored."""
    entry = stored.entry
    return PublishedDocuments(entry.article_id, entry.bucket, entry.revision, tuple(stored.documents[family]))


def find_overtaken(
    sender: BulkSender, published: Iterable[PublishedDocuments], generation: int
) -> list[PublishedDocuments]:
    """Returns those of which the index has a newer revision by now."""
    by_bucket: dict[str, list[PublishedDocuments]] = defaultdict(list)
    for each in published:
        by_bucket[each.bucket].append(each)
    late: list[PublishedDocuments] = []
    for bucket, group in by_bucket.items():
        found = sender.read(FAMILIES[ARTICLES].index(bucket, generation), [each.owner_id for each in group])
        late += [each for each in group if each.owner_id in found and found[each.owner_id]["revision"] > each.revision]
    return late


def publish_again(  # noqa: PLR0913 - how long and how to wait are two things
    sender: BulkSender,
    publisher: Publisher,
    target: tuple[str, str],
    late: list[PublishedDocuments],
    generation: int,
    seconds: float = PATIENCE_SECONDS,
    wait: Wait = lifecycle.stop_requested.wait,
) -> None:
    """Publishes the newest state of overtaken documents until none is left, or until the waiting time is over.

    `target` is the family and its topic. A job that is writing is waited for, for `seconds`.
    """
    family, topic = target
    end = time.monotonic() + seconds
    while late and time.monotonic() < end:
        stored_sets = read_stored(sender, [each.owner_id for each in late], generation)
        settled = {stored.entry.article_id: stored for stored in stored_sets}
        there = [each for each in late if each.owner_id in settled]
        publisher.publish(
            message for each in there for message in make_messages(settled[each.owner_id], family, topic, each.ids)
        )
        now = [list_stored(settled[each.owner_id], family) for each in there]
        late = [each for each in late if each.owner_id not in settled] + find_overtaken(sender, now, generation)
        if late and wait(PAUSE_SECONDS):
            return


def make_messages(stored: StoredSet, family: str, topic: str, before: Iterable[str] = ()) -> Iterator[OutgoingMessage]:
    """Yields the documents of the family as messages, and a tombstone for each id of `before` that is gone."""
    there = stored.documents[family]
    for id, source in there.items():
        yield make_message(topic, id, source)
    for id in before:
        if id not in there:
            yield OutgoingMessage(topic, id.encode(), None)


def make_message(topic: str, id: str, source: Source) -> OutgoingMessage:
    """Returns a stored document as the topic has it: without the time of indexing."""
    message = {name: value for name, value in source.items() if name != "indexed_at"}
    return OutgoingMessage(topic, id.encode(), msgspec.json.encode(message))

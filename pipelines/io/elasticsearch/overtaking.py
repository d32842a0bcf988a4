"""Two writers of one article: what the slower one published after the faster one's newer revision is put right.

Elasticsearch lets the newer revision win by its version; a topic keeps what comes last. Workers of a job never meet, as
one partition has all revisions of an article; a backfill beside a job may publish an old state after the new one. The
job indexes before it publishes: where the index has nothing newer once our messages are acknowledged, nothing newer was
published before them.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from pipelines import lifecycle
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.stored import ARTICLES, StoredSet, read_stored
from pipelines.io.kafka.publishing import OutgoingMessage, Publisher
from schemas.elasticsearch.indices import FAMILIES

PATIENCE_SECONDS = 60.0
"""How long to wait for a job that is writing. One that died publishes anew when its messages are delivered again."""
PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class PublishedDocuments:
    """What was published of an article: the ids of one family, at a revision."""

    owner_id: str
    bucket: str
    revision: int
    ids: tuple[str, ...]


def list_published(written: DocumentSet, family: str) -> PublishedDocuments:
    """What the sink published of a set."""
    ids = tuple(document.id for document in written.documents if document.family == family)
    return PublishedDocuments(written.owner_id, written.bucket, written.revision, ids)


def find_overtaken(sender: BulkSender, published: Iterable[PublishedDocuments]) -> list[PublishedDocuments]:
    """Those that the index has a newer revision of by now."""
    by_bucket: dict[str, list[PublishedDocuments]] = defaultdict(list)
    for each in published:
        by_bucket[each.bucket].append(each)
    late: list[PublishedDocuments] = []
    for bucket, group in by_bucket.items():
        found = sender.read(FAMILIES[ARTICLES].index(bucket), [each.owner_id for each in group])
        late += [each for each in group if each.owner_id in found and found[each.owner_id]["revision"] > each.revision]
    return late


def publish_again(
    sender: BulkSender, publisher: Publisher, family: str, topic: str, late: list[PublishedDocuments]
) -> None:
    """Publishes the newest state of what was overtaken, until nothing is; gives up on what a job does not finish."""
    end = time.monotonic() + PATIENCE_SECONDS
    while late and time.monotonic() < end:
        settled = {stored.entry.article_id: stored for stored in read_stored(sender, [each.owner_id for each in late])}
        there = [each for each in late if each.owner_id in settled]
        publisher.publish(
            message for each in there for message in make_messages(settled[each.owner_id], family, topic, each.ids)
        )
        now = [
            PublishedDocuments(
                each.owner_id, each.bucket, entry.revision, tuple(settled[each.owner_id].documents[family])
            )
            for each in there
            for entry in [settled[each.owner_id].entry]
        ]
        late = [each for each in late if each.owner_id not in settled] + find_overtaken(sender, now)
        if late and lifecycle.stop_requested.wait(PAUSE_SECONDS):
            return


def make_messages(stored: StoredSet, family: str, topic: str, before: Iterable[str]) -> Iterator[OutgoingMessage]:
    """The documents of the family as messages, and a tombstone for each of `before` that is gone."""
    there = stored.documents[family]
    for id, source in there.items():
        message = {name: value for name, value in source.items() if name != "indexed_at"}
        yield OutgoingMessage(topic, id.encode(), msgspec.json.encode(message))
    for id in before:
        if id not in there:
            yield OutgoingMessage(topic, id.encode(), None)

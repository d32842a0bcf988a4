"""Publishes what another generation changes in the topic `claims`: claims that differ, and tombstones for others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipelines.groups import split_groups
from pipelines.io.elasticsearch.overtaking import (
    PublishedDocuments,
    find_overtaken,
    list_stored,
    make_messages,
    publish_again,
)
from pipelines.io.elasticsearch.stored import StoredSet, read_stored
from pipelines.io.kafka.publishing import OutgoingMessage, Publisher
from pipelines.reprocess.comparing import AT_ONCE, GenerationPair, iterate_ledger
from schemas.elasticsearch.indices import LEDGER

CLAIMS = "claims"
UNSEEN = ("indexed_at", "processed_at", "ingest_mode")
"""Fields whose change alone does not matter to readers of the topic."""


def announce_changes(pair: GenerationPair, publisher: Publisher) -> int:
    """Publishes how the claims of the target, which is live by now, differ from those of the source.

    Returns the number of messages. Safe to repeat. Raises `Retryable` if Kafka does not take them.
    """
    sent = 0
    late: list[PublishedDocuments] = []
    for group in split_groups(iterate_ledger(pair.client, pair.target), AT_ONCE):
        ids = [id for id, _ in group]
        before = {each.entry.article_id: each for each in read_stored(pair.sender, ids, pair.source)}
        messages: list[OutgoingMessage] = []
        published: list[PublishedDocuments] = []
        for after in read_stored(pair.sender, ids, pair.target):
            known = before.get(after.entry.article_id)
            if known and known.entry.revision != after.entry.revision:
                continue  # the job is writing a newer revision, and publishes it itself
            own = list(list_changes(known, after))
            if own:
                messages += own
                published.append(list_stored(after, CLAIMS))
        publisher.publish(messages)
        sent += len(messages)
        late += find_overtaken(pair.sender, published, pair.target)
    publish_again(pair.sender, publisher, (CLAIMS, CLAIMS), late, pair.target)
    return sent + announce_gone(pair, publisher)


def announce_gone(pair: GenerationPair, publisher: Publisher) -> int:
    """Publishes tombstones for the claims of articles that the target does not have.

    The job may be writing such an article to the target. What is there once the tombstones are acknowledged is
    published again; what comes later the job publishes, because it finds then that another generation is live.
    """
    sent = 0
    for group in split_groups(iterate_ledger(pair.client, pair.source), AT_ONCE):
        missing = find_missing(pair, [id for id, _ in group])
        gone = [list_stored(stored, CLAIMS) for stored in read_stored(pair.sender, missing, pair.source)]
        tombstones = [OutgoingMessage(CLAIMS, claim.encode(), None) for each in gone for claim in each.ids]
        publisher.publish(tombstones)
        sent += len(tombstones)
        publish_again(pair.sender, publisher, (CLAIMS, CLAIMS), find_arrived(pair, gone), pair.target)
    return sent


def find_missing(pair: GenerationPair, ids: Sequence[str]) -> list[str]:
    """Returns those articles that the ledger of the target does not have."""
    there = pair.sender.read(LEDGER.index("", pair.target), ids)
    return [id for id in ids if id not in there]


def find_arrived(pair: GenerationPair, gone: Sequence[PublishedDocuments]) -> list[PublishedDocuments]:
    """Returns those of which the target has something by now, whatever its revision."""
    missing = set(find_missing(pair, [each.owner_id for each in gone]))
    begun = find_overtaken(pair.sender, [replace(each, revision=-1) for each in gone], pair.target)
    missing -= {each.owner_id for each in begun}
    return [each for each in gone if each.owner_id not in missing]


def list_changes(before: StoredSet | None, after: StoredSet) -> Iterator[OutgoingMessage]:
    """Yields the claims of an article that differ, and a tombstone for each that is gone."""
    known: Mapping[str, Any] = before.documents[CLAIMS] if before else {}
    for message in make_messages(after, CLAIMS, CLAIMS, known):
        id = (message.key or b"").decode()
        if message.value is None or strip(known.get(id)) != strip(after.documents[CLAIMS][id]):
            yield message


def strip(source: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Returns a claim without what readers of the topic do not look at."""
    return None if source is None else {name: value for name, value in source.items() if name not in UNSEEN}

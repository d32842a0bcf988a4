"""Writes stored articles again with other fields, at their own revision, and publishes their claims.

A newer revision that a job writes in the meantime wins.
"""

from collections.abc import Iterator, Sequence

import msgspec

from pipelines.io.elasticsearch.actions import BulkAction, write
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.overtaking import (
    PublishedDocuments,
    find_overtaken,
    list_stored,
    make_messages,
    publish_again,
)
from pipelines.io.elasticsearch.stored import StoredSet
from pipelines.io.kafka.publishing import Publisher
from schemas.elasticsearch.indices import FAMILIES


class SetWriter:
    """Writes the documents of articles into one generation, and publishes their claims to a topic."""

    def __init__(self, sender: BulkSender, publisher: Publisher, topic: str, generation: int) -> None:
        self.sender = sender
        self.publisher = publisher
        self.topic = topic
        self.generation = generation
        self.late: list[PublishedDocuments] = []

    def write(self, stored: Sequence[StoredSet]) -> int:
        """Writes the documents of some articles. Returns how many articles were written."""
        self.sender.send(action for each in stored for action in make_actions(each, self.generation))
        self.publisher.publish(message for each in stored for message in make_messages(each, "claims", self.topic))
        self.late += find_overtaken(self.sender, [list_stored(each, "claims") for each in stored], self.generation)
        return len(stored)

    def finish(self) -> None:
        """Publishes the newest state of claims that a job wrote at the same time."""
        publish_again(self.sender, self.publisher, ("claims", self.topic), self.late, self.generation)


def make_actions(stored: StoredSet, generation: int) -> Iterator[BulkAction]:
    """Yields the actions that write the documents of a set at their own revision."""
    for family, found in stored.documents.items():
        index = FAMILIES[family].index(stored.entry.bucket, generation)
        for id, source in found.items():
            yield write(index, id, msgspec.json.encode(source), stored.entry.revision)

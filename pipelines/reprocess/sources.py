"""Where raw articles are read again: the topic by time, an archive, or any other articles."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import TopicPartition

from pipelines.archive.store import ArchiveStore
from pipelines.io.kafka.offsets import find_end_offsets, find_start_offsets, list_partitions
from pipelines.io.kafka.record import KafkaRecord
from schemas.codec import encode
from schemas.identity import digest
from schemas.records import RawArticle

TOPIC = "raw-articles"
OPEN_END = 2**62
"""The end of a source that is read until nothing comes."""


@dataclass(frozen=True)
class RawMessage:
    """A message of a source, and the position after it."""

    source: str
    next: int
    record: KafkaRecord


class TopicSource:
    """The topic, from the messages at `since` to those before `until`, or to its end when the re-processing started."""

    def __init__(self, consumer: Any, since: datetime | None, until: datetime | None) -> None:
        self.consumer = consumer
        self.since = since
        self.until = until

    def find_bounds(self) -> dict[str, tuple[int, int]]:
        """Returns the first offset of each partition, and the one to stop before."""
        partitions = list_partitions(self.consumer, TOPIC)
        starts = find_start_offsets(self.consumer, partitions, self.since or "earliest")
        ends = find_end_offsets(self.consumer, partitions)
        stops = find_start_offsets(self.consumer, partitions, self.until) if self.until else ends
        return {f"{TOPIC}/{tp.partition}": (starts[tp], min(stops[tp], ends[tp])) for tp in partitions}

    def read(self, bounds: dict[str, tuple[int, int]]) -> Iterator[RawMessage]:
        """Yields the messages, partition by partition."""
        for source, (first, stop) in bounds.items():
            if source.startswith(f"{TOPIC}/") and first < stop:
                yield from self._read_partition(source, first, stop)

    def _read_partition(self, source: str, first: int, stop: int) -> Iterator[RawMessage]:
        tp = TopicPartition(TOPIC, int(source.rpartition("/")[2]))
        self.consumer.assign([tp])
        # What retention removed since then is gone.
        self.consumer.seek(tp, max(first, self.consumer.beginning_offsets([tp])[tp]))
        while self.consumer.position(tp) < stop:
            for record in self.consumer.poll(timeout_ms=1000).get(tp, ()):
                if record.offset >= stop:
                    return
                yield RawMessage(
                    source,
                    record.offset + 1,
                    KafkaRecord(
                        TOPIC, tp.partition, record.offset, record.timestamp, record.key, record.value,
                        tuple(record.headers),
                    ),
                )  # fmt: skip


class ArchiveSource:
    """The files of `newsclaims archive`. Times are those of the fetch."""

    def __init__(self, store: ArchiveStore) -> None:
        self.store = store

    def find_bounds(self) -> dict[str, tuple[int, int]]:
        """Returns each file, from its first line."""
        return {f"{self.store.place}/{file.name}": (0, OPEN_END) for file in self.store.list_files()}

    def read(self, bounds: dict[str, tuple[int, int]]) -> Iterator[RawMessage]:
        """Yields the lines of the files."""
        for file in self.store.list_files():
            source = f"{self.store.place}/{file.name}"
            first = bounds.get(source, (OPEN_END, 0))[0]
            lines = self.store.read_lines(file) if first < OPEN_END else ()
            for number, line in enumerate(lines):
                if number >= first:
                    yield RawMessage(source, number + 1, make_record(line.rstrip(b"\n")))


class ArticleSource:
    """Articles that something else reads, such as a connector; `name` is their address."""

    def __init__(self, name: str, articles: Callable[[], Iterable[RawArticle]]) -> None:
        self.name = name
        self.articles = articles

    def find_bounds(self) -> dict[str, tuple[int, int]]:
        """Returns the source, from its first article."""
        return {self.name: (0, OPEN_END)}

    def read(self, bounds: dict[str, tuple[int, int]]) -> Iterator[RawMessage]:
        """Yields the articles."""
        for number, article in enumerate(self.articles()):
            if number >= bounds[self.name][0]:
                yield RawMessage(self.name, number + 1, make_record(encode(article), article.article_id))


RawSource = TopicSource | ArchiveSource | ArticleSource


def make_record(value: bytes, key: str | None = None) -> KafkaRecord:
    """Returns archived bytes as a message. Its offset follows from the bytes, so that a dead letter has one id."""
    offset = int(digest("archived", value.decode("utf-8", "replace"))[:15], 16)
    return KafkaRecord(TOPIC, 0, offset, 0, key.encode() if key else None, value)

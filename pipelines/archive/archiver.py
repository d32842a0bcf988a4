"""`newsclaims archive run`: copies the topic `raw-articles` into an archive, each message once.

Offsets are committed after the file is safe. If the process dies in between, the file's name says how far it came: the
next run goes on after the last file of each partition.
"""

import gzip
import io
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from kafka import TopicPartition

from deploy.kafka_connection import find_refusal
from pipelines import lifecycle
from pipelines.archive.store import ArchiveFile, ArchiveStore
from pipelines.io.kafka.offsets import OffsetSpan, ReadBounds, ask_until_answered, find_end_offsets, find_spans
from pipelines.io.kafka.partitions import PartitionReader
from schemas.codec import decode_raw_article
from schemas.errors import BadRecord, Permanent, Retryable
from schemas.records import RawArticle

_log = logging.getLogger(__name__)

TOPIC = "raw-articles"
FILE_BYTES = 64 * 1024 * 1024
"""Bytes of lines, before compression, after which a file is complete."""
POLL_SECONDS = 1.0
PAUSE_SECONDS = 5.0
"""How long to wait between two attempts to write while the storage is unreachable."""


@dataclass
class ArchiveResult:
    """What a run did. `refused` messages are not raw articles: the job makes dead letters of them."""

    files: int = 0
    articles: int = 0
    refused: int = 0
    bytes: int = 0

    def describe(self) -> str:
        """Returns the counts in words."""
        skipped = f", {self.refused:,} messages that are not articles left out" if self.refused else ""
        return f"{self.articles:,} articles in {self.files:,} files of {self.bytes:,} bytes{skipped}"


@dataclass
class OpenFile:
    """The messages of one partition that wait to become a file. `next` is the offset to read next."""

    tp: TopicPartition
    next: int
    stop: int
    first: int | None = None
    day: date | None = None
    began: float = 0.0
    size: int = 0
    articles: int = 0
    packed: io.BytesIO = field(default_factory=io.BytesIO)
    stream: gzip.GzipFile | None = None

    def begin(self, offset: int, day: date, now: float) -> None:
        """Starts a file."""
        self.first, self.day, self.began = offset, day, now
        self.size = self.articles = 0
        self.packed = io.BytesIO()
        self.stream = gzip.GzipFile(fileobj=self.packed, mode="wb", mtime=0)

    def add(self, line: bytes) -> None:
        """Adds an article."""
        assert self.stream is not None
        self.stream.write(line)
        self.size += len(line)
        self.articles += 1

    def finish(self) -> tuple[ArchiveFile, bytes]:
        """Ends the file, and returns it with its content."""
        assert self.stream is not None
        assert self.first is not None
        assert self.day is not None
        self.stream.close()
        data = self.packed.getvalue()
        return ArchiveFile(self.tp.partition, self.first, self.next - 1, self.day, len(data)), data


class Archiver:
    """Copies messages until everything that the topic holds now is archived, or until the process has to stop.

    `every` is the longest time in seconds that a message waits for its file. Articles that are `is_taken_down` are left
    out. Raises `Permanent` if the topic does not
    fit the archive, and `Retryable` if the process has to stop while the storage is unreachable.
    """

    def __init__(
        self,
        store: ArchiveStore,
        consumer: dict[str, Any],
        every: float,
        until_caught_up: bool = False,
        is_taken_down: Callable[[RawArticle], bool] = lambda _: False,
    ) -> None:
        self.is_taken_down = is_taken_down
        self.store = store
        self.consumer = consumer
        self.every = every
        self.until_caught_up = until_caught_up
        self.result = ArchiveResult()
        self.reader = PartitionReader(consumer, find_refusal)

    def run(self, tick: Callable[[], None] = lambda: None) -> ArchiveResult:
        """Archives. `tick` is called now and then."""
        parts = self.find_parts()
        try:
            while parts and not lifecycle.stop_requested.is_set():
                self.read(parts)
                now = time.monotonic()
                for part in parts:
                    if part.first is not None and (now - part.began >= self.every or part.next >= part.stop):
                        self.flush(part)
                parts = [part for part in parts if part.next < part.stop]
                tick()
            for part in parts:
                self.flush(part)
        finally:
            self.reader.close()
        return self.result

    def find_parts(self) -> list[OpenFile]:
        """Returns where to go on in each partition: after its last file, or at the group's offset if that is later."""
        spans = ask_until_answered(
            self.consumer,
            lambda client: (
                find_spans(client, TOPIC, ReadBounds(until_caught_up=self.until_caught_up)),
                find_end_offsets(client, [TopicPartition(TOPIC, each) for each in client.partitions_for_topic(TOPIC)]),
            ),
            find_refusal,
        )
        if spans is None:
            return []
        last = {file.partition: file.last for file in self.store.list_files()}
        parts = [self.make_part(span, last.get(span.partition, -1) + 1, spans[1]) for span in spans[0]]
        return [part for part in parts if part.next < part.stop]

    def make_part(self, span: OffsetSpan, archived: int, ends: dict[TopicPartition, int]) -> OpenFile:
        """Returns the part of a partition. Raises `Permanent` if the archive has more than the topic."""
        tp = TopicPartition(span.topic, span.partition)
        if archived > ends[tp]:
            raise Permanent(
                f"The archive {self.store.place} has partition {tp.partition} up to offset {archived - 1}, but it "
                f"ends at {ends[tp]}: the topic {TOPIC} was created again, and needs an archive in another folder"
            )
        return OpenFile(tp, max(span.start, archived), span.stop)

    def read(self, parts: list[OpenFile]) -> None:
        """Reads what has come, and completes files that are large enough or end with their day."""
        self.reader.begin_bundle()
        for part in parts:
            self.reader.begin_turn(part.tp, part.next)
        if not self.reader.has_records:
            self.reader.poll(POLL_SECONDS)
        for part in parts:
            while part.next < part.stop and (record := self.reader.peek(part.tp)):
                if record.offset >= part.stop:
                    part.next = part.stop
                    break
                self.take(part, record)
                self.reader.take(part.tp)
            if not self.reader.peek(part.tp) and self.until_caught_up:
                # Only marks of transactions may follow the last message.
                part.next = max(part.next, min(self.reader.position(part.tp), part.stop))

    def take(self, part: OpenFile, record: Any) -> None:
        """Adds a message to the file of its day."""
        day = datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC).date()
        if part.first is not None and (part.day != day or part.size >= FILE_BYTES):
            self.flush(part)
        if part.first is None:
            part.begin(record.offset, day, time.monotonic())
        try:
            article = decode_raw_article(record.value or b"")
        except BadRecord as error:
            self.result.refused += 1
            _log.info("%s[%d]@%d is not archived: %s", TOPIC, part.tp.partition, record.offset, error)
        else:
            if not self.is_taken_down(article):
                part.add(b" ".join(record.value.splitlines()) + b"\n")
        part.next = record.offset + 1

    def flush(self, part: OpenFile) -> None:
        """Writes the file of a part and commits its offsets. Waits as long as the storage is unreachable."""
        if part.first is None:
            return
        file, data = part.finish()
        if part.articles:
            self.check_alone(file)
            self.write(file, data)
            self.result.files += 1
            self.result.articles += part.articles
            self.result.bytes += len(data)
        self.reader.commit(part.tp, part.next)
        part.first = None

    def check_alone(self, file: ArchiveFile) -> None:
        """Raises `Permanent` if another run has archived the same messages since this one started."""
        for other in self.store.list_files():
            if other.partition == file.partition and other.first <= file.last and file.first <= other.last:
                raise Permanent(
                    f"{other.name} is in the archive {self.store.place} already: another `newsclaims archive run` "
                    "writes there; run one for each archive"
                )

    def write(self, file: ArchiveFile, data: bytes) -> None:
        """Writes a file, again and again until the storage takes it."""
        while True:
            try:
                self.store.write(file, data)
            except Retryable as error:
                _log.warning("%s; trying again in %.0f s", error, PAUSE_SECONDS)
                if lifecycle.stop_requested.wait(PAUSE_SECONDS):
                    raise
            else:
                _log.info("%s: %d bytes", file.name, len(data))
                return

"""One consumer for all partitions of a worker: a poll returns when any of them has records."""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError, OffsetOutOfRangeError, RetriableError
from kafka.structs import OffsetAndMetadata

from pipelines import counters
from pipelines.io.kafka.offsets import (
    ANSWER_SECONDS,
    REFUSALS,
    Diagnosis,
    find_end_offsets,
    find_no_refusal,
    find_resume_offsets,
    format_addresses,
    make_consumer,
)
from schemas.errors import Permanent, Retryable

_log = logging.getLogger(__name__)

POLL_RECORDS = 1_000_000
"""More than any fetch holds: a fetch that is returned in parts keeps its partition out of the next request."""
FORGET_SECONDS = 60.0
"""A partition without a turn for this long is read by another process (Flink moves them) and is dropped."""
CHECK_SECONDS = 5.0
"""How often an idle reader checks whether Kafka is reachable: a poll does not report that it is not."""
COMMIT_ATTEMPTS = 3


class PartitionReader:
    """Reads partitions in turns, each from the offset that its turn wants, and only ever commits forwards.

    A partition is active if it had a turn in this bundle or the one before. Another instance may read the others by now
    (Flink moves partitions): their fetched records wait, and neither stop nor slow the active ones. A commit may come
    from another thread than the reads.
    """

    def __init__(self, settings: Mapping[str, Any], diagnose: Diagnosis = find_no_refusal) -> None:
        self._settings = settings
        self._diagnose = diagnose
        self._consumer: KafkaConsumer | None = None
        self._lock = threading.RLock()
        self._buffers: defaultdict[TopicPartition, deque[ConsumerRecord]] = defaultdict(deque)
        self._next: dict[TopicPartition, int] = {}
        self._last_turn: dict[TopicPartition, float] = {}
        self._turns: set[TopicPartition] = set()
        self._turns_before: set[TopicPartition] = set()
        self._committed: dict[TopicPartition, int] = {}
        self._checked = time.monotonic()
        self._unreachable = False

    @property
    def client(self) -> KafkaConsumer:
        """The consumer, connected at its first use. Raises kafka-python's errors."""
        if self._consumer is None:
            self._consumer = make_consumer(self._settings)
        return self._consumer

    @property
    def active(self) -> set[TopicPartition]:
        """The partitions that had a turn in this bundle or the one before."""
        return self._turns | self._turns_before

    def close(self) -> None:
        """Closes the connections, without a commit."""
        with self._lock:
            if self._consumer is not None:
                self._consumer.close(autocommit=False, timeout_ms=1000)
                self._consumer = None

    def begin_bundle(self) -> None:
        """Starts a bundle, and drops partitions that have had no turn for a while."""
        self._turns_before, self._turns = self._turns, set()
        since = time.monotonic() - FORGET_SECONDS
        self.forget(*(tp for tp in self._next if self._last_turn[tp] < since))

    def begin_turn(self, tp: TopicPartition, offset: int) -> bool:
        """Makes `offset` the next one of `tp`. Returns whether the partition is new here, with nothing fetched yet."""
        is_new = tp not in self._next
        with self._lock:
            if tp not in self.active:
                # Another instance may have read it in the meantime, and have committed more.
                self._committed.pop(tp, None)
            self._last_turn[tp] = time.monotonic()
            self._turns.add(tp)
            if is_new:
                self.client.assign([*self._next, tp])
            if self._next.get(tp) != offset:
                self._buffers[tp].clear()
                self.client.seek(tp, offset)
                self._next[tp] = offset
        return is_new

    def forget(self, *partitions: TopicPartition) -> None:
        """Drops partitions, with the records that were fetched: they are not read any more."""
        if not partitions:
            return
        with self._lock:
            for tp in partitions:
                del self._next[tp], self._last_turn[tp]
                self._buffers.pop(tp, None)
                self._turns.discard(tp)
                self._turns_before.discard(tp)
            self.client.assign(list(self._next))

    def peek(self, tp: TopicPartition) -> ConsumerRecord | None:
        """Returns the next record of the partition, or None if none is fetched."""
        buffer = self._buffers[tp]
        return buffer[0] if buffer else None

    def take(self, tp: TopicPartition) -> None:
        """Moves on to the record after the one that `peek` returned."""
        self._next[tp] = self._buffers[tp].popleft().offset + 1

    @property
    def has_records(self) -> bool:
        """Whether any active partition has fetched records."""
        return self.count_waiting() > 0

    def count_waiting(self) -> int:
        """Returns the number of fetched records of active partitions."""
        return sum(len(self._buffers.get(tp, ())) for tp in self.active)

    def poll(self, wait: float) -> bool:
        """Waits up to `wait` seconds for records, and returns whether some of an active partition came.

        A partition whose fetched records still wait is not fetched from: it would only fill the memory.

        Raises `Permanent` if Kafka refuses, what the diagnosis finds, and `Retryable` if reading cannot continue at its
        offset.
        """
        counters.add("newsclaims_polls_total")
        with self._lock:
            self._pause_waiting()
            try:
                found = self.client.poll(timeout_ms=int(wait * 1000), max_records=POLL_RECORDS)
            except OffsetOutOfRangeError as error:
                self._seek(find_resume_offsets(error.args[0], self.client))
                return False
            except REFUSALS as error:
                raise Permanent(f"Kafka at {format_addresses(self._settings)} refused the request: {error}") from error
            except RetriableError as error:
                self._report(unreachable=True, why=error)
                time.sleep(wait)
                return False
            except KafkaError as error:
                raise Retryable(f"Reading from Kafka at {format_addresses(self._settings)} failed: {error}") from error
            for tp, records in found.items():
                self._buffers[tp].extend(records)
            if found:
                self._report(unreachable=False)
            elif wait and time.monotonic() - self._checked > CHECK_SECONDS:
                self._check()
            return not self.active.isdisjoint(found)

    def _pause_waiting(self) -> None:
        """Pauses the partitions whose fetched records wait for a turn, and resumes the others."""
        for tp in self._next:
            if self._buffers.get(tp):
                self.client.pause(tp)
            else:
                self.client.resume(tp)

    def _seek(self, offsets: Mapping[TopicPartition, int]) -> None:
        for tp, offset in offsets.items():
            self.client.seek(tp, offset)

    def _check(self) -> None:
        try:
            find_end_offsets(self.client, list(self._next)[:1])
        except RetriableError as error:
            self._report(unreachable=True, why=error)
        else:
            self._report(unreachable=False)

    def _report(self, unreachable: bool, why: object = None) -> None:
        self._checked = time.monotonic()
        if unreachable and (refusal := self._diagnose(self._settings)):
            raise refusal
        if unreachable != self._unreachable:
            self._unreachable = unreachable
            counters.set_gauge("newsclaims_source_waiting", int(unreachable))
            if unreachable:
                _log.warning("Kafka at %s is unreachable, waiting for it: %s", format_addresses(self._settings), why)
            else:
                _log.info("Kafka at %s is reachable again", format_addresses(self._settings))

    def position(self, tp: TopicPartition) -> int:
        """Returns the next offset to read: that of the next record if it is fetched, so without gaps before it."""
        record = self.peek(tp)
        if record is not None:
            return int(record.offset)
        with self._lock:
            return max(self._next[tp], int(self.client.position(tp, timeout_ms=int(ANSWER_SECONDS * 1000))))

    def is_at_end(self, tp: TopicPartition) -> bool:
        """Returns whether everything was read that the broker had at the last fetch."""
        end = self.client.highwater(tp)
        return end is not None and self.position(tp) >= end

    def partition_count(self, topic: str) -> int:
        """Returns the number of partitions that the topic had at the last refresh of the metadata."""
        # The public `partitions_for_topic` blocks as long as Kafka is unreachable.
        return len(self.client._cluster.partitions_for_topic(topic) or ())

    def commit(self, tp: TopicPartition, offset: int) -> None:
        """Commits `offset` unless the group is there or further. Logs a failure: the records are written all the same.

        The next commit makes up for a lost one. If there is none, the records are delivered again.
        """
        if self.client.config["group_id"] is None:
            return
        with self._lock:
            if tp not in self.active:
                # Another instance may read it by now.
                self._committed.pop(tp, None)
            for attempt in range(COMMIT_ATTEMPTS):
                try:
                    if offset > self._floor(tp):
                        at = {tp: OffsetAndMetadata(offset, "", -1)}
                        self.client.commit(at, timeout_ms=int(ANSWER_SECONDS * 1000))
                        self._committed[tp] = offset
                    return
                except RetriableError as error:
                    failure: KafkaError = error
                    time.sleep(0.1 * 2**attempt)
                except KafkaError as error:
                    failure = error
                    break
        counters.add("newsclaims_commit_failures_total")
        _log.warning("offset %d of %s[%d] is not committed: %s", offset, tp.topic, tp.partition, failure)

    def _floor(self, tp: TopicPartition) -> int:
        if tp not in self._committed:
            committed = self.client.committed(tp, timeout_ms=int(ANSWER_SECONDS * 1000))
            end = find_end_offsets(self.client, [tp])[tp]
            # An offset after the end belongs to a topic that was created again, so it does not count.
            self._committed[tp] = -1 if committed is None or committed > end else committed
        return self._committed[tp]

"""One consumer for all partitions that a worker reads: a poll wakes when any of them has records."""

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
    find_end_offsets,
    find_resume_offsets,
    format_addresses,
    make_consumer,
)
from schemas.errors import Permanent, Retryable

_log = logging.getLogger(__name__)

POLL_RECORDS = 1_000_000
"""More than any fetch holds: a fetch that is handed out in parts keeps its partition out of the next request."""
FORGET_SECONDS = 60.0
"""A partition without a turn for so long is read by another process (Flink moves them) and is let go."""
CHECK_SECONDS = 5.0
"""How often an idle reader asks whether Kafka is still there: polls say nothing when it is not."""
COMMIT_ATTEMPTS = 3


class PartitionReader:
    """Reads partitions in turns, each from the offset that its turn asks for, and commits offsets forwards only.

    A commit may come from another thread than the reads.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._consumer: KafkaConsumer | None = None
        self._lock = threading.RLock()
        self._buffers: defaultdict[TopicPartition, deque[ConsumerRecord]] = defaultdict(deque)
        self._next: dict[TopicPartition, int] = {}
        self._last_turn: dict[TopicPartition, float] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._checked = time.monotonic()
        self._away = False

    @property
    def client(self) -> KafkaConsumer:
        """The consumer, connected at its first use. Raises kafka-python's errors."""
        if self._consumer is None:
            self._consumer = make_consumer(self._settings)
        return self._consumer

    @property
    def partitions(self) -> int:
        """How many partitions are read."""
        return len(self._next)

    def close(self) -> None:
        """Closes the connections; what was not committed stays so."""
        with self._lock:
            if self._consumer is not None:
                self._consumer.close(autocommit=False, timeout_ms=1000)
                self._consumer = None

    def begin_turn(self, tp: TopicPartition, offset: int) -> bool:
        """Makes `offset` the next one of `tp`; true where the partition is new here, so that nothing is fetched yet."""
        is_new = tp not in self._next
        with self._lock:
            self._last_turn[tp] = time.monotonic()
            if is_new:
                self.client.assign([*self._next, tp])
            if self._next.get(tp) != offset:
                self._buffers[tp].clear()
                self.client.seek(tp, offset)
                self._next[tp] = offset
        return is_new

    def forget_idle(self) -> None:
        """Lets go of partitions that have had no turn for a while."""
        since = time.monotonic() - FORGET_SECONDS
        self.forget(*(tp for tp in self._next if self._last_turn[tp] < since))

    def forget(self, *partitions: TopicPartition) -> None:
        """Lets go of partitions: they are fetched no more, and what was fetched is dropped."""
        if not partitions:
            return
        with self._lock:
            for tp in partitions:
                del self._next[tp], self._last_turn[tp]
                self._buffers.pop(tp, None)
            self.client.assign(list(self._next))

    def peek(self, tp: TopicPartition) -> ConsumerRecord | None:
        """The partition's next record, where one is at hand."""
        buffer = self._buffers[tp]
        return buffer[0] if buffer else None

    def take(self, tp: TopicPartition) -> None:
        """Moves on to the record after the one that `peek` showed."""
        self._next[tp] = self._buffers[tp].popleft().offset + 1

    @property
    def has_records(self) -> bool:
        """Whether any partition has records at hand."""
        return any(self._buffers.values())

    def poll(self, wait: float) -> bool:
        """Waits up to `wait` seconds for records of any partition; whether some came.

        Raises `Permanent` where Kafka refuses, `Retryable` where reading cannot go on from where it stands.
        """
        counters.add("newsclaims_polls_total")
        with self._lock:
            try:
                found = self.client.poll(timeout_ms=int(wait * 1000), max_records=POLL_RECORDS)
            except OffsetOutOfRangeError as error:
                self._go_on_from(find_resume_offsets(error.args[0], self.client))
                return False
            except REFUSALS as error:
                raise Permanent(f"Kafka at {format_addresses(self._settings)} refuses: {error}") from error
            except RetriableError as error:
                self._report(away=True, why=error)
                time.sleep(wait)
                return False
            except KafkaError as error:
                raise Retryable(f"Reading from Kafka at {format_addresses(self._settings)} failed: {error}") from error
            for tp, records in found.items():
                self._buffers[tp].extend(records)
            if found:
                self._report(away=False)
            elif wait and time.monotonic() - self._checked > CHECK_SECONDS:
                self._check()
            return bool(found)

    def _go_on_from(self, offsets: Mapping[TopicPartition, int]) -> None:
        for tp, offset in offsets.items():
            self.client.seek(tp, offset)

    def _check(self) -> None:
        try:
            find_end_offsets(self.client, list(self._next)[:1])
        except RetriableError as error:
            self._report(away=True, why=error)
        else:
            self._report(away=False)

    def _report(self, away: bool, why: object = None) -> None:
        self._checked = time.monotonic()
        if away != self._away:
            self._away = away
            counters.set_gauge("newsclaims_source_waiting", int(away))
            if away:
                _log.warning("Kafka does not answer at %s, waiting for it: %s", format_addresses(self._settings), why)
            else:
                _log.info("Kafka answers again at %s", format_addresses(self._settings))

    def position(self, tp: TopicPartition) -> int:
        """The next offset to read, beyond gaps where the next record is known or the fetched ones are used up."""
        record = self.peek(tp)
        if record is not None:
            return int(record.offset)
        with self._lock:
            return max(self._next[tp], int(self.client.position(tp, timeout_ms=int(ANSWER_SECONDS * 1000))))

    def is_at_end(self, tp: TopicPartition) -> bool:
        """Whether everything that the broker had at the last fetch was read."""
        end = self.client.highwater(tp)
        return end is not None and self.position(tp) >= end

    def partition_count(self, topic: str) -> int:
        """How many partitions the topic has now, as far as the last refresh of the metadata tells."""
        # The public `partitions_for_topic` blocks without end while Kafka is away.
        return len(self.client._cluster.partitions_for_topic(topic) or ())

    def commit(self, tp: TopicPartition, offset: int) -> None:
        """Commits `offset` unless the group stands there or beyond; a failure is logged, as the records are written.

        The next commit covers for a lost one; without any, the records are delivered again.
        """
        if self.client.config["group_id"] is None:
            return
        with self._lock:
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
            # Beyond the end: of a topic that was made anew, so it is no measure.
            self._committed[tp] = -1 if committed is None or committed > end else committed
        return self._committed[tp]

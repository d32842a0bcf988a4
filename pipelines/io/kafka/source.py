"""`ReadFromKafka`: an unbounded Beam source in pure Python, for any runner with bundle finalization.

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        (
            pipeline
            | ReadFromKafka("orders", {"bootstrap_servers": "localhost:9092", "group_id": "billing"})
            | beam.Map(lambda record: json.loads(record.value))
            | beam.ParDo(WriteSomewhere())  # flushes in finish_bundle
        )

It reads until `pipelines.lifecycle.stop_requested` is set: then it claims no more records, finishes the bundle, commits
and ends. With `until_caught_up` or `max_records` it ends by itself. An offset is committed once the runner has
finalized the bundle, which is after every `finish_bundle` downstream: at least once, never at most once. Everything
downstream must stay in one fused stage (`pipelines.run.graph` checks that); otherwise finalization does not mean that
the records are written.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider, WatermarkEstimatorProvider
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils import windowed_value
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from pipelines import counters, lifecycle
from pipelines.io.kafka.offsets import (
    STARTS,
    Diagnosis,
    OffsetSpan,
    ReadBounds,
    Start,
    ask_until_answered,
    check_settings,
    find_no_refusal,
    find_spans,
)
from pipelines.io.kafka.partitions import PartitionReader
from pipelines.io.kafka.record import KafkaRecord
from pipelines.io.kafka.restriction import OffsetTracker
from pipelines.io.kafka.runner_traits import RunnerTraits
from pipelines.io.kafka.state_coders import OffsetRangeCoder, WatermarkCoder
from schemas.errors import Permanent

_log = logging.getLogger(__name__)

LINGER_SECONDS = 0.02
"""How long a bundle with records waits for more before it ends: shorter than a bulk request, longer than a fetch."""
IDLE_WATERMARK_SECONDS = 2.0
"""How far the watermark of an idle partition is behind the clock: records in transit may be that old."""
PARTITIONS_CHECK_SECONDS = 10.0
"""How often the partitions of the topic are counted, from the metadata that the consumer has."""


class _Watermarks(WatermarkEstimatorProvider):
    """Beam's manual watermark, whose state has bytes of our own."""

    def initial_estimator_state(self, _element: OffsetSpan, _restriction: OffsetRange) -> None:
        return None

    def create_watermark_estimator(self, estimator_state: Timestamp | None) -> ManualWatermarkEstimator:
        return ManualWatermarkEstimator(estimator_state)

    def estimator_state_coder(self) -> WatermarkCoder:
        return WatermarkCoder()


_TRACKER = beam.DoFn.RestrictionParam()
_WATERMARK = beam.DoFn.WatermarkEstimatorParam(_Watermarks())
_WINDOWS = [GlobalWindow()]
"""The windows of every record: an impulse, from which the source begins, has them too."""


@dataclass(frozen=True)
class Pace:
    """How long the source waits and how large bundles get.

    An idle bundle is one poll of `idle_seconds`. The runner keeps memory for each bundle, so short bundles are costly.
    A bundle ends after `records`, after `seconds`, or when no more records come for `linger_seconds`. A turn that has
    read what there was goes on until fewer than `crowd` records of other partitions wait: a runner that keeps something
    for each turn needs few and long ones.
    """

    idle_seconds: float = 1.0
    records: int = 10_000
    seconds: float = 2.0
    linger_seconds: float = LINGER_SECONDS
    crowd: int = 1


class ReadFromKafka(beam.PTransform):
    """Reads a topic into `KafkaRecord`s, stamped with their record time.

    `consumer` are kafka-python's consumer settings (addresses, group, TLS, SASL, fetch sizes). `share` is (i, n):
    partitions p with p % n == i. `max_records` counts per worker process. `stop_offsets` has the offset to stop before
    for each partition. Partitions that are added in the meantime are reported, and read after the next start. Records
    that retention removed before they were read are reported and counted (`newsclaims_source_lost_total`), and reading
    continues.

    Raises `Permanent` for invalid arguments; in the pipeline, if the topic does not exist or Kafka refuses.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each option of the source
        self,
        topic: str,
        consumer: Mapping[str, Any],
        *,
        start: Start = "committed",
        share: tuple[int, int] = (0, 1),
        max_records: int | None = None,
        until_caught_up: bool = False,
        stop_offsets: Mapping[int, int] | None = None,
        pace: Pace | None = None,
        diagnose: Diagnosis = find_no_refusal,
        traits: RunnerTraits | None = None,
    ) -> None:
        super().__init__()
        check_settings(consumer)
        if not isinstance(start, datetime) and start not in STARTS:
            raise Permanent(f"start is {start!r}: it must be a time or one of {', '.join(STARTS)}")
        if not 0 <= share[0] < share[1]:
            raise Permanent(f"share is {share}: it must be (i, n) with 0 <= i < n")
        if max_records is not None and max_records < 1:
            raise Permanent(f"max_records is {max_records}: it must be at least 1")
        self.topic = topic
        self.consumer = consumer
        self.bounds = ReadBounds(start, share, until_caught_up, stop_offsets)
        self.max_records = max_records
        self.pace = pace or Pace()
        self.diagnose = diagnose
        self.traits = traits or RunnerTraits()

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection:
        """Applies an impulse, the list of partitions with their offsets, and the reading of their records."""
        listing = _ListPartitions(self.topic, self.consumer, self.bounds, self.diagnose, self.traits)
        reading = _ReadPartition(self.consumer, self.max_records, self.pace, self.diagnose, self.traits)
        return (
            pipeline
            | beam.Impulse()
            | "partitions" >> beam.ParDo(listing).with_output_types(OffsetSpan)
            | "records" >> beam.ParDo(reading).with_output_types(KafkaRecord)
        )


class _ListPartitions(beam.DoFn):
    def __init__(
        self, topic: str, consumer: Mapping[str, Any], bounds: ReadBounds, diagnose: Diagnosis, traits: RunnerTraits
    ) -> None:
        self.topic = topic
        self.consumer = consumer
        self.bounds = bounds
        self.diagnose = diagnose
        self.traits = traits

    def process(self, _element: bytes) -> Iterable[OffsetSpan]:
        def ask(client: KafkaConsumer) -> list[OffsetSpan]:
            return find_spans(client, self.topic, self.bounds)

        return self.traits.place(ask_until_answered(self.consumer, ask, self.diagnose) or [])


class _ReadPartition(beam.DoFn, RestrictionProvider):
    """Reads partitions in turns; the runner sends the rest of each partition back for its next turn.

    All turns of a bundle share one consumer. Only a bundle without records may wait for long, and a poll that brings
    nothing ends the bundle: an idle partition never delays the records of a busy one.
    """

    def __init__(
        self,
        consumer: Mapping[str, Any],
        max_records: int | None,
        pace: Pace,
        diagnose: Diagnosis = find_no_refusal,
        traits: RunnerTraits | None = None,
    ) -> None:
        self.consumer = consumer
        self.diagnose = diagnose
        self.traits = traits or RunnerTraits()
        self.written: dict[TopicPartition, int] = {}
        self.remaining = max_records
        self.pace = pace
        self.partitions_checked = 0.0
        self.added_partitions = 0
        self.bundle_sizes: list[int] = []
        self.bundle_is_over = False

    def initial_restriction(self, element: OffsetSpan) -> OffsetRange:
        return OffsetRange(element.start, element.stop)

    def restriction_coder(self) -> OffsetRangeCoder:
        return OffsetRangeCoder()

    def create_tracker(self, restriction: OffsetRange) -> OffsetTracker:
        return OffsetTracker(restriction, self.admits)

    def restriction_size(self, _element: OffsetSpan, restriction: OffsetRange) -> int:
        """Returns the records of a bounded range. An open one counts as 1: its 2**63 is not an amount of work."""
        return int(restriction.size()) if OffsetTracker(restriction, self.admits).is_bounded() else 1

    def admits(self) -> bool:
        """Returns whether more may be claimed. If not, the range counts as done, and the runner forgets it."""
        return self.remaining != 0 and not (self.traits.finalizes and lifecycle.stop_requested.is_set())

    def setup(self) -> None:
        self.reader = PartitionReader(self.consumer, self.diagnose)

    def teardown(self) -> None:
        self.reader.close()

    def start_bundle(self) -> None:
        self.bundle_sizes = []
        self.bundle_is_over = False
        self.traits.begin_bundle()
        # The bundle before this one succeeded, sink included: of one that failed, Beam discards the instance.
        while self.written:
            self.reader.commit(*self.written.popitem())
        self.reader.begin_bundle()

    def finish_bundle(self) -> None:
        counters.add("newsclaims_bundles_total")
        counters.add("newsclaims_source_records_total", len(self.bundle_sizes))
        counters.observe("newsclaims_message_bytes", self.bundle_sizes)

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        element: OffsetSpan,
        # Must come first, or Beam passes the tracker twice.
        finalizer: Any = beam.DoFn.BundleFinalizerParam,
        tracker: Any = _TRACKER,
        watermark: Any = _WATERMARK,
    ) -> Iterator[WindowedValue]:
        restriction = tracker.current_restriction()
        tp = TopicPartition(element.topic, element.partition)
        turn = _Turn(tp, is_first=self.reader.begin_turn(tp, restriction.start))
        yield from self.claim_records(turn, tracker, finalizer)
        position = min(self.reader.position(tp), restriction.stop)
        if position >= restriction.stop or not self.admits():
            # A refused claim closes the range: there may be a gap between its last record and its end.
            turn.is_done = turn.is_done or not tracker.try_claim(position)
        if position > restriction.start or turn.is_first:
            if self.traits.finalizes:
                finalizer.register(partial(self.reader.commit, tp, position))
            else:
                self.written[tp] = position
        self.advance(watermark, turn)
        self.count_partitions(element)
        if turn.is_done:
            self.reader.forget(tp)
        else:
            tracker.defer_remainder()

    def claim_records(self, turn: "_Turn", tracker: Any, finalizer: Any) -> Iterator[WindowedValue]:
        """Yields the records of the turn."""
        sharing = len(self.reader.active)
        records = max(1, self.pace.records // sharing)
        deadline = time.monotonic() + self.pace.seconds / sharing
        while turn.claimed < records and time.monotonic() < deadline and not self.has_to_pause():
            record = self.reader.peek(turn.tp)
            if record is None:
                if turn.is_first or not self.fetch(turn, deadline):
                    return
                continue
            if not tracker.try_claim(record.offset):
                turn.is_done = True
                return
            if not self.bundle_sizes and self.traits.finalizes:
                # The `finish_bundle` of this DoFn comes before that of the sink; finalization comes after all of them.
                finalizer.register(partial(_time_bundle, time.monotonic()))
            self.reader.take(turn.tp)
            turn.claimed += 1
            stamp = limit_timestamp(record.timestamp)
            turn.newest = max(turn.newest, stamp)
            self.bundle_sizes.append(len(record.value or b""))
            if self.remaining is not None:
                self.remaining -= 1
            yield make_element(record, stamp)

    def has_to_pause(self) -> bool:
        """Returns whether the process has to stop while the runner keeps the rest of each partition."""
        return not self.traits.finalizes and lifecycle.stop_requested.is_set()

    def fetch(self, turn: "_Turn", deadline: float) -> bool:
        """Polls if the turn may continue. Returns whether records came, of this partition or another active one."""
        crowd = self.pace.crowd if turn.claimed else 1
        if self.bundle_is_over or self.reader.count_waiting() >= crowd or not self.admits():
            return False
        linger = max(0.0, min(self.pace.linger_seconds, deadline - time.monotonic()))
        found = self.reader.poll(linger if self.bundle_sizes else self.pace.idle_seconds)
        self.bundle_is_over = not found
        return found

    def advance(self, watermark: Any, turn: "_Turn") -> None:
        """Moves the watermark to the newest record time, or along with the clock if there is nothing to read."""
        reached = turn.newest
        if not turn.claimed and self.reader.is_at_end(turn.tp):
            reached = int((time.time() - IDLE_WATERMARK_SECONDS) * 1000)
        timestamp = Timestamp(micros=reached * 1000)
        current = watermark.current_watermark()
        if reached > 0 and (current is None or timestamp > current):
            watermark.set_watermark(timestamp)

    def count_partitions(self, span: OffsetSpan) -> None:
        """Reports partitions that were added after the start."""
        if time.monotonic() - self.partitions_checked < PARTITIONS_CHECK_SECONDS:
            return
        self.partitions_checked = time.monotonic()
        added = self.reader.partition_count(span.topic) - span.known
        if added > self.added_partitions:
            self.added_partitions = added
            counters.set_gauge("newsclaims_source_added_partitions", added)
            _log.warning(
                "The topic %s has %d partitions more than at the start; they are read after the next start",
                *(span.topic, added),
            )


@dataclass(slots=True)
class _Turn:
    """What one turn of one partition did; `newest` is the latest record time in milliseconds, or 0."""

    tp: TopicPartition
    is_first: bool
    claimed: int = 0
    newest: int = 0
    is_done: bool = False


def _time_bundle(began: float) -> None:
    counters.observe("newsclaims_bundle_seconds", (time.monotonic() - began,))


def limit_timestamp(milliseconds: int) -> int:
    """Returns a record's time as Beam can take it: not negative, and not in the future.

    Producers choose the time. Beam has no times beyond some hundred thousand years, and a watermark never goes back.
    """
    return min(max(milliseconds, 0), int(time.time() * 1000))


def make_element(record: ConsumerRecord, milliseconds: int) -> WindowedValue:
    """Returns a record with its time and window. Beam would find the window of a `TimestampedValue` for each one."""
    return windowed_value.create(make_record(record), milliseconds * 1000, _WINDOWS)


def make_record(record: ConsumerRecord) -> KafkaRecord:
    """Returns a record of kafka-python as the pipeline passes it on."""
    return KafkaRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        # A header may have no value, which is not the same for Kafka, but is for every reader here.
        headers=tuple([(name, value or b"") for name, value in record.headers]) if record.headers else (),
    )

"""`ReadGroup`: the source of `newsclaims run`. It reads the partitions that the consumer group gives to this process.

It differs from `ReadFromKafka`, whose partitions are fixed: those of a member of a group come and go while it reads. So
the runner gets one restriction for the whole process. Its positions are counted records, and the offsets are kept
here. As in `ReadFromKafka`, offsets are committed once the runner has finalized the bundle, and everything downstream
must stay in one fused stage.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.utils.windowed_value import WindowedValue
from kafka import TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from pipelines import counters, lifecycle
from pipelines.io.kafka.group_reader import GroupReader
from pipelines.io.kafka.offsets import OPEN_END, Diagnosis, check_settings, find_no_refusal
from pipelines.io.kafka.record import KafkaRecord
from pipelines.io.kafka.restriction import OffsetTracker
from pipelines.io.kafka.source import LINGER_SECONDS, Pace, limit_timestamp, make_element
from schemas.errors import Permanent

_log = logging.getLogger(__name__)

_TRACKER = beam.DoFn.RestrictionParam()


class ReadGroup(beam.PTransform):
    """Reads a topic into `KafkaRecord`s, stamped with their record time, as one member of the group of `consumer`.

    With `stop_offsets` it ends once the group has committed these offsets of all partitions, whichever member read
    them; partitions that are not in it are not read. Without, it reads until `lifecycle.stop_requested`. Partitions
    that are added to the topic are read as soon as the group has noticed them.

    Raises `Permanent` for invalid arguments; in the pipeline, if Kafka refuses.
    """

    def __init__(
        self,
        topic: str,
        consumer: Mapping[str, Any],
        *,
        stop_offsets: Mapping[int, int] | None = None,
        pace: Pace | None = None,
        diagnose: Diagnosis = find_no_refusal,
    ) -> None:
        super().__init__()
        check_settings(consumer)
        if not consumer.get("group_id"):
            raise Permanent("The consumer settings have no group_id: without one, nobody can join a group")
        self.read = _ReadGroup(topic, consumer, stop_offsets, pace or Pace(), diagnose)

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection:
        """Applies an impulse and the reading."""
        return pipeline | beam.Impulse() | "records" >> beam.ParDo(self.read).with_output_types(KafkaRecord)


class _ReadGroup(beam.DoFn, RestrictionProvider):
    """Reads what its member owns. Only a bundle without records may wait, and a poll that brings nothing ends it."""

    def __init__(
        self,
        topic: str,
        consumer: Mapping[str, Any],
        stop_offsets: Mapping[int, int] | None,
        pace: Pace,
        diagnose: Diagnosis,
    ) -> None:
        self.topic = topic
        self.consumer = consumer
        self.stop_offsets = stop_offsets
        self.pace = pace
        self.diagnose = diagnose
        self.reader: GroupReader | None = None
        self.sizes: list[int] = []
        self.is_over = False

    def initial_restriction(self, _element: bytes) -> OffsetRange:
        return OffsetRange(0, OPEN_END)

    def create_tracker(self, restriction: OffsetRange) -> OffsetTracker:
        return OffsetTracker(restriction, self.admits)

    def restriction_size(self, _element: bytes, _restriction: OffsetRange) -> int:
        """Returns 1: an open range is not an amount of work."""
        return 1

    def admits(self) -> bool:
        return not lifecycle.stop_requested.is_set() and not self.is_over

    def teardown(self) -> None:
        if self.reader:
            self.reader.close()
            self.reader = None

    def start_bundle(self) -> None:
        self.sizes = []

    def finish_bundle(self) -> None:
        counters.add("newsclaims_bundles_total")
        counters.add("newsclaims_source_records_total", len(self.sizes))
        counters.observe("newsclaims_message_bytes", self.sizes)

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        _element: bytes,
        # Must come first, or Beam passes the tracker twice.
        finalizer: Any = beam.DoFn.BundleFinalizerParam,
        tracker: Any = _TRACKER,
    ) -> Iterator[WindowedValue]:
        claimed = int(tracker.current_restriction().start)
        if self.reader is None and self.admits():
            self.reader = GroupReader.open(self.topic, self.consumer, self.stop_offsets, self.diagnose)
        if self.reader is not None:
            self.reader.begin_bundle()
            for record in self.take_records(self.reader):
                if not tracker.try_claim(claimed):
                    break
                claimed += 1
                if not self.sizes:
                    # The `finish_bundle` of this DoFn comes before that of the sink; finalization comes after both.
                    finalizer.register(partial(_time_bundle, time.monotonic()))
                self.sizes.append(len(record.value or b""))
                yield make_element(record, limit_timestamp(record.timestamp))
            finalizer.register(partial(self.reader.end_bundle, self.reader.list_positions()))
            self.is_over = not self.sizes and self.reader.is_caught_up()
        if self.admits():
            tracker.defer_remainder()
        else:
            tracker.try_claim(claimed)  # refused, which closes the range

    def take_records(self, reader: GroupReader) -> Iterator[ConsumerRecord]:
        """Yields the records of the bundle: in turns of each partition, until there are no more or it is long enough.

        A record counts as read when the next one is asked for.
        """
        deadline = time.monotonic() + self.pace.seconds
        turns: deque[TopicPartition] = deque()
        left = self.pace.records
        while left > 0 and time.monotonic() < deadline and self.admits() and not reader.must_end_bundle():
            if not turns:
                turns.extend(reader.list_waiting())
            if not turns:
                if not reader.poll(LINGER_SECONDS if self.sizes else self.pace.idle_seconds):
                    return
                continue
            partition, share = turns.popleft(), max(1, self.pace.records // reader.partition_count)
            for record in reader.take(partition, min(left, share)):
                left -= 1
                yield record


def _time_bundle(began: float) -> None:
    counters.observe("newsclaims_bundle_seconds", (time.monotonic() - began,))

"""`ReadGroup` on the FnApiRunner against the real Kafka. `tests/pipelines/run/test_sharing.py` has several members."""

import threading
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines import lifecycle
from pipelines.io.kafka.group_reader import close_readers
from pipelines.io.kafka.group_source import ReadGroup
from pipelines.io.kafka.record import KafkaRecord
from pipelines.io.kafka.source import Pace
from pipelines.run.graph import check_fused
from schemas.errors import Permanent, Retryable
from tests.conftest import Stack
from tests.pipelines.run import jobs
from tests.pipelines.run.jobs import Collect
from tests.pipelines.run.running import eventually
from tests.pipelines.topics import Topic

HASTY = Pace(idle_seconds=0.1, records=5)


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    jobs.collected.clear()
    yield
    close_readers()
    lifecycle.stop_requested.clear()


def read(topic: Topic, sink: Collect | None = None, **arguments: Any) -> list[bytes | None]:
    """Reads until it ends, and returns the values."""
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
    _ = pipeline | ReadGroup(topic.name, topic.consumer, pace=HASTY, **arguments) | beam.ParDo(sink or Collect())
    check_fused(pipeline)
    pipeline.run().wait_until_finish()
    return [record.value for record, _ in jobs.collected]


@pytest.mark.integration
def test_all_partitions_are_read_to_the_stop_offsets_and_committed(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=3)
    topic.publish([b"%d" % number for number in range(40)])
    assert sorted(map(int, filter(None, read(topic, stop_offsets={0: 10, 1: 13, 2: 0})))) == sorted(
        number for number in range(40) if (number % 3 == 0 and number // 3 < 10) or number % 3 == 1
    )
    assert topic.committed()[:2] == [10, 13]
    jobs.collected.clear()
    assert len(read(topic, stop_offsets={0: 14, 1: 13, 2: 13})) == 17
    assert topic.committed() == [14, 13, 13]


@pytest.mark.integration
def test_records_of_a_bundle_that_fails_are_read_again(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"%d" % number for number in range(12)])
    with pytest.raises(Retryable, match="the sink is broken"):
        read(topic, Collect(fail_on=b"7"), stop_offsets={0: 12})
    close_readers()
    assert topic.committed() == [5]
    jobs.collected.clear()
    assert read(topic, stop_offsets={0: 12}) == [b"%d" % number for number in range(5, 12)]


class StopAt(Collect):
    """Asks the process to stop as soon as it has a value."""

    def __init__(self, value: bytes) -> None:
        super().__init__()
        self.value = value

    def process(self, element: KafkaRecord, timestamp: Any = beam.DoFn.TimestampParam) -> None:
        super().process(element, timestamp)
        if element.value == self.value:
            lifecycle.stop_requested.set()


@pytest.mark.integration
def test_record_that_a_stop_refuses_is_read_after_the_next_start(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"%d" % number for number in range(12)])
    assert read(topic, StopAt(b"3")) == [b"0", b"1", b"2", b"3"]
    close_readers()
    assert topic.committed() == [4]
    lifecycle.stop_requested.clear()
    jobs.collected.clear()
    assert read(topic, stop_offsets={0: 12}) == [b"%d" % number for number in range(4, 12)]


@pytest.mark.integration
def test_stop_drains_and_an_added_partition_is_read(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.consumer_extra = {"metadata_max_age_ms": 500}
    topic.publish([b"one"])
    thread = threading.Thread(target=lambda: read(topic), daemon=True)
    thread.start()
    eventually(lambda: len(jobs.collected) == 1)
    topic.grow(2)
    topic.publish([b"two"], partition=1)
    eventually(lambda: len(jobs.collected) == 2)
    lifecycle.stop_requested.set()
    thread.join(60)
    assert not thread.is_alive()
    assert topic.committed() == [1, 1]


def test_group_is_required() -> None:
    with pytest.raises(Permanent, match="no group_id"):
        ReadGroup("orders", {})
    with pytest.raises(Permanent, match="enable_auto_commit"):
        ReadGroup("orders", {"group_id": "billing", "enable_auto_commit": True})

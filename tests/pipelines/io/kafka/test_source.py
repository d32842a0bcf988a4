"""`ReadFromKafka` on the FnApiRunner against the real Kafka."""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewPartitions

from pipelines import counters, lifecycle
from pipelines.io.kafka import source as kafka
from pipelines.io.kafka.offsets import make_consumer, measure_lag, move_group
from pipelines.io.kafka.source import Pace, ReadFromKafka
from schemas.errors import Permanent, Retryable
from tests.conftest import Stack
from tests.pipelines.run import jobs
from tests.pipelines.topics import Topic

pytestmark = pytest.mark.integration

HASTY = Pace(idle_seconds=0.05)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    jobs.collected.clear()
    jobs.flushed.clear()
    counters.reset()
    yield
    lifecycle.stop_requested.clear()


def read(topic: Topic, fail_on: bytes | None = None, **arguments: Any) -> list[Any]:
    """Runs a pipeline to its end; returns the records of this run."""
    jobs.collected.clear()
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
    source = ReadFromKafka(topic.name, topic.consumer, **{"pace": HASTY, **arguments})
    _ = pipeline | source | beam.ParDo(jobs.Collect(fail_on))
    pipeline.run()
    return [record for record, _ in jobs.collected]


class Running:
    """Runs an unbounded pipeline in a thread, and stops it like a signal."""

    def __init__(self, topic: Topic, **arguments: Any) -> None:
        self.thread = threading.Thread(target=read, args=(topic,), kwargs=arguments)
        self.thread.start()

    def wait_for(self, count: int) -> None:
        """Returns once this many records have passed the sink."""
        deadline = time.monotonic() + 30
        while len(jobs.collected) < count:
            assert jobs.flushed.wait(deadline - time.monotonic()), f"{len(jobs.collected)} of {count}"
            jobs.flushed.clear()

    def stop(self) -> None:
        lifecycle.stop_requested.set()
        self.thread.join(20)
        assert not self.thread.is_alive()
        lifecycle.stop_requested.clear()


def values(records: list[Any]) -> list[bytes]:
    return sorted(record.value for record in records)


def test_bounded_run_reads_all_partitions_and_commits(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=3)
    sent = [b"%04d" % number for number in range(1000)]
    topic.publish(sent)
    assert values(read(topic, until_caught_up=True)) == sent
    assert sum(offset or 0 for offset in topic.committed()) == 1000


def test_empty_topic_is_caught_up_at_once(stack: Stack) -> None:
    assert read(Topic(stack.bootstrap_servers, partitions=2), until_caught_up=True) == []


def test_record_keeps_key_headers_and_timestamp(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    sent_at = int(time.time() * 1000) - 5000
    topic.publish([b"value"], key=b"key", headers=[("feed", b"herald"), ("feed", b"twice")], timestamp_ms=sent_at)
    (record,) = read(topic, until_caught_up=True)
    assert (record.key, record.headers) == (b"key", (("feed", b"herald"), ("feed", b"twice")))
    assert (record.topic, record.partition, record.offset, record.timestamp) == (topic.name, 0, 0, sent_at)
    assert jobs.collected[0][1] == pytest.approx(sent_at / 1000)


@pytest.mark.parametrize("timestamp", [0, 2**62, 2**63 - 1])
def test_record_of_an_impossible_time_is_read_with_the_time_of_now(stack: Stack, timestamp: int) -> None:
    topic = Topic(stack.bootstrap_servers, configs={"message.timestamp.after.max.ms": str(2**63 - 1)})
    topic.publish([b"value"], timestamp_ms=timestamp)
    topic.publish([b"next"])
    assert values(read(topic, until_caught_up=True)) == [b"next", b"value"]
    assert all(0 <= stamp <= time.time() for _, stamp in jobs.collected)


class BrokenName(str):
    """The name of a header that another client sent as bytes."""

    def encode(self, *_arguments: Any) -> bytes:
        return b"na\xffme"


@pytest.mark.parametrize("compression", [None, "gzip"])
def test_header_whose_name_is_not_utf8_does_not_stop_the_source(stack: Stack, compression: str | None) -> None:
    topic = Topic(stack.bootstrap_servers)
    with closing(
        KafkaProducer(bootstrap_servers=topic.servers, linger_ms=500, compression_type=compression)
    ) as producer:
        producer.send(topic.name, b"before")
        headers = [("feed", b"herald"), (BrokenName("x"), b"na\xffme"), ("h\u00e9", b"")]
        producer.send(topic.name, b"na\xffme", key=b"k", headers=headers)
        producer.send(topic.name, b"after")
        producer.flush()
    found = {record.value: record.headers for record in read(topic, until_caught_up=True)}
    assert found.keys() == {b"before", b"na\xffme", b"after"}
    assert found[b"na\xffme"] == (("feed", b"herald"), ("na?me", b"na\xffme"), ("h\u00e9", b""))
    assert topic.committed() == [3]


def publish_transaction(topic: Topic, values: list[bytes], *, aborted: bool) -> None:
    """Sends values in a transaction that is committed or aborted."""
    options = {"bootstrap_servers": topic.servers, "transactional_id": f"{topic.name}-{aborted}", "acks": "all"}
    with closing(KafkaProducer(**options)) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        for value in values:
            producer.send(topic.name, value)
        producer.flush()
        producer.abort_transaction() if aborted else producer.commit_transaction()


def test_messages_of_an_aborted_transaction_are_not_read(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    publish_transaction(topic, [b"said 1", b"said 2"], aborted=False)
    publish_transaction(topic, [b"withdrawn 1", b"withdrawn 2"], aborted=True)
    topic.publish([b"said 3"])
    publish_transaction(topic, [b"withdrawn 3"], aborted=True)
    assert values(read(topic, until_caught_up=True)) == [b"said 1", b"said 2", b"said 3"]
    with closing(make_consumer(topic.consumer)) as client:
        assert measure_lag(client, topic.name) == {0: 0}, "the markers of transactions do not count"
    assert values(read(topic, until_caught_up=True)) == []


def test_topic_that_ends_in_an_aborted_transaction_is_followed(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    publish_transaction(topic, [b"withdrawn"], aborted=True)
    running = Running(topic)
    topic.publish([b"said"])
    running.wait_for(1)
    running.stop()
    assert [record.value for record, _ in jobs.collected] == [b"said"]


def test_tombstone_is_read(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([None], key=b"gone")
    (record,) = read(topic, until_caught_up=True)
    assert (record.key, record.value, record.headers) == (b"gone", None, ())


def test_message_of_eight_megabytes_is_read(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, configs={"max.message.bytes": "10485760"})
    big = b"x" * (8 * 1024 * 1024)
    with closing(KafkaProducer(bootstrap_servers=topic.servers, max_request_size=10_485_760)) as producer:
        producer.send(topic.name, big)
        producer.flush()
    topic.publish([b"small"])
    assert [len(record.value) for record in read(topic, until_caught_up=True)] == [len(big), 5]


def test_next_run_resumes_at_the_committed_offset(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    topic.publish([b"1", b"2"])
    assert values(read(topic, until_caught_up=True)) == [b"1", b"2"]
    topic.publish([b"3", b"4"])
    assert values(read(topic, until_caught_up=True)) == [b"3", b"4"]


def test_nothing_is_committed_when_the_sink_fails_at_the_end_of_the_bundle(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"good", b"bad"])
    with pytest.raises(Retryable, match="the sink is broken"):
        read(topic, fail_on=b"bad", until_caught_up=True)
    assert topic.committed() == [0]
    assert values(read(topic, until_caught_up=True)) == [b"bad", b"good"]


def test_max_records_ends_an_unbounded_run(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    topic.publish([b"%d" % number for number in range(10)])
    assert len(read(topic, max_records=7)) == 7
    assert sum(offset or 0 for offset in topic.committed()) == 7
    assert len(read(topic, until_caught_up=True)) == 3


def test_stop_offsets_end_the_run_before_them(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    topic.publish([b"%d" % number for number in range(10)])
    records = read(topic, stop_offsets={0: 2, 1: 4})
    assert sorted((record.partition, record.offset) for record in records) == [
        *((0, offset) for offset in range(2)),
        *((1, offset) for offset in range(4)),
    ]
    assert topic.committed() == [2, 4]


def test_share_takes_every_nth_partition(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=5)
    topic.publish([b"%d" % number for number in range(5)])
    assert [record.partition for record in read(topic, share=(0, 2), until_caught_up=True)] == [0, 2, 4]
    assert [record.partition for record in read(topic, share=(1, 2), until_caught_up=True)] == [1, 3]


def test_start_at_earliest_latest_and_a_time(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for hour in range(3):
        stamp = int((noon + timedelta(hours=hour)).timestamp() * 1000)
        topic.publish([b"%d" % hour], timestamp_ms=stamp)
    assert values(read(topic, until_caught_up=True)) == [b"0", b"1", b"2"]
    assert values(read(topic, until_caught_up=True)) == []
    assert values(read(topic, until_caught_up=True, start="earliest")) == [b"0", b"1", b"2"]
    assert values(read(topic, until_caught_up=True, start="latest")) == []
    assert values(read(topic, until_caught_up=True, start=noon + timedelta(minutes=59))) == [b"1", b"2"]
    assert values(read(topic, until_caught_up=True, start=noon + timedelta(days=1))) == []


def test_committed_offset_never_goes_back(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"%d" % number for number in range(5)])
    read(topic, until_caught_up=True)
    read(topic, max_records=2, start="earliest")
    assert topic.committed() == [5]


def test_latest_commits_where_it_began(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"old"])
    read(topic, until_caught_up=True, start="latest")
    assert topic.committed() == [1]


def test_stop_drains_and_commits(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    running = Running(topic)
    topic.publish([b"1", b"2", b"3"])
    running.wait_for(3)
    running.stop()
    assert sum(offset or 0 for offset in topic.committed()) == 3


def test_record_arrives_at_the_sink_well_below_a_second(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=8)
    running = Running(topic, pace=Pace(idle_seconds=1.0))
    topic.publish([b"first"], partition=0)
    running.wait_for(1)
    delays = []
    with closing(KafkaProducer(bootstrap_servers=topic.servers)) as producer:
        for number in range(8):
            began = time.monotonic()
            producer.send(topic.name, b"next", partition=number)
            running.wait_for(2 + number)
            delays.append(time.monotonic() - began)
    running.stop()
    assert sorted(delays)[4] < 0.5, delays


def test_watermark_follows_records_and_moves_on_where_a_partition_is_idle(stack: Stack, monkeypatch: Any) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    sent_at = int(time.time() * 1000) - 3_600_000
    topic.publish([b"old"], partition=0, timestamp_ms=sent_at)
    seen: list[tuple[int, float]] = []
    advance = kafka._ReadPartition.advance

    def spy(self: Any, watermark: Any, turn: Any) -> None:
        advance(self, watermark, turn)
        current = watermark.current_watermark()
        seen.append((turn.tp.partition, float(current) if current else 0.0))

    monkeypatch.setattr(kafka._ReadPartition, "advance", spy)
    running = Running(topic)
    running.wait_for(1)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not {
        partition for partition, reached in seen if reached > time.time() - 60
    } >= {0, 1}:
        time.sleep(0.05)
    running.stop()
    assert (0, pytest.approx(sent_at / 1000)) in seen
    for partition in (0, 1):
        reached = [mark for number, mark in seen if number == partition]
        assert reached == sorted(reached)
        assert time.time() - 60 < reached[-1] < time.time()


def test_added_partition_is_reported_and_read_from_the_next_start(
    stack: Stack, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kafka, "PARTITIONS_CHECK_SECONDS", 0.1)
    topic = Topic(stack.bootstrap_servers)
    fast = topic.consumer | {"metadata_max_age_ms": 200}
    monkeypatch.setattr(Topic, "consumer", fast)
    topic.publish([b"begun"])
    running = Running(topic)
    running.wait_for(1)
    with closing(KafkaAdminClient(bootstrap_servers=topic.servers)) as admin:
        admin.create_partitions({topic.name: NewPartitions(3)})
    deadline = time.monotonic() + 20
    while not counters.snapshot().get(("newsclaims_source_added_partitions", ())):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.stop()
    assert counters.snapshot()["newsclaims_source_added_partitions", ()] == 2
    assert "2 partitions more than at the start" in caplog.text
    topic.publish([b"there"], partition=2)
    assert values(read(topic, until_caught_up=True)) == [b"there"]


def delete_before(topic: Topic, offset: int) -> None:
    """Removes records as retention would."""
    with closing(KafkaAdminClient(bootstrap_servers=topic.servers)) as admin:
        admin.delete_records({TopicPartition(topic.name, 0): offset})


def test_records_that_retention_removed_are_reported_and_counted(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"%d" % number for number in range(10)])
    read(topic, max_records=2)
    delete_before(topic, 6)
    assert values(read(topic, until_caught_up=True)) == [b"6", b"7", b"8", b"9"]
    assert counters.snapshot()["newsclaims_source_lost_total", ()] == 4
    assert "retention removed the records from 2 on" in caplog.text


def test_topic_created_again_is_read_from_its_start(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"new"])
    with closing(make_consumer(topic.consumer)) as client:
        move_group(client, {TopicPartition(topic.name, 0): 100})
    assert values(read(topic, until_caught_up=True)) == [b"new"]
    assert "created again" in caplog.text
    assert topic.committed() == [1]


def test_lag_counts_what_is_not_committed(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    topic.publish([b"%d" % number for number in range(10)])
    read(topic, stop_offsets={0: 1, 1: 2})
    with closing(KafkaConsumer(**topic.consumer)) as client:
        assert measure_lag(client, topic.name) == {0: 4, 1: 3}


def test_missing_topic_is_named(stack: Stack) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.name = "not-there"
    with pytest.raises(Permanent, match=r"The topic 'not-there' does not exist at .*newsclaims init"):
        read(topic)


# kafka-python leaves the sockets of refused connections to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_absent_broker_is_waited_for_and_a_stop_ends_that(
    stack: Stack, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    topic = Topic(stack.bootstrap_servers)
    unreachable = topic.consumer | {"bootstrap_servers": "127.0.0.1:1", "bootstrap_timeout_ms": 200}
    monkeypatch.setattr(Topic, "consumer", unreachable)
    running = Running(topic)
    deadline = time.monotonic() + 20
    while not counters.snapshot().get(("newsclaims_source_waiting", ())):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.stop()
    assert "Kafka at 127.0.0.1:1 does not answer" in caplog.text
    assert jobs.collected == []
    gc.collect()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": "yesterday"}, "start is 'yesterday'"),
        ({"share": (2, 2)}, r"share is \(2, 2\)"),
        ({"max_records": 0}, "max_records is 0"),
        ({"consumer": {"enable_auto_commit": True}}, "enable_auto_commit"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(Permanent, match=message):
        ReadFromKafka("orders", **{"consumer": {}, **arguments})

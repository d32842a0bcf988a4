"""Kafka's metrics for the monitor: ends of topics, and how far the job lags behind them, in records and in time."""

import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from deploy.kafka_connection import check_kafka
from deploy.server_errors import convert_kafka_error, make_kafka_error
from deploy.settings import Settings
from schemas.errors import Permanent
from schemas.metrics import Key
from schemas.topics import load_topics

TOPIC = "raw-articles"
"""The topic that the job reads."""

TIMEOUT_MS = 5_000
"""Timeout of one request."""

Offsets = Mapping[TopicPartition, int]

OPTIONS: dict[str, Any] = {
    "enable_auto_commit": False,
    "allow_auto_create_topics": False,
    "bootstrap_timeout_ms": TIMEOUT_MS,
    "metrics_enabled": False,
    # Only one record of a partition is needed. A broker returns at least one batch, however small this limit is.
    "max_partition_fetch_bytes": 1,
}


def measure_kafka(settings: Settings) -> dict[Key, float]:
    """Returns the metrics of topics and of the job's consumer group.

    Raises `Retryable` if Kafka does not answer, and `Permanent` if the job's topic is missing.
    """
    check_kafka(settings.kafka)
    try:
        with closing(KafkaConsumer(**settings.kafka.client_options(), **OPTIONS, group_id=settings.group)) as client:
            return measure(client)
    except KafkaError as error:
        raise convert_kafka_error(error, "read topics and the offsets of the job's group") from error
    except (OSError, ValueError) as error:
        raise make_kafka_error(f"{type(error).__name__}: {error}") from error


def measure(client: KafkaConsumer) -> dict[Key, float]:
    """Returns the metrics. Raises kafka-python's errors, and `Permanent`."""
    topics = client.topics()
    if TOPIC not in topics:
        raise Permanent(f"Kafka has no topic {TOPIC}: run `newsclaims init`")
    partitions = [
        TopicPartition(topic, number)
        for topic in load_topics()
        if topic in topics
        for number in sorted(client.partitions_for_topic(topic) or ())
    ]
    ends: Offsets = client.end_offsets(partitions, timeout_ms=TIMEOUT_MS)
    own = [partition for partition in partitions if partition.topic == TOPIC]
    waiting = {tp: offset for tp, offset in find_positions(client, own, ends).items() if offset < ends[tp]}
    values: dict[Key, float] = {("newsclaims_topic_end_offset", make_labels(tp)): ends[tp] for tp in partitions}
    for tp in own:
        values["newsclaims_consumer_lag_records", make_labels(tp)] = ends[tp] - waiting.get(tp, ends[tp])
    ages = {**{tp: 0.0 for tp in own if tp not in waiting}, **find_oldest_ages(client, waiting)}
    return values | {("newsclaims_oldest_unprocessed_seconds", make_labels(tp)): age for tp, age in ages.items()}


def find_positions(client: KafkaConsumer, partitions: Iterable[TopicPartition], ends: Offsets) -> Offsets:
    """Returns the offsets from which the job would continue: see `pipelines.io.kafka.offsets`."""
    first = client.beginning_offsets(list(partitions), timeout_ms=TIMEOUT_MS)
    found = {}
    for tp in partitions:
        committed = client.committed(tp, timeout_ms=TIMEOUT_MS)
        # An offset beyond the end: the topic was deleted and created again, and the job reads it from its start.
        is_known = committed is not None and committed <= ends[tp]
        found[tp] = max(committed, first[tp]) if is_known else first[tp]
    return found


def find_oldest_ages(client: KafkaConsumer, waiting: Offsets) -> dict[TopicPartition, float]:
    """Returns the age of the record at each offset, in seconds. Records that do not arrive in time are left out."""
    now = time.time()
    return {tp: max(0.0, now - at) for tp, at in find_record_times(client, waiting).items()}


def find_record_times(
    client: KafkaConsumer, offsets: Offsets, timeout_ms: int = TIMEOUT_MS
) -> dict[TopicPartition, float]:
    """Returns the time of the record at each offset, in seconds since 1970. Late answers are left out."""
    times: dict[TopicPartition, float] = {}
    deadline = time.monotonic() + timeout_ms / 1000
    while len(times) < len(offsets) and time.monotonic() < deadline:
        left = [tp for tp in offsets if tp not in times]
        if set(client.assignment()) != set(left):
            client.assign(left)
            for tp in left:
                client.seek(tp, offsets[tp])
        for tp, records in client.poll(timeout_ms=500).items():
            times[tp] = records[0].timestamp / 1000
    return times


def make_labels(partition: TopicPartition) -> tuple[str, str]:
    """Returns a partition as the labels of a metric."""
    return partition.topic, str(partition.partition)

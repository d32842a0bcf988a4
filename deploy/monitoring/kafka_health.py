"""What the monitor asks of Kafka: ends of topics, and how far behind them the job is, in records and in time."""

import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from deploy.probing import accepts_connections
from deploy.server_errors import kafka_unreachable
from deploy.settings import Settings
from schemas.errors import Permanent
from schemas.metrics import Key
from schemas.topics import load_topics

TOPIC = "raw-articles"
"""What the job reads."""

ANSWER_MS = 5_000
"""How long one question may take."""

Offsets = Mapping[TopicPartition, int]

OPTIONS: dict[str, Any] = {
    "enable_auto_commit": False,
    "allow_auto_create_topics": False,
    "bootstrap_timeout_ms": ANSWER_MS,
    "metrics_enabled": False,
    # One record of a partition is wanted, and a broker gives at least one batch, however small this is.
    "max_partition_fetch_bytes": 1,
}


def kafka_health(settings: Settings) -> dict[Key, float]:
    """The metrics of topics and of the job's group.

    Raises `Retryable` where Kafka does not answer, `Permanent` where the job's topic is not there.
    """
    servers = settings.kafka.bootstrap_servers
    if not any(accepts_connections(server) for server in servers):
        raise kafka_unreachable(f"cannot connect to {', '.join(servers)}")
    try:
        with closing(KafkaConsumer(**settings.kafka.client_options(), **OPTIONS, group_id=settings.group)) as client:
            return ask(client)
    except (KafkaError, OSError, ValueError) as error:
        raise kafka_unreachable(f"{type(error).__name__}: {error}") from error


def ask(client: KafkaConsumer) -> dict[Key, float]:
    """All questions. Raises kafka-python's errors, and `Permanent`."""
    there = client.topics()
    if TOPIC not in there:
        raise Permanent(f"Kafka has no topic {TOPIC}: run `newsclaims init`")
    partitions = [
        TopicPartition(topic, number)
        for topic in load_topics()
        if topic in there
        for number in sorted(client.partitions_for_topic(topic) or ())
    ]
    ends: Offsets = client.end_offsets(partitions, timeout_ms=ANSWER_MS)
    mine = [partition for partition in partitions if partition.topic == TOPIC]
    waiting = {tp: offset for tp, offset in positions(client, mine, ends).items() if offset < ends[tp]}
    values: dict[Key, float] = {("newsclaims_topic_end_offset", labels(tp)): ends[tp] for tp in partitions}
    for tp in mine:
        values["newsclaims_consumer_lag_records", labels(tp)] = ends[tp] - waiting.get(tp, ends[tp])
    ages = {**{tp: 0.0 for tp in mine if tp not in waiting}, **oldest_ages(client, waiting)}
    return values | {("newsclaims_oldest_unprocessed_seconds", labels(tp)): age for tp, age in ages.items()}


def positions(client: KafkaConsumer, partitions: Iterable[TopicPartition], ends: Offsets) -> Offsets:
    """Where the job would go on reading: see `pipelines.io.kafka.offsets`."""
    first = client.beginning_offsets(list(partitions), timeout_ms=ANSWER_MS)
    found = {}
    for tp in partitions:
        committed = client.committed(tp, timeout_ms=ANSWER_MS)
        # Beyond the end: of a topic that was made anew, which the job reads from its start.
        is_known = committed is not None and committed <= ends[tp]
        found[tp] = max(committed, first[tp]) if is_known else first[tp]
    return found


def oldest_ages(client: KafkaConsumer, waiting: Offsets) -> dict[TopicPartition, float]:
    """The age of the record at each offset, in seconds; those that do not come in time are left out."""
    ages: dict[TopicPartition, float] = {}
    deadline = time.monotonic() + ANSWER_MS / 1000
    while len(ages) < len(waiting) and time.monotonic() < deadline:
        left = [tp for tp in waiting if tp not in ages]
        if set(client.assignment()) != set(left):
            client.assign(left)
            for tp in left:
                client.seek(tp, waiting[tp])
        for tp, records in client.poll(timeout_ms=500).items():
            ages[tp] = max(0.0, time.time() - records[0].timestamp / 1000)
    return ages


def labels(partition: TopicPartition) -> tuple[str, str]:
    """A partition as metrics name it."""
    return partition.topic, str(partition.partition)

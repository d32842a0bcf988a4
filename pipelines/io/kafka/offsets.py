"""Where reading starts and ends: the partitions of a topic and their offsets, requested until Kafka answers."""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import (
    AuthorizationError,
    CommitFailedError,
    KafkaConfigurationError,
    RetriableError,
    SaslAuthenticationFailedError,
    UnsupportedSaslMechanismError,
)
from kafka.structs import OffsetAndMetadata

from pipelines import counters, lifecycle
from pipelines.io.kafka import record_batches
from schemas.errors import NewsclaimsError, Permanent, Retryable

_log = logging.getLogger(__name__)

Start = str | datetime
"""`committed` (the offset of the group, else the earliest record), `earliest`, `latest`, or a time."""

OPEN_END = 2**63 - 1
"""The stop offset of a partition without an end: Kafka's offsets are signed 64-bit numbers."""
STARTS = ("committed", "earliest", "latest")
ANSWER_SECONDS = 5.0
"""How long a request may take before Kafka counts as unreachable, and how late a stop may be noticed."""
BACK_OFF_SECONDS = (0.5, 5.0)
"""First and longest pause between requests while Kafka is unreachable."""

REFUSALS = (
    AuthorizationError,
    KafkaConfigurationError,
    SaslAuthenticationFailedError,
    UnsupportedSaslMechanismError,
)
"""Errors that repeating a request does not repair."""

DEFAULTS: Mapping[str, Any] = {
    "enable_auto_commit": False,
    # Without this, an offset that no longer exists would be skipped silently.
    "auto_offset_reset": "none",
    "allow_auto_create_topics": False,
    # What a producer has taken back was never said: the messages of an aborted transaction are not read.
    "isolation_level": "read_committed",
    "bootstrap_timeout_ms": int(ANSWER_SECONDS * 1000),
    # One fetch is in flight per broker, for the partitions without fetched records: a short wait lets the others in.
    "fetch_max_wait_ms": 100,
    # How soon an added partition is noticed.
    "metadata_max_age_ms": 30_000,
    "reconnect_backoff_max_ms": 2_000,
    # Collecting them costs a tenth of the throughput, and nothing reads them.
    "metrics_enabled": False,
}
"""Consumer settings that differ from kafka-python's. The caller's settings take precedence."""

FIXED = ("enable_auto_commit", "auto_offset_reset", "key_deserializer", "value_deserializer")
"""Settings that the source depends on: only finalization commits offsets, and bytes stay bytes."""

T = TypeVar("T")
Diagnosis = Callable[[Mapping[str, Any]], NewsclaimsError | None]
"""Finds out why a broker refuses a client, given its settings. kafka-python only says that there is no answer."""


def find_no_refusal(_settings: Mapping[str, Any]) -> None:
    """Finds nothing: a client that is refused waits as for an unreachable broker."""


@dataclass(frozen=True, slots=True)
class OffsetSpan:
    """One partition with the offsets to read, `stop` exclusive; `known` is the topic's number of partitions.

    `salt` says nothing about the partition: some runners choose the worker by a hash of the span, and it sets the hash.
    """

    topic: str
    partition: int
    start: int
    stop: int
    known: int
    salt: int = 0


@dataclass(frozen=True)
class ReadBounds:
    """Which part of a topic to read: a share (index, count) of its partitions, from where, to where.

    `stop_offsets` are the offsets to stop before; partitions that it does not name are not read. `until_caught_up`
    stops at the end offsets that the partitions have when reading starts.
    """

    start: Start = "committed"
    share: tuple[int, int] = (0, 1)
    until_caught_up: bool = False
    stop_offsets: Mapping[int, int] | None = None


def make_consumer(settings: Mapping[str, Any]) -> KafkaConsumer:
    """Returns a consumer with the defaults of the source. Raises kafka-python's errors."""
    record_batches.install()
    return KafkaConsumer(**{**DEFAULTS, **settings})


def ask_until_answered(
    settings: Mapping[str, Any], ask: Callable[[KafkaConsumer], T], diagnose: Diagnosis = find_no_refusal
) -> T | None:
    """Asks Kafka until it answers, and logs while it does not. Returns None once the process is asked to stop.

    Raises `Permanent` if Kafka refuses: credentials, permissions, settings; and what `diagnose` finds.
    """
    pause, longest = BACK_OFF_SECONDS
    while not lifecycle.stop_requested.is_set():
        try:
            with closing(make_consumer(settings)) as client:
                answer = ask(client)
        except REFUSALS as error:
            raise Permanent(f"Kafka at {format_addresses(settings)} refused the request: {error}") from error
        except RetriableError as error:
            if refusal := diagnose(settings):
                raise refusal from error
            counters.set_gauge("newsclaims_source_waiting", 1)
            _log.warning("Kafka at %s does not answer, trying again: %s", format_addresses(settings), error)
            lifecycle.stop_requested.wait(pause)
            pause = min(2 * pause, longest)
        else:
            counters.set_gauge("newsclaims_source_waiting", 0)
            return answer
    return None


def format_addresses(settings: Mapping[str, Any]) -> str:
    """Returns the addresses of the brokers, for messages."""
    servers = settings.get("bootstrap_servers", "localhost:9092")
    return servers if isinstance(servers, str) else ",".join(servers)


def find_spans(client: KafkaConsumer, topic: str, bounds: ReadBounds) -> list[OffsetSpan]:
    """Returns the partitions to read, with their offsets. Raises `Permanent` if the topic does not exist."""
    partitions = list_partitions(client, topic)
    index, count = bounds.share
    mine = [partition for partition in partitions if partition.partition % count == index]
    if bounds.stop_offsets is not None:
        mine = [partition for partition in mine if partition.partition in bounds.stop_offsets]
    starts = find_start_offsets(client, mine, bounds.start)
    stops = _find_stop_offsets(client, mine, bounds)
    return [
        OffsetSpan(topic, tp.partition, starts[tp], max(starts[tp], stops.get(tp, OPEN_END)), len(partitions))
        for tp in mine
    ]


def list_partitions(client: KafkaConsumer, topic: str) -> list[TopicPartition]:
    """Returns the partitions of the topic, in order. Raises `Permanent` if the topic does not exist."""
    numbers = client.partitions_for_topic(topic)
    if not numbers:
        raise Permanent(
            f"The topic {topic!r} does not exist at {format_addresses(client.config)}: create it with `newsclaims init`"
        )
    return [TopicPartition(topic, number) for number in sorted(numbers)]


def find_start_offsets(
    client: KafkaConsumer, partitions: list[TopicPartition], start: Start
) -> dict[TopicPartition, int]:
    """Returns the first offset to read of each partition."""
    first = find_first_offsets(client, partitions)
    if start == "earliest":
        return first
    last = find_end_offsets(client, partitions)
    if start == "latest":
        return last
    if isinstance(start, datetime):
        milliseconds = int(start.timestamp() * 1000)
        found = client.offsets_for_times(dict.fromkeys(partitions, milliseconds), timeout_ms=_milliseconds())
        return {tp: found[tp].offset if found[tp] else last[tp] for tp in partitions}
    committed = find_committed_offsets(client, partitions)
    return {tp: _clip_committed(tp, committed[tp], first[tp], last[tp]) for tp in partitions}


def _clip_committed(tp: TopicPartition, committed: int | None, first: int, last: int) -> int:
    """Returns the committed offset if it can still be read, else the first offset."""
    if committed is None:
        return first
    if committed < first:
        report_lost(tp, committed, first)
        return first
    if committed > last:
        _log.warning(
            "%s[%d] ends at offset %d, but %d was committed: the topic was created again; reading it from its start",
            *(tp.topic, tp.partition, last, committed),
        )
        return first
    return committed


def report_lost(tp: TopicPartition, wanted: int, first: int) -> None:
    """Logs and counts the records that retention removed before they were read."""
    counters.add("newsclaims_source_lost_total", first - wanted)
    _log.error(
        "%s[%d] begins at offset %d: retention removed the records from %d on before they were read; continuing at %d",
        *(tp.topic, tp.partition, first, wanted, first),
    )


def _find_stop_offsets(
    client: KafkaConsumer, partitions: list[TopicPartition], bounds: ReadBounds
) -> dict[TopicPartition, int]:
    if bounds.stop_offsets is not None:
        return {tp: bounds.stop_offsets[tp.partition] for tp in partitions}
    return find_end_offsets(client, partitions) if bounds.until_caught_up else {}


def find_first_offsets(client: KafkaConsumer, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """Returns the offset of the first record of each partition that can still be read."""
    offsets: dict[TopicPartition, int] = client.beginning_offsets(list(partitions), timeout_ms=_milliseconds())
    return offsets


def find_end_offsets(client: KafkaConsumer, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """Returns the offset after the last record of each partition."""
    offsets: dict[TopicPartition, int] = client.end_offsets(list(partitions), timeout_ms=_milliseconds())
    return offsets


def find_committed_offsets(client: KafkaConsumer, partitions: list[TopicPartition]) -> dict[TopicPartition, int | None]:
    """Returns the committed offset of each partition, or None; without a group there is none."""
    if client.config["group_id"] is None:
        return dict.fromkeys(partitions)
    return {tp: client.committed(tp, timeout_ms=_milliseconds()) for tp in partitions}


def measure_lag(client: KafkaConsumer, topic: str) -> dict[int, int]:
    """Returns the lag: the number of records of each partition between the offset of the group and the end."""
    partitions = list_partitions(client, topic)
    first, last = find_first_offsets(client, partitions), find_end_offsets(client, partitions)
    committed = find_committed_offsets(client, partitions)
    lags = {}
    for tp in partitions:
        offset = committed[tp]
        lags[tp.partition] = last[tp] - (first[tp] if offset is None else min(max(offset, first[tp]), last[tp]))
    return lags


def move_group(client: KafkaConsumer, offsets: Mapping[TopicPartition, int]) -> None:
    """Commits `offsets`, even backwards. Raises `Permanent` if the group has members: those would not go there."""
    try:
        client.commit(
            {tp: OffsetAndMetadata(offset, "", -1) for tp, offset in offsets.items()}, timeout_ms=_milliseconds()
        )
    except CommitFailedError as error:
        raise Permanent(
            f"The group {client.config['group_id']} cannot be moved, because it has members: stop the other runs "
            "first, or start with --start committed"
        ) from error


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raises `Permanent` for consumer settings that would break the guarantees of the source."""
    wrong = [name for name in FIXED if name in settings]
    if wrong:
        raise Permanent(f"ReadFromKafka sets {', '.join(wrong)} itself: remove it from the consumer settings")


def find_resume_offsets(wanted: Mapping[TopicPartition, int], client: KafkaConsumer) -> dict[TopicPartition, int]:
    """Returns the offset to continue at, for partitions whose wanted offset is out of range.

    Raises `Retryable` if a partition ends before the offset: its topic was created again, and reading must start over.
    """
    first = find_first_offsets(client, wanted)
    for tp, offset in wanted.items():
        if offset > first[tp]:
            raise Retryable(f"{tp.topic}[{tp.partition}] no longer has offset {offset}: the topic was created again")
        report_lost(tp, offset, first[tp])
    return first


def _milliseconds() -> int:
    return int(ANSWER_SECONDS * 1000)

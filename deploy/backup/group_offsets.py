"""The offsets of the job's consumer group: shows, exports, imports and resets them.

Offsets are numbers of one cluster. In another cluster, the same messages have other numbers, but the same times. So an
export has both, and an import can go by either.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.errors import CoordinatorNotAvailableError, KafkaError, NotCoordinatorError
from kafka.structs import OffsetAndMetadata

from deploy.kafka_connection import check_kafka
from deploy.monitoring.kafka_health import OPTIONS, TOPIC, find_record_times
from deploy.server_errors import convert_kafka_error, make_kafka_error
from deploy.settings import Settings
from schemas.errors import Permanent, Retryable

COORDINATOR_SECONDS: Final = 15.0
"""How long a new cluster may take to name the coordinator of a group."""
PAUSE_SECONDS: Final = 0.5
TIMEOUT_MS: Final = 30_000
"""How long Kafka may take to return the first unread message of each partition."""
T = TypeVar("T")
Count = Annotated[int, msgspec.Meta(ge=0)]


class SavedOffset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the group is in one partition. `at` is the time of the first message that it has not read."""

    partition: Count
    offset: Count
    at: datetime


class SavedOffsets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The offsets of a group in a file."""

    group: str
    topic: str
    exported_at: datetime
    partitions: tuple[SavedOffset, ...]


@dataclass(frozen=True, slots=True)
class GroupOffset:
    """The offset of the group in one partition, or None if it has committed none, and the ends of the partition."""

    topic: str
    partition: int
    committed: int | None
    first: int
    end: int

    @property
    def next(self) -> int:
        """The offset that the job reads next: see `pipelines.io.kafka.offsets`."""
        known = self.committed is not None and self.first <= self.committed <= self.end
        return self.committed if known and self.committed is not None else self.first

    @property
    def lag(self) -> int:
        """Records that the job has not read."""
        return self.end - self.next


@dataclass(frozen=True, slots=True)
class OffsetMove:
    """A partition in which the group is moved: the offsets before (None: none committed) and after."""

    topic: str
    partition: int
    before: int | None
    after: int


@contextmanager
def connect(settings: Settings) -> Iterator[KafkaAdminClient]:
    """Yields an admin client. Raises a `NewsclaimsError` for every error of Kafka, also within the block."""
    check_kafka(settings.kafka)
    try:
        with closing(KafkaAdminClient(**settings.kafka.client_options())) as admin:
            yield admin
    except KafkaError as error:
        raise convert_kafka_error(error, "read and move the offsets of the group") from error
    except OSError as error:
        raise make_kafka_error(f"{type(error).__name__}: {error}") from error


def read_offsets(admin: KafkaAdminClient, group: str) -> list[GroupOffset]:
    """Returns the offsets of the group in every partition of the job's topic. Raises `Permanent` without the topic."""
    partitions = list_partitions(admin)
    committed = ask_coordinator(lambda: admin.list_group_offsets({group: partitions}))[group]
    first = list_offsets(admin, partitions, OffsetSpec.EARLIEST)
    end = list_offsets(admin, partitions, OffsetSpec.LATEST)
    return [GroupOffset(tp.topic, tp.partition, find_committed(committed, tp), first[tp], end[tp]) for tp in partitions]


def ask_coordinator(ask: Callable[[], T]) -> T:
    """Asks the coordinator of a group. On a new cluster there is none for the first seconds; then it asks again."""
    deadline = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            return ask()
        except (CoordinatorNotAvailableError, NotCoordinatorError):
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)


def list_partitions(admin: KafkaAdminClient) -> list[TopicPartition]:
    """Returns the partitions of the job's topic, in order. Raises `Permanent` if there is no such topic."""
    (found,) = admin.describe_topics([TOPIC])
    numbers = sorted(each["partition_index"] for each in found["partitions"])
    if not numbers:
        raise Permanent(f"Kafka has no topic {TOPIC}: run `newsclaims init`")
    return [TopicPartition(TOPIC, number) for number in numbers]


def list_offsets(admin: KafkaAdminClient, partitions: Sequence[TopicPartition], spec: Any) -> dict[TopicPartition, int]:
    """Returns the offset of each partition at `spec`: an end of the partition, or milliseconds since 1970.

    -1 if no message is as new as that time.
    """
    found = admin.list_partition_offsets(dict.fromkeys(partitions, spec))
    return {tp: found[tp].offset for tp in partitions}


def find_committed(found: Mapping[TopicPartition, OffsetAndMetadata], partition: TopicPartition) -> int | None:
    """Returns the committed offset of a partition; None if there is none, which Kafka writes as -1."""
    return found[partition].offset if partition in found and found[partition].offset >= 0 else None


def show_offsets(settings: Settings) -> list[GroupOffset]:
    """Returns the offsets of the job's group. Raises `Retryable` if Kafka does not answer."""
    with connect(settings) as admin:
        return read_offsets(admin, settings.group)


def export_offsets(settings: Settings, now: datetime) -> SavedOffsets:
    """Returns the offsets of the job's group, with the time of the first message that it has not read.

    If it has read everything, that time is `now`. Raises `Retryable` if Kafka does not answer, or if it does not
    return a message.
    """
    with connect(settings) as admin:
        found = read_offsets(admin, settings.group)
    waiting = {TopicPartition(each.topic, each.partition): each.next for each in found if each.lag}
    try:
        with closing(KafkaConsumer(**settings.kafka.client_options(), **OPTIONS, group_id=None)) as consumer:
            times = find_record_times(consumer, waiting, TIMEOUT_MS)
    except KafkaError as error:
        raise convert_kafka_error(error, f"read the topic {TOPIC}") from error
    except OSError as error:
        raise make_kafka_error(f"{type(error).__name__}: {error}") from error
    if missing := waiting.keys() - times.keys():
        raise Retryable(f"Kafka did not return the next message of {len(missing)} partitions: try again")
    saved = tuple(SavedOffset(each.partition, each.next, _find_time(times, each, now)) for each in found)
    return SavedOffsets(settings.group, TOPIC, now, saved)


def _find_time(times: Mapping[TopicPartition, float], each: GroupOffset, now: datetime) -> datetime:
    seconds = times.get(TopicPartition(each.topic, each.partition))
    return now if seconds is None else datetime.fromtimestamp(seconds, UTC)


def read_saved(file: Path) -> SavedOffsets:
    """Returns the offsets in a file. Raises `Permanent` if it cannot be read."""
    try:
        found = msgspec.json.decode(file.read_bytes(), type=SavedOffsets)
    except OSError as error:
        raise Permanent(f"{file} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Permanent(f"{file} is not a file of `newsclaims offsets export`: {error}") from error
    if found.topic != TOPIC:
        raise Permanent(f"{file} has offsets of the topic {found.topic}, but the job reads {TOPIC}")
    return found


def plan_import(
    admin: KafkaAdminClient, group: str, saved: SavedOffsets, by: Literal["offset", "time"]
) -> list[OffsetMove]:
    """Returns the moves to the saved offsets, or to the first messages that are as new as the saved times.

    Raises `Permanent` if the topic here cannot be the one of the file.
    """
    current = {each.partition: each for each in read_offsets(admin, group)}
    if unknown := sorted(each.partition for each in saved.partitions if each.partition not in current):
        raise Permanent(f"{TOPIC} has {len(current)} partitions here, and the file names partition {unknown[0]}")
    if by == "offset":
        for each in saved.partitions:
            here = current[each.partition]
            if not here.first <= each.offset <= here.end:
                raise Permanent(
                    f"the file has offset {each.offset} of {TOPIC}[{each.partition}], which has {here.first} to "
                    f"{here.end} here: if this is another cluster, use --by time"
                )
        wanted = {each.partition: each.offset for each in saved.partitions}
    elif len(current) == len(saved.partitions):
        wanted = {each.partition: find_offset_at(admin, current[each.partition], each.at) for each in saved.partitions}
    else:
        raise Permanent(
            f"{TOPIC} has {len(current)} partitions here and the file has {len(saved.partitions)}, so keys are in "
            f"other partitions: use `newsclaims offsets reset --to {min(each.at for each in saved.partitions):%FT%TZ}`"
        )
    return make_moves(current.values(), wanted)


def plan_reset(admin: KafkaAdminClient, group: str, to: datetime | Literal["earliest", "latest"]) -> list[OffsetMove]:
    """Returns the moves to a time, or to an end of each partition. A time after the last message is the end."""
    current = read_offsets(admin, group)
    if to == "earliest":
        return make_moves(current, {each.partition: each.first for each in current})
    if to == "latest":
        return make_moves(current, {each.partition: each.end for each in current})
    return make_moves(current, {each.partition: find_offset_at(admin, each, to) for each in current})


def find_offset_at(admin: KafkaAdminClient, partition: GroupOffset, at: datetime) -> int:
    """Returns the offset of the first message that is as new as `at`, or the end if there is none."""
    tp = TopicPartition(partition.topic, partition.partition)
    found = list_offsets(admin, [tp], int(at.timestamp() * 1000))[tp]
    return found if found >= 0 else partition.end


def make_moves(current: Iterable[GroupOffset], wanted: Mapping[int, int]) -> list[OffsetMove]:
    """Returns a move for each wanted partition, also for those that do not change."""
    return [
        OffsetMove(each.topic, each.partition, each.committed, wanted[each.partition])
        for each in current
        if each.partition in wanted
    ]

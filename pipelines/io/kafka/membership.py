"""One member of a consumer group: which partitions are its own, and until when it may write what it made of them.

The member has a thread of its own, so that it joins and sends heartbeats while the job works or waits for a server. It
shares the partitions by the cooperative protocol: a rebalance takes only those partitions away that move. Such a
partition is let go once what was read from it is written and committed.

A member may write as long as its session is alive: Kafka gives its partitions to others only if it has received no
heartbeat for `SESSION_SECONDS`. The session is counted from the moment at which the last acknowledged heartbeat was
sent, so that a process that was stopped for a while finds its session over before it writes.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kafka import AsyncConsumerRebalanceListener, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import CommitFailedError, KafkaError, RebalanceInProgressError, RetriableError
from kafka.structs import OffsetAndMetadata

from pipelines import counters, lifecycle
from pipelines.io.kafka.offsets import ANSWER_SECONDS, REFUSALS, format_addresses, make_consumer
from schemas.errors import NewsclaimsError, Permanent, Retryable

_log = logging.getLogger(__name__)

SESSION_SECONDS = 10.0
"""After this long without a heartbeat, Kafka gives the partitions of a member to others."""
HEARTBEAT_SECONDS = 1.0
"""How often a member says that it is there. So soon it also notices that partitions are to move."""
REBALANCE_SECONDS = 120.0
"""How long Kafka waits for the members in a rebalance before it removes those that have not joined."""
LETTING_GO_SECONDS = 60.0
"""How long a partition that is to move waits for the bundle in progress. Then the bundle is given up."""
MARGIN_SECONDS = 0.5
"""So much before the end of its session a member writes nothing more: a request takes time, too."""
STEP_SECONDS = 0.1
"""How often the thread of a member looks after it."""

GROUP: Mapping[str, Any] = {
    "partition_assignment_strategy": (CooperativeStickyAssignor,),
    "session_timeout_ms": int(SESSION_SECONDS * 1000),
    "heartbeat_interval_ms": int(HEARTBEAT_SECONDS * 1000),
    "max_poll_interval_ms": int(REBALANCE_SECONDS * 1000),
    # A member that has only an offset which is out of range must not fail: the reader decides where to start.
    "auto_offset_reset": "earliest",
}
"""Consumer settings of a member that differ from those of the source."""

COMMIT_ERRORS = (CommitFailedError, RebalanceInProgressError, RetriableError)
"""Errors of a commit after which the member is still in the group, or finds out that it is not."""


@dataclass
class _Partitions:
    """The partitions of a member.

    `owned` has a number for each partition that may be read; the number differs each time that the partition comes
    back. `in_bundle` are those from which the bundle in progress has records, also if they are owned no more. `written`
    has the next offset of those whose records are written and not committed.
    """

    owned: dict[TopicPartition, int] = field(default_factory=dict)
    in_bundle: set[TopicPartition] = field(default_factory=set)
    written: dict[TopicPartition, int] = field(default_factory=dict)
    taken: int = 0


class GroupMember:
    """Joins the group of the consumer settings, and stays in it until `close`.

    `on_lost` is called with the reason if the group has given away partitions from which records are being processed:
    they must not be written. `clock` counts seconds.
    """

    def __init__(
        self,
        topic: str,
        settings: Mapping[str, Any],
        on_lost: Callable[[str], None] = lifecycle.request_replacement,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._on_lost = on_lost
        self._clock = clock
        self._partitions = _Partitions()
        self._changed = threading.Condition()
        self._renewed_at = float("-inf")
        self._refusal: NewsclaimsError | None = None
        self._ended = threading.Event()
        self._joined = threading.Event()
        self.lost = ""
        """Why the member must not write any more; empty as long as it may."""
        self.version = 0
        """Grows whenever partitions come or go."""
        self._consumer = make_consumer({**settings, **GROUP})
        self._coordinator = self._consumer._coordinator
        self._consumer.subscribe([topic], listener=_Listener(self))
        self._thread = threading.Thread(target=self._run, name="group-member", daemon=True)
        self._thread.start()
        lifecycle.add_write_check(self.require_ownership)

    def wait_until_joined(self, seconds: float) -> bool:
        """Waits until the group has shared out its partitions. Returns whether it has. Raises as `begin_bundle`."""
        self._joined.wait(seconds)
        if self._refusal:
            raise self._refusal
        return self._joined.is_set()

    def wait_for_change(self, version: int, seconds: float) -> None:
        """Waits until the partitions are not those of this version any more."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, seconds)

    def begin_bundle(self) -> dict[TopicPartition, int]:
        """Returns the partitions that may be read now, each with a number that differs when it has been away.

        Raises `Permanent` if Kafka refuses the member.
        """
        if self._refusal:
            raise self._refusal
        with self._changed:
            return dict(self._partitions.owned)

    def claim(self, partition: TopicPartition) -> bool:
        """Takes a partition into the bundle in progress. Returns whether it may be read.

        If it has to move, it waits from then on until `end_bundle`.
        """
        with self._changed:
            if partition not in self._partitions.owned:
                return False
            self._partitions.in_bundle.add(partition)
            return True

    def must_end_bundle(self) -> bool:
        """Returns whether a partition of the bundle in progress has to move."""
        return not self._partitions.in_bundle <= self._partitions.owned.keys()

    def end_bundle(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Commits what is written: the next offset of each partition. Logs a failure, and tries again later."""
        with self._changed:
            if self.lost:
                return
            mine = self._partitions.owned.keys() | self._partitions.in_bundle
            self._partitions.written.update({tp: offset for tp, offset in offsets.items() if tp in mine})
            self._partitions.in_bundle.clear()
        self._commit()

    def require_ownership(self) -> None:
        """Returns if everything in the bundle in progress is this member's to write. Waits while that is unknown.

        Raises `WriteForbidden` if it is not, and `Retryable` if the process is asked to stop while it is unknown.
        """
        while not self.lost:
            if self._is_session_alive() or not self._partitions.in_bundle:
                return
            if self._ended.is_set() or lifecycle.stop_requested.is_set():
                raise Retryable("Asked to stop while Kafka does not confirm which partitions are this worker's")
            self._ended.wait(STEP_SECONDS / 2)
        raise lifecycle.WriteForbidden(f"{self.lost}: nothing of this bundle is written or committed")

    def close(self) -> None:
        """Leaves the group, so that others take the partitions over at once."""
        lifecycle.remove_write_check(self.require_ownership)
        self._ended.set()
        self._thread.join(ANSWER_SECONDS)
        try:
            self._consumer.close(autocommit=False, timeout_ms=int(ANSWER_SECONDS * 1000))
        except KafkaError as error:
            _log.debug("the group is not left: %s", error)

    def _run(self) -> None:
        while not self._ended.wait(STEP_SECONDS):
            try:
                if self._coordinator.poll(timeout_ms=1000) and self._coordinator.generation_if_stable():
                    self._joined.set()
            except REFUSALS as error:
                self._refusal = Permanent(f"Kafka at {format_addresses(self._settings)} refused the request: {error}")
                self._joined.set()
            except Exception as error:  # noqa: BLE001 - the member must not end before the process does
                _log.debug("the group is not reached: %s", error)
            if self._partitions.written:
                self._commit()
            self._is_session_alive()  # notes the heartbeats

    def _is_session_alive(self) -> bool:
        heartbeat = self._coordinator.heartbeat
        sent = heartbeat.last_send  # read first: what is received after it was sent before
        if self._coordinator._generation.is_lost():
            return False
        if heartbeat.last_receive >= sent:
            self._renewed_at = max(self._renewed_at, sent)
        return self._clock() < self._renewed_at + SESSION_SECONDS - MARGIN_SECONDS

    def _commit(self) -> None:
        offsets = self._take_written()
        try:
            if offsets:
                self._consumer.commit(offsets, timeout_ms=int(ANSWER_SECONDS * 1000))
        except RebalanceInProgressError:
            self._give_back(offsets)
        except KafkaError as error:
            self._report_failure(offsets, error)

    async def _commit_in_rebalance(self) -> None:
        offsets = self._take_written()
        try:
            await self._coordinator._commit_offsets_sync_async(offsets, timeout_ms=int(ANSWER_SECONDS * 1000))
        except KafkaError as error:
            self._report_failure(offsets, error)

    def _take_written(self) -> dict[TopicPartition, OffsetAndMetadata]:
        with self._changed:
            taken, self._partitions.written = self._partitions.written, {}
        return {tp: OffsetAndMetadata(offset, "", -1) for tp, offset in taken.items()}

    def _give_back(self, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        with self._changed:
            earlier = {tp: each.offset for tp, each in offsets.items()}
            self._partitions.written = {**earlier, **self._partitions.written}

    def _report_failure(self, offsets: Mapping[TopicPartition, OffsetAndMetadata], error: KafkaError) -> None:
        counters.add("newsclaims_commit_failures_total", len(offsets))
        _log.warning(
            "offsets of %s are not committed, so that their records are delivered again: %s",
            *(", ".join(f"{tp.topic}[{tp.partition}]" for tp in offsets), error),
        )

    def _take(self, partitions: set[TopicPartition]) -> None:
        with self._changed:
            self._partitions.taken += 1
            for tp in partitions:
                self._partitions.owned[tp] = self._partitions.taken
            self._note_change()

    def _drop(self, partitions: set[TopicPartition]) -> set[TopicPartition]:
        """Drops partitions. Returns those from which the bundle in progress has records."""
        with self._changed:
            for tp in partitions:
                self._partitions.owned.pop(tp, None)
            self._note_change()
            return partitions & self._partitions.in_bundle

    def _note_change(self) -> None:
        self.version += 1
        counters.add("newsclaims_rebalances_total")
        self._changed.notify_all()

    async def _let_go(self, partitions: set[TopicPartition]) -> None:
        """Lets partitions go once what was read from them is written and committed."""
        held = self._drop(partitions)
        end = self._clock() + LETTING_GO_SECONDS
        while held & self._partitions.in_bundle and not self.lost and not self._ended.is_set():
            if self._clock() > end:
                self._lose(f"a bundle was not written in {LETTING_GO_SECONDS:.0f} s although its partitions must move")
            await self._consumer._net.sleep(STEP_SECONDS / 5)
        if not self.lost:
            await self._commit_in_rebalance()

    def _forfeit(self, partitions: set[TopicPartition]) -> None:
        """Notes that the group has given partitions away without waiting for this member."""
        held = self._drop(partitions)
        with self._changed:
            self._partitions.written = {}
        if held:
            self._lose("the group has given the partitions of this worker to others, as it was silent for too long")

    def _lose(self, why: str) -> None:
        self.lost = why
        counters.add("newsclaims_fenced_total")
        self._on_lost(why)


class _Listener(AsyncConsumerRebalanceListener):
    """Passes on what the group decides. It runs on the network thread of the consumer, and heartbeats go on."""

    def __init__(self, member: GroupMember) -> None:
        self.member = member

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self.member._take(assigned)

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        await self.member._let_go(revoked)

    async def on_partitions_lost(self, lost: set[TopicPartition]) -> None:
        self.member._forfeit(lost)

"""Who shares the partitions of a topic: the runs whose workers are members of the consumer group."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kafka.admin import KafkaAdminClient
from kafka.admin import MemberToRemove as Member
from kafka.errors import KafkaError

_log = logging.getLogger(__name__)

PREFIX = "newsclaims@"
"""How the client id of every worker of a run begins."""
ANSWER_SECONDS = 5.0
"""How long Kafka may take to answer."""
TIMEOUTS = {"bootstrap_timeout_ms": int(ANSWER_SECONDS * 1000), "request_timeout_ms": int(ANSWER_SECONDS * 1000)}
"""kafka-python's own are half a minute each."""


@dataclass(frozen=True)
class WorkerShare:
    """A member of the group: the run that it belongs to, by its name `host:pid`, its number there, and its partitions.

    A member that is not a worker of ours counts as a run of its own, with an empty `worker`.
    """

    run: str
    worker: str
    partitions: frozenset[int] = frozenset()


@dataclass(frozen=True)
class GroupState:
    """The members of a group, as Kafka names them."""

    shares: tuple[WorkerShare, ...] = ()

    @property
    def members(self) -> int:
        """The number of workers."""
        return len(self.shares)

    @property
    def runs(self) -> int:
        """The number of runs."""
        return len(self.partitions)

    @cached_property
    def partitions(self) -> dict[str, frozenset[int]]:
        """The partitions of each run."""
        found: dict[str, frozenset[int]] = {}
        for share in self.shares:
            found[share.run] = found.get(share.run, frozenset()) | share.partitions
        return found


def make_client_id(run: str, worker: int) -> str:
    """Returns the name under which Kafka knows a worker."""
    return f"{PREFIX}{run}/{worker}"


def find_run(client_id: str) -> str:
    """Returns the run of a member; a member that is no worker of ours counts as a run of its own."""
    return client_id.removeprefix(PREFIX).rpartition("/")[0] if client_id.startswith(PREFIX) else client_id


def make_state(members: Iterable[Mapping[str, Any]]) -> GroupState:
    """Returns the state of a group from the members that Kafka describes."""
    return GroupState(tuple(_make_share(member) for member in members))


def _make_share(member: Mapping[str, Any]) -> WorkerShare:
    client_id = member["client_id"]
    worker = client_id.rpartition("/")[2] if client_id.startswith(PREFIX) else ""
    assignment = member.get("member_assignment") or {}
    topics = assignment.get("assigned_partitions") or () if isinstance(assignment, Mapping) else ()
    return WorkerShare(
        find_run(client_id), worker, frozenset(number for topic in topics for number in topic["partitions"])
    )


class GroupMeter:
    """Asks Kafka for the members of a group, with one client that is replaced after an error.

    `connect` makes the client from the consumer settings.
    """

    def __init__(self, settings: Mapping[str, Any], connect: Callable[..., Any] = KafkaAdminClient) -> None:
        known = {name: value for name, value in settings.items() if name in KafkaAdminClient.DEFAULT_CONFIG}
        self._options = {**TIMEOUTS, **known}
        self._group = settings["group_id"]
        self._connect = connect
        self._client: Any = None
        self._lock = threading.Lock()

    def measure(self) -> GroupState | None:
        """Returns the members of the group, or None if Kafka does not name them."""
        found = self._ask(lambda client: client.describe_groups([self._group])[self._group])
        if found is None or found.get("error"):
            return None
        return make_state(found["members"])

    def remove(self, client_id: str) -> None:
        """Removes a member whose process is dead, so that its partitions do not wait until its session is over."""

        def ask(client: Any) -> None:
            found = client.describe_groups([self._group])[self._group]["members"]
            dead = [Member(member_id=each["member_id"]) for each in found if each["client_id"] == client_id]
            client.remove_group_members(self._group, dead)

        self._ask(ask)

    def close(self) -> None:
        """Closes the client, unless a measurement waits for Kafka: that must not delay the end of a run."""
        if self._lock.acquire(timeout=ANSWER_SECONDS):
            try:
                self._disconnect()
            finally:
                self._lock.release()

    def _ask(self, ask: Callable[[Any], Any]) -> Any:
        with self._lock:
            try:
                self._client = self._client or self._connect(**self._options)
                return ask(self._client)
            except (KafkaError, OSError, ValueError) as error:
                _log.debug("the members of the group are unknown: %s", error)
                self._disconnect()
                return None

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

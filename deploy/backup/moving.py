"""Moves the offsets of the job's group, after it has made sure that nothing reads with the group."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from elasticsearch import Elasticsearch
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import NoError
from kafka.structs import OffsetAndMetadata

from deploy.backup.group_offsets import OffsetMove, ask_coordinator, connect
from deploy.server_errors import handle_elasticsearch_errors
from deploy.settings import Settings
from schemas.elasticsearch.indices import HEALTH
from schemas.errors import Permanent, Retryable

ACTIVE_STATES: Final = ("PreparingRebalance", "CompletingRebalance", "Stable", "Assigning", "Reconciling")
"""States of a consumer group that has members."""

RUN_SECONDS: Final = 45.0
"""A job that wrote a health sample within this time is running: it writes one every ten seconds."""

TIMEOUT_SECONDS: Final = 10.0
"""Timeout of a request to Elasticsearch."""

MovePlan = Callable[[KafkaAdminClient], list[OffsetMove]]
"""Returns the moves, given a client."""


def move_group(
    settings: Settings, plan: MovePlan, now: datetime, dry_run: bool = False, force: bool = False
) -> list[OffsetMove]:
    """Carries out a plan, and returns its moves. With `dry_run` it moves nothing, and does not ask who is reading.

    `force` leaves out the check in Elasticsearch whether a job runs, but not Kafka's whether the group has members.
    Raises `Permanent` if somebody is reading, and `Retryable` if a server does not answer.
    """
    with connect(settings) as admin:
        moves = plan(admin)
        if dry_run:
            return moves
        require_no_members(admin, settings.group)
        if not force:
            options = settings.elasticsearch.client_options()
            with Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client:
                require_no_job(client, now)
        move_offsets(admin, settings.group, moves)
        return moves


def move_offsets(admin: KafkaAdminClient, group: str, moves: Sequence[OffsetMove]) -> None:
    """Commits the offsets after the moves. Raises `Retryable` if Kafka refuses one."""
    after = {TopicPartition(move.topic, move.partition): OffsetAndMetadata(move.after, "", -1) for move in moves}
    refused = {tp: error for tp, error in admin.alter_group_offsets(group, after).items() if error is not NoError}
    for tp, error in refused.items():
        raise Retryable(
            f"Kafka did not move {tp.topic}[{tp.partition}] ({error.__name__}): show the offsets, try again"
        )


def require_no_members(admin: KafkaAdminClient, group: str) -> None:
    """Raises `Permanent` if consumers are members of the group: they would read on from their own offsets."""
    found = ask_coordinator(lambda: admin.describe_groups([group]))[group]
    members = found.get("members") or ()
    if members or found.get("group_state") in ACTIVE_STATES:
        hosts = ", ".join(sorted({str(member.get("client_host", "")).lstrip("/") for member in members}))
        raise Permanent(
            f"the group {group} has {len(members)} active members{f' at {hosts}' if hosts else ''}: stop the job first"
        )


def require_no_job(client: Elasticsearch, now: datetime) -> None:
    """Raises `Permanent` if a job wrote a health sample in the last seconds.

    A job of an earlier release assigned itself its partitions, so that Kafka does not know it as a member of the group.
    Raises `Retryable` if Elasticsearch does not answer.
    """
    since = {"range": {"at": {"gte": (now - timedelta(seconds=RUN_SECONDS)).isoformat()}}}
    query = {"bool": {"filter": [{"term": {"source": "run"}}, since]}}
    with handle_elasticsearch_errors("read whether a job is running"):
        found = client.search(index=HEALTH.name, query=query, size=1, sort="at:desc")["hits"]["hits"]
    if found:
        raise Permanent(
            f"a job ran as {found[0]['_source']['instance']} until {found[0]['_source']['at']}: stop it, wait "
            f"{RUN_SECONDS:.0f} s, and try again, or use --force if it reads with another group"
        )

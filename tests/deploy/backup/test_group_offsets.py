"""Offsets of the job's group on a real Kafka: shown, exported, imported, reset, and refused while in use."""

import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.structs import OffsetAndMetadata

from deploy import bootstrap
from deploy.backup import group_offsets, moving
from deploy.backup.group_offsets import OffsetMove
from deploy.settings import Settings
from schemas.elasticsearch.buckets import month
from schemas.elasticsearch.indices import HEALTH
from schemas.errors import Permanent
from tests.conftest import Stack

pytestmark = pytest.mark.integration

FIRST = datetime(2024, 10, 28, 12, tzinfo=UTC)


@pytest.fixture
def settings(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A topic with two partitions: ten messages in the first, a minute apart. The group has committed 4 there."""
    name = f"test{uuid.uuid4().hex[:8]}"
    monkeypatch.setattr(group_offsets, "TOPIC", name)
    own = replace(stack.settings, group=name)
    options = own.kafka.client_options()
    with closing(KafkaAdminClient(**options)) as admin:
        forever = {"retention.ms": "-1"}  # the messages are old, and Kafka would delete them during the test
        topic = NewTopic(name, num_partitions=2, replication_factor=1, topic_configs=forever)
        admin.create_topics([topic], wait_for_metadata=True)
        with closing(KafkaProducer(**options)) as producer:
            for number in range(10):
                at = int((FIRST + timedelta(minutes=number)).timestamp() * 1000)
                producer.send(name, partition=0, value=b"x", timestamp_ms=at)
            producer.flush()
        with closing(KafkaConsumer(**options, group_id=name, enable_auto_commit=False)) as consumer:
            consumer.commit({TopicPartition(name, 0): OffsetAndMetadata(4, "", -1)})
        with Elasticsearch(stack.elasticsearch_url) as client:
            bootstrap.prepare(None, client)
            # A job of another test may have run less than 45 s ago, and would be taken for this one.
            client.delete_by_query(index=HEALTH.name, query={"match_all": {}}, refresh=True, conflicts="proceed")
        yield own
        admin.delete_topics([name])


def reset(settings: Settings, to: datetime | str, **options: bool) -> list[OffsetMove]:
    """Resets the group."""
    return moving.move_group(
        settings,
        lambda admin: group_offsets.plan_reset(admin, settings.group, to),
        datetime.now(UTC),
        **options,  # type: ignore[arg-type]
    )


def test_offsets_are_shown_exported_and_moved(settings: Settings, tmp_path: Path) -> None:
    one, other = group_offsets.show_offsets(settings)
    assert (one.committed, one.first, one.end, one.next, one.lag) == (4, 0, 10, 4, 6)
    assert (other.committed, other.end, other.next, other.lag) == (None, 0, 0, 0)

    now = datetime(2024, 11, 1, tzinfo=UTC)
    saved = group_offsets.export_offsets(settings, now)
    assert [(each.offset, each.at) for each in saved.partitions] == [(4, FIRST + timedelta(minutes=4)), (0, now)]

    assert reset(settings, FIRST + timedelta(minutes=7, seconds=-10), dry_run=True)[0].after == 7
    assert group_offsets.show_offsets(settings)[0].committed == 4
    assert reset(settings, FIRST + timedelta(minutes=7, seconds=-10))[0] == OffsetMove(one.topic, 0, 4, 7)
    assert [each.committed for each in group_offsets.show_offsets(settings)] == [7, 0]
    assert [move.after for move in reset(settings, "earliest")] == [0, 0]
    assert [move.after for move in reset(settings, "latest")] == [10, 0]

    file = tmp_path / "offsets.json"
    file.write_bytes(msgspec.json.encode(saved))
    for by in ("offset", "time"):
        reset(settings, "latest")
        moves = moving.move_group(
            settings,
            lambda admin, by=by: group_offsets.plan_import(  # type: ignore[misc]
                admin, settings.group, group_offsets.read_saved(file), by
            ),
            now,
        )
        assert [move.after for move in moves] == [4, 0]
        assert group_offsets.show_offsets(settings)[0].committed == 4


def test_offsets_of_another_topic_are_refused(settings: Settings, tmp_path: Path) -> None:
    saved = group_offsets.export_offsets(settings, FIRST)
    far = msgspec.structs.replace(saved.partitions[0], offset=99)
    third = msgspec.structs.replace(saved.partitions[0], partition=2)
    with closing(KafkaAdminClient(**settings.kafka.client_options())) as admin:
        for partitions, why in (
            ((far,), r"has offset 99 of .* 0 to 10 here: if this is another cluster, use --by time"),
            ((third,), "has 2 partitions here, and the file names partition 2"),
        ):
            with pytest.raises(Permanent, match=why):
                group_offsets.plan_import(
                    admin, settings.group, msgspec.structs.replace(saved, partitions=partitions), "offset"
                )
        one = msgspec.structs.replace(saved, partitions=saved.partitions[:1])
        with pytest.raises(Permanent, match=r"newsclaims offsets reset --to 2024-10-28T12:04:00Z"):
            group_offsets.plan_import(admin, settings.group, one, "time")
    file = tmp_path / "offsets.json"
    file.write_text(json.dumps({"group": "g", "topic": "claims", "exported_at": FIRST.isoformat(), "partitions": []}))
    with pytest.raises(Permanent, match="has offsets of the topic claims"):
        group_offsets.read_saved(file)
    file.write_text('{"group": 1}')
    with pytest.raises(Permanent, match="is not a file of `newsclaims offsets export`"):
        group_offsets.read_saved(file)


def test_group_with_a_member_is_not_moved(settings: Settings) -> None:
    options = settings.kafka.client_options()
    with closing(KafkaConsumer(group_offsets.TOPIC, **options, group_id=settings.group)) as member:
        while not member.assignment():
            member.poll(timeout_ms=200)
        with pytest.raises(Permanent, match=rf"the group {settings.group} has 1 active members at .*: stop the job"):
            reset(settings, "earliest", force=True)


def test_offsets_are_not_moved_while_a_job_writes_its_health(settings: Settings) -> None:
    """A job assigns itself its partitions, so Kafka sees no member."""
    now = datetime.now(UTC)
    sample = {"at": now.isoformat(), "source": "run", "instance": "host:1", "metric": "newsclaims_workers", "value": 1}
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        made = client.index(index=HEALTH.index(month(now)), document=sample, refresh=True)
        try:
            with pytest.raises(Permanent, match=r"a job ran as host:1 until .*: stop it, wait 45 s"):
                reset(settings, "earliest")
            assert reset(settings, "earliest", force=True)[0].after == 0
            moving.require_no_job(client, now + timedelta(seconds=50))
        finally:
            client.delete(index=made["_index"], id=made["_id"], refresh=True)

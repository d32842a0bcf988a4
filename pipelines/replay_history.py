"""The history of dead letters: records each replay, and finds out what became of it.

Kafka says where a replayed message is. If it dies again, the id of its dead letter follows from that place; if not, it
is resolved once the job has committed an offset beyond it. So the job itself knows nothing of replays.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import bulk, scan
from kafka import KafkaConsumer, TopicPartition

from deploy.settings import Settings
from pipelines.connections import check_kafka_for
from schemas.codec import make_document
from schemas.elasticsearch.indices import DEAD_LETTERS, REPLAYS
from schemas.elasticsearch.replays import Replay
from schemas.errors import Reason
from schemas.identity import digest

Sent = Mapping[str, tuple[int, int]]
"""Partition and offset of each message that was sent, by the id of its letter."""

AT_ONCE = 1_000
"""Ids in one search."""


def record_replays(client: Elasticsearch, letters: Mapping[str, Mapping[str, Any]], sent: Sent, by: str | None) -> None:
    """Records that these letters were sent back in. Raises what the client raises."""
    at = datetime.now(UTC)
    made = [make_replay(letters[id], place, at, by) for id, place in sent.items()]
    bulk(
        client, ({"_index": REPLAYS.index(""), "_id": each.replay_id, "_source": make_document(each)} for each in made)
    )


def make_replay(letter: Mapping[str, Any], place: tuple[int, int], at: datetime, by: str | None) -> Replay:
    """Returns the record of a replay of an indexed letter, whose message was sent to this partition and offset."""
    id = letter["dead_letter_id"]
    return Replay(
        replay_id=digest("replay", id, *map(str, place)),
        dead_letter_id=id,
        topic=letter["topic"],
        partition=letter["partition"],
        offset=letter["offset"],
        key=letter.get("key"),
        addresses=letter.get("addresses", ()),
        step=letter["step"],
        reason=Reason(letter["reason"]),
        error=letter["error"],
        feed=letter.get("feed"),
        failed_at=datetime.fromisoformat(letter["failed_at"]),
        attempts=letter.get("attempts", 1),
        at=at,
        by=by,
        sent_partition=place[0],
        sent_offset=place[1],
    )


def settle_replays(client: Elasticsearch, settings: Settings) -> None:
    """Finds out what became of the replays whose outcome is not known yet, and records it.

    Raises what the clients raise.
    """
    client.indices.refresh(index=REPLAYS.name)
    query = {"query": {"term": {"outcome": "sent"}}}
    pending = {hit["_id"]: hit["_source"] for hit in scan(client, index=REPLAYS.name, query=query)}
    if not pending:
        return
    # In this order: what is committed is written, and so are its dead letters.
    committed = read_committed(settings, {(each["topic"], each["sent_partition"]) for each in pending.values()})
    client.indices.refresh(index=DEAD_LETTERS.name)
    failed = find_known_letters(client, [find_next_id(each) for each in pending.values()])
    changes = []
    for id, each in pending.items():
        if find_next_id(each) in failed:
            changes.append((id, each | {"outcome": "failed_again", "failed_as": find_next_id(each)}))
        elif committed.get((each["topic"], each["sent_partition"]), 0) > each["sent_offset"]:
            changes.append((id, each | {"outcome": "resolved"}))
    # Who may only read still gets a list; somebody else's next one records the outcomes.
    with suppress(ApiError):
        bulk(client, ({"_index": REPLAYS.index(""), "_id": id, "_source": source} for id, source in changes),
             refresh="wait_for", raise_on_error=False)  # fmt: skip


def find_next_id(replay: Mapping[str, Any]) -> str:
    """Returns the id that the replayed message has as a dead letter, if it dies again."""
    return digest("dead-letter", replay["topic"], str(replay["sent_partition"]), str(replay["sent_offset"]))


def find_known_letters(client: Elasticsearch, ids: list[str]) -> set[str]:
    """Returns those of the ids that are a dead letter, open or sent back in since. Raises what the client raises."""
    found: set[str] = set()
    for first in range(0, len(ids), AT_ONCE):
        part = ids[first : first + AT_ONCE]
        answer = client.search(
            index=f"{DEAD_LETTERS.name},{REPLAYS.name}", query={"terms": {"dead_letter_id": part}},
            size=2 * len(part), source_includes=["dead_letter_id"],
        )  # fmt: skip
        found |= {hit["_source"]["dead_letter_id"] for hit in answer["hits"]["hits"]}
    return found


def read_committed(settings: Settings, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Returns the offsets that the job has committed, by topic and partition. Raises `KafkaError`."""
    check_kafka_for(settings, "read which replays the job has handled")
    options = settings.kafka.client_options()
    found: dict[tuple[str, int], int] = {}
    with closing(KafkaConsumer(**options, group_id=settings.group, enable_auto_commit=False)) as consumer:
        for topic, partition in places:
            offset = consumer.committed(TopicPartition(topic, partition))
            found[topic, partition] = getattr(offset, "offset", offset) or 0
    return found

"""Dead letters: lists them, and sends them back in.

The index `dead-letters` holds those that are still open and is searched; the topic holds every original in full. A
replay sends the original to the topic it came from, with one more attempt in its headers, records that in the index
`replays`, and deletes the letter from its own. If the message fails again, it comes back as a new dead letter.
"""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan
from kafka import KafkaConsumer, TopicPartition

from deploy.kafka_producer import make_producer
from deploy.settings import Settings
from pipelines.connections import check_kafka_for, open_elasticsearch
from pipelines.io.dead_letters import ATTEMPTS_HEADER
from pipelines.io.elasticsearch.takedowns import find_addresses
from pipelines.io.kafka.publishing import KEY_HEADER, PREFIX, OutgoingMessage
from pipelines.replay_history import record_replays, settle_replays
from schemas.elasticsearch.indices import DEAD_LETTERS, REPLAYS
from schemas.errors import Permanent
from schemas.topics import find_largest_message

TOPIC = "dead-letters"
REPLAY, READ = "replay dead letters", "read the dead letter"
"""What the commands do, for errors."""
CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far the clock that a letter has its time from may be ahead of the one that gave its message a time."""
FLUSH_SECONDS = 120


Letter = dict[str, Any]
"""A dead letter or a replay of one, as indexed; `state` says which."""
Kind = Literal["open", "resolved", "all"]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which dead letters: all, or those with these values. `text` are words of the error; `until` is exclusive."""

    reason: str | None = None
    step: str | None = None
    feed: str | None = None
    topic: str | None = None
    text: str | None = None
    id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> dict[str, Any]:
        """Returns the selection as an Elasticsearch query, for dead letters and for replays."""
        terms = {
            "reason": self.reason, "step": self.step, "feed": self.feed, "topic": self.topic, "dead_letter_id": self.id,
        }  # fmt: skip
        clauses: list[dict[str, Any]] = [{"term": {name: value}} for name, value in terms.items() if value]
        clauses += [{"match": {"error": {"query": self.text, "operator": "and"}}}] if self.text else []
        bounds = {"gte": self.since, "lt": self.until}
        if given := {name: moment.isoformat() for name, moment in bounds.items() if moment}:
            clauses.append({"range": {"failed_at": given}})
        return {"bool": {"filter": clauses}}


@dataclass
class ReplayResult:
    """The number of letters that were, or would be, sent back in, by reason; and the ids of those whose whole original
    is gone."""

    sent: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass
class LetterDetails:
    """A dead letter with its whole original, and every replay of it and of what it became, oldest first.

    `original` is None if nothing is left of it; `is_cut` is whether a part of it is missing.
    """

    letter: Letter
    replays: list[Letter]
    original: bytes | None
    is_cut: bool


def find_letters(settings: Settings, selection: Selection, limit: int, kind: Kind = "open") -> list[Letter]:
    """Returns the newest dead letters, without their bytes: open ones, those that were sent back in, or all.

    Raises `Retryable` if a server does not answer.
    """
    index = {"open": DEAD_LETTERS.name, "resolved": REPLAYS.name, "all": f"{DEAD_LETTERS.name},{REPLAYS.name}"}[kind]
    with open_elasticsearch(settings, "list dead letters") as client:
        if kind != "open":
            settle_replays(client, settings)
        found = client.search(
            index=index, query=selection.query(), size=limit, sort=[{"failed_at": "desc"}],
            source_excludes=["original"],
        )  # fmt: skip
    return [add_state(hit["_source"]) for hit in found["hits"]["hits"]]


def add_state(letter: Letter) -> Letter:
    """Returns the letter with its `state`: `open`, or the outcome of its replay."""
    return letter | {"state": letter.get("outcome", "open")}


def show_letter(settings: Settings, id: str) -> LetterDetails:
    """Returns a dead letter with its original and its history.

    Raises `Permanent` for an unknown id, and `Retryable` if a server does not answer.
    """
    with open_elasticsearch(settings, READ) as client:
        settle_replays(client, settings)
        query = Selection(id=id).query()
        open_letters = client.search(index=DEAD_LETTERS.name, query=query, size=1)["hits"]["hits"]
        replays = list_history(client, id)
        own = [each for each in replays if each["dead_letter_id"] == id]
        if not open_letters and not own:
            raise Permanent(f"no dead letter has the id {id!r}: see `newsclaims dead-letters list --all`")
        letter = add_state(open_letters[0]["_source"] if open_letters else own[-1])
        whole = read_original(settings, id, datetime.fromisoformat(letter["failed_at"]))
        indexed = b64decode(letter.pop("original", "") or "")
        size = letter.get("size", len(indexed))
        return LetterDetails(
            letter, replays, indexed if whole is None and indexed else whole, whole is None and len(indexed) < size
        )


def list_history(client: Elasticsearch, id: str) -> list[Letter]:
    """Returns the replays that led to a letter and those that followed, oldest first. Raises what the client raises."""
    found: dict[str, Letter] = {}
    wanted = {id}
    while wanted:
        either = [{"terms": {name: sorted(wanted)}} for name in ("dead_letter_id", "failed_as")]
        hits = client.search(index=REPLAYS.name, query={"bool": {"should": either}}, size=1_000)["hits"]["hits"]
        new = {hit["_id"]: hit["_source"] for hit in hits if hit["_id"] not in found}
        found |= new
        wanted = {name for each in new.values() for name in (each["dead_letter_id"], each.get("failed_as")) if name}
    return sorted(found.values(), key=lambda each: each["at"])


def replay(settings: Settings, selection: Selection, by: str | None = None, dry_run: bool = False) -> ReplayResult:
    """Sends the selected dead letters back to the topics they came from, and records each; a dry run only counts.

    A letter is deleted from the index only when Kafka has acknowledged its message and the replay is recorded. After an
    interruption it is sent again, which changes nothing. Raises `Retryable` if a server does not answer.
    """
    with open_elasticsearch(settings, REPLAY, "Nothing is lost: run the replay again") as client:
        client.indices.refresh(index=DEAD_LETTERS.name)
        search = {"query": selection.query()}
        letters = {hit["_id"]: hit for hit in map(keep_addresses, scan(client, index=DEAD_LETTERS.name, query=search))}
        if not letters:
            return ReplayResult()
        times = {id: datetime.fromisoformat(hit["_source"]["failed_at"]) for id, hit in letters.items()}
        sent = dict.fromkeys(find_whole(settings, times), (0, 0)) if dry_run else send_back(settings, times)
        if not dry_run:
            record_replays(client, {id: hit["_source"] for id, hit in letters.items()}, sent, by)
            deletions = ({"_op_type": "delete", "_index": letters[id]["_index"], "_id": id} for id in sent)
            bulk(client, deletions, refresh="wait_for", raise_on_error=False)
    reasons = Counter(letters[id]["_source"]["reason"] for id in sent)
    return ReplayResult(len(sent), dict(reasons.most_common()), tuple(sorted(letters.keys() - sent.keys())))


def keep_addresses(hit: dict[str, Any]) -> dict[str, Any]:
    """Returns the hit of a letter with the addresses in its original instead of the original, which is large."""
    source = dict(hit["_source"])
    return hit | {"_source": source | {"addresses": find_addresses(b64decode(source.pop("original", "") or ""))}}


def find_whole(settings: Settings, times: Mapping[str, datetime]) -> list[str]:
    """Returns the ids of the letters whose whole original is in the topic. Raises `KafkaError`."""
    with closing(_make_consumer(settings, REPLAY)) as consumer:
        return [id for id, _ in find_originals(consumer, times)]


def read_original(settings: Settings, id: str, failed_at: datetime) -> bytes | None:
    """Returns the whole original of a letter; None if it is cut or gone. Raises `KafkaError`."""
    with closing(_make_consumer(settings, READ)) as consumer:
        return next((message.value or b"" for _, message in find_originals(consumer, {id: failed_at})), None)


def _make_consumer(settings: Settings, action: str) -> KafkaConsumer:
    check_kafka_for(settings, action)
    return KafkaConsumer(**settings.kafka.client_options(), enable_auto_commit=False, group_id=None)


def send_back(settings: Settings, times: Mapping[str, datetime]) -> dict[str, tuple[int, int]]:
    """Sends the whole originals of these letters to the topics they came from, given the time when each failed.

    Returns the partition and offset of each message that Kafka acknowledged, by the id of its letter.
    """
    options = settings.kafka.client_options()
    futures: dict[str, Any] = {}
    with (
        closing(_make_consumer(settings, REPLAY)) as consumer,
        closing(make_producer(options, max_request_size=find_largest_message())) as producer,
    ):
        for id, message in find_originals(consumer, times):
            futures[id] = producer.send(
                message.topic, key=message.key, value=message.value, headers=list(message.headers)
            )
        producer.flush(timeout=FLUSH_SECONDS)
    return {id: (future.value.partition, future.value.offset) for id, future in futures.items() if future.succeeded()}


def find_originals(
    consumer: Any, times: Mapping[str, datetime], topic: str = TOPIC
) -> Iterator[tuple[str, OutgoingMessage]]:
    """Yields the whole original of each letter, with its id, as a message for the topic it came from.

    `times` are when the letters failed. Reads from the oldest of them until every letter is found. Letters whose
    original is cut, or no longer in the topic, are left out.
    """
    wanted = set(times)
    for record in read_since(consumer, topic, min(times.values()) - CLOCK_TOLERANCE):
        fields = {name: read_header(value) for name, value in record.headers if name.startswith(PREFIX)}
        id = fields.get(f"{PREFIX}dead_letter_id", "")
        if id not in wanted:
            continue
        wanted.remove(id)
        if f"{PREFIX}cut" not in fields:
            own = [(name, value) for name, value in record.headers if not name.startswith(PREFIX)]
            attempts = fields.get(f"{PREFIX}attempts", "1").encode()
            headers = (*own, (ATTEMPTS_HEADER, attempts))
            yield id, OutgoingMessage(fields[f"{PREFIX}topic"], read_key(record, id), record.value, headers)
        if not wanted:
            return


def read_key(record: Any, id: str) -> bytes:
    """Returns the key of a letter's original, or the letter's id if it had none: compacted topics refuse that.

    Until 0.2 the key of the original was the key of the letter itself.
    """
    keys: list[bytes] = [value for name, value in record.headers if name == KEY_HEADER]
    return keys[0] if keys else record.key or id.encode()


def read_header(value: bytes | None) -> str:
    """Returns the text of a header. Never raises: other programs may have written to the topic."""
    return (value or b"").decode("utf-8", "replace")


def read_since(consumer: Any, topic: str, since: datetime) -> Iterator[Any]:
    """Yields the records of a topic that Kafka has got since then, up to the end that the topic has now."""
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
    milliseconds = int(since.timestamp() * 1000)
    found = consumer.offsets_for_times(dict.fromkeys(partitions, milliseconds)) if partitions else {}
    starts = {partition: first.offset for partition, first in found.items() if first}
    ends = consumer.end_offsets(list(starts)) if starts else {}
    consumer.assign(list(starts))
    for partition, offset in starts.items():
        consumer.seek(partition, offset)
    while any(consumer.position(partition) < end for partition, end in ends.items()):
        for batch in consumer.poll(timeout_ms=1000).values():
            yield from batch

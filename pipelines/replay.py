"""Dead letters: lists them, and sends them back in.

The index `dead-letters` holds those that are still open and is searched; the topic holds every original in full. A
replay sends the original to the topic it came from, with one more attempt in its headers, and deletes the letter from
the index. If the message fails again, it comes back as a new dead letter.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import bulk, scan
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import AuthorizationError, KafkaError

from deploy.kafka_connection import check_kafka
from deploy.kafka_producer import producer_options
from deploy.server_errors import convert_elasticsearch_error, convert_kafka_error
from deploy.settings import Settings
from pipelines.io.dead_letters import ATTEMPTS_HEADER
from pipelines.io.kafka.publishing import KEY_HEADER, PREFIX, OutgoingMessage
from schemas.elasticsearch.indices import DEAD_LETTERS
from schemas.errors import AccessRefused, Retryable
from schemas.topics import find_largest_message

TOPIC = "dead-letters"
CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far the clock that a letter has its time from may be ahead of the one that gave its message a time."""
FLUSH_SECONDS = 120


@dataclass(frozen=True)
class Selection:
    """Which dead letters: all that are open, or those with this reason, step or id."""

    reason: str | None = None
    step: str | None = None
    id: str | None = None

    def query(self) -> dict[str, Any]:
        """Returns the selection as an Elasticsearch query."""
        terms = {"reason": self.reason, "step": self.step, "dead_letter_id": self.id}
        return {"bool": {"filter": [{"term": {name: value}} for name, value in terms.items() if value]}}


@dataclass
class ReplayResult:
    """The number of letters that were sent back in, and the ids of those whose whole original is gone."""

    sent: int = 0
    missing: tuple[str, ...] = ()


def find_open_letters(settings: Settings, selection: Selection, limit: int) -> list[dict[str, Any]]:
    """Returns the newest open dead letters, without their bytes. Raises `Retryable` if a server does not answer."""
    try:
        with Elasticsearch(**settings.elasticsearch.client_options()) as client:
            found = client.search(
                index=DEAD_LETTERS.name, query=selection.query(), size=limit, sort=[{"failed_at": "desc"}],
                source_excludes=["original"],
            )  # fmt: skip
    except (ApiError, TransportError) as error:
        raise convert_elasticsearch_error(error, "read dead letters") from error
    return [hit["_source"] for hit in found["hits"]["hits"]]


def replay(settings: Settings, selection: Selection) -> ReplayResult:
    """Sends the selected dead letters back to the topics they came from.

    A letter is deleted from the index only when Kafka has acknowledged its message. After an interruption it is sent
    again, which changes nothing. Raises `Retryable` if a server does not answer.
    """
    try:
        with Elasticsearch(**settings.elasticsearch.client_options()) as client:
            client.indices.refresh(index=DEAD_LETTERS.name)
            search = {"query": selection.query(), "_source": ["failed_at"]}
            letters = {hit["_id"]: hit for hit in scan(client, index=DEAD_LETTERS.name, query=search)}
            if not letters:
                return ReplayResult()
            times = {id: datetime.fromisoformat(hit["_source"]["failed_at"]) for id, hit in letters.items()}
            sent = send_back(settings, times)
            deletions = ({"_op_type": "delete", "_index": letters[id]["_index"], "_id": id} for id in sent)
            bulk(client, deletions, refresh="wait_for", raise_on_error=False)
    except (ApiError, TransportError) as error:
        problem = convert_elasticsearch_error(error, "replay dead letters")
        if isinstance(problem, AccessRefused):
            raise problem from error
        raise Retryable(f"{problem}. Nothing is lost: run the replay again") from error
    except AuthorizationError as error:
        raise convert_kafka_error(error, "replay dead letters") from error
    except KafkaError as error:
        raise Retryable(f"Kafka does not answer: {error!r}. Nothing is lost: run the replay again") from error
    return ReplayResult(sent=len(sent), missing=tuple(sorted(letters.keys() - sent)))


def send_back(settings: Settings, times: Mapping[str, datetime]) -> set[str]:
    """Sends the whole originals of these letters to the topics they came from, given the time when each failed.

    Returns the ids that Kafka acknowledged.
    """
    check_kafka(settings.kafka)
    kafka = settings.kafka.client_options()
    futures: dict[str, Any] = {}
    with (
        closing(KafkaConsumer(**kafka, enable_auto_commit=False, group_id=None)) as consumer,
        closing(KafkaProducer(**producer_options(kafka, max_request_size=find_largest_message()))) as producer,
    ):
        for id, message in find_originals(consumer, times):
            futures[id] = producer.send(
                message.topic, key=message.key, value=message.value, headers=list(message.headers)
            )
        producer.flush(timeout=FLUSH_SECONDS)
    return {id for id, future in futures.items() if future.succeeded()}


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

"""Dead letters, listed and sent back in.

The index `dead-letters` holds what is still open and is searched; the topic holds every original whole. A replay sends
the original to the topic it came from, with one more attempt in its headers, and takes the letter out of the index.
What fails again comes back as a new dead letter.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import bulk, scan
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from deploy.server_errors import convert_elasticsearch_error
from deploy.settings import Settings
from pipelines.io.dead_letters import ATTEMPTS_HEADER
from pipelines.io.kafka.publishing import PREFIX
from schemas.elasticsearch.indices import DEAD_LETTERS
from schemas.errors import Retryable
from schemas.topics import load_topics

TOPIC = "dead-letters"


@dataclass(frozen=True)
class Selection:
    """Which dead letters: all that are open, or those with this reason, step or id."""

    reason: str | None = None
    step: str | None = None
    id: str | None = None

    def query(self) -> dict[str, Any]:
        """The selection as Elasticsearch takes it."""
        terms = {"reason": self.reason, "step": self.step, "dead_letter_id": self.id}
        return {"bool": {"filter": [{"term": {name: value}} for name, value in terms.items() if value]}}


@dataclass
class Replayed:
    """What a replay did: how many were sent back in, and the ids of those whose whole original is gone."""

    sent: int = 0
    missing: tuple[str, ...] = ()


def open_letters(settings: Settings, selection: Selection, limit: int) -> list[dict[str, Any]]:
    """The newest open dead letters, without their bytes. Raises `Retryable` where Elasticsearch does not answer."""
    try:
        with Elasticsearch(**settings.elasticsearch.client_options()) as client:
            found = client.search(
                index=DEAD_LETTERS.name, query=selection.query(), size=limit, sort=[{"failed_at": "desc"}],
                source_excludes=["original"],
            )  # fmt: skip
    except (ApiError, TransportError) as error:
        raise convert_elasticsearch_error(error, "read dead letters") from error
    return [hit["_source"] for hit in found["hits"]["hits"]]


def replay(settings: Settings, selection: Selection) -> Replayed:
    """Sends the selected dead letters back to the topics they came from.

    A letter leaves the index only when Kafka has acknowledged its message, so one that is interrupted is sent again,
    which changes nothing. Raises `Retryable` where a server does not answer.
    """
    try:
        with Elasticsearch(**settings.elasticsearch.client_options()) as client:
            client.indices.refresh(index=DEAD_LETTERS.name)
            wanted = {
                hit["_id"]: hit["_index"]
                for hit in scan(client, index=DEAD_LETTERS.name, query={"query": selection.query(), "_source": False})
            }
            if not wanted:
                return Replayed()
            sent = send_back(settings, set(wanted))
            bulk(client, ({"_op_type": "delete", "_index": wanted[id], "_id": id} for id in sent), refresh="wait_for",
                 raise_on_error=False)  # fmt: skip
    except (ApiError, TransportError) as error:
        problem = convert_elasticsearch_error(error, "replay dead letters")
        raise Retryable(f"{problem}. Nothing is lost: run the replay again") from error
    except KafkaError as error:
        raise Retryable(f"Kafka does not answer: {error!r}. Nothing is lost; replay again") from error
    return Replayed(sent=len(sent), missing=tuple(sorted(set(wanted) - sent)))


def send_back(settings: Settings, wanted: set[str]) -> set[str]:
    """Sends the whole originals of these letters to where they came from; returns the ids that Kafka acknowledged."""
    limit = max(topic.max_message_bytes for topic in load_topics().values())
    options = settings.kafka.client_options()
    futures: dict[str, Any] = {}
    with closing(KafkaProducer(**options, acks="all", max_request_size=limit, compression_type="lz4")) as producer:
        for message in originals(settings):
            fields = {name: value.decode() for name, value in message.headers if name.startswith(PREFIX)}
            id = fields.get(f"{PREFIX}dead_letter_id", "")
            if id in wanted and id not in futures and f"{PREFIX}cut" not in fields:
                own = [(name, value) for name, value in message.headers if not name.startswith(PREFIX)]
                attempts = fields.get(f"{PREFIX}attempts", "1").encode()
                futures[id] = producer.send(
                    fields[f"{PREFIX}topic"], key=message.key, value=message.value,
                    headers=[*own, (ATTEMPTS_HEADER, attempts)],
                )  # fmt: skip
        producer.flush(timeout=120)
    return {id for id, future in futures.items() if future.succeeded()}


def originals(settings: Settings) -> Iterator[Any]:
    """Every message of the topic of dead letters, from its beginning to its end as of now."""
    consumer = KafkaConsumer(**settings.kafka.client_options(), enable_auto_commit=False, group_id=None)
    with closing(consumer):
        partitions = [TopicPartition(TOPIC, number) for number in consumer.partitions_for_topic(TOPIC) or ()]
        ends = consumer.end_offsets(partitions)
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for batch in consumer.poll(timeout_ms=1000).values():
                yield from batch

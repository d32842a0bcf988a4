"""What a re-processing connects to, the job that it waits for, and the file of its progress."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from elasticsearch import ApiError, Elasticsearch, TransportError
from kafka.errors import KafkaError

from deploy.server_errors import convert_elasticsearch_error
from deploy.settings import Settings
from pipelines import lifecycle
from pipelines.connections import make_sink_topics
from pipelines.io.kafka.offsets import make_consumer, measure_lag
from pipelines.io.kafka.publishing import Publisher
from pipelines.reprocess.sources import TOPIC
from schemas.errors import Retryable
from schemas.records import GenerationState

PAUSE_SECONDS = 0.5
SETTLE_SECONDS = 60.0
"""How long to wait until the job has committed what it was writing."""
STALLED_SECONDS = 10.0
"""A job whose lag does not change for this long is not waited for."""


def wait_for_job(settings: Settings) -> None:
    """Waits until the job has committed what it was writing. A job that does not run, or is far behind, is not waited
    for: it reads the state before it writes anything else."""
    consumer = {**settings.kafka.client_options(), "group_id": settings.group}
    with closing(make_consumer(consumer)) as client:
        lag = behind = sum(measure_lag(client, TOPIC).values())
        end = time.monotonic() + SETTLE_SECONDS
        moved = time.monotonic()
        while behind > 0 and time.monotonic() < min(end, moved + STALLED_SECONDS):
            if lifecycle.stop_requested.wait(PAUSE_SECONDS):
                raise Retryable("Asked to stop: run the command again")
            behind = sum(measure_lag(client, TOPIC).values())
            if behind != lag:
                lag, moved = behind, time.monotonic()


def find_progress_file(settings: Settings, state: GenerationState) -> Path:
    """Returns the file that says how far the re-processing has come."""
    started = int(state.started_at.timestamp()) if state.started_at else 0
    return settings.embedded.data_dir / f"reprocess-g{state.next}-{started}.sqlite"


@contextmanager
def open_client(settings: Settings) -> Iterator[Elasticsearch]:
    """Gives a client, and raises `Retryable` or `Permanent` for what the servers answer."""
    try:
        with Elasticsearch(**settings.elasticsearch.client_options()) as client:
            yield client
    except (ApiError, TransportError) as error:
        raise convert_elasticsearch_error(error, "reprocess") from error
    except KafkaError as error:
        raise Retryable(f"Kafka does not answer: {error!r}. Nothing is lost: run the command again") from error


@contextmanager
def open_publisher(settings: Settings) -> Iterator[Publisher]:
    """Gives a publisher to Kafka."""
    publisher = Publisher(make_sink_topics(settings.kafka.client_options()).producer())
    try:
        yield publisher
    finally:
        publisher.close()

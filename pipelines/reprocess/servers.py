"""What a re-processing connects to, the job that it waits for, and the file of its progress."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from elasticsearch import Elasticsearch

from deploy.settings import Settings
from pipelines import lifecycle
from pipelines.connections import open_elasticsearch
from pipelines.io.kafka.offsets import make_consumer, measure_lag
from pipelines.reprocess.sources import TOPIC
from schemas.errors import Retryable
from schemas.records import GenerationState

ACTION = "reprocess articles"

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
    """Gives a client to Elasticsearch. Raises as `open_elasticsearch`, also for errors of Kafka within the block."""
    with open_elasticsearch(settings, ACTION, "Nothing is lost: run the command again") as client:
        yield client

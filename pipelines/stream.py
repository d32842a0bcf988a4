"""The streaming job: raw articles from Kafka become articles, claims and figures in Elasticsearch.

One chain, fused from read to write. Decode comes first, as nothing else may see unvalidated bytes; the language before
the mentions, as their grammars are per language; claims behind them, as they bind entities, figures and times; watches
last, as they ask for all of these.
"""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from deploy.settings import Settings
from pipelines.io.elasticsearch import Topics, WriteToElasticsearch
from pipelines.io.kafka_offsets import STARTS, Start
from pipelines.io.publishing import PRODUCER
from pipelines.supervisor import Limits, RunOptions
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from pipelines.transforms.step import Step
from pipelines.transforms.watches import TagWatches, WatchesFile
from schemas.errors import Permanent
from schemas.identity import digest
from schemas.topics import load_topics
from schemas.watches import DEFAULT_FILE

JOB = "pipelines.stream:job"


def build(
    pipeline: beam.Pipeline,
    source: beam.PTransform,
    sink: beam.PTransform,
    memory: Path | None = None,
    watches: WatchesFile | None = None,
) -> beam.PCollection:
    """The job between a source of `KafkaRecord` and a sink of `DocumentSet` and `DeadLetter`.

    `memory` is the file for what is learned of each feed's template; `watches` is watches.yaml, where it is not the one
    in the working directory.
    """
    return (
        pipeline
        | "read" >> source
        | "parcel" >> beam.Map(Parcel)
        | "decode" >> beam.ParDo(Step("decode", decode))
        | "normalize" >> beam.ParDo(Step("normalize", Normalize(memory)))
        | "language" >> beam.ParDo(Step("language", detect_language))
        | "mentions" >> beam.ParDo(Step("mentions", find_mentions))
        | "claims" >> beam.ParDo(Step("claims", find_claims))
        | "watches" >> beam.ParDo(Step("watches", TagWatches(watches or WatchesFile(DEFAULT_FILE))))
        | "documents" >> beam.ParDo(Step("documents", to_documents))
        | "write" >> sink
    )


def job(pipeline: beam.Pipeline, source: beam.PTransform, settings: dict[str, Any]) -> beam.PCollection:
    """The job as a worker runs it.

    `settings` holds client options of `elasticsearch` and `kafka`, and the paths `memory`, `watches`, `watches_kept`.
    """
    sink = WriteToElasticsearch(partial(client, settings["elasticsearch"]), topics(settings["kafka"]))
    watches = WatchesFile(Path(settings["watches"]), Path(settings["watches_kept"]))
    return build(pipeline, source, sink, Path(settings["memory"]), watches)


def topics(kafka: dict[str, Any]) -> Topics:
    """Where the sink publishes, given kafka-python's client options."""
    largest = max(topic.max_message_bytes for topic in load_topics().values())
    return Topics(
        producer=partial(KafkaProducer, **PRODUCER, max_request_size=largest, **kafka),
        families={"claims": "claims"},
        dead_letters="dead-letters",
    )


def client(options: dict[str, Any]) -> Elasticsearch:
    """An Elasticsearch client from options that came as JSON, where a user and password are a list."""
    user = options.get("basic_auth")
    return Elasticsearch(**options | ({"basic_auth": tuple(user)} if user else {}))


def run_options(
    settings: Settings,
    workers: int = 1,
    until_caught_up: bool = False,
    start: Start = "committed",
    limits: Limits | None = None,
) -> RunOptions:
    """What `pipelines.supervisor.run` is to run with these settings.

    Raises `Permanent` where watches.yaml is wrong, or is not there though it was named.
    """
    kafka = settings.kafka.client_options()
    watches, kept = settings.watches.absolute(), kept_watches(settings)
    if settings.watches_are_given and not watches.exists():
        raise Permanent(f"NEWSCLAIMS_WATCHES names {watches}, which does not exist")
    WatchesFile(watches, kept).begin()
    return RunOptions(
        job=JOB,
        topic="raw-articles",
        consumer={**kafka, "group_id": settings.group},
        settings={
            "kafka": kafka,
            "elasticsearch": settings.elasticsearch.client_options(),
            "memory": str(settings.embedded.data_dir / "recurring-lines.bin"),
            "watches": str(watches),
            "watches_kept": str(kept),
        },
        workers=workers,
        start=start,
        until_caught_up=until_caught_up,
        limits=limits or Limits(),
    )


def kept_watches(settings: Settings) -> Path:
    """Where the last right watches of the file are kept."""
    return settings.embedded.data_dir / f"watches-{digest(str(settings.watches.absolute()))}.json"


def parsed_start(text: str) -> Start:
    """Where a run begins, from the command line. Raises `Permanent` for what is neither a name nor a time."""
    if text in STARTS:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Permanent(f"--start is {text!r}: it must be one of {', '.join(STARTS)} or a time in ISO 8601") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment

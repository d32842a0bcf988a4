"""The streaming job: raw articles from Kafka become articles, claims and figures in Elasticsearch.

One chain, fused from read to write. Decode comes first: no other step may see unvalidated bytes. The language comes
before the mentions, because each language has its own grammars. Claims come after the mentions, because they combine
entities, figures and times. Then claimants get the names that they have in all articles. Watches come after all of
these, because they need them. Stories come last: their look-up takes many articles at once.
"""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam
import msgspec

from pipelines.connections import connect_elasticsearch, make_sink_topics
from pipelines.io.elasticsearch.ledger import Periods
from pipelines.io.elasticsearch.sink import WriteToElasticsearch
from pipelines.io.held_options import hold
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.claimants import NameClaimants
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from pipelines.transforms.step import Rule, Step
from pipelines.transforms.stories import GroupStories, add_fingerprints
from pipelines.transforms.watches import TagWatches, WatchesFile
from schemas.elasticsearch.buckets import ARTICLES, Buckets
from schemas.elasticsearch.indices import DEAD_LETTERS
from schemas.watches import DEFAULT_FILE


@dataclass(frozen=True)
class ChainOptions:
    """What the steps need to know.

    `memory` is the file for the recurring lines of each feed; `watches` is watches.yaml, by default that of the working
    directory. `buckets` are those of articles. `stories` groups copies, by default without a look-up: each worker knows
    only what it has read itself. `claimants` gives claimants their names, by default without stored aliases.
    """

    memory: Path | None = None
    watches: WatchesFile = field(default_factory=lambda: WatchesFile(DEFAULT_FILE))
    buckets: Buckets = ARTICLES
    stories: GroupStories = field(default_factory=GroupStories)
    claimants: NameClaimants = field(default_factory=NameClaimants)


def build(
    pipeline: beam.Pipeline, source: beam.PTransform, sink: beam.PTransform, options: ChainOptions
) -> beam.PCollection:
    """Builds the job between a source of `KafkaRecord` and a sink of `DocumentSet` and `DeadLetter`."""
    flow = pipeline | "read" >> source | "parcel" >> beam.Map(Parcel)
    for name, step in list_steps(options).items():
        flow = flow | name >> beam.ParDo(step)
    return flow | "write" >> sink


def list_steps(options: ChainOptions) -> dict[str, Step | GroupStories]:
    """Returns the steps between read and write by their names, in order."""
    rules: dict[str, Rule] = {
        "decode": decode,
        "normalize": Normalize(options.memory),
        "language": detect_language,
        "mentions": find_mentions,
        "claims": find_claims,
        "claimants": options.claimants,
        "watches": TagWatches(options.watches),
        "fingerprints": add_fingerprints,
    }
    documents = Step("documents", partial(to_documents, buckets=options.buckets))
    return {
        **{name: Step(name, rule) for name, rule in rules.items()}, "stories": options.stories, "documents": documents,
    }  # fmt: skip


def job(pipeline: beam.Pipeline, source: beam.PTransform, settings: dict[str, Any]) -> beam.PCollection:
    """Builds the job that a worker runs.

    `settings` holds client options of `elasticsearch` and `kafka`, the paths `memory`, `watches`, `watches_kept`, the
    `buckets` and `retention_days` of each family, and the `dead_letter_limit`: the largest share of recent messages
    that may die.
    """
    buckets = msgspec.convert(settings["buckets"], dict[str, Buckets])
    client = partial(connect_elasticsearch, hold("elasticsearch", settings["elasticsearch"]))
    periods = Periods(buckets[DEAD_LETTERS.name], settings["retention_days"])
    topics = make_sink_topics(hold("kafka", settings["kafka"]))
    limit = settings.get("dead_letter_limit")
    sink = WriteToElasticsearch(client, topics, periods=periods, dead_letter_limit=limit)
    options = ChainOptions(
        Path(settings["memory"]),
        WatchesFile(Path(settings["watches"]), Path(settings["watches_kept"])),
        buckets["articles"],
        GroupStories(client),
        NameClaimants(client),
    )
    return build(pipeline, source, sink, options)

"""`WriteToElasticsearch`: the sink that Beam's Python SDK lacks.

    sets | WriteToElasticsearch(partial(Elasticsearch, "http://localhost:9200"))

Elements are `DocumentSet`s, the documents of one article at one revision, and `DeadLetter`s. A newer revision replaces
the article's documents and deletes those that are gone; an older or unchanged one changes nothing; whatever is
delivered again, in whatever bundles, ends in the same documents. One ParDo without keyed state, so that it fuses with
what is before it: everything is written when `finish_bundle` returns, and offsets may be committed then.

The indices must exist (`deploy.bootstrap` makes them): `articles-g1-<bucket>` and so on, and `ledger-g1`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import apache_beam as beam
from elasticsearch import Elasticsearch

from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import Periods
from pipelines.io.elasticsearch.writer import BatchWriter, Element, SinkTopics
from pipelines.io.kafka.publishing import Publisher
from pipelines.io.recent_input import RecentInput
from schemas.elasticsearch.indices import FAMILIES


class WriteToElasticsearch(beam.PTransform):
    """Writes document sets and dead letters; outputs nothing.

    `client` makes the Elasticsearch client in each worker, so it must pickle: `functools.partial(Elasticsearch, ...)`.
    Without `topics` nothing is published. A batch is written at `batch_documents` documents, at `batch_bytes` bytes,
    when an element comes `batch_seconds` after its first, and at the end of the bundle. `periods` says which buckets
    dead letters have, and which buckets are beyond their retention: nothing is written there.
    With a `dead_letter_limit` the bundle fails with `TooManyDeadLetters` if a larger share of recent messages became
    dead letters.

    The sink waits as long as Elasticsearch is unreachable, busy, read-only or out of shards. The bundle fails with
    `Permanent` if the configuration is wrong, and with `Retryable` if Kafka does not acknowledge a message or the
    process is asked to stop. A document that Elasticsearch refuses becomes a dead letter with the message it was made
    from; the rest of its set is written, an earlier version of the refused document stays, and a replay of the message
    writes the set again.
    """

    def __init__(  # noqa: PLR0913 - each is an option of the sink
        self,
        client: Callable[[], Elasticsearch],
        topics: SinkTopics | None = None,
        batch_documents: int = 3_000,
        batch_bytes: int = 5_000_000,
        batch_seconds: float = 1.0,
        periods: Periods | None = None,
        dead_letter_limit: float | None = None,
    ) -> None:
        super().__init__()
        if batch_documents < 1 or batch_bytes < 1 or batch_seconds <= 0:
            raise ValueError(
                "batch_documents, batch_bytes and batch_seconds must be above 0, "
                f"got {batch_documents}, {batch_bytes}, {batch_seconds}"
            )
        if topics and (unknown := topics.families.keys() - FAMILIES.keys()):
            raise ValueError(f"there are topics for {sorted(unknown)}, but the families are {sorted(FAMILIES)}")
        limits = BatchLimits(batch_documents, batch_bytes, batch_seconds)
        self.write = _Write(client, topics, limits, periods or Periods(), dead_letter_limit)

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        """Applies one ParDo."""
        return pcoll | beam.ParDo(self.write)


@dataclass(frozen=True)
class BatchLimits:
    """When a batch is written: at so many documents or bytes, or so many seconds after its first element."""

    documents: int
    bytes: int
    seconds: float


class _Write(beam.DoFn):
    """Collects batches within a bundle."""

    batch: list[Element]
    documents: int
    bytes: int
    since: float
    """When the batch got its first element, on the monotonic clock."""

    def __init__(
        self,
        client: Callable[[], Elasticsearch],
        topics: SinkTopics | None,
        limits: BatchLimits,
        periods: Periods,
        dead_letter_limit: float | None,
    ) -> None:
        self.client = client
        self.topics = topics
        self.limits = limits
        self.periods = periods
        self.dead_letter_limit = dead_letter_limit
        self.close: list[Callable[[], None]] = []

    def setup(self) -> None:
        client = self.client()
        self.close.append(client.close)
        publisher = Publisher(self.topics.producer()) if self.topics else None
        if publisher:
            self.close.append(publisher.close)
        recent = RecentInput(self.dead_letter_limit) if self.dead_letter_limit else None
        self.writer = BatchWriter(BulkSender(client), publisher, self.topics, periods=self.periods, recent=recent)

    def start_bundle(self) -> None:
        self._empty()

    def process(self, element: Element) -> None:
        if self.batch and time.monotonic() - self.since >= self.limits.seconds:
            self._flush()
        if not self.batch:
            self.since = time.monotonic()
        self.batch.append(element)
        self.documents += len(element.documents) if isinstance(element, DocumentSet) else 1
        self.bytes += measure_size(element)
        if self.documents >= self.limits.documents or self.bytes >= self.limits.bytes:
            self._flush()

    def finish_bundle(self) -> None:
        self._flush()

    def teardown(self) -> None:
        while self.close:
            self.close.pop()()

    def _flush(self) -> None:
        batch = self.batch
        self._empty()
        if batch:
            self.writer.write(batch)

    def _empty(self) -> None:
        self.batch = []
        self.documents = self.bytes = 0
        self.since = 0.0


def measure_size(element: Element) -> int:
    """Returns the bytes of an element's documents."""
    if isinstance(element, DocumentSet):
        return sum(len(document.source) for document in element.documents)
    return len(element.original)

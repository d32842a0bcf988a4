"""`WriteToElasticsearch`: the sink that Beam's Python SDK lacks.

    sets | WriteToElasticsearch(partial(Elasticsearch, "http://localhost:9200"))

Elements are `DocumentSet`s, the documents of one article at one revision, and `DeadLetter`s. A newer revision replaces
the article's documents and deletes those that are gone; an older or unchanged one changes nothing; whatever is
delivered again, in whatever bundles, ends in the same documents. One ParDo without keyed state, so that it fuses with
what is before it: everything is written when `finish_bundle` returns, and offsets may be committed then.

The indices must be there (`deploy.bootstrap`): `articles-g1-<bucket>` and so on, and `ledger-g1`.
"""

import time
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
from elasticsearch import Elasticsearch

from pipelines import counters
from pipelines.io.dead_letters import dead_letter
from pipelines.io.elasticsearch import ledger
from pipelines.io.elasticsearch.actions import Action, delete, write_dead_letter, write_document, write_ledger
from pipelines.io.elasticsearch.bulk import BulkSender, Rejected
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import Child, Plan
from pipelines.io.kafka.publishing import Message, Publisher, TooLarge
from schemas.elasticsearch.indices import FAMILIES, LEDGER
from schemas.errors import Permanent, Reason
from schemas.records import DeadLetter

STEP = "write"
"""The sink's name in counters and dead letters."""

Element = DocumentSet | DeadLetter


@dataclass(frozen=True)
class Topics:
    """Where the sink publishes: `families` are topics by the family of documents they carry (`{"claims": "claims"}`).

    `producer` makes a kafka-python producer, see `pipelines.io.kafka.publishing.PRODUCER` for its settings;
    it is called in
    each worker, so it must pickle: `functools.partial(KafkaProducer, ...)`.
    """

    producer: Callable[[], Any]
    families: Mapping[str, str]
    dead_letters: str


class WriteToElasticsearch(beam.PTransform):
    """Writes document sets and dead letters; gives nothing.

    `client` makes the Elasticsearch client in each worker, so it must pickle: `functools.partial(Elasticsearch, ...)`.
    Without `topics` nothing is published. A batch is written at `batch_documents` documents, at `batch_bytes` bytes,
    when an element comes `batch_seconds` after its first, and at the end of the bundle.

    Waits without end while Elasticsearch is away, busy, read-only or out of shards; the bundle fails with `Permanent`
    where the set-up is wrong, and with `Retryable` where Kafka does not acknowledge or the process is asked to stop.
    A document that Elasticsearch refuses becomes a dead letter with the message it was made from; the rest of its set
    is written, an earlier version of the refused document stays, and a replay of the message writes the set again.
    """

    def __init__(
        self,
        client: Callable[[], Elasticsearch],
        topics: Topics | None = None,
        batch_documents: int = 1_000,
        batch_bytes: int = 5_000_000,
        batch_seconds: float = 1.0,
    ) -> None:
        super().__init__()
        if batch_documents < 1 or batch_bytes < 1 or batch_seconds <= 0:
            raise ValueError(
                "batch_documents, batch_bytes and batch_seconds must be above 0, "
                f"got {batch_documents}, {batch_bytes}, {batch_seconds}"
            )
        if topics and (unknown := topics.families.keys() - FAMILIES.keys()):
            raise ValueError(f"topics are given for {sorted(unknown)}, which are no families: {sorted(FAMILIES)}")
        self.write = _Write(client, topics, batch_documents, batch_bytes, batch_seconds)

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        """One ParDo."""
        return pcoll | beam.ParDo(self.write)


class _Write(beam.DoFn):
    """Batches within a bundle."""

    batch: list[Element]
    documents: int
    bytes: int
    since: float
    """When the batch got its first element, on the monotonic clock."""

    def __init__(
        self,
        client: Callable[[], Elasticsearch],
        topics: Topics | None,
        batch_documents: int,
        batch_bytes: int,
        batch_seconds: float,
    ) -> None:
        self.client = client
        self.topics = topics
        self.batch_documents = batch_documents
        self.batch_bytes = batch_bytes
        self.batch_seconds = batch_seconds
        self.close: list[Callable[[], None]] = []

    def setup(self) -> None:
        client = self.client()
        self.close.append(client.close)
        publisher = Publisher(self.topics.producer()) if self.topics else None
        if publisher:
            self.close.append(publisher.close)
        self.writer = Writer(BulkSender(client), publisher, self.topics)

    def start_bundle(self) -> None:
        self._empty()

    def process(self, element: Element) -> None:
        if self.batch and time.monotonic() - self.since >= self.batch_seconds:
            self._flush()
        if not self.batch:
            self.since = time.monotonic()
        self.batch.append(element)
        self.documents += len(element.documents) if isinstance(element, DocumentSet) else 1
        self.bytes += size(element)
        if self.documents >= self.batch_documents or self.bytes >= self.batch_bytes:
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


def size(element: Element) -> int:
    """Bytes of an element's documents."""
    if isinstance(element, DocumentSet):
        return sum(len(document.source) for document in element.documents)
    return len(element.original)


class Writer:
    """Writes one batch: documents and deletions, then messages, then the ledger.

    In this order a death at any point heals when the batch comes again.
    """

    def __init__(self, sender: BulkSender, publisher: Publisher | None = None, topics: Topics | None = None) -> None:
        self.sender = sender
        self.publisher = publisher
        self.topics = topics

    def write(self, batch: Sequence[Element]) -> None:
        """Returns when all of the batch is written, published and noted in the ledger. Raises as the transform does."""
        now = datetime.now(UTC)
        began = time.perf_counter()
        plans = self._plan([element for element in batch if isinstance(element, DocumentSet)], now)
        rejected = self.sender.send(action for plan in plans for action in actions(plan, now))
        failures = [failure_of(each) for each in rejected]
        failures += [failure_of(each) for each in self._publish(plans, {failure.child for failure in failures})]
        letters = [element for element in batch if isinstance(element, DeadLetter)]
        self._write_dead_letters([*letters, *(failure.letter() for failure in failures)])
        broken = {failure.owner.owner_id for failure in failures}
        plans = [ledger.left_incomplete(plan) if plan.owner_id in broken else plan for plan in plans]
        self._write_ledger(plans, now)
        count(plans, len(letters))
        count_times(batch, time.perf_counter() - began)

    def _plan(self, sets: list[DocumentSet], now: datetime) -> list[Plan]:
        if not sets:
            return []
        owners = list(dict.fromkeys(each.owner_id for each in sets))
        entries = ledger.read_entries(self.sender.read(LEDGER.index(""), owners))
        return ledger.plans(sets, entries, now)

    def _publish(self, plans: list[Plan], rejected: set[Child]) -> list[TooLarge]:
        if not self.publisher or not self.topics:
            return []
        return self.publisher.publish(
            message for plan in plans for message in messages(plan, self.topics.families, rejected)
        )

    def _write_dead_letters(self, letters: list[DeadLetter]) -> None:
        # Two documents of one message may be refused, and a batch may hold a message twice: one dead letter.
        unique = list({letter.dead_letter_id: letter for letter in letters}.values())
        self._must(write_dead_letter(letter) for letter in unique)
        if unique and self.publisher and self.topics:
            self.publisher.publish_dead_letters(self.topics.dead_letters, unique)

    def _write_ledger(self, plans: list[Plan], now: datetime) -> None:
        self._must(write_ledger(plan.entry(now)) for plan in plans if plan.written)

    def _must(self, own: Iterable[Action]) -> None:
        """Sends documents of our own making: when one is refused, the indices are not ours."""
        if refused := self.sender.send(own):
            first = refused[0]
            raise Permanent(
                f"Elasticsearch refuses {first.action.index}/{first.action.id} ({first.outcome.reason}): "
                "run `newsclaims init`"
            )


def actions(plan: Plan, now: datetime) -> Iterator[Action]:
    """The bulk actions of a plan: its documents, then the deletion of those that are gone."""
    if plan.written is None:
        return
    for document in plan.written.documents:
        yield write_document(document, plan.written, plan.bucket, now)
    for family, id in plan.gone:
        yield delete(FAMILIES[family].index(plan.bucket), id, plan.written.revision, (plan.written, (family, id)))


def messages(plan: Plan, topics: Mapping[str, str], rejected: Container[Child] = ()) -> Iterator[Message]:
    """The messages of a plan: each document whose family has a topic, and a tombstone for each that is gone."""
    published = plan.written or plan.announced
    for document in published.documents if published else ():
        child = (document.family, document.id)
        if document.family in topics and child not in rejected:
            yield Message(topics[document.family], document.id.encode(), document.source, subject=(published, child))
    for child in plan.gone:
        if child[0] in topics:
            yield Message(topics[child[0]], child[1].encode(), None, subject=(published, child))


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that a server refused, the set it belongs to, and why."""

    owner: DocumentSet
    child: Child
    reason: Reason
    error: str

    def letter(self) -> DeadLetter:
        """The dead letter of the message that the set was made from. Raises `Permanent` where there is no message."""
        error = f"{self.child[0]} {self.child[1]}: {self.error}"
        if self.owner.origin is None:
            raise Permanent(f"what is indexed of article {self.owner.owner_id} cannot be written again: {error}")
        counters.add("newsclaims_dead_letters_total", step=STEP, reason=self.reason.value)
        return dead_letter(self.owner.origin, STEP, self.reason, error)


def failure_of(refused: Rejected | TooLarge) -> Failure:
    """What was refused, by Elasticsearch or by Kafka for its size."""
    if isinstance(refused, TooLarge):
        owner, child = refused.message.subject
        return Failure(owner, child, Reason.TOO_LARGE, f"the topic {refused.message.topic} says {refused.reason}")
    owner, child = refused.action.subject
    reason = Reason.TOO_LARGE if refused.outcome.name == "too_large" else Reason.REJECTED
    return Failure(owner, child, reason, refused.outcome.reason)


def count(plans: Iterable[Plan], letters: int) -> None:
    """Counts what became of each element."""
    outcomes = Counter(outcome for plan in plans for outcome in plan.outcomes())
    for outcome, amount in (outcomes + Counter(dead_letter=letters)).items():
        counters.add("newsclaims_records_total", amount, step=STEP, outcome=outcome)


def count_times(batch: Sequence[Element], seconds: float) -> None:
    """Counts how long the batch took, which each of its elements took, and how old each is now that it is written.

    A dead letter has no record time with it; a message without one has -1.
    """
    now = time.time()
    ages = [
        max(0.0, now - element.origin.timestamp / 1000)
        for element in batch
        if isinstance(element, DocumentSet) and element.origin and element.origin.timestamp > 0
    ]
    counters.observe("newsclaims_step_seconds", [seconds] * len(batch), step=STEP)
    counters.observe("newsclaims_age_at_write_seconds", ages)

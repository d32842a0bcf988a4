"""The input of `WriteToElasticsearch`: all documents of one owner, which are written and replaced together."""

from dataclasses import dataclass
from datetime import datetime

from pipelines.io.kafka.record import KafkaRecord
from schemas.fields import MarkKind, Retraction


@dataclass(frozen=True, slots=True)
class Document:
    """One document: `family` is the alias it is read by (`claims`), `source` its JSON, UTF-8.

    `indexed_at` is set if the document exists already and only its watches change: it keeps its time. `claim_id` is the
    claim that the document is, or belongs to. `mark` is that claim's; the sink sets it, and `source` leaves it out.
    """

    family: str
    id: str
    source: bytes
    indexed_at: datetime | None = None
    claim_id: str | None = None
    mark: MarkKind | None = None


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """All documents of one owner (an article with its claims and figures) at one revision.

    When a newer revision is written, documents that the owner no longer has are deleted. `bucket` names the index
    (`claims-g1-<bucket>`) at the first write; later revisions stay in the bucket of the first. `origin` is the message
    that the documents were made from: a document that Elasticsearch refuses becomes a dead letter with its bytes. A set
    without a message was made from indexed documents, and a refusal is an error. `takedown_ids` are the ids of the
    takedowns that would cover the article, besides the owner's own: those of its page and its addresses.
    A set with a `retraction` has no documents: the sink takes those that are stored (`retractions`).
    """

    owner_id: str
    revision: int
    rules_version: str
    content_scope: str
    content_hash: str
    bucket: str
    documents: tuple[Document, ...]
    origin: KafkaRecord | None
    takedown_ids: tuple[str, ...] = ()
    retraction: Retraction | None = None
    retracted_at: datetime | None = None

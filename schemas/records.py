"""The records that Kafka carries and Elasticsearch indexes."""

from typing import Annotated, Any, ClassVar, Final, Literal

from msgspec import UNSET, Meta, UnsetType, field

from schemas.errors import Reason
from schemas.fields import (
    ArticleKind,
    ClaimantName,
    ContentScope,
    ContentType,
    FullText,
    Id,
    IngestMode,
    Language,
    PublishedSource,
    Record,
    Share,
    Stored,
    Text,
    Timestamp,
)
from schemas.text import ClaimText, Entity, FigureText

SCHEMA_VERSION: Final = 1

NonEmpty = Annotated[str, Meta(min_length=1)]


class RawArticle(Record, frozen=True, kw_only=True):
    """An article as a connector brought it: the messages of the topic `raw-articles`, keyed by `article_id`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    article_id: Id
    revision: Annotated[int, Meta(ge=1)]
    """`fetched_at` in milliseconds since 1970; never goes back for one URL."""
    content_scope: ContentScope = "full"
    content_hash: str
    """SHA-256 (hex) of what a reader would see change: see `schemas.identity.content_hash`."""
    ingest_mode: IngestMode = "live"
    connector: NonEmpty
    feed: NonEmpty
    url: str = ""
    """Empty where the article came from a file or a push without an address."""
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    body: str
    content_type: ContentType = "text/plain"
    language: Language | None = None
    published_at: Timestamp | None = None
    fetched_at: Timestamp
    extra: dict[str, str] = field(default_factory=dict)


class Article(Record, frozen=True, kw_only=True):
    """An article as indexed. Behind the alias `articles`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    article_id: Id
    revision: int
    rules_version: str
    parent_id: str | None = None
    item_position: Annotated[int, Meta(extra={"mapping": {"type": "integer"}})] | None = None
    kind: ArticleKind
    url: str = ""
    canonical_url: str = ""
    feed: str
    connector: str
    publisher: str = ""
    author: Text | None = None
    title: Text = ""
    body: FullText
    language: Language
    language_confidence: Share
    content_scope: ContentScope = "full"
    published_at: Timestamp
    published_source: PublishedSource
    fetched_at: Timestamp
    processed_at: Timestamp
    indexed_at: Timestamp | UnsetType = UNSET
    """Set by the sink as it writes."""
    word_count: int
    removed_share: Share = 0.0
    claim_count: int = 0
    figure_count: int = 0
    entities: tuple[Entity, ...] = ()
    story_id: str | None = None
    watches: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    ingest_mode: IngestMode = "live"


class Claim(ClaimText, frozen=True, kw_only=True):
    """A claim as indexed and as published on the topic `claims`, keyed by `claim_id`. Behind the alias `claims`."""

    ALIASES: ClassVar = {"claimant_name": "claimant.name.keyword", "unit_class": "unit_classes"}
    """Claims and figures have these by the same names, so that one search, or one selection of a board, is for both."""

    schema_version: Literal[1] = SCHEMA_VERSION
    claim_id: Id
    article_id: str
    revision: int
    rules_version: str
    figure_count: int = 0
    unit_classes: tuple[str, ...] = ()
    """Classes of its figures' units, each once: boards and searches tell claims apart by them."""
    entities: tuple[str, ...] = ()
    """Names of the entities that the claim mentions."""
    watches: tuple[str, ...] = ()
    feed: str
    publisher: str = ""
    url: str = ""
    title: Text = ""
    language: Language
    published_at: Timestamp
    fetched_at: Timestamp
    processed_at: Timestamp
    indexed_at: Timestamp | UnsetType = UNSET
    ingest_mode: IngestMode = "live"


class NumberRange(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A closed or half-open interval; a bound that is not there is open."""

    gte: float | None = None
    lte: float | None = None


class Figure(FigureText, frozen=True, kw_only=True):
    """A figure as indexed, one document each. Behind the alias `figures`."""

    ALIASES: ClassVar = {"claimant_name": "claimant"}

    schema_version: Literal[1] = SCHEMA_VERSION
    figure_id: Id
    claim_id: str | None = None
    article_id: str
    revision: int
    rules_version: str
    range: Annotated[NumberRange, Meta(extra={"mapping": {"type": "double_range", "doc_values": False}})]
    """For "covers 12,000" searches. Without doc values: a histogram over an open range would pin the node."""
    sentence: FullText = ""
    claimant: ClaimantName | None = None
    """Name of the claimant of the claim that the figure belongs to."""
    status: str | None = None
    event: str | None = None
    entities: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
    feed: str
    publisher: str = ""
    url: str = ""
    title: Text = ""
    language: Language
    published_at: Timestamp
    fetched_at: Timestamp
    processed_at: Timestamp
    indexed_at: Timestamp | UnsetType = UNSET
    ingest_mode: IngestMode = "live"


class DeadLetter(Record, frozen=True, kw_only=True):
    """A message that could not be processed, with all that is needed to mend and replay it.

    On the topic `dead-letters` the message is `original`, byte for byte, and the rest travels as headers; in the index
    the bytes are cut at `INDEXED_BYTES`.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    dead_letter_id: Id
    topic: str
    partition: int
    offset: int
    key: str | None = None
    headers: Annotated[dict[str, str], Stored] = field(default_factory=dict)
    step: str
    reason: Reason
    error: Text
    attempts: int = 1
    failed_at: Timestamp
    size: int
    """Bytes of the whole original."""
    feed: str | None = None
    """This and the next three as the original says them; nothing where it cannot be read."""
    ingest_mode: IngestMode | None = None
    published_at: Timestamp | None = None
    fetched_at: Timestamp | None = None
    original: Annotated[bytes, Meta(extra={"mapping": {"type": "binary"}})] = b""


INDEXED_BYTES = 32_000
"""Longest original that the dead-letter index keeps; the topic has the whole."""


class LedgerEntry(Record, frozen=True, kw_only=True):
    """What the sink last wrote for one article: read before each write, written after it."""

    article_id: Id
    revision: int
    rules_version: str
    content_scope: ContentScope
    content_hash: str
    bucket: str
    claim_ids: Annotated[
        tuple[str, ...], Meta(extra={"mapping": {"type": "keyword", "index": False, "doc_values": False}})
    ] = ()
    figure_ids: Annotated[
        tuple[str, ...], Meta(extra={"mapping": {"type": "keyword", "index": False, "doc_values": False}})
    ] = ()
    written_at: Timestamp


class FeedHealth(Record, frozen=True, kw_only=True):
    """How a feed does: one document each, by the feed's name. Behind the alias `feeds`."""

    feed: Id
    connector: str
    url: str = ""
    """The address as configured, without credentials."""
    publisher: str = ""
    since: Timestamp
    """When the feed was first polled."""
    polled_at: Timestamp
    succeeded_at: Timestamp | None = None
    failed_at: Timestamp | None = None
    failures: int = 0
    """Polls that failed since the last that did not."""
    error: Text | None = None
    """Of the last poll; nothing where it succeeded."""
    warning: Text | None = None
    next_poll_at: Timestamp
    moved_to: str | None = None
    entry_at: Timestamp | None = None
    """When the last new entry came."""
    entries_total: int = 0
    entries_day: int = 0
    """New entries of the last 24 hours."""
    expected_day: float | None = None
    empty_total: int = 0
    """Entries that came without text of their own."""
    refused_total: int = 0
    silent: bool = False
    """Whether nothing new came for three times as long as the expected volume lets one wait."""


class FeedState(Record, frozen=True, kw_only=True):
    """Where the poller goes on with a feed: the messages of the topic `feed-states`, keyed by the feed's name."""

    schema_version: Literal[1] = SCHEMA_VERSION
    health: FeedHealth
    cursor: dict[str, Any] = field(default_factory=dict)
    """The connector's own; stored only once Kafka has acknowledged the articles before it."""
    hours: dict[str, int] = field(default_factory=dict)
    """New entries by hour (`2026-03-02T12`), of the last 24."""


class HealthSample(Record, frozen=True, kw_only=True):
    """One reading of one metric of `schemas.metrics`. Behind the alias `health`.

    `value` is a gauge's value, what a counter grew by in the `seconds` before `at`, or a histogram's quantile over
    them. The other fields are the metric's labels; those that it does not have are null.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    at: Timestamp
    seconds: float = 0.0
    source: Literal["run", "monitor"]
    instance: str
    """Host and process, as `host:pid`."""
    metric: NonEmpty
    value: float
    step: str | None = None
    outcome: str | None = None
    reason: str | None = None
    quantile: str | None = None
    """`0.5`, `0.95` or `0.99`, of a histogram; `count` for how many were observed."""
    worker: str | None = None
    server: str | None = None
    topic: str | None = None
    partition: str | None = None
    index: str | None = None
    state: str | None = None
    alert: str | None = None
    subject: str | None = None
    """What an alert is about: a feed, a watch, an assertion; empty where there is one for the whole product."""
    detail: Text | None = None
    """In words for people; of an event, what happened."""
    url: str | None = None
    """Where to look, of an alert about one article."""

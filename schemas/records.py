"""The records that Kafka carries and Elasticsearch indexes.

A field's description is part of its JSON Schema, and Kibana shows it next to the field.
"""

from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec
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
    Integer,
    Language,
    PublishedSource,
    Record,
    Share,
    Stored,
    Text,
    Timestamp,
    Unsearchable,
    describe,
)
from schemas.text import ClaimText, Entity, FigureText

SCHEMA_VERSION: Final = 1

NonEmpty = Annotated[str, Meta(min_length=1)]


class RawArticle(Record, frozen=True, kw_only=True):
    """An article as a connector brought it: the messages of the topic `raw-articles`, keyed by `article_id`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    article_id: Id
    revision: Annotated[
        int, Meta(ge=1, description="`fetched_at` in milliseconds since 1970; it never goes back for one URL.")
    ]
    content_scope: ContentScope = "full"
    content_hash: Annotated[
        str,
        describe("SHA-256 (hex) of everything whose change a reader would see: see `schemas.identity.content_hash`."),
    ]
    ingest_mode: IngestMode = "live"
    connector: NonEmpty
    feed: NonEmpty
    url: Annotated[str, describe("Empty if the article came from a file or a push without an address.")] = ""
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    body: str
    content_type: ContentType = "text/plain"
    language: Language | None = None
    published_at: Timestamp | None = None
    fetched_at: Timestamp
    extra: dict[str, str] = field(default_factory=dict)


class _MixinMeta(msgspec.StructMeta):
    """Copies the fields of every base but the first, because a msgspec struct can inherit from one struct only.

    An instance is therefore not an instance of those other bases.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> msgspec.StructMeta:
        for mixin in bases[1:]:
            namespace["__annotations__"] = {**mixin.__annotations__, **namespace.get("__annotations__", {})}
            for each in msgspec.structs.fields(mixin):
                if not each.required:
                    namespace.setdefault(each.name, each.default)
        return super().__new__(cls, name, bases[:1], namespace, **options)


class ArticleDimensions(Record, frozen=True, kw_only=True, metaclass=_MixinMeta):
    """The fields of an article that each of its claims and figures carries too."""

    schema_version: Literal[1] = SCHEMA_VERSION
    article_id: str
    revision: int
    rules_version: str
    watches: tuple[str, ...] = ()
    feed: str
    publisher: str = ""
    url: str = ""
    title: Text = ""
    language: Language
    published_at: Timestamp
    fetched_at: Timestamp
    processed_at: Timestamp
    indexed_at: Annotated[Timestamp | UnsetType, describe("Set by the sink when it writes.")] = UNSET
    ingest_mode: IngestMode = "live"


class Article(ArticleDimensions, frozen=True, kw_only=True):
    """An article as indexed. Behind the alias `articles`."""

    article_id: Id
    parent_id: str | None = None
    item_position: Annotated[int, Integer] | None = None
    kind: ArticleKind
    canonical_url: str = ""
    connector: str
    author: Text | None = None
    body: FullText
    language_confidence: Share
    content_scope: ContentScope = "full"
    published_source: PublishedSource
    word_count: int
    removed_share: Share = 0.0
    claim_count: int = 0
    figure_count: int = 0
    entities: tuple[Entity, ...] = ()
    story_id: str | None = None
    quality: tuple[str, ...] = ()


class Claim(ClaimText, ArticleDimensions, frozen=True, kw_only=True):
    """A claim as indexed and as published on the topic `claims`, keyed by `claim_id`. Behind the alias `claims`."""

    ALIASES: ClassVar = {"claimant_name": "claimant.name.keyword", "unit_class": "unit_classes"}
    """Names that claims and figures share, so that one search, or one choice on a board, works for both."""

    claim_id: Id
    figure_count: int = 0
    unit_classes: Annotated[
        tuple[str, ...],
        describe("Classes of its figures' units, each once: boards and searches tell claims apart by them."),
    ] = ()
    entities: Annotated[tuple[str, ...], describe("Names of the entities that the claim mentions.")] = ()


class NumberRange(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A closed or half-open interval; a missing bound is open."""

    gte: float | None = None
    lte: float | None = None


class Figure(FigureText, ArticleDimensions, frozen=True, kw_only=True):
    """A figure as indexed, one document each. Behind the alias `figures`."""

    ALIASES: ClassVar = {"claimant_name": "claimant"}

    figure_id: Id
    claim_id: str | None = None
    range: Annotated[
        NumberRange,
        Meta(
            description='For "covers 12,000" searches. Without doc values: a histogram over an open range would '
            "exhaust the node.",
            extra={"mapping": {"type": "double_range", "doc_values": False}},
        ),
    ]
    sentence: FullText = ""
    claimant: Annotated[
        ClaimantName | None, describe("Name of the claimant of the claim that the figure belongs to.")
    ] = None
    status: str | None = None
    event: str | None = None
    entities: tuple[str, ...] = ()


class DeadLetter(Record, frozen=True, kw_only=True):
    """A message that could not be processed, with everything that is needed to find the cause and to replay it.

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
    size: Annotated[int, describe("Bytes of the whole original.")]
    feed: Annotated[str | None, describe("As in the original; null if it cannot be read.")] = None
    ingest_mode: Annotated[IngestMode | None, describe("As in the original; null if it cannot be read.")] = None
    published_at: Annotated[Timestamp | None, describe("As in the original; null if it cannot be read.")] = None
    fetched_at: Annotated[Timestamp | None, describe("As in the original; null if it cannot be read.")] = None
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
    claim_ids: Annotated[tuple[str, ...], Unsearchable] = ()
    figure_ids: Annotated[tuple[str, ...], Unsearchable] = ()
    written_at: Timestamp


class FeedHealth(Record, frozen=True, kw_only=True):
    """The health of a feed: one document each, by the feed's name. Behind the alias `feeds`."""

    feed: Id
    connector: str
    url: Annotated[str, describe("The address as configured, without credentials.")] = ""
    publisher: str = ""
    since: Annotated[Timestamp, describe("When the feed was first polled.")]
    polled_at: Timestamp
    succeeded_at: Timestamp | None = None
    failed_at: Timestamp | None = None
    failures: Annotated[int, describe("Failed polls since the last successful one.")] = 0
    error: Annotated[Text | None, describe("Error of the last poll; null if it succeeded.")] = None
    warning: Text | None = None
    next_poll_at: Timestamp
    moved_to: str | None = None
    entry_at: Annotated[Timestamp | None, describe("When the last new entry came.")] = None
    entries_total: int = 0
    entries_day: Annotated[int, describe("New entries of the last 24 hours.")] = 0
    expected_day: float | None = None
    empty_total: Annotated[int, describe("Entries that came without text of their own.")] = 0
    refused_total: int = 0
    silent: Annotated[
        bool,
        describe("Whether nothing new came for three times as long as the expected volume lets one wait."),
    ] = False


class FeedState(Record, frozen=True, kw_only=True):
    """How far the poller has read a feed: the messages of the topic `feed-states`, keyed by the feed's name."""

    schema_version: Literal[1] = SCHEMA_VERSION
    health: FeedHealth
    cursor: Annotated[
        dict[str, Any],
        describe("The connector's own; stored only once Kafka has acknowledged the articles before it."),
    ] = field(default_factory=dict)
    hours: Annotated[dict[str, int], describe("New entries by hour (`2026-03-02T12`), of the last 24 hours.")] = field(
        default_factory=dict
    )


class HealthSample(Record, frozen=True, kw_only=True):
    """One reading of one metric of `schemas.metrics`. Behind the alias `health`.

    `value` is a gauge's value, the growth of a counter in the `seconds` before `at`, or a histogram's quantile over
    them. The other fields are the metric's labels; those that it does not have are null.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    at: Timestamp
    seconds: float = 0.0
    source: Literal["run", "monitor"]
    instance: Annotated[str, describe("Host and process, as `host:pid`.")]
    metric: NonEmpty
    value: float
    step: str | None = None
    outcome: str | None = None
    reason: str | None = None
    quantile: Annotated[
        str | None,
        describe("`0.5`, `0.95` or `0.99`, of a histogram; `count` for the number of observations."),
    ] = None
    worker: str | None = None
    server: str | None = None
    topic: str | None = None
    partition: str | None = None
    index: str | None = None
    state: str | None = None
    alert: str | None = None
    subject: Annotated[
        str | None,
        describe(
            "What an alert is about: a feed, a watch, an assertion; empty if one number is for the whole product."
        ),
    ] = None
    detail: Annotated[Text | None, describe("In words for people; of an event, what happened.")] = None
    url: Annotated[str | None, describe("Where to look, of an alert about one article.")] = None

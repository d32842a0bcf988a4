"""The records that Kafka carries and Elasticsearch indexes.

A field's description is part of its JSON Schema, and Kibana shows it next to the field.
"""

from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from schemas.errors import Reason
from schemas.fields import (
    AnalystMark,
    ArticleKind,
    ClaimantName,
    ContentScope,
    ContentType,
    Count,
    FullText,
    Id,
    IngestMode,
    Language,
    Position,
    PublishedSource,
    Record,
    Retraction,
    Revision,
    SearchedOnly,
    Share,
    Stored,
    Text,
    Timestamp,
    Unsearchable,
    describe,
)
from schemas.text import ClaimText, FigureText, NamedClaimant, NamedEntity, NamedParty

SCHEMA_VERSION: Final = 1

NonEmpty = Annotated[str, Meta(min_length=1)]


class RawArticle(Record, frozen=True, kw_only=True):
    """An article as a connector brought it: the messages of the topic `raw-articles`, keyed by `article_id`."""

    schema_version: Annotated[Literal[1], describe("Version of the record; a new optional field keeps it.")] = (
        SCHEMA_VERSION
    )
    article_id: Annotated[
        Id, describe("Id of the article, from its canonical URL, its entry in the feed, or its body.")
    ]
    revision: Annotated[
        Revision,
        describe(
            "`fetched_at` in milliseconds since 1970; it never goes back for one URL, and is at most a day ahead of "
            "the clock."
        ),
    ]
    content_scope: Annotated[
        ContentScope, describe("How much of the article this is: `full`, `partial` or `teaser`.")
    ] = "full"
    content_hash: Annotated[
        str,
        describe("SHA-256 (hex) of everything whose change a reader would see: see `schemas.identity.content_hash`."),
    ]
    ingest_mode: Annotated[
        IngestMode,
        describe(
            "`live`, `replay` (a dead letter sent back in) or `backfill` (old articles); only live raises alerts."
        ),
    ] = "live"
    connector: Annotated[NonEmpty, describe("Name of the connector that read it.")]
    feed: Annotated[NonEmpty, describe("Name of the feed.")]
    url: Annotated[str, describe("Empty if the article came from a file or a push without an address.")] = ""
    title: Annotated[str | None, describe("Title, if the source gives one.")] = None
    author: Annotated[str | None, describe("Author, if the source gives one.")] = None
    publisher: Annotated[str | None, describe("Publisher, if the source or `feeds.yaml` gives one.")] = None
    body: Annotated[str, describe("The whole text or HTML as it was fetched.")]
    content_type: Annotated[ContentType, describe("Whether the body is plain text or HTML.")] = "text/plain"
    language: Annotated[Language | None, describe("What the source says; the job decides by the text.")] = None
    published_at: Annotated[Timestamp | None, describe("When it was published, if the source says so.")] = None
    fetched_at: Annotated[Timestamp, describe("When it was fetched.")]
    extra: Annotated[dict[str, str], describe("What else the connector knows, such as `rights`.")] = field(
        default_factory=dict
    )
    retraction: Annotated[
        Retraction | None,
        describe("The publisher took the article back: its page is `gone`, or the `feed` says so. Then body is empty."),
    ] = None


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

    schema_version: Annotated[Literal[1], describe("Version of the record; a new optional field keeps it.")] = (
        SCHEMA_VERSION
    )
    article_id: Annotated[
        str, describe("Id of the article, from its canonical URL, its entry in the feed, or its body.")
    ]
    revision: Annotated[
        Revision, describe("`fetched_at` of this revision in milliseconds; a newer one replaces an older one.")
    ]
    rules_version: Annotated[
        str, describe("Version of the text rules, and after a `+` a digest of the watches that matched.")
    ]
    watches: Annotated[tuple[str, ...], describe("Names of the watches that match.")] = ()
    feed: Annotated[str, describe("Name of the feed that the article came from.")]
    publisher: Annotated[str, describe("Who published it, as the feed or the page says.")] = ""
    url: Annotated[str, describe("Address of the article, as delivered.")] = ""
    title: Annotated[Text, describe("Title of the article.")] = ""
    language: Annotated[Language, describe("Language as BCP 47, or `und` if the text is too short to tell.")]
    published_at: Annotated[Timestamp, describe("When the article was published.")]
    fetched_at: Annotated[Timestamp, describe("When it was fetched.")]
    processed_at: Annotated[Timestamp, describe("When the job read it.")]
    indexed_at: Annotated[Timestamp | UnsetType, describe("Set by the sink when it writes.")] = UNSET
    ingest_mode: Annotated[
        IngestMode,
        describe(
            "`live`, `replay` (a dead letter sent back in) or `backfill` (old articles); only live raises alerts."
        ),
    ] = "live"
    story_id: Annotated[
        str | None,
        describe("Id of the story: copies of one text share it. Null for what an earlier release has indexed."),
    ] = None
    duplicate_of: Annotated[
        str | None, describe("Id of the first article of the story; null if this is the first.")
    ] = None
    retraction: Annotated[
        Retraction | None, describe("How the publisher took it back: its page is `gone`, or the `feed` says so.")
    ] = None
    retracted_at: Annotated[Timestamp | None, describe("When that was found; null if it was not taken back.")] = None


class Article(ArticleDimensions, frozen=True, kw_only=True):
    """An article as indexed. Behind the alias `articles`."""

    article_id: Annotated[
        Id, describe("Id of the article, from its canonical URL, its entry in the feed, or its body.")
    ]
    parent_id: Annotated[
        str | None, describe("Id of the page that the item was on; null if the page is one article.")
    ] = None
    item_position: Annotated[
        Position | None,
        describe("Place on a page of several items, from 0; null if the page is one article."),
    ] = None
    kind: Annotated[ArticleKind, describe("Kind of article.")]
    canonical_url: Annotated[
        str, describe("Address that the page or item names as its own, else that of the raw article.")
    ] = ""
    connector: Annotated[str, describe("Name of the connector that read it.")]
    author: Annotated[Text | None, describe("Author, as the feed or the page says.")] = None
    body: Annotated[FullText, describe("Text of the article, without anything else of the page.")]
    language_confidence: Annotated[Share, describe("Confidence in the language, from 0 to 1.")]
    content_scope: Annotated[ContentScope, describe("How much of the article was delivered.")] = "full"
    published_source: Annotated[
        PublishedSource,
        describe("How the time of publication was found: from the feed, the page, the text, or the fetch itself."),
    ]
    word_count: Annotated[Count, describe("Words of the body.")]
    removed_share: Annotated[Share, describe("Share of the page's characters that is not in title and body.")] = 0.0
    claim_count: Annotated[Count, describe("Number of claims in it.")] = 0
    figure_count: Annotated[Count, describe("Number of figures in it.")] = 0
    entities: Annotated[
        tuple[NamedEntity, ...], describe("People, organisations, places and nationalities that it names.")
    ] = ()
    story_keys: Annotated[
        tuple[str, ...], SearchedOnly, describe("Hashes of word pairs, by which copies of the article are found.")
    ] = ()
    fingerprint: Annotated[
        bytes,
        Meta(extra={"mapping": {"type": "binary"}}),
        describe("Hashes of word pairs and numbers, by which copies are compared: 32-bit numbers, little-endian."),
    ] = b""
    quality: Annotated[
        tuple[str, ...],
        describe("What a reader should know about the text: `mojibake_repaired`, `short`, `date_refused`, …"),
    ] = ()


class Claim(ClaimText, ArticleDimensions, frozen=True, kw_only=True):
    """A claim as indexed and as published on the topic `claims`, keyed by `claim_id`. Behind the alias `claims`."""

    ALIASES: ClassVar = {"claimant_name": "claimant.name.keyword", "unit_class": "unit_classes", "dispute": "disputes"}
    """Names that claims and figures share, so that one search, or one choice on a board, works for both."""

    claim_id: Annotated[Id, describe("Id of the claim, from its article, field and position.")]
    claimant: Annotated[NamedClaimant | None, describe("Who says it; null if the text does not say.")] = None
    parties: Annotated[tuple[NamedParty, ...], describe("Entities in what is claimed.")] = ()
    mark: AnalystMark = UNSET
    figure_count: Annotated[Count, describe("Number of figures in the claim.")] = 0
    unit_classes: Annotated[
        tuple[str, ...],
        describe("Classes of its figures' units, each once: boards and searches tell claims apart by them."),
    ] = ()
    disputes: Annotated[
        tuple[str, ...],
        describe("The questions that its figures answer, in words, such as `North Korean troops in Russia`."),
    ] = ()
    entities: Annotated[
        tuple[str, ...], describe("Names of the entities that the claim mentions, the same in all articles.")
    ] = ()


class NumberRange(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A closed or half-open interval; a missing bound is open."""

    gte: Annotated[float | None, describe("Lower bound, inclusive; missing if open.")] = None
    lte: Annotated[float | None, describe("Upper bound, inclusive; missing if open.")] = None


class Figure(FigureText, ArticleDimensions, frozen=True, kw_only=True):
    """A figure as indexed, one document each. Behind the alias `figures`."""

    ALIASES: ClassVar = {"claimant_name": "claimant"}

    figure_id: Annotated[Id, describe("Id of the figure, from its article, field and position.")]
    claim_id: Annotated[str | None, describe("Id of the claim that it belongs to; null if it is in none.")] = None
    mark: AnalystMark = UNSET
    range: Annotated[
        NumberRange,
        Meta(
            description='For "covers 12,000" searches. Without doc values: a histogram over an open range would '
            "exhaust the node.",
            extra={"mapping": {"type": "double_range", "doc_values": False}},
        ),
    ]
    sentence: Annotated[FullText, describe("The sentence that holds the figure.")] = ""
    claimant: Annotated[
        ClaimantName | None,
        describe("Name of the claimant of the claim that the figure belongs to, the same in all articles."),
    ] = None
    claimant_id: Annotated[str | None, describe("Id of that claimant, the same in all articles.")] = None
    claimant_written: Annotated[ClaimantName | None, describe("Name of that claimant as the article gives it.")] = None
    dispute_id: Annotated[
        str | None,
        describe("Id of the question that it answers: figures of one dispute answer the same, with any value."),
    ] = None
    dispute: Annotated[
        str | None,
        describe(
            "That question in words, such as `North Korean troops in Russia`. Null if it answers none that is known."
        ),
    ] = None
    status: Annotated[str | None, describe("Status of the claim that it belongs to.")] = None
    event: Annotated[str | None, describe("Kind of event of the claim that it belongs to.")] = None
    entities: Annotated[
        tuple[str, ...], describe("Names of the entities that its claim mentions, the same in all articles.")
    ] = ()


class DeadLetter(Record, frozen=True, kw_only=True):
    """A message that could not be processed, with everything that is needed to find the cause and to replay it.

    On the topic `dead-letters` the message is `original`, byte for byte, and the rest travels as headers; in the index
    the bytes are cut at `INDEXED_BYTES`.
    """

    schema_version: Annotated[Literal[1], describe("Version of the record; a new optional field keeps it.")] = (
        SCHEMA_VERSION
    )
    dead_letter_id: Annotated[Id, describe("Id, from where the message was in Kafka.")]
    topic: Annotated[str, describe("Topic of the original.")]
    partition: Annotated[Count, describe("Partition of the original.")]
    offset: Annotated[Count, describe("Offset of the original.")]
    key: Annotated[str | None, describe("Key of the original.")] = None
    headers: Annotated[dict[str, str], Stored, describe("Headers of the original.")] = field(default_factory=dict)
    step: Annotated[str, describe("The step that could not process it.")]
    reason: Annotated[Reason, describe("Why it could not be processed.")]
    error: Annotated[Text, describe("The error in words.")]
    attempts: Annotated[Count, describe("How often it has failed.")] = 1
    failed_at: Annotated[Timestamp, describe("When it failed.")]
    size: Annotated[Count, describe("Bytes of the whole original.")]
    feed: Annotated[str | None, describe("As in the original; null if it cannot be read.")] = None
    ingest_mode: Annotated[IngestMode | None, describe("As in the original; null if it cannot be read.")] = None
    published_at: Annotated[Timestamp | None, describe("As in the original; null if it cannot be read.")] = None
    fetched_at: Annotated[Timestamp | None, describe("As in the original; null if it cannot be read.")] = None
    original: Annotated[
        bytes,
        Meta(extra={"mapping": {"type": "binary"}}),
        describe("The original bytes; the index has the first 32,000 of them."),
    ] = b""


INDEXED_BYTES = 32_000
"""Longest original that the dead-letter index keeps; the topic has the whole."""


class LedgerEntry(Record, frozen=True, kw_only=True):
    """What the sink last wrote for one article: read before each write, written after it."""

    article_id: Annotated[Id, describe("Id of the article.")]
    revision: Annotated[Revision, describe("Revision that was written last.")]
    rules_version: Annotated[
        str, describe("Version of the text rules, and after a `+` a digest of the watches that matched.")
    ]
    content_scope: Annotated[ContentScope, describe("Scope of the revision that was written last.")]
    content_hash: Annotated[
        str, describe("Hash of the content that was written last; empty if it was not written in full.")
    ]
    bucket: Annotated[str, describe("Period of the indices that it is in, fixed at the first write.")]
    claim_ids: Annotated[tuple[str, ...], Unsearchable, describe("Ids of its claims in the index.")] = ()
    figure_ids: Annotated[tuple[str, ...], Unsearchable, describe("Ids of its figures in the index.")] = ()
    written_at: Annotated[Timestamp, describe("When it was written last.")]


class GenerationState(Record, frozen=True, kw_only=True):
    """Which generations of the indices are written, and which is read: one document, `current`.

    Every batch of the job follows it, so that live articles reach all generations in `written`. Without the document
    there is one generation.
    """

    epoch: Annotated[Count, describe("Number of changes so far.")] = 0
    state: Annotated[
        Literal["single", "building", "switching", "switched", "rolled_back"],
        describe("`single`: one generation; otherwise the last step of a re-processing that is not finished."),
    ] = "single"
    live: Annotated[Count, describe("Generation that searches read.")] = 1
    written: Annotated[tuple[Count, ...], describe("Generations that the job writes, the live one first.")] = (1,)
    next: Annotated[Count | None, describe("Generation that the re-processing builds.")] = None
    previous: Annotated[Count | None, describe("Generation that was live when the re-processing started.")] = None
    started_at: Annotated[Timestamp | None, describe("When the re-processing started.")] = None
    since: Annotated[Timestamp | None, describe("First moment of the raw articles that are read again.")] = None
    until: Annotated[Timestamp | None, describe("Moment before which they end.")] = None
    feed: Annotated[str | None, describe("Feed whose raw articles are read; null for all.")] = None
    sources: Annotated[tuple[str, ...], describe("Where raw articles are read: `topic`, or files and folders.")] = ()
    rules_version: Annotated[str | None, describe("Version of the text rules that it reads with.")] = None
    changed_at: Annotated[Timestamp | None, describe("When the state changed last.")] = None

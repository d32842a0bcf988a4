"""Assertions: what is claimed, each once, however often and by whomever it is repeated."""

from typing import Annotated

from msgspec import field

from schemas.fields import (
    Count,
    FullText,
    Id,
    IngestMode,
    Language,
    MarkedChoice,
    Record,
    SearchedOnly,
    Status,
    Stored,
    Tallied,
    Text,
    Timestamp,
    Unsearchable,
    describe,
)
from schemas.text import NamedClaimant


class Assertion(Record, frozen=True, kw_only=True):
    """An assertion with its first appearance: one document each, by its id. Behind the alias `assertions`.

    It is counted from the indexed claims, so that the order in which they came plays no part. What describes it, from
    `text` to `ingest_mode`, is that of its first claim. If an analyst marked some of its claims, it has a document for
    each choice about marked claims, because its first appearance and all counts may differ.
    """

    assertion_id: Annotated[Id, describe("Id of the assertion, as its claims have it.")]
    marked: Annotated[
        tuple[MarkedChoice, ...],
        describe(
            "Which choices about marked claims it is counted for: `out` (without them), `also` (with them), `only` "
            "(from them)."
        ),
    ] = ("out", "also")
    first_seen_at: Annotated[Timestamp, describe("When the first article that says it was published.")]
    last_seen_at: Annotated[Timestamp, describe("When the last article that says it was published.")]
    claims: Annotated[Tallied, describe("Number of claims that say it.")]
    repeats: Annotated[Tallied, describe("Number of claims after the first.")] = 0
    articles: Annotated[Tallied, describe("Number of articles that say it.")]
    publishers: Annotated[Tallied, describe("Number of distinct publishers of these articles.")]
    stories: Annotated[Tallied, describe("Number of distinct stories: copies of one text count once.")]
    claimants: Annotated[Tallied, describe("Number of distinct claimants that say it.")] = 0
    retracted: Annotated[Tallied, describe("How many of the claims are in articles that were taken back.")] = 0
    first_claim_id: Annotated[Id, describe("Id of the first claim.")]
    first_article_id: Annotated[Id, describe("Id of the article of the first claim.")]
    text: Annotated[FullText, describe("The sentence of the first claim.")] = ""
    claimant: Annotated[NamedClaimant | None, describe("Who said it first; null if the text does not say.")] = None
    status: Annotated[Status, describe("How sure it was said to be at first.")]
    event: Annotated[str | None, describe("Kind of event.")] = None
    unit_classes: Annotated[tuple[str, ...], describe("Classes of the units of its figures.")] = ()
    disputes: Annotated[tuple[str, ...], describe("The questions that its figures answer.")] = ()
    entities: Annotated[tuple[str, ...], describe("Names of the entities that it mentions.")] = ()
    watches: Annotated[tuple[str, ...], describe("Names of the watches that match the first claim.")] = ()
    feed: Annotated[str, describe("Feed of the first article.")]
    publisher: Annotated[str, describe("Publisher of the first article.")] = ""
    url: Annotated[str, describe("Address of the first article.")] = ""
    title: Annotated[Text, describe("Title of the first article.")] = ""
    language: Annotated[Language, describe("Language of the first article.")]
    ingest_mode: Annotated[IngestMode, describe("How the first article came in.")] = "live"
    article_ids: Annotated[
        tuple[str, ...], SearchedOnly, describe("Ids of the articles that say it, to find it if one of them changes.")
    ] = ()
    digest: Annotated[
        str, Unsearchable, describe("Hash of what it was counted from: with the same one, it is not written again.")
    ]
    counted_at: Annotated[Timestamp, describe("When it was counted.")]


class PassState(Record, frozen=True, kw_only=True):
    """How far a periodic pass over the indices has come: one document each, by its name. Behind the alias `passes`.

    `positions` are the sequence numbers up to which the documents of each index were read, by index and shard, with the
    id that Elasticsearch gave the index. An index that is gone or was restored is thereby noticed.
    """

    name: Annotated[Id, describe("Name of the pass: `assertions`.")]
    positions: Annotated[dict[str, dict[str, int]], Stored, describe("Sequence numbers by index and shard.")] = field(
        default_factory=dict
    )
    index_ids: Annotated[dict[str, str], Stored, describe("Elasticsearch's ids of the indices.")] = field(
        default_factory=dict
    )
    at: Annotated[Timestamp, describe("When the last pass began.")]
    full_at: Annotated[Timestamp, describe("When the last pass over everything began.")]
    seconds: Annotated[float, describe("How long the last pass took.")] = 0.0
    written: Annotated[Count, describe("Documents that the last pass wrote or deleted.")] = 0

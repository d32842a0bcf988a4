"""The input and output of the text side: a page in, articles with entities, figures and claims out.

These are the parts that need nothing but the text. `schemas.records` adds ids, revisions and the article's dimensions,
and is what Kafka and Elasticsearch see.
"""

from typing import Annotated

from schemas.fields import (
    ArticleKind,
    Change,
    ClaimantKind,
    ContentScope,
    Country,
    Currency,
    EntityKind,
    Field,
    FigureKind,
    FullText,
    Granularity,
    Language,
    Modifier,
    Position,
    PublishedSource,
    Quote,
    Record,
    Share,
    Status,
    Stored,
    Text,
    Timestamp,
    describe,
)

Spans = Annotated[tuple[tuple[int, int], ...], Stored]
"""Pairs of offsets, end exclusive, in reading order."""


class Page(Record, frozen=True, kw_only=True):
    """One input of the text side: what a crawler or a feed brought. Exactly one of `text` and `html` is set."""

    id: str
    text: str | None = None
    html: str | None = None
    as_is: Annotated[bool, describe("The text is one article's body, taken unchanged: offsets are offsets in it.")] = (
        False
    )
    language: Language | None = None
    published_at: Timestamp | None = None
    fetched_at: Timestamp | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    feed: str | None = None


class Entity(Record, frozen=True, kw_only=True):
    """Somebody or something named in the article."""

    name: Annotated[
        Text,
        describe("The fullest name that the document gives; an alias known across documents becomes its usual name."),
    ]
    kind: EntityKind
    mentions: Annotated[Spans, describe("Offsets in the body.")] = ()
    title_mentions: Annotated[Spans, describe("Offsets in the title.")] = ()
    role: Text | None = None
    organisation: str | None = None
    country: Country | None = None


class FigureText(Record, frozen=True, kw_only=True):
    """A number with what it counts, and the bounds that the text gives it."""

    text: Annotated[Text, describe("The words of the figure, without its unit if the unit is separate.")]
    field: Field = "body"
    start: Position
    end: Position
    kind: FigureKind
    low: Annotated[
        float | None,
        describe("Smallest value that the words allow, inclusive; null if they set no lower bound."),
    ] = None
    high: Annotated[
        float | None,
        describe("Largest value that the words allow, inclusive; null if they set no upper bound."),
    ] = None
    value: Annotated[float, describe("The point that charts use: the known bound, or the middle of both.")]
    modifier: Modifier = "exact"
    unit: Annotated[
        Text,
        describe(
            'What is counted or measured, with its head noun last ("volunteer soldiers"); `percent`, `usd` or '
            "`kilometre` for percent, money and measures."
        ),
    ] = ""
    unit_class: Annotated[
        str, describe("The unit's class in the units table, such as `military_personnel` or `money`.")
    ] = "other"
    currency: Currency | None = None
    change: Change | None = None


class Claimant(Record, frozen=True, kw_only=True):
    """Who says it. `start` and `end` are the mention next to the cue; `name` is the resolved one."""

    name: Text
    kind: ClaimantKind
    role: Text | None = None
    organisation: str | None = None
    country: Country | None = None
    start: Position | None = None
    end: Position | None = None


class Cue(Record, frozen=True, kw_only=True):
    """The words that mark a statement: "told", "according to"."""

    text: str
    start: Position
    end: Position


class Party(Record, frozen=True, kw_only=True):
    """The part of an entity in what is claimed."""

    name: Text
    kind: EntityKind
    role: Annotated[str, describe("`agent` (who), `target` (to, against or about whom), `place`.")]


class TimeReference(Record, frozen=True, kw_only=True):
    """The time that a claim is about, as an interval; `end` is exclusive."""

    text: str
    start: Timestamp
    end: Timestamp
    granularity: Granularity = "day"


class TimeExpression(Record, frozen=True, kw_only=True):
    """A time found in a text, with its place there."""

    text: str
    field: Field = "body"
    start: Position
    end: Position
    time: TimeReference


class ClaimText(Record, frozen=True, kw_only=True):
    """One claim: who says what, with which figures, how sure."""

    text: Annotated[FullText, describe("The sentence that holds the claim.")]
    field: Field = "body"
    start: Position
    end: Position
    content: Annotated[Spans, describe("What is claimed, without who says it, as offsets in `field`.")] = ()
    claimant: Claimant | None = None
    via: Annotated[Text | None, describe("The outlet, channel or meeting through which it was said.")] = None
    cue: Cue | None = None
    status: Status
    quote: Quote = "none"
    parties: tuple[Party, ...] = ()
    event: Annotated[str | None, describe("Kind of event: offer, deployment, loss, supply, agreement, …")] = None
    time: TimeReference | None = None
    figures: Annotated[
        tuple[FigureText, ...],
        Stored,
        describe("Kept with the claim for reading; to search figures, use their own index."),
    ] = ()
    assertion_id: Annotated[str, describe("The same for every claim that says the same, by any claimant.")] = ""
    denies: Annotated[str | None, describe("Of a denial: the `assertion_id` of the claims that it denies.")] = None


class Segment(Record, frozen=True, kw_only=True):
    """A part of a forum thread or comment page, with the speaker of its words."""

    role: Annotated[str, describe("`post`, `quoted_report`, `comment`, `own_text`, `syndicated`.")]
    speaker: str | None = None
    start: Position
    end: Position


class RemovedLine(Record, frozen=True, kw_only=True):
    """A line of the page that is not in the article, with the reason."""

    line: Annotated[int, describe("Number of the line on the page, from 1.")]
    text: str
    reason: str


class ArticleText(Record, frozen=True, kw_only=True):
    """One article as read from a page, before ids: body, and all that was found in it."""

    title: str | None = None
    body: str
    kind: ArticleKind = "article"
    language: Language = "und"
    language_confidence: Share = 0.0
    figures: tuple[FigureText, ...] = ()
    claims: tuple[ClaimText, ...] = ()
    entities: tuple[Entity, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    author: str | None = None
    publisher: str | None = None
    canonical_url: str | None = None
    published_at: Timestamp | None = None
    published_source: PublishedSource | None = None
    content_scope: ContentScope = "full"
    item_position: Annotated[
        int | None, describe("Place on a page of several items, from 0; null if the page is one article.")
    ] = None
    item_url: str | None = None
    removed_share: Annotated[Share, describe("Share of the page's characters that is not in title and body.")] = 0.0
    removed: tuple[RemovedLine, ...] = ()
    segments: tuple[Segment, ...] = ()
    quality: Annotated[
        tuple[str, ...],
        describe("What a reader should know about the text: `mojibake_repaired`, `short`, `date_refused`, …"),
    ] = ()


class Extraction(Record, frozen=True, kw_only=True):
    """One output line of `newsclaims extract`."""

    id: str
    articles: tuple[ArticleText, ...]

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

    id: Annotated[str, describe("Id of the input, repeated in the output.")]
    text: Annotated[str | None, describe("The page as plain text.")] = None
    html: Annotated[str | None, describe("The page as HTML.")] = None
    as_is: Annotated[bool, describe("The text is one article's body, taken unchanged: offsets are offsets in it.")] = (
        False
    )
    language: Annotated[Language | None, describe("What the source says; the text decides.")] = None
    published_at: Annotated[Timestamp | None, describe("When the article was published.")] = None
    fetched_at: Annotated[Timestamp | None, describe("When it was fetched.")] = None
    url: Annotated[str | None, describe("Address of the page.")] = None
    title: Annotated[str | None, describe("Title, if known.")] = None
    author: Annotated[str | None, describe("Author, if known.")] = None
    publisher: Annotated[str | None, describe("Publisher, if known.")] = None
    feed: Annotated[str | None, describe("Name of the feed, whose recurring lines are learned.")] = None


class Entity(Record, frozen=True, kw_only=True):
    """Somebody or something named in the article."""

    name: Annotated[
        Text,
        describe("The fullest name that the article gives."),
    ]
    kind: Annotated[EntityKind, describe("Kind of entity.")]
    mentions: Annotated[Spans, describe("Offsets in the body.")] = ()
    title_mentions: Annotated[Spans, describe("Offsets in the title.")] = ()
    role: Annotated[Text | None, describe("Role or office, as the text gives it.")] = None
    organisation: Annotated[str | None, describe("Organisation that the text names with the role.")] = None
    country: Annotated[Country | None, describe("Country, as ISO 3166-1 alpha-2.")] = None


class NamedEntity(Entity, frozen=True, kw_only=True):
    """An entity under the name that it has in all articles, with the names that this article gives it.

    Several entities of the text that are one have the mentions of all, in order, and the kind and country of the one
    with the most mentions.
    """

    name: Annotated[Text, describe("Its name in all articles; before it is named, the fullest in this article.")]
    id: Annotated[
        str | None,
        describe(
            "Its id in all articles, that of a claimant of this name: `person/mark-rutte`, `ru/government` for Russia. "
            "Null for what an earlier release has indexed: there `name` is the written form."
        ),
    ] = None
    written: Annotated[
        tuple[Text, ...],
        describe("The fullest name that the article gives, or the names that are one. Empty for an earlier release."),
    ] = ()
    parts: Annotated[
        tuple[Entity, ...], Stored, describe("The entities that are one, as the text has them; empty for a single one.")
    ] = ()


class FigureText(Record, frozen=True, kw_only=True):
    """A number with what it counts, and the bounds that the text gives it."""

    text: Annotated[Text, describe("The words of the figure, without its unit if the unit is separate.")]
    field: Annotated[Field, describe("The text that `start` and `end` count in: `title` or `body`.")] = "body"
    start: Annotated[Position, describe("Offset of the first character in `field`.")]
    end: Annotated[Position, describe("Offset after the last character in `field`.")]
    kind: Annotated[FigureKind, describe("What kind of number it is.")]
    low: Annotated[
        float | None,
        describe("Smallest value that the words allow, inclusive; null if they set no lower bound."),
    ] = None
    high: Annotated[
        float | None,
        describe("Largest value that the words allow, inclusive; null if they set no upper bound."),
    ] = None
    value: Annotated[float, describe("The point that charts use: the known bound, or the middle of both.")]
    modifier: Annotated[Modifier, describe("How the words bound the number.")] = "exact"
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
    currency: Annotated[Currency | None, describe("Currency of money, as ISO 4217.")] = None
    change: Annotated[Change | None, describe("Whether it adds to, totals, raises or lowers something.")] = None


class Claimant(Record, frozen=True, kw_only=True):
    """Who says it. `start` and `end` are the mention next to the cue; `name` is the resolved one."""

    name: Annotated[Text, describe("The resolved name.")]
    kind: Annotated[ClaimantKind, describe("Kind of claimant.")]
    role: Annotated[Text | None, describe("Role or office, as the text gives it.")] = None
    organisation: Annotated[str | None, describe("Organisation that the text names with the role.")] = None
    country: Annotated[Country | None, describe("Country, as ISO 3166-1 alpha-2.")] = None
    start: Annotated[Position | None, describe("Offset of the mention next to the cue.")] = None
    end: Annotated[Position | None, describe("Offset after that mention.")] = None


class NamedClaimant(Claimant, frozen=True, kw_only=True):
    """A claimant under the name that it has in all articles, with the name that this article gives it."""

    id: Annotated[
        str | None,
        describe(
            "Id of the claimant in all articles: `person/mark-rutte`, `ru/foreign-ministry`. Null for what an "
            "earlier release has indexed: there `name` is the written form."
        ),
    ] = None
    written: Annotated[
        Text | None, describe("Name as the article gives it. Null for what an earlier release has indexed.")
    ] = None


class Cue(Record, frozen=True, kw_only=True):
    """The words that mark a statement: "told", "according to"."""

    text: Annotated[str, describe("The words.")]
    start: Annotated[Position, describe("Offset of the first character in `field`.")]
    end: Annotated[Position, describe("Offset after the last character in `field`.")]


class Party(Record, frozen=True, kw_only=True):
    """The part of an entity in what is claimed."""

    name: Annotated[Text, describe("Name of the entity.")]
    kind: Annotated[EntityKind, describe("Kind of entity.")]
    role: Annotated[str, describe("`agent` (who), `target` (to, against or about whom), `place`.")]


class NamedParty(Party, frozen=True, kw_only=True):
    """A party under the name that the entity has in all articles, with the name that this article gives it."""

    id: Annotated[
        str | None, describe("Id of the entity in all articles. Null for what an earlier release has indexed.")
    ] = None
    written: Annotated[
        Text | None, describe("Name as the article gives it. Null for what an earlier release has indexed.")
    ] = None


class TimeReference(Record, frozen=True, kw_only=True):
    """The time that a claim is about, as an interval; `end` is exclusive."""

    text: Annotated[str, describe("The words.")]
    start: Annotated[Timestamp, describe("Start of the interval, inclusive.")]
    end: Annotated[Timestamp, describe("End of the interval, exclusive.")]
    granularity: Annotated[Granularity, describe("How exact the words are.")] = "day"


class TimeExpression(Record, frozen=True, kw_only=True):
    """A time found in a text, with its place there."""

    text: Annotated[str, describe("The words.")]
    field: Annotated[Field, describe("The text that `start` and `end` count in: `title` or `body`.")] = "body"
    start: Annotated[Position, describe("Offset of the first character in `field`.")]
    end: Annotated[Position, describe("Offset after the last character in `field`.")]
    time: Annotated[TimeReference, describe("The interval that they name.")]


class ClaimText(Record, frozen=True, kw_only=True):
    """One claim: who says what, with which figures, how sure."""

    text: Annotated[FullText, describe("The sentence that holds the claim.")]
    field: Annotated[Field, describe("The text that `start` and `end` count in: `title` or `body`.")] = "body"
    start: Annotated[Position, describe("Offset of the first character in `field`.")]
    end: Annotated[Position, describe("Offset after the last character in `field`.")]
    content: Annotated[Spans, describe("What is claimed, without who says it, as offsets in `field`.")] = ()
    claimant: Annotated[Claimant | None, describe("Who says it; null if the text does not say.")] = None
    via: Annotated[Text | None, describe("The outlet, channel or meeting through which it was said.")] = None
    cue: Annotated[Cue | None, describe("The words that mark the statement.")] = None
    status: Annotated[Status, describe("How sure it is said to be.")]
    quote: Annotated[Quote, describe("Whether the words are quoted: not, in part, or all of them.")] = "none"
    parties: Annotated[tuple[Party, ...], describe("Entities in what is claimed.")] = ()
    event: Annotated[str | None, describe("Kind of event: offer, deployment, loss, supply, agreement, …")] = None
    time: Annotated[TimeReference | None, describe("The time that the claim is about.")] = None
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
    speaker: Annotated[str | None, describe("Whose words they are, if the page says so.")] = None
    start: Annotated[Position, describe("Offset of the first character in the body.")]
    end: Annotated[Position, describe("Offset after the last character in the body.")]


class RemovedLine(Record, frozen=True, kw_only=True):
    """A line of the page that is not in the article, with the reason."""

    line: Annotated[int, describe("Number of the line on the page, from 1.")]
    text: Annotated[str, describe("The line.")]
    reason: Annotated[str, describe("Why it is not in the article.")]


class ArticleText(Record, frozen=True, kw_only=True):
    """One article as read from a page, before ids: body, and all that was found in it."""

    title: Annotated[str | None, describe("Title; null if the page has none.")] = None
    body: Annotated[str, describe("Text of the article, without anything else of the page.")]
    kind: Annotated[ArticleKind, describe("Kind of article.")] = "article"
    language: Annotated[Language, describe("Language as BCP 47, or `und` if the text is too short to tell.")] = "und"
    language_confidence: Annotated[Share, describe("Confidence in the language, from 0 to 1.")] = 0.0
    figures: Annotated[tuple[FigureText, ...], describe("Figures of title and body.")] = ()
    claims: Annotated[tuple[ClaimText, ...], describe("Claims of title and body.")] = ()
    entities: Annotated[
        tuple[Entity, ...], describe("People, organisations, places and nationalities that it names.")
    ] = ()
    times: Annotated[tuple[TimeExpression, ...], describe("Times that title and body name.")] = ()
    author: Annotated[str | None, describe("Author, as the feed or the page says.")] = None
    publisher: Annotated[str | None, describe("Who published it, as the feed or the page says.")] = None
    canonical_url: Annotated[str | None, describe("Address that the page names as its own.")] = None
    published_at: Annotated[Timestamp | None, describe("When it was published, if that could be found.")] = None
    published_source: Annotated[
        PublishedSource | None,
        describe("How the time of publication was found: from the feed, the page, the text, or the fetch itself."),
    ] = None
    content_scope: Annotated[ContentScope, describe("How much of the article the page has.")] = "full"
    item_position: Annotated[
        Position | None, describe("Place on a page of several items, from 0; null if the page is one article.")
    ] = None
    item_url: Annotated[str | None, describe("Address of the item on a page of several.")] = None
    removed_share: Annotated[Share, describe("Share of the page's characters that is not in title and body.")] = 0.0
    removed: Annotated[tuple[RemovedLine, ...], describe("Lines of the page that are not in the article.")] = ()
    segments: Annotated[tuple[Segment, ...], describe("Parts of a thread, with whose words they are.")] = ()
    quality: Annotated[
        tuple[str, ...],
        describe("What a reader should know about the text: `mojibake_repaired`, `short`, `date_refused`, …"),
    ] = ()


class Extraction(Record, frozen=True, kw_only=True):
    """One output line of `newsclaims extract`."""

    id: Annotated[str, describe("Id of the input.")]
    articles: Annotated[tuple[ArticleText, ...], describe("The articles on the page.")]

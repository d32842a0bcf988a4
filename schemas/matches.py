"""Why something matches a watch: which entries of its lists were found, and where."""

from typing import Annotated

from schemas.fields import Field, Position, Record, Status, describe
from schemas.watches import ListName


class Hit(Record, frozen=True, kw_only=True):
    """An entry of one of a watch's lists, and what it was found in.

    `start` and `end` are its offsets in `field`, if it is in the text.
    """

    list: ListName
    wanted: Annotated[str, describe("The entry, as in watches.yaml.")]
    found: Annotated[str, describe("The words or name in the article.")]
    field: Field | None = None
    start: Position | None = None
    end: Position | None = None


class Match(Record, frozen=True, kw_only=True):
    """A watch that an article, claim or figure matches, with a hit for each entry that was found."""

    watch: str
    hits: tuple[Hit, ...]


class WatchedPart(Record, frozen=True, kw_only=True):
    """A claim or figure that watches match."""

    text: str
    field: Field
    start: Position
    end: Position
    status: Status | None = None
    unit_class: str | None = None
    matches: tuple[Match, ...]


class WatchedArticle(Record, frozen=True, kw_only=True):
    """What watches match in one article, with those of its claims and figures that match any."""

    title: str | None
    language: str
    entities: Annotated[
        tuple[str, ...],
        describe("The names that a watch's `entities` are compared with, including those of claimants and parties."),
    ]
    claim_count: int
    figure_count: int
    matches: tuple[Match, ...]
    claims: tuple[WatchedPart, ...]
    figures: tuple[WatchedPart, ...]
    missing: Annotated[
        dict[str, tuple[ListName, ...]],
        describe(
            "For each watch that does not match, the lists of which nothing was found. If each list has a hit, but "
            "no claim or figure has them all, then all the lists that it must match."
        ),
    ]


class WatchedPage(Record, frozen=True, kw_only=True):
    """One output line of `newsclaims watches test --json`."""

    id: str
    articles: tuple[WatchedArticle, ...]

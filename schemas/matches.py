"""How a match with a watch is told: which entries of its lists were found, and where."""

from schemas.fields import Field, Position, Record, Status
from schemas.watches import ListName


class Hit(Record, frozen=True, kw_only=True):
    """An entry of one of a watch's lists, and what it was found in.

    `start` and `end` are offsets in `field`, where what was found stands in the text.
    """

    list: ListName
    wanted: str
    """The entry, as watches.yaml has it."""
    found: str
    """What the article has."""
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
    """What watches match in one article; of its claims and figures those that any matches."""

    title: str | None
    language: str
    entities: tuple[str, ...]
    """The names that a watch's `entities` are compared with, those of claimants and parties among them."""
    claim_count: int
    figure_count: int
    matches: tuple[Match, ...]
    claims: tuple[WatchedPart, ...]
    figures: tuple[WatchedPart, ...]
    missing: dict[str, tuple[ListName, ...]]
    """Of each watch that does not match, the lists that nothing was found of; all that must be met by one claim or
    figure, where none meets them together."""


class WatchedPage(Record, frozen=True, kw_only=True):
    """One output line of `newsclaims watches test --json`."""

    id: str
    articles: tuple[WatchedArticle, ...]

"""The dimensions by which boards, reports and exports can be filtered, and their clauses for each index."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from dashboards.ask.query_clauses import Clause, exists, none_of
from schemas.fields import MarkedChoice

Index = Literal["articles", "claims", "figures", "assertions", "health", "feeds", "dead-letters"]
"""The alias that is searched."""

Clock = Literal["published_at", "first_seen_at", "indexed_at", "at", "polled_at", "failed_at"]
"""The time field that a query uses for its range and order: every chart states its own."""


@dataclass(frozen=True)
class Dimension:
    """A dimension of documents, and its field in each index. An index without it is not filtered by it."""

    name: str
    label: str
    in_claims: str | None
    in_figures: str | None
    in_articles: str | None = None

    def field(self, index: Index) -> str | None:
        """Returns the field in this index, or None."""
        own = {"claims": self.in_claims, "figures": self.in_figures, "articles": self.in_articles}
        # An assertion has the fields of its first claim.
        return (own | {"assertions": self.in_claims}).get(index)


DIMENSIONS: Final = {
    dimension.name: dimension
    for dimension in (
        Dimension("watch", "Watch", "watches", "watches", "watches"),
        Dimension("claimant", "Claimant", "claimant.name.keyword", "claimant"),
        Dimension("publisher", "Publisher", "publisher", "publisher", "publisher"),
        Dimension("language", "Language", "language", "language", "language"),
        Dimension("status", "Status", "status", "status"),
        Dimension("unit_class", "Unit class", "unit_classes", "unit_class"),
        Dimension("dispute", "Dispute", "disputes", "dispute"),
    )
}


MOST_TERMS: Final = 65_536
"""Values that Elasticsearch takes in one `terms` clause."""
ABOUT_ARTICLES: Final[tuple[Index, ...]] = ("articles", "claims", "figures")
"""Indices whose documents have an `article_id`."""


MARKABLE: Final[frozenset[Index]] = frozenset({"claims", "figures"})
"""Indices whose documents have an analyst's mark."""
FOLLOWS_MARKS: Final[frozenset[Index]] = MARKABLE | {"assertions"}
"""These, and those whose documents are counted for each choice about marked claims."""
Marked = MarkedChoice
HAS_MARK: Final = exists("mark")
MARKED_CLAUSES: Final[dict[Marked, tuple[Clause, ...]]] = {
    "out": (none_of(HAS_MARK),), "also": (), "only": (HAS_MARK,),
}  # fmt: skip
"""The clauses of claims and figures for each choice."""
MARKED_LUCENE: Final[dict[Marked, str]] = {
    "out": "marked:out OR (*:* AND NOT _exists_:mark AND NOT _exists_:marked)",
    "also": "marked:also OR (*:* AND NOT _exists_:marked)",
    "only": "marked:only OR _exists_:mark",
}
"""The same in Lucene's syntax, for assertions too, which have `marked` instead of `mark`."""

Copies = Literal["also", "out", "only"]
"""What to do with articles that copy another, and their claims and figures: take them also, leave them out so that each
story counts once, or take only these."""
HAS_ORIGINAL: Final = exists("duplicate_of")
COPIES_CLAUSES: Final[dict[Copies, tuple[Clause, ...]]] = {
    "also": (), "out": (none_of(HAS_ORIGINAL),), "only": (HAS_ORIGINAL,),
}  # fmt: skip
COPIES_LUCENE: Final[dict[Copies, str]] = {
    "also": "*", "out": "NOT _exists_:duplicate_of", "only": "_exists_:duplicate_of",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Filters: any of the values of each dimension, or all documents if none is given; `until` is exclusive.

    `articles` are the ids of the only articles that count, with their claims and figures; None means all articles.
    """

    watch: tuple[str, ...] = ()
    claimant: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    unit_class: tuple[str, ...] = ()
    dispute: tuple[str, ...] = ()
    articles: tuple[str, ...] | None = None
    marked: Marked = "out"
    copies: Copies = "also"
    since: datetime | None = None
    until: datetime | None = None

    def clauses(
        self, index: Index, clock: Clock = "published_at", names: Iterable[str] = tuple(DIMENSIONS)
    ) -> list[dict[str, Any]]:
        """Returns the filters of the dimensions in `names`, and of time, as clauses of a `bool.filter`."""
        return [*self.dimension_clauses(index, names), *self._time_clauses(clock)]

    def dimension_clauses(self, index: Index, names: Iterable[str] = tuple(DIMENSIONS)) -> list[dict[str, Any]]:
        """Returns the clauses of articles, marks, copies and the dimensions in `names`, without those of time."""
        clauses = [] if self.articles is None or index not in ABOUT_ARTICLES else [any_of("article_id", self.articles)]
        clauses += find_marked_clauses(index, self.marked)
        clauses += COPIES_CLAUSES[self.copies] if index in ABOUT_ARTICLES else ()
        return clauses + [
            {"terms": {field: list(values)}}
            for name in names
            if (values := getattr(self, name)) and (field := DIMENSIONS[name].field(index))
        ]

    def _time_clauses(self, clock: Clock) -> Iterator[dict[str, Any]]:
        bounds = {"gte": self.since, "lt": self.until}
        if given := {name: moment.isoformat() for name, moment in bounds.items() if moment}:
            yield {"range": {clock: given}}


def find_marked_clauses(index: Index, choice: Marked) -> tuple[Clause, ...]:
    """Returns the clauses of an index for a choice about marked claims."""
    if index == "assertions":
        return ({"term": {"marked": choice}},)
    return MARKED_CLAUSES[choice] if index in MARKABLE else ()


def any_of(field: str, values: tuple[str, ...]) -> dict[str, Any]:
    """Returns the clause for documents with any of the values, however many; without values it matches none."""
    parts = [list(values[start : start + MOST_TERMS]) for start in range(0, len(values), MOST_TERMS)] or [[]]
    return {"bool": {"should": [{"terms": {field: part}} for part in parts]}}

"""What every board, the report and the exports can be narrowed by, and how that is asked of each index."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

Index = Literal["articles", "claims", "figures", "health", "feeds", "dead-letters"]
"""The alias that is searched."""

Clock = Literal["published_at", "indexed_at", "at", "polled_at", "failed_at"]
"""The time that an answer is ordered by: every chart states its own."""


@dataclass(frozen=True)
class Dimension:
    """Something to narrow by: the field that holds it in each index; an index without it is not narrowed."""

    name: str
    label: str
    in_claims: str | None
    in_figures: str | None
    in_articles: str | None = None

    def field(self, index: Index) -> str | None:
        """The field in this index."""
        return {"claims": self.in_claims, "figures": self.in_figures, "articles": self.in_articles}.get(index)


DIMENSIONS: Final = {
    dimension.name: dimension
    for dimension in (
        Dimension("watch", "Watch", "watches", "watches", "watches"),
        Dimension("claimant", "Claimant", "claimant.name.keyword", "claimant"),
        Dimension("publisher", "Publisher", "publisher", "publisher", "publisher"),
        Dimension("language", "Language", "language", "language", "language"),
        Dimension("status", "Status", "status", "status"),
        Dimension("unit_class", "Unit class", "unit_classes", "unit_class"),
    )
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """A selection: of each dimension any of the given values, all where none is given; `until` is exclusive."""

    watch: tuple[str, ...] = ()
    claimant: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    unit_class: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def clauses(
        self, index: Index, clock: Clock = "published_at", names: Iterable[str] = tuple(DIMENSIONS)
    ) -> list[dict[str, Any]]:
        """The selection of the dimensions in `names`, and of times, as clauses of a `bool.filter`."""
        return [*self.dimension_clauses(index, names), *self._times(clock)]

    def dimension_clauses(self, index: Index, names: Iterable[str] = tuple(DIMENSIONS)) -> list[dict[str, Any]]:
        """The clauses without the times, of the dimensions in `names`."""
        return [
            {"terms": {field: list(chosen)}}
            for name in names
            if (chosen := getattr(self, name)) and (field := DIMENSIONS[name].field(index))
        ]

    def _times(self, clock: Clock) -> Iterator[dict[str, Any]]:
        bounds = {"gte": self.since, "lt": self.until}
        if given := {name: moment.isoformat() for name, moment in bounds.items() if moment}:
            yield {"range": {clock: given}}

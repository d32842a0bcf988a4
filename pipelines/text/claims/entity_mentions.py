"""The entities of one field in the order of their mentions, and the claimants they make."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from pipelines.text.claims.claimant_nouns import kind_of
from schemas.fields import ClaimantKind, EntityKind, Field
from schemas.text import ArticleText, Claimant, Entity

_MOST_INSIDE = 8
"""Entities that one mention of a claimant is read for."""
_KINDS: dict[EntityKind, ClaimantKind] = {"person": "person", "location": "government", "nationality": "group"}


class Mention(NamedTuple):
    """A place of the field where an entity is named."""

    start: int
    end: int
    entity: Entity


class EntityMentions:
    """The mentions of all entities in one field, in reading order."""

    def __init__(self, article: ArticleText, field: Field) -> None:
        mentions = [
            Mention(start, end, entity)
            for entity in article.entities
            for start, end in (entity.title_mentions if field == "title" else entity.mentions)
        ]
        self.all = sorted(mentions, key=itemgetter(0, 1))
        self._starts = [mention.start for mention in self.all]

    def inside(self, start: int, end: int) -> list[Mention]:
        """Returns the last mentions that begin inside a span, in reading order."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, lo=first)
        return self.all[max(first, last - _MOST_INSIDE) : last]

    def entities(self, spans: Sequence[tuple[int, int]]) -> dict[int, tuple[Entity, int]]:
        """Returns the entities whose mentions begin inside spans, each with the place of its first mention there.

        They are in the order of these places, by the `id` of the entity.
        """
        found: dict[int, tuple[Entity, int]] = {}
        for start, end in spans:
            first = bisect_left(self._starts, start)
            for mention in self.all[first : bisect_left(self._starts, end, lo=first)]:
                found.setdefault(id(mention.entity), (mention.entity, mention.start))
        return found

    def after(self, position: int) -> Mention | None:
        """Returns the first mention after a position."""
        index = bisect_left(self._starts, position)
        return self.all[index] if index < len(self.all) else None

    def kind_at(self, start: int) -> EntityKind | None:
        """Returns the kind of the entity that is mentioned right at a position; None if there is none."""
        mention = self.after(start)
        return mention.entity.kind if mention is not None and mention.start == start else None

    def cover(self, end: int) -> bool:
        """Whether one mention holds the word that ends at a position."""
        index = bisect_right(self._starts, end - 1) - 1
        return index >= 0 and self.all[index].end >= end


def claimant_from_entity(entity: Entity, start: int, end: int, role: str | None = None) -> Claimant:
    """Returns the claimant that an entity makes: a country speaks as a government, a body by what it is called."""
    kind = _KINDS.get(entity.kind) or kind_of(entity.name) or "organisation"
    return Claimant(
        name=entity.name,
        kind="organisation" if kind == "office" else kind,
        role=role or entity.role,
        organisation=entity.organisation,
        country=entity.country,
        start=start,
        end=end,
    )

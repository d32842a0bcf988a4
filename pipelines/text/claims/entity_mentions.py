"""The entities of one field in the order of their mentions, and the claimants they make."""

from bisect import bisect_right
from collections.abc import Iterator
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
        self._mentions = sorted(mentions, key=lambda mention: mention[:2])
        self._starts = [mention.start for mention in self._mentions]

    def until(self, position: int) -> list[Mention]:
        """Returns the mentions that start at a position or before it."""
        return self._mentions[: bisect_right(self._starts, position)]

    def backwards(self, position: int) -> Iterator[tuple[Mention, int]]:
        """Yields the mentions up to a position, last first, each with the end of the mention before it, or 0."""
        for index in range(bisect_right(self._starts, position) - 1, -1, -1):
            yield self._mentions[index], self._mentions[index - 1].end if index else 0

    def inside(self, start: int, end: int) -> list[Entity]:
        """Returns the last entities that are mentioned inside a span, in reading order."""
        found: list[Entity] = []
        for mention, _ in self.backwards(end - 1):
            if mention.end <= start or len(found) == _MOST_INSIDE:
                break
            found.append(mention.entity)
        return found[::-1]


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

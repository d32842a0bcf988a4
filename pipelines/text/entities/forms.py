"""The entities of an article as its text has them, also after they were given the names that they have everywhere."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.fields import EntityKind
from schemas.text import Entity, NamedEntity


def list_found(entities: Sequence[Entity]) -> list[Entity]:
    """Returns the entities under the names that the article gives them, in the order of `find_entities`."""
    if not any(isinstance(each, NamedEntity) for each in entities):
        return list(entities)
    found: dict[tuple[str, EntityKind], Entity] = {}
    parts = [part for each in entities for part in list_parts(each)]
    for part in parts:
        key = part.name, part.kind
        found[key] = unite(found[key], part) if key in found else part
    return list(found.values()) if len(parts) == len(found) == len(entities) else sorted(found.values(), key=find_place)


def unite(one: Entity, other: Entity) -> Entity:
    """Returns an entity of the text from two parts of it, whose mentions turned out to be of two."""
    return replace(
        one,
        mentions=tuple(sorted({*one.mentions, *other.mentions})),
        title_mentions=tuple(sorted({*one.title_mentions, *other.title_mentions})),
    )


def list_parts(entity: Entity) -> Sequence[Entity]:
    """Returns what the text has of one entity: itself under its written name, or those that were found to be one."""
    if not isinstance(entity, NamedEntity):
        return (entity,)
    return entity.parts or (
        Entity(
            name=entity.written[0] if entity.written else entity.name, kind=entity.kind, mentions=entity.mentions,
            title_mentions=entity.title_mentions, role=entity.role, organisation=entity.organisation,
            country=entity.country,
        ),
    )  # fmt: skip


def find_place(entity: Entity) -> tuple[bool, Sequence[tuple[int, int]]]:
    """Returns where an entity is in the order of first mention, in which those of the body come first."""
    return not entity.mentions, entity.mentions or entity.title_mentions

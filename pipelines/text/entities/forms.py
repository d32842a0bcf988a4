"""The entities of an article as its text has them, also after they were given the names that they have everywhere."""

from collections.abc import Sequence

from schemas.text import Entity, NamedEntity


def list_found(entities: Sequence[Entity]) -> list[Entity]:
    """Returns the entities under the names that the article gives them, in the order of `find_entities`."""
    if not any(isinstance(each, NamedEntity) for each in entities):
        return list(entities)
    found = [part for each in entities for part in list_parts(each)]
    return sorted(found, key=find_place) if len(found) > len(entities) else found


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

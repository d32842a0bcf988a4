"""The fields of articles, claims and figures that follow from the names of claimants and entities."""

from typing import Any

from msgspec.structs import asdict

from schemas.fields import Field
from schemas.text import ArticleText, ClaimText, Entity, NamedClaimant, NamedEntity, NamedParty


def make_article_fields(text: ArticleText) -> dict[str, Any]:
    """Returns the named fields of an article."""
    return {"entities": tuple(get_named_entity(each) for each in text.entities)}


def make_claim_fields(claim: ClaimText, text: ArticleText) -> dict[str, Any]:
    """Returns the named fields of a claim of the article."""
    return {
        "claimant": get_named(claim),
        "parties": list_parties(claim),
        "entities": find_names(text, claim.field, claim.start, claim.end),
    }


def make_figure_fields(claimant: NamedClaimant | None, entities: tuple[str, ...]) -> dict[str, Any]:
    """Returns the named fields of a figure from those of its claim; a figure that is in none has neither."""
    return {
        "claimant": claimant.name if claimant else None,
        "claimant_id": claimant.id if claimant else None,
        "claimant_written": claimant.written if claimant else None,
        "entities": entities,
    }


def get_named(claim: ClaimText) -> NamedClaimant | None:
    """Returns the claimant of a claim. Before the step `claimants` it has no id, and its name is the written form."""
    claimant = claim.claimant
    if claimant is None or isinstance(claimant, NamedClaimant):
        return claimant
    return NamedClaimant(**asdict(claimant))


def get_named_entity(entity: Entity) -> NamedEntity:
    """Returns the entity as the index has it. Before the step `claimants` it has no id."""
    return entity if isinstance(entity, NamedEntity) else NamedEntity(**asdict(entity))


def list_parties(claim: ClaimText) -> tuple[NamedParty, ...]:
    """Returns the parties of a claim as the index has them. Before the step `claimants` they have no ids."""
    return tuple(each if isinstance(each, NamedParty) else NamedParty(**asdict(each)) for each in claim.parties)


def find_names(text: ArticleText, field: Field, start: int, end: int) -> tuple[str, ...]:
    """Returns the names of the entities that are mentioned between two offsets of the title or body."""
    return tuple(
        entity.name
        for entity in text.entities
        if any(
            start <= first and last <= end
            for first, last in (entity.title_mentions if field == "title" else entity.mentions)
        )
    )

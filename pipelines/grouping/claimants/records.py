"""The fields of articles, claims and figures that follow from the names of claimants and entities."""

from typing import Any, TypeVar

from msgspec.structs import asdict

from schemas.fields import Field, Record
from schemas.text import ArticleText, ClaimText, Entity, NamedClaimant, NamedEntity, NamedParty

R = TypeVar("R", bound=Record)


def make_article_fields(text: ArticleText) -> dict[str, Any]:
    """Returns the named fields of an article."""
    return {"entities": tuple(convert(each, NamedEntity) for each in text.entities)}


def make_claim_fields(claim: ClaimText, text: ArticleText) -> dict[str, Any]:
    """Returns the named fields of a claim of the article."""
    return {
        "claimant": convert(claim.claimant, NamedClaimant) if claim.claimant else None,
        "parties": tuple(convert(each, NamedParty) for each in claim.parties),
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


def convert(found: Record, named: type[R]) -> R:
    """Returns what the text names as the index has it. Before the step `claimants` it has no id."""
    return found if isinstance(found, named) else named(**asdict(found))


def find_names(text: ArticleText, field: Field, start: int, end: int) -> tuple[str, ...]:
    """Returns the names of the entities that are mentioned between two offsets of the title or body."""
    return tuple(entity.name for entity in text.entities if is_mentioned(entity, field, start, end))


def is_mentioned(entity: Entity, field: Field, start: int, end: int) -> bool:
    """Returns whether the entity is mentioned between two offsets of the title or body."""
    mentions = entity.title_mentions if field == "title" else entity.mentions
    return any(start <= first and last <= end for first, last in mentions)

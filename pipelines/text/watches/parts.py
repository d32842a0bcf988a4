"""The parts of an article that watches are compared with: its claims, its figures and the names in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.text.entities.forms import list_parts
from schemas.fields import Field
from schemas.text import ArticleText, ClaimText, Entity, FigureText, NamedClaimant, NamedEntity

REACH: Final = 300
"""Characters on each side that count as the sentence of a figure outside all claims, within its line."""

Span = tuple[Field, int, int]
"""A stretch of the title or the body, its end exclusive."""


@dataclass(frozen=True, slots=True)
class Part:
    """A claim or figure as watches see it."""

    span: Span
    """Where its sentence is."""
    claim: ClaimText | None
    figures: Sequence[FigureText]
    status: str | None
    classes: frozenset[str]
    """The unit classes of its figures."""


def find_parts(article: ArticleText) -> list[Part]:
    """Returns the article's claims, then its figures. A figure inside a claim has its sentence and its status."""
    owners = {(each.field, each.start, each.end): claim for claim in article.claims for each in claim.figures}
    parts = [
        Part(get_span(claim), claim, claim.figures, claim.status, frozenset(each.unit_class for each in claim.figures))
        for claim in article.claims
    ]
    for figure in article.figures:
        owner = owners.get((figure.field, figure.start, figure.end))
        span, status = (get_span(owner), owner.status) if owner else (find_sentence(article, figure), None)
        parts.append(Part(span, owner, (figure,), status, frozenset((figure.unit_class,))))
    return parts


def get_span(part: ClaimText | FigureText) -> Span:
    """Returns the field and the offsets of a claim or figure."""
    return part.field, part.start, part.end


def find_sentence(article: ArticleText, figure: FigureText) -> Span:
    """Returns the line of a figure, cut to `REACH` characters on each side."""
    text = (article.title or "") if figure.field == "title" else article.body
    start = max(text.rfind("\n", 0, figure.start) + 1, figure.start - REACH)
    end = text.find("\n", figure.end)
    return figure.field, start, min(len(text) if end < 0 else end, figure.end + REACH)


def find_article_names(article: ArticleText) -> Iterator[tuple[str, Span | None]]:
    """Yields every name in the article with the place of a mention, None if the text has no place of it.

    The names are those of entities, claimants, outlets and parties: the usual ones, and those that the article gives.
    """
    for entity in article.entities:
        yield entity.name, find_first(entity)
        if isinstance(entity, NamedEntity):
            for part in list_parts(entity):
                if part.name != entity.name:
                    yield part.name, find_first(part)
    for claim in article.claims:
        if claim.claimant:
            start, end = claim.claimant.start, claim.claimant.end
            place = (claim.field, start, end) if start is not None and end is not None else None
            yield claim.claimant.name, place
            if isinstance(claim.claimant, NamedClaimant) and claim.claimant.written:
                yield claim.claimant.written, place
        if claim.via:
            yield claim.via, None
        for party in claim.parties:
            yield party.name, None


def find_first(entity: Entity) -> Span | None:
    """Returns the place of the first mention, of one in the title if there is one; None if it has no mention."""
    if entity.title_mentions:
        return "title", *entity.title_mentions[0]
    return ("body", *entity.mentions[0]) if entity.mentions else None

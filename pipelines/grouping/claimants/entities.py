"""Gives claimants, entities and parties of an article the id and the name that they have in all articles.

An entity gets what a claimant of its name gets, by the same rules, tables and stored decisions. Entities of one article
that turn out to be one become one. What the article calls them stays, so that all of it can be undone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

from pipelines.grouping.claimants.aliases import NO_ALIASES, Aliases
from pipelines.grouping.claimants.bodies import NOTHING_READ
from pipelines.grouping.claimants.known import CanonicalName, bodies, fold
from pipelines.grouping.claimants.naming import Surroundings, find_by_words, find_person, make_named, name_unlisted
from pipelines.grouping.claimants.spelling import clean
from pipelines.text.entities import gazetteer
from pipelines.text.entities.forms import find_place, list_found
from schemas.fields import EntityKind
from schemas.text import ArticleText, ClaimText, Entity, NamedEntity, NamedParty, Party

_BY_WORDS = "name/"
"""Begin of the ids of names that no table and no country explains: a town and a person may share one."""

Names = Mapping[tuple[str, EntityKind], CanonicalName]
"""The names of an article's entities by their written name and kind."""


class FoundEntity(NamedTuple):
    """An entity as the text has it, with its name in all articles, and whether a stored decision gave that."""

    entity: Entity
    named: CanonicalName
    is_decided: bool


def name_article(article: ArticleText, aliases: Aliases = NO_ALIASES) -> ArticleText:
    """Returns the article with named claimants, entities and parties. One that has been named is named again."""
    if not article.claims and not article.entities:
        return article
    article = replace(article, entities=tuple(list_found(article.entities)))
    surroundings = Surroundings(article)
    found = [find_entity(each, surroundings, aliases) for each in article.entities]
    names = {(each.entity.name, each.entity.kind): each.named for each in found}
    return replace(
        article,
        entities=tuple(join(found)),
        claims=tuple(name_claim(claim, surroundings, aliases, names) for claim in article.claims),
    )


def name_claim(claim: ClaimText, surroundings: Surroundings, aliases: Aliases, names: Names) -> ClaimText:
    """Returns the claim with its claimant and parties named."""
    if not claim.claimant and not claim.parties:
        return claim
    return replace(
        claim,
        claimant=make_named(claim.claimant, surroundings, aliases) if claim.claimant else None,
        parties=tuple(name_party(party, names) for party in claim.parties),
    )


def name_party(party: Party, names: Names) -> NamedParty:
    """Returns the party with the id and name of its entity; without an id if the article has no such entity."""
    written = (party.written if isinstance(party, NamedParty) else None) or party.name
    named = names.get((written, party.kind))
    return NamedParty(
        name=named.name if named else written, kind=party.kind, role=party.role, id=named.id if named else None,
        written=written,
    )  # fmt: skip


def find_entity(entity: Entity, surroundings: Surroundings, aliases: Aliases) -> FoundEntity:
    """Returns the entity with its id and name."""
    own = find_canonical(entity, surroundings)
    named = aliases.apply(entity.name, own)
    return FoundEntity(entity, named, named.id != own.id)


def find_canonical(entity: Entity, surroundings: Surroundings) -> CanonicalName:
    """Returns id and name of an entity by rules, tables and the other names of its article."""
    form = clean(entity.name)
    if entity.kind == "person" or form in surroundings.names_of_people:
        return find_person(form, surroundings)
    if entity.kind == "organisation":
        return find_by_words(form, "organisation", entity.country, surroundings)
    # The text side has called a capital by its country if its government is meant. What is left of it is a place.
    if entity.kind == "nationality" or is_seat(form):
        return name_unlisted(form, NOTHING_READ)
    return find_by_words(form, "government", None, surroundings)


def is_seat(form: str) -> bool:
    """Returns whether a place is the seat of a government, and neither a country nor a body of its own."""
    known = gazetteer.known().get(form)
    return bool(known and known.seat) and form not in names_of_countries() and fold(form) not in bodies()


@cache
def names_of_countries() -> frozenset[str]:
    """Returns the usual names of all countries."""
    return frozenset(gazetteer.country_names().values())


def join(found: Sequence[FoundEntity]) -> list[NamedEntity]:
    """Returns the named entities, those of one id as one, in the order of first mention.

    Names by words alone are one only within a kind, unless somebody has decided that they are: the town of Lincoln is
    not the president.
    """
    groups: dict[str, list[FoundEntity]] = defaultdict(list)
    for each in found:
        groups[each.named.id].append(each)
    joined: list[NamedEntity] = []
    has_namesakes = False
    for id, group in groups.items():
        if len(group) > 1 and id.startswith(_BY_WORDS) and not any(each.is_decided for each in group):
            by_kind: dict[str, list[FoundEntity]] = defaultdict(list)
            for each in group:
                by_kind[each.entity.kind].append(each)
            joined += [make_entity(own) for own in by_kind.values()]
            has_namesakes = True
        else:
            joined.append(make_entity(group))
    return sorted(joined, key=find_place) if has_namesakes else joined


def make_entity(group: Sequence[FoundEntity]) -> NamedEntity:
    """Returns one entity from all that are this one."""
    found, named, _ = group[0]
    if len(group) == 1:
        return NamedEntity(
            name=named.name, kind=found.kind, mentions=found.mentions, title_mentions=found.title_mentions,
            role=found.role, organisation=found.organisation, country=found.country, id=named.id,
            written=(found.name,),
        )  # fmt: skip
    parts = tuple(each.entity for each in group)
    ranked = sorted(parts, key=count_mentions, reverse=True)
    holder = next((each for each in ranked if each.role), ranked[0])
    return NamedEntity(
        name=named.name,
        kind=ranked[0].kind,
        mentions=tuple(sorted({span for each in parts for span in each.mentions})),
        title_mentions=tuple(sorted({span for each in parts for span in each.title_mentions})),
        role=holder.role,
        organisation=holder.organisation,
        country=next((each.country for each in ranked if each.country), None),
        id=named.id,
        written=tuple(dict.fromkeys(each.name for each in parts)),
        parts=parts,
    )


def count_mentions(entity: Entity) -> int:
    """Returns the number of mentions in title and body."""
    return len(entity.mentions) + len(entity.title_mentions)

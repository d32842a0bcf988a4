"""Gives claimants, entities and parties of an article the id and the name that they have in all articles.

An entity gets what a claimant of its name gets, by the same rules, tables and stored decisions. Entities of one article
that turn out to be one become one. What the article calls them stays, so that all of it can be undone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from pipelines.grouping.claimants.aliases import NO_ALIASES, Aliases
from pipelines.grouping.claimants.bodies import NOTHING_READ, Form, name_body, read_form
from pipelines.grouping.claimants.known import CanonicalName, bodies, fold
from pipelines.grouping.claimants.naming import Surroundings, find_by_form, find_person, make_named, name_unlisted
from pipelines.grouping.claimants.records import is_mentioned
from pipelines.grouping.claimants.spelling import clean
from pipelines.text.entities import gazetteer
from pipelines.text.entities.forms import find_place, list_found
from schemas.fields import EntityKind, Field
from schemas.text import ArticleText, ClaimText, Entity, NamedEntity, NamedParty, Party

_BY_WORDS = "name/"
"""Begin of the ids of names that no table and no country explains: a town and a person may share one."""


class FoundEntity(NamedTuple):
    """An entity as the text has it, with its name in all articles, and whether a stored decision gave that."""

    entity: Entity
    named: CanonicalName
    is_decided: bool


Names = Mapping[tuple[str, EntityKind], Sequence[FoundEntity]]
"""The entities of an article by their written name and kind."""


def name_article(article: ArticleText, aliases: Aliases = NO_ALIASES) -> ArticleText:
    """Returns the article with named claimants, entities and parties. One that has been named is named again."""
    if not article.claims and not article.entities:
        return article
    article = replace(article, entities=tuple(list_found(article.entities)))
    surroundings = Surroundings(article)
    found: list[FoundEntity] = []
    names: dict[tuple[str, EntityKind], list[FoundEntity]] = {}
    for each in article.entities:
        named = names[each.name, each.kind] = find_entities(each, surroundings, aliases)
        found += named
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
        claimant=make_named(claim.claimant, claim.field, surroundings, aliases) if claim.claimant else None,
        parties=tuple(name_party(party, claim, names) for party in claim.parties),
    )


def name_party(party: Party, claim: ClaimText, names: Names) -> NamedParty:
    """Returns the party with the id and name of its entity; without an id if the article has no such entity."""
    written = (party.written if isinstance(party, NamedParty) else None) or party.name
    found = names.get((written, party.kind), ())
    if len(found) > 1:
        found = [each for each in found if is_mentioned(each.entity, claim.field, claim.start, claim.end)] or found
    named = found[0].named if found else None
    return NamedParty(
        name=named.name if named else written, kind=party.kind, role=party.role, id=named.id if named else None,
        written=written,
    )  # fmt: skip


def find_entities(entity: Entity, surroundings: Surroundings, aliases: Aliases) -> list[FoundEntity]:
    """Returns the entity with its id and name; several if its mentions are of several."""
    found = []
    for part, own in find_canonical(entity, surroundings):
        named = aliases.apply(entity.name, own)
        found.append(FoundEntity(part, named, named.id != own.id))
    return found


def find_canonical(entity: Entity, surroundings: Surroundings) -> list[tuple[Entity, CanonicalName]]:
    """Returns the entity with id and name by rules, tables and the other names of its article."""
    form = clean(entity.name)
    if entity.kind == "person" or form in surroundings.names_of_people:
        return [(entity, find_person(form, surroundings))]
    if entity.kind == "organisation":
        read = read_form(form, "organisation")
        if read.role and not read.country:
            return find_owned(entity, form, read, surroundings)
        return [(entity, find_by_form(form, read, entity.country, surroundings))]
    # The text side has called a capital by its country if its government is meant. What is left of it is a place.
    if entity.kind == "nationality" or is_seat(form):
        return [(entity, name_unlisted(form, NOTHING_READ))]
    return [(entity, find_by_form(form, read_form(form, "government"), None, surroundings))]


def find_owned(entity: Entity, form: str, read: Form, surroundings: Surroundings) -> list[tuple[Entity, CanonicalName]]:
    """Returns a body that every country has, once for each country to which the words before a mention give it."""
    role = read.role or ""
    other = find_by_form(form, read, entity.country, surroundings)
    if len(surroundings.countries_by_role.get(role, ())) <= 1:
        return [(entity, other)]
    mentions: dict[CanonicalName, dict[Field, list[tuple[int, int]]]] = {}
    spans: tuple[tuple[Field, Sequence[tuple[int, int]]], ...] = (
        ("body", entity.mentions), ("title", entity.title_mentions),
    )  # fmt: skip
    for field, places in spans:
        for start, end in places:
            owner = surroundings.find_owner(role, (field, start, end))
            named = name_body(owner, role) if owner else other
            mentions.setdefault(named, {"body": [], "title": []})[field].append((start, end))
    return [
        (replace(entity, mentions=tuple(own["body"]), title_mentions=tuple(own["title"])), named)
        for named, own in mentions.items()
    ] or [(entity, other)]


def is_seat(form: str) -> bool:
    """Returns whether a place is the seat of a government and no body of its own, as Downing Street is."""
    known = gazetteer.known().get(form)
    return bool(known and known.seat) and fold(form) not in bodies()


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

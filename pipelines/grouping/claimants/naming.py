"""Finds the id and the usual name of a claimant, which are the same in all articles.

The words of a form are read first, with what the tables know. If they leave the country or the person open ("the
Foreign Ministry", "Lavrov"), the other names of the article decide, if they leave only one answer.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache

from pipelines.grouping.claimants.aliases import Aliases
from pipelines.grouping.claimants.bodies import Form, find_role, name_body, read_form
from pipelines.grouping.claimants.known import CanonicalName, fold, people, people_by_surname, split_country
from pipelines.grouping.claimants.spelling import (
    NAMES_KEPT,
    clean,
    find_surname,
    make_key,
    make_slug,
    spell,
    split_name,
)
from pipelines.text.entities import gazetteer
from pipelines.text.tables import load_words
from schemas.fields import Field
from schemas.text import ArticleText, Claimant, NamedClaimant

_OWNER = re.compile(r"(?:^|[^\w.])((?:(?:[A-Z]\.)+|[A-Z]\w+(?:\s[A-Z]\w+)?)(?:['’]s?)?\s)$")
"""The words before a body that may name its country: "South Korea's", "Russian"."""
_REACH = 30
"""Characters before a mention in which its country is looked for."""
Mention = tuple[Field, int, int]
"""The place of a mention in title or body."""
_MENTIONS = 4
"""Mentions of a body whose country is looked for, the first ones."""


def make_named(claimant: Claimant, field: Field, surroundings: "Surroundings", aliases: Aliases) -> NamedClaimant:
    """Returns the claimant of a claim in `field` with its id and usual name. One that has been named is named again."""
    written = get_written(claimant)
    named = aliases.apply(written, find_named(written, claimant, field, surroundings))
    return NamedClaimant(
        name=named.name, kind=claimant.kind, role=claimant.role, organisation=claimant.organisation,
        country=claimant.country, start=claimant.start, end=claimant.end, id=named.id, written=written,
    )  # fmt: skip


def get_written(claimant: Claimant) -> str:
    """Returns the name as the article has it."""
    return (claimant.written if isinstance(claimant, NamedClaimant) else None) or claimant.name


def find_named(written: str, claimant: Claimant, field: Field, surroundings: "Surroundings") -> CanonicalName:
    """Returns id and name of a claimant by rules, tables and the other names of its article."""
    form = clean(written)
    if claimant.kind == "person" or form in surroundings.names_of_people:
        return find_person(form, surroundings)
    # "National Intelligence Service assessment": what it publishes is what it says.
    if claimant.kind == "group" and claimant.organisation and form.startswith(f"{claimant.organisation} "):
        form = claimant.organisation
    kind = "organisation" if claimant.kind == "outlet" else claimant.kind
    read = read_form(form, kind)
    if read.role and not read.country and claimant.start is not None and claimant.end is not None:
        owner = surroundings.find_owner(read.role, (field, claimant.start, claimant.end))
        if owner:
            return name_body(owner, read.role)
    return find_by_form(form, read, claimant.country, surroundings)


def find_by_form(form: str, read: Form, country: str | None, surroundings: "Surroundings") -> CanonicalName:
    """Returns id and name of somebody other than a person, by the cleaned form and what was read from it.

    `country` is the one that the text side gives, and counts if neither the form nor the article names one.
    """
    if read.role and read.role.startswith("office-") and (holder := surroundings.find_holder(read)):
        return holder
    if read.named:
        return read.named
    if read.role and (own := surroundings.find_country(read.role) or country):
        return name_body(own, read.role)
    return name_unlisted(form, read)


@lru_cache(maxsize=NAMES_KEPT)
def name_unlisted(form: str, read: Form) -> CanonicalName:
    """Returns id and name of somebody that no table has: by the words alone, and the country if they name it."""
    where = f"{read.country.lower()}/" if read.country else "name/"
    first, _, rest = form.partition(" ")
    # "Officials" at the start of a sentence is a common word.
    is_common = first.istitle() and (rest.islower() or not rest) and first.lower() in gazetteer.common_words()
    if is_common and first not in load_words(__package__, "words.yaml", "capitals"):
        form = form.lower()
    return CanonicalName(where + make_slug(fold(form)), form)


def find_person(form: str, surroundings: "Surroundings") -> CanonicalName:
    """Returns id and name of a person. A surname alone is a person if only one of that name can be meant."""
    if named := find_full_name(form):
        return named
    here = surroundings.people_by_surname.get(make_key(form), frozenset())
    if len(here) == 1:
        return find_person(next(iter(here)), surroundings)
    if not here and (known := people_by_surname().get(make_key(form))):
        return known.named
    return CanonicalName(f"name/{make_slug(form)}", form)


@lru_cache(maxsize=NAMES_KEPT)
def find_full_name(form: str) -> CanonicalName | None:
    """Returns id and name of a person by the name alone; None for a single name that no table has."""
    if known := people().get(make_key(form)):
        return known.named
    if form[:1].islower():
        return CanonicalName(f"name/{make_slug(form)}", form)
    if len(split_name(form)) > 1:
        return CanonicalName(f"person/{make_slug(make_key(form))}", spell(form))
    return None


class Surroundings:
    """The other names of an article, as far as they say who a claimant is. They are read when they are needed."""

    def __init__(self, article: ArticleText) -> None:
        """Takes an article whose entities have the names that it gives them."""
        self.texts: dict[Field, str] = {"title": article.title or "", "body": article.body}
        self.claimants = [each.claimant for each in article.claims if each.claimant]
        self.entities = article.entities

    @cached_property
    def names_of_people(self) -> frozenset[str]:
        """The full names of people."""
        return frozenset(name for each in self.entities if each.kind == "person" and " " in (name := clean(each.name)))

    @cached_property
    def people_by_surname(self) -> dict[str, frozenset[str]]:
        """The full names of people by the key of the surname; spellings of one name count once."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        named = [get_written(each) for each in self.claimants if each.kind == "person"]
        for name in (*self.names_of_people, *(clean(each) for each in named)):
            if len(split_name(name)) > 1 and name[:1].isupper():
                key = make_key(name)
                found[find_surname(name)][key] = min(name, found[find_surname(name)].get(key, name))
        return {surname: frozenset(names.values()) for surname, names in found.items()}

    @cached_property
    def countries_by_role(self) -> dict[str, frozenset[str]]:
        """The countries that the article names with a body, by its role."""
        found: dict[str, set[str]] = defaultdict(set)
        bodies = [get_written(each) for each in self.claimants if each.kind != "person"]
        for name in (*bodies, *self.names_of_bodies()):
            read = read_form(name, "organisation")
            if read.role and read.country:
                found[read.role].add(read.country)
        return {role: frozenset(codes) for role, codes in found.items()}

    def names_of_bodies(self) -> Iterator[str]:
        """Yields the names of bodies, also with the words before a mention: "South Korea's Joint Chiefs"."""
        for each in self.entities:
            if each.kind == "organisation":
                yield each.name
                for start, end in each.mentions[:_MENTIONS]:
                    yield self.read_mention(("body", start, end))

    def read_mention(self, mention: Mention) -> str:
        """Returns the words of a mention, with a name before it that may be its owner: "Russia's Foreign Ministry"."""
        field, start, end = mention
        text = self.texts[field]
        before = _OWNER.search(text, max(0, start - _REACH), start)
        return (before[1] if before else "") + text[start:end]

    def find_owner(self, role: str, mention: Mention) -> str | None:
        """Returns the country that the words of a mention give a body with this role; None if they give none."""
        read = read_form(self.read_mention(mention), "organisation")
        return read.country if read.role == role else None

    def find_country(self, role: str) -> str | None:
        """Returns the one country whose body of this role the article names; None if there are several or none."""
        if role == "government":
            return None  # "no government has confirmed it" is about all of them
        codes = self.countries_by_role.get(role, frozenset())
        return next(iter(codes)) if len(codes) == 1 else None

    @cached_property
    def holders(self) -> dict[tuple[str, str], frozenset[CanonicalName]]:
        """The people that the article names with an office, by country and office."""
        found: dict[tuple[str, str], set[CanonicalName]] = defaultdict(set)
        people_with_roles = [
            (get_written(each), each.role, each.country) for each in self.claimants if each.kind == "person"
        ] + [(each.name, each.role, each.country) for each in self.entities if each.kind == "person"]
        for name, role, country in people_with_roles:
            if role and len(split_name(name)) > 1:
                own, rest = split_country(clean(role))
                known = people().get(make_key(clean(name)))
                code = own or country or (known.country if known else None)
                office = find_role(fold(rest), "office")
                if code and office:
                    found[code, office].add(find_person(clean(name), self))
        return {office: frozenset(holders) for office, holders in found.items()}

    def find_holder(self, read: Form) -> CanonicalName | None:
        """Returns the person that the article names with this office, if it is one."""
        found = self.holders.get((read.country or "", read.role or ""), frozenset())
        return next(iter(found)) if len(found) == 1 else None

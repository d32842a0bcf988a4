"""Who a claimant is: pronouns and short forms resolved in the document, with kind, role and country."""

import re
from typing import NamedTuple

import msgspec

from pipelines.text.claims.claimant_nouns import (
    UNNAMED,
    WORD,
    covers,
    documents,
    ends_with,
    is_called,
    kind_of,
    name_of,
    role_before,
    trailing_name,
)
from pipelines.text.claims.entity_mentions import EntityMentions, claimant_from_entity
from pipelines.text.claims.pronouns import Pronouns
from pipelines.text.tables import load_words
from schemas.fields import ClaimantKind, Field
from schemas.text import ArticleText, Claimant, Entity

_TABLE = "claimants.yaml"
_GENERAL_SHORT_FORMS = load_words(__package__, _TABLE, "general_short_forms")
_SHORT_FORM = re.compile(
    rf"the (?:same |news |(?P<secret>spy |intelligence ))?"
    rf"(?P<noun>{'|'.join(sorted(load_words(__package__, _TABLE, 'short_forms')))})",
    re.IGNORECASE,
)
"""A body without its name, "the agency": the one that spoke before. "The spy agency" may be another."""
_INSERTION = re.compile(r"[,(].*$|\s+(?:who|which|whose|that)\b.*$", re.DOTALL)
_AFTER_NAME = re.compile(r"\s(?:of|for|at|in|from|on|with)\s(?=the\s|an?\s)")
_REACH = 80
"""Characters after a mention that are searched for what belongs to it."""
_BY = re.compile(
    r"\s+by\s+([^,.;:()\"“”\n]{2,60}?)"
    rf"(?=[,.;:()\"“”\n]|\s+(?:{'|'.join(sorted(load_words(__package__, _TABLE, 'author_ends')))})\b|$)"
)
"""The author of "a report by the agency Orbis"."""
_OWNER = re.compile(r"(.+)['’]s?\s+(?:[\w-]+\s+){0,3}?([\w-]+)$")
_APPOSED_NAME = re.compile(r",\s+(?:the\s+)?((?:[A-Z][\w.’'-]*\s?){1,5})(?=[,.]|$)")


class _Mention(NamedTuple):
    """A mention of a claimant: its words without insertions, its place in the field, the kind that its head names."""

    head: str
    start: int
    end: int
    kind: ClaimantKind | None


class Claimants:
    """Resolves the mentions of one field, in reading order: what a pronoun means depends on who spoke before."""

    def __init__(self, article: ArticleText, text: str, field: Field) -> None:
        self._text = text
        self._entities = article.entities
        self._mentions = EntityMentions(article, field)
        self._pronouns = Pronouns(article, text, field, self._mentions)
        self._full_names: dict[str, str] = {}
        """Full name of each person by the last word of the name."""

    def resolve(self, start: int, end: int) -> Claimant:
        """Returns the claimant mentioned at `text[start:end]`."""
        self._pronouns.enter(start)
        claimant = self._pronouns.resolve(start, end)
        if claimant is None:
            claimant = self._resolve_named(self._text[start:end], start, end)
            self._pronouns.remember(claimant)
        return claimant

    def _resolve_named(self, words: str, start: int, end: int) -> Claimant:
        head = _INSERTION.sub("", words) or words
        mention = _Mention(head, start, end, kind_of(head))
        for resolve in (
            self._resolve_apposed_name,
            self._resolve_author,
            self._resolve_person,
            self._resolve_body,
            self._resolve_short_form,
            self._resolve_unknown_name,
            self._resolve_office_with_name,
            self._resolve_office,
        ):
            if (claimant := resolve(mention)) is not None:
                return claimant
        name = name_of(head)
        return Claimant(
            name=name,
            kind=mention.kind or "group",
            role=name if mention.kind == "office" else None,
            country=self._country(mention),
            start=start,
            end=end,
        )

    def _inside(self, mention: _Mention) -> list[Entity]:
        return self._mentions.inside(mention.start, mention.start + len(mention.head))

    def _country(self, mention: _Mention) -> str | None:
        return next((entity.country for entity in self._inside(mention) if entity.country), None)

    def _resolve_apposed_name(self, mention: _Mention) -> Claimant | None:
        """Resolves "the harbour master, Lena Orlov,": the name is the claimant, the rest the role."""
        head, start = mention.head, mention.start
        match = _APPOSED_NAME.match(self._text, start + len(head.rstrip()), start + len(head) + _REACH)
        if match is None or mention.kind is None or trailing_name(head):
            return None
        name = match.group(1).strip()
        named = self._resolve_named(name, match.start(1), match.start(1) + len(name))
        is_person = mention.kind in ("office", "group")
        return Claimant(
            name=named.name,
            kind="person" if is_person else mention.kind,
            role=name_of(head) if is_person else None,
            organisation=named.organisation,
            country=named.country,
            start=start,
            end=mention.end,
        )

    def _resolve_author(self, mention: _Mention) -> Claimant | None:
        """Resolves a document to its author: "a report by the agency Orbis", "the institute's estimate"."""
        start, end = mention.start, mention.end
        words = WORD.findall(mention.head)
        if not words or words[-1].lower() not in documents():
            return None
        if (by := _BY.match(self._text, end, end + _REACH)) is not None:
            author = self._resolve_named(by.group(1), by.start(1), by.end(1))
        elif (owner := _OWNER.match(mention.head)) is not None:
            author = self._resolve_named(owner.group(1), start, start + owner.end(1))
        else:
            return None
        return msgspec.structs.replace(author, start=start, end=end)

    def _resolve_person(self, mention: _Mention) -> Claimant | None:
        """Resolves a mention that ends with the name of a known person: "Foreign minister Oleg Sarkin"."""
        head = mention.head
        person = next((entity for entity in reversed(self._inside(mention)) if entity.kind == "person"), None)
        if person is None or not ends_with(head, person):
            return None
        return claimant_from_entity(person, mention.start, mention.end, role_before(head, person.name))

    def _resolve_body(self, mention: _Mention) -> Claimant | None:
        """Resolves a mention that is a known body or country: "the Pentagon", "Seoul"."""
        bodies = (entity for entity in self._inside(mention) if entity.kind in ("organisation", "location"))
        body = next(bodies, None)
        if body is None or not covers(mention.head, body):
            return None
        claimant = claimant_from_entity(body, mention.start, mention.end)
        if body.kind == "location":  # the name stays as written: governments are merged by their country
            return msgspec.structs.replace(claimant, name=name_of(mention.head))
        if mention.kind == "outlet" and claimant.kind == "organisation":
            return msgspec.structs.replace(claimant, kind="outlet")
        return claimant

    def _resolve_short_form(self, mention: _Mention) -> Claimant | None:
        """Resolves "the airline": the body that spoke last, if its name allows it, else the only fitting one named."""
        short_form = _SHORT_FORM.fullmatch(mention.head)
        if short_form is None:
            return None
        noun, secret = short_form["noun"].lower(), bool(short_form["secret"])
        last = self._pronouns.last("body")
        named_last = last is not None and last.kind in ("organisation", "outlet") and last.name[:1].isupper()
        general = noun in _GENERAL_SHORT_FORMS and not secret
        if last is not None and named_last and (general or is_called(last.name, noun, secret)):
            return msgspec.structs.replace(last, start=mention.start, end=mention.end)
        fitting = {
            named.entity.name: named.entity
            for named in self._mentions.until(mention.start)
            if named.entity.kind == "organisation"
            and (is_called(named.entity.name, noun, secret) or self._is_described(named.start, named.end, noun))
        }
        if len(fitting) != 1:
            return None
        return claimant_from_entity(next(iter(fitting.values())), mention.start, mention.end)

    def _is_described(self, start: int, end: int, noun: str) -> bool:
        """Whether the text calls the name here by the noun: "the agency Orbis", "Orbis, a news agency"."""
        if self._text[max(0, start - len(noun) - 1) : start].lower() == f"{noun} ":
            return True
        description = rf",\s(?:an?|the)\s(?:[\w’'-]+\s){{0,3}}{noun}\b"
        return re.match(description, self._text[end : end + _REACH]) is not None

    def _resolve_unknown_name(self, mention: _Mention) -> Claimant | None:
        """Resolves a mention without a noun of the table: the name of a person or body, or people in general."""
        if mention.kind is not None:
            return None
        name, start, end = name_of(mention.head), mention.start, mention.end
        if name[:1].isupper():
            name = _AFTER_NAME.split(name, maxsplit=1)[0]
        words = name.split()
        if not words or not words[0][:1].isupper():
            kind: ClaimantKind = "group" if words and words[-1].endswith("s") else "person"
            return Claimant(name=name or UNNAMED, kind=kind, start=start, end=end)
        if (body := self._body_of_part(name)) is not None:
            return claimant_from_entity(body, start, end)
        if len(words) > 1:
            self._full_names.setdefault(words[-1], name)
        return Claimant(name=self._full_names.get(words[-1], name), kind="person", start=start, end=end)

    def _body_of_part(self, name: str) -> Entity | None:
        """Returns the only body of the article whose longer name holds these words: "the Joint Chiefs"."""
        if " " not in name:
            return None
        bodies = [one for one in self._entities if one.kind == "organisation" and f" {name} " in f" {one.name} "]
        return bodies[0] if len(bodies) == 1 else None

    def _resolve_office_with_name(self, mention: _Mention) -> Claimant | None:
        """Resolves "Military analyst Igor Vellin", "the newspaper Harbour Times": the name is the claimant."""
        name = trailing_name(mention.head)
        if mention.kind not in ("office", "outlet") or not name or name == name_of(mention.head):
            return None
        last = name.split()[-1]
        is_person = mention.kind == "office"
        return Claimant(
            name=self._full_names.setdefault(last, name),
            kind="person" if is_person else "outlet",
            role=role_before(mention.head, name) if is_person else None,
            country=self._country(mention),
            start=mention.start,
            end=mention.end,
        )

    def _resolve_office(self, mention: _Mention) -> Claimant | None:
        """Resolves "the minister" to the person of that role who spoke before, or is named with it."""
        if mention.kind != "office":
            return None
        noun = name_of(mention.head).split()[-1].lower()
        last = self._pronouns.last("person")
        if last is not None and last.role and noun in last.role.lower().split():
            holder = last
        else:
            people = (one for one in self._entities if one.kind == "person" and one.role)
            entity = next((one for one in people if noun in (one.role or "").lower().split()), None)
            if entity is None:
                return None
            holder = claimant_from_entity(entity, 0, 0)
        return Claimant(
            name=holder.name,
            kind="person",
            role=holder.role,
            organisation=holder.organisation,
            country=holder.country,
            start=mention.start,
            end=mention.end,
        )

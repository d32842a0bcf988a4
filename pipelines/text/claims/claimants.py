"""Who a claimant is: pronouns and short forms resolved in the document, with kind, role and country."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from pipelines.text.claims.claimant_nouns import (
    UNNAMED,
    WORD,
    before_preposition,
    covers,
    documents,
    ends_with,
    is_fragment,
    kind_of,
    leading_name,
    name_of,
    role_before,
    trailing_name,
)
from pipelines.text.claims.entity_mentions import EntityMentions, claimant_from_entity
from pipelines.text.claims.mentions.agreement import words_of
from pipelines.text.claims.mentions.antecedents import Antecedents
from pipelines.text.claims.mentions.places import Places
from pipelines.text.claims.mentions.referents import Referents, make_claimant
from pipelines.text.claims.mentions.short_forms import ShortForms, read_short_form
from pipelines.text.claims.pronouns import Pronouns, is_pronoun
from pipelines.text.english.quotes import Quotation
from pipelines.text.tables import load_words
from schemas.fields import ClaimantKind, Field
from schemas.text import Claimant, Entity

_TABLE = "claimants.yaml"
_OFFICE_OF = re.compile(r"\b(?:of|for|at)\s+(?:the\s+)?$")
_OFFICE_REACH = 12
_NAMING = load_words(__package__, _TABLE, "naming")
_INSERTION = re.compile(r"[,(].*$|\s+(?:who|which|whose|that)\b.*$", re.DOTALL)
_OF_BODY = re.compile(r"\s(?:of|for|at|from|with)\s")
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

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def has_article(self) -> bool:
        """Whether it begins with "the": what has such a name is a body and no person."""
        return self.head[:4].lower() == "the "

    @property
    def head_end(self) -> int:
        return self.start + len(self.head.rstrip())


class Claimants:
    """Resolves the mentions of one field, in reading order: what a pronoun means depends on who spoke before."""

    def __init__(
        self,
        referents: Referents,
        field: Field,
        spans: Sequence[tuple[int, int]],
        quotations: Sequence[Quotation],
    ) -> None:
        """`spans` are the sentences of the field."""
        text, article = referents.text_of(field), referents.article
        self._text = text
        self._entities = article.entities
        self.mentions = EntityMentions(article, field)
        self._referents = referents
        places = Places(text, field, self._referents, self.mentions, spans, quotations)
        self._antecedents = Antecedents(places)
        self._pronouns = Pronouns(article, field, self._antecedents)
        self._short_forms = ShortForms(self.mentions, self._referents, places, self._antecedents)
        self._documents: dict[str, str] = {}
        """The last name of a document by its noun."""
        self._full_names: dict[str, str] = {}
        """Full name of each person by the last word of the name."""

    def resolve(self, start: int, end: int) -> Claimant | None:
        """Returns the claimant mentioned at `text[start:end]`; None if the words mention nobody who could speak."""
        self._pronouns.enter(start)
        words = self._text[start:end]
        if is_pronoun(words):
            claimant = self._pronouns.resolve(words, start, end)
        else:
            claimant = None if is_fragment(words) else self._resolve_named(words, start, end)
        if claimant is not None and claimant.name not in self._documents.values():
            self._antecedents.remember(claimant)
        return claimant

    def _resolve_named(self, words: str, start: int, end: int) -> Claimant:
        head = _INSERTION.sub("", words) or words
        mention = _Mention(head, start, end, kind_of(head))
        for resolve in (
            self._resolve_holder,
            self._resolve_named_body,
            self._resolve_document,
            self._resolve_person,
            self._resolve_place,
            self._resolve_name_before_noun,
            self._resolve_short_form,
            self._resolve_apposed_name,
            self._resolve_unknown_name,
            self._resolve_office_with_name,
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
        return [one.entity for one in self.mentions.inside(mention.start, mention.head_end)]

    def _country(self, mention: _Mention) -> str | None:
        return next((entity.country for entity in self._inside(mention) if entity.country), None)

    def _resolve_holder(self, mention: _Mention) -> Claimant | None:
        """Resolves the body of an office to its holder: the "Board" of "chief of the Harbour Board, Ann Lee,"."""
        if _OFFICE_OF.search(self._text, max(0, mention.start - _OFFICE_REACH), mention.start) is None:
            return None
        holder = self._short_forms.find_apposed(mention.head_end)
        if holder is None or holder.slot != "person":
            return None
        return make_claimant(holder, self._antecedents.claimant_of(holder), *mention.span)

    def _resolve_named_body(self, mention: _Mention) -> Claimant | None:
        """Resolves a mention that ends with the name of a body: "Tarsia's General Staff", "the Vox 1 channel"."""
        inside = self.mentions.inside(mention.start, mention.head_end)
        if not inside or inside[-1].entity.kind != "organisation":
            return None
        last = inside[-1]
        after = self._text[last.end : mention.head_end].strip()
        if after and after not in words_of("after_names"):
            return None
        before = self._text[mention.start : last.start]
        if before.strip() and kind_of(before) in ("office", "group"):
            return None  # "a spokesman for the Harbour Board"
        return self._as_outlet(mention, claimant_from_entity(self._referents.fullest(last.entity), *mention.span))

    def _as_outlet(self, mention: _Mention, claimant: Claimant) -> Claimant:
        if mention.kind == "outlet" and claimant.kind == "organisation":
            return msgspec.structs.replace(claimant, kind="outlet")
        return claimant

    def _resolve_document(self, mention: _Mention) -> Claimant | None:
        """Resolves a document, which is named by its author: "a report by the agency Orbis", "the survey"."""
        phrase = before_preposition(mention.head)
        noun = (WORD.findall(phrase) or [""])[-1].lower()
        if noun not in documents():
            return None
        author = self._author(phrase, mention.start, noun)
        name = f"{author.name} {noun}" if author else name_of(phrase)
        if name == noun:
            name = self._documents.get(noun, name)
        self._documents[noun] = name
        return Claimant(
            name=name,
            kind="group",
            organisation=author.name if author and author.kind in ("organisation", "outlet") else None,
            country=author.country if author else self._country(mention),
            start=mention.start,
            end=mention.end,
        )

    def _author(self, phrase: str, start: int, noun: str) -> Claimant | None:
        end = start + len(phrase.rstrip())
        owner = _OWNER.match(phrase)
        if (by := _BY.match(self._text, end, end + _REACH)) is not None:
            author = self._resolve_named(by.group(1), by.start(1), by.end(1))
        elif owner is not None and owner.group(2).lower() == noun:
            author = self._resolve_named(owner.group(1), start, start + owner.end(1))
        else:
            return None
        self._antecedents.remember(author)
        return author

    def _resolve_person(self, mention: _Mention) -> Claimant | None:
        """Resolves a mention that ends with the name of a known person: "Foreign minister Oleg Sarkin"."""
        head = mention.head
        person = next((entity for entity in reversed(self._inside(mention)) if entity.kind == "person"), None)
        if person is None or not ends_with(_OF_BODY.split(head, maxsplit=1)[0], person):
            return None
        return claimant_from_entity(person, mention.start, mention.end, role_before(head, person.name))

    def _resolve_place(self, mention: _Mention) -> Claimant | None:
        """Resolves a mention that is a country or a capital: "Seoul". The name stays as written.

        Governments are merged by their country.
        """
        inside = self.mentions.inside(mention.start, mention.head_end)
        if not inside or inside[-1].end != mention.head_end or not covers(mention.head, inside[-1].entity):
            return None
        claimant = claimant_from_entity(inside[-1].entity, mention.start, mention.end)
        return msgspec.structs.replace(claimant, name=name_of(mention.head))

    def _resolve_short_form(self, mention: _Mention) -> Claimant | None:
        """Resolves "the airline", "the minister": the person or body that the document calls so."""
        form = read_short_form(mention.head)
        if form is None:
            return None
        referent = self._short_forms.find(form, mention.start, mention.head_end)
        if referent is None or (referent.entity is None and len(referent.name) <= len(name_of(mention.head))):
            return None
        claimant = make_claimant(referent, self._antecedents.claimant_of(referent), mention.start, mention.end)
        if claimant.kind == "person" and claimant.role is None and referent.entity is not None:
            return msgspec.structs.replace(claimant, role=name_of(mention.head))
        return claimant

    def _resolve_apposed_name(self, mention: _Mention) -> Claimant | None:
        """Resolves "the harbour master, Lena Orlov,": the name is the claimant, the rest the role."""
        head = mention.head
        match = _APPOSED_NAME.match(self._text, mention.head_end, mention.head_end + _REACH)
        is_naming = head.rpartition(" ")[2] in _NAMING
        if match is None or (mention.kind is None and not is_naming) or trailing_name(head):
            return None
        name = match.group(1).strip()
        named = self._resolve_named(name, match.start(1), match.start(1) + len(name))
        kind = mention.kind if mention.kind not in (None, "office", "group") else "person"
        return Claimant(
            name=named.name,
            kind=kind,
            role=name_of(head) if kind == "person" and not is_naming else None,
            organisation=named.organisation,
            country=named.country,
            start=mention.start,
            end=mention.end,
        )

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
        body = self._body_of_part(name) if " " in name or mention.has_article else None
        body = body or (self._referents.find_abbreviated(name) if name.isupper() else None)
        if body is not None:
            return claimant_from_entity(body, start, end)
        if mention.has_article:
            return Claimant(name=name, kind="organisation", start=start, end=end)
        if len(words) > 1:
            self._full_names.setdefault(words[-1], name)
        return Claimant(name=self._full_names.get(words[-1], name), kind="person", start=start, end=end)

    def _body_of_part(self, name: str) -> Entity | None:
        """Returns the only body or place of the article whose longer name holds these words: "the Joint Chiefs"."""
        bodies = [
            one for one in self._entities if one.kind in ("organisation", "location") and f" {name} " in f" {one.name} "
        ]
        return bodies[0] if len(bodies) == 1 else None

    def _resolve_office_with_name(self, mention: _Mention) -> Claimant | None:
        """Resolves "Military analyst Igor Vellin", "the newspaper Harbour Times": the name is the claimant."""
        name, head = trailing_name(mention.head), mention.head
        if not name or mention.kind not in ("office", "outlet", "organisation") or name == name_of(head):
            return None
        if mention.kind != "office":
            noun = head[: head.find(name)].rstrip().rpartition(" ")[2].lower()
            return self._named_body(mention, name) if mention.kind == "outlet" or noun in words_of("opaque") else None
        return Claimant(
            name=self._full_names.setdefault(name.split()[-1], name),
            kind="person",
            role=role_before(head, name),
            country=self._country(mention),
            start=mention.start,
            end=mention.end,
        )

    def _resolve_name_before_noun(self, mention: _Mention) -> Claimant | None:
        """Resolves "the state-run Vox 1 channel": the name is the claimant, unless it is that of a place or people."""
        is_other = any(entity.kind != "organisation" for entity in self._inside(mention))
        if is_other or not (mention.has_article or mention.head[:1].islower()):
            return None  # "Aid group" at the beginning of a sentence
        name = leading_name(mention.head, words_of("after_names"))
        return self._named_body(mention, name) if name else None

    def _named_body(self, mention: _Mention, name: str) -> Claimant:
        kind: ClaimantKind = "outlet" if mention.kind == "outlet" else "organisation"
        return Claimant(name=name, kind=kind, country=self._country(mention), start=mention.start, end=mention.end)

"""The people, bodies and groups of a document, each with its fullest name and all that the text calls it."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Literal

import msgspec

from pipelines.text.claims.claimant_nouns import kind_of, leading_name, name_of
from pipelines.text.claims.entity_mentions import claimant_from_entity
from pipelines.text.claims.mentions.agreement import (
    Gender,
    gender_of_name,
    gender_of_noun,
    what_may_mean,
    words_of,
)
from pipelines.text.claims.mentions.descriptions import Description, describe, read_description, short_name_after
from pipelines.text.claims.mentions.noun_mentions import NounMention, find_noun_mentions, phrase_of
from schemas.fields import ClaimantKind, Field
from schemas.text import ArticleText, Claimant, Entity

Slot = Literal["person", "body", "several"]
"""What pronouns can mean somebody: "she", "it" or "they"."""

_SLOTS: dict[ClaimantKind | None, tuple[Slot, ...]] = {
    "office": ("person",),
    "group": ("several",),
    "organisation": ("body",),
    "outlet": ("body",),
    "government": ("body",),
}
"""What a noun can be said of, by its kind."""
_MOST_READ = 6
"""Mentions of an entity that are read for what the text calls it there."""
_WORD = re.compile(r"[^\W_][\w’'-]*")
_SHORT = re.compile(r"[A-Z][A-Z&.]{1,6}$")
_SHORTEST_INITIALS = 3
_SECRET = re.compile(r"\b(?:Intelligence|Security\sService)\b")


class Referent:
    """Somebody whom the document mentions."""

    entity: Entity | None = None
    """None for somebody without a name, or whose name is known only from what they said."""
    noun = ""
    """The noun of somebody without a name."""

    def __init__(self, slot: Slot, is_collective: bool) -> None:
        """`is_collective`: "they" can mean this body."""
        self.slot, self.is_collective = slot, is_collective

    @property
    def name(self) -> str:
        """The fullest name, or the words used of one without a name."""
        raise NotImplementedError

    @cached_property
    def descriptions(self) -> list[Description]:
        """What the text calls this, in addition to the name."""
        raise NotImplementedError

    @cached_property
    def gender(self) -> Gender | None:
        """What pronoun this has; it is set to that of the first pronoun that was taken to mean this."""
        return self._described_gender()

    def _described_gender(self) -> Gender | None:
        return next(filter(None, (gender_of_noun(said.noun) for said in self.descriptions)), None)

    @property
    def told(self) -> str:
        """What the text says of this in one phrase, in lower case."""
        return self.name.lower()

    def can_be(self, noun: str) -> bool:
        """Whether a noun can be said of this, by number and kind."""
        return self.slot in _SLOTS.get(kind_of(noun), (self.slot,))

    def fit(self, noun: str, modifiers: frozenset[str]) -> int:
        """Returns how well a noun and the words before it describe this: 0 for not at all."""
        if not self.can_be(noun):
            return 0
        best = 0
        asked = modifiers - words_of("neutral")
        meant = what_may_mean(noun)
        for said in self.descriptions:
            if said.noun not in meant:
                continue
            known = said.modifiers | self._words
            if not asked or asked & known or not said.modifiers:
                best = max(best, 1 + (noun == said.noun) + 2 * bool(asked & known) - bool(asked - known))
        if self.entity is not None and self.slot == "body" and not meant.isdisjoint(self._words):
            best = max(best, 2 + 2 * bool(modifiers & self._words))
        return best

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.name.lower()))


class Named(Referent):
    """A referent that is an entity of the article."""

    def __init__(self, entity: Entity, find_places: Callable[[Entity], Iterator[tuple[str, int, int]]]) -> None:
        """`find_places` yields the first mentions of an entity, each with the text of its field."""
        super().__init__("person" if entity.kind == "person" else "body", entity.kind == "organisation")
        self.entity, self._entity, self._find_places = entity, entity, find_places

    @property
    def name(self) -> str:
        return self._entity.name

    @cached_property
    def descriptions(self) -> list[Description]:
        found = [said for place in self._find_places(self._entity) for said in describe(*place)]
        if self._entity.role and (role := read_description(self._entity.role)) is not None:
            found.append(role)
        if _SECRET.search(self._entity.name):
            found.append(Description("agency", frozenset(("spy", "intelligence"))))
        return found

    @cached_property
    def gender(self) -> Gender | None:
        if self.slot != "person":
            return None
        genders = (gender_of_name(text, start, self.name) for text, start, _ in self._find_places(self._entity))
        return next(filter(None, genders), None) or self._described_gender()

    @property
    def told(self) -> str:
        return (self._entity.role or "").lower()


class Spoken(Referent):
    """A referent that is known only as a claimant."""

    def __init__(self, claimant: Claimant, slot: Slot, gender: Gender | None) -> None:
        super().__init__(slot, slot == "body")
        self._claimant = claimant
        self.gender = gender

    @property
    def name(self) -> str:
        return self._claimant.name

    @cached_property
    def descriptions(self) -> list[Description]:
        role = read_description(self._claimant.role or "")
        return [role] if role else []


class Unnamed(Referent):
    """A referent that has no name: "the county commissioner"."""

    def __init__(self, text: str, mention: NounMention) -> None:
        self.noun = mention.noun
        is_collective = self.noun in words_of("collective")
        slot: Slot = "person" if kind_of(self.noun) == "office" and not is_collective else "body"
        super().__init__("several" if mention.is_plural else slot, is_collective)
        self._text, self._mention = text, mention

    @cached_property
    def name(self) -> str:
        phrase = phrase_of(self._text, self._mention)
        return leading_name(phrase, words_of("after_names")) or name_of(phrase)

    @cached_property
    def descriptions(self) -> list[Description]:
        return [Description(self.noun, self._mention.modifiers)]


class Referents:
    """The referents of one article; its descriptions are read from title and body when they are first needed."""

    def __init__(self, article: ArticleText) -> None:
        self.article = article
        self._fields: dict[Field, str] = {"title": article.title or "", "body": article.body}

    @cached_property
    def named(self) -> dict[int, Named]:
        """The referents that have a name, by the `id` of their entity."""
        found = {
            id(entity): Named(entity, self._places) for entity in self.article.entities if entity.kind != "nationality"
        }
        for entity in self.article.entities:
            if entity.kind == "organisation":
                found[id(entity)] = found[id(self.fullest(entity))]
        return found

    def fullest(self, entity: Entity) -> Entity:
        """Returns the body with the whole name of one that is named by initials; other entities unchanged."""
        if _SHORT.match(entity.name) is None:
            return entity
        return self.find_abbreviated(entity.name) or entity

    def find_abbreviated(self, name: str) -> Entity | None:
        """Returns the body that the article gives a short name: "Delport Water Board (DWB)"; None if there is none."""
        bodies = (entity for entity in self.article.entities if entity.kind == "organisation" and " " in entity.name)
        return next((body for body in bodies if self._abbreviates(name.replace(".", ""), body)), None)

    def _places(self, entity: Entity) -> Iterator[tuple[str, int, int]]:
        first = self.article.body.find(entity.name) if entity.kind == "person" else -1
        if first >= 0 and (not entity.mentions or first < entity.mentions[0][0]):
            yield self.article.body, first, first + len(entity.name)
        for place in entity.mentions[:_MOST_READ]:
            yield (self._fields["body"], *place)
        for place in entity.title_mentions:
            yield (self._fields["title"], *place)

    def _abbreviates(self, letters: str, entity: Entity) -> bool:
        initials = "".join(word[0] for word in entity.name.split() if word[0].isupper())
        if initials == letters and len(letters) >= _SHORTEST_INITIALS:
            return True
        return any(short_name_after(text, end) == letters for text, _, end in self._places(entity))

    def text_of(self, field: Field) -> str:
        """Returns the title or the body."""
        return self._fields[field]

    @cached_property
    def noun_mentions(self) -> Sequence[NounMention]:
        """The mentions in the body of those without a name."""
        return find_noun_mentions(self.article.body)

    @cached_property
    def _by_noun(self) -> dict[str, list[NounMention]]:
        """The first mentions in the body of those without a name, by noun."""
        found: dict[str, list[NounMention]] = {}
        for mention in self.noun_mentions:
            before = found.setdefault(mention.noun, [])
            if len(before) < _MOST_READ:
                before.append(mention)
        return found

    def first_unnamed(self, noun: str, modifiers: frozenset[str]) -> Unnamed | None:
        """Returns the first in the body who is called by a noun and by more than it: "the mother of a small boy"."""
        for mention in self._by_noun.get(noun, ()):
            if modifiers <= mention.modifiers:
                referent = Unnamed(self.article.body, mention)
                if " " in referent.name:
                    return referent
        return None


def make_claimant(referent: Referent, spoken: Claimant | None, start: int, end: int) -> Claimant:
    """Returns the claimant that a referent is at a place: the one that it was before, or else a new one."""
    if spoken is not None:
        return msgspec.structs.replace(spoken, start=start, end=end)
    if referent.entity is not None:
        return claimant_from_entity(referent.entity, start, end)
    kind = kind_of(referent.noun) or ("person" if referent.slot == "person" else "group")
    role = referent.name if kind == "office" else None
    return Claimant(name=referent.name, kind=kind, role=role, start=start, end=end)

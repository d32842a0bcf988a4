"""The places of one field where its referents are mentioned, in reading order, with their part in the sentence."""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from functools import cache, cached_property
from operator import attrgetter
from typing import NamedTuple

from pipelines.text.claims.entity_mentions import EntityMentions
from pipelines.text.claims.mentions.noun_mentions import NounMention, find_noun_mentions
from pipelines.text.claims.mentions.referents import Referent, Referents, Unnamed
from pipelines.text.english.inflection import grammar
from pipelines.text.english.quotes import Quotation
from schemas.fields import Field

_OPENING = re.compile(
    r"[\s\"“‘(]*(?:(?:And|But|So|Yet|Then|However|Still|The|the|A|An|President|Mr|Mrs|Ms|Dr)\.?,?\s)*$"
)
_OPENING_PHRASE = re.compile(r"[A-Z][^.!?]{2,70},\s(?:the\s|an?\s)?(?:[A-Z][\w.]*\s){0,2}$")
_WORD_BEFORE = re.compile(r"(?<![\w’'-])([\w’'-]++)\s(?:(?:the|an?|its|his|her|their)\s(?:[\w-]+\s){0,2})?$")
_OPENING_REACH = 90
"""Characters of a sentence in which its subject begins."""
_HEAD = 3
"""Sentences of a body that may speak of somebody who is introduced after them."""
_REACH = 40
"""Characters before a mention in which the preposition that governs it is looked for."""


class Place(NamedTuple):
    """One mention of a referent."""

    start: int
    end: int
    referent: Referent


class Standing(NamedTuple):
    """The part of a mention in its sentence."""

    leads: bool
    """Whether it begins the sentence, as subjects do."""
    is_oblique: bool
    """Whether a preposition governs it."""
    is_owner: bool
    """Whether it has the ending "'s"."""
    is_quoted: bool


class Places:
    """All places of one field; found when the first pronoun or short form asks for them."""

    def __init__(
        self,
        text: str,
        field: Field,
        referents: Referents,
        mentions: EntityMentions,
        spans: Sequence[tuple[int, int]],
        quotations: Sequence[Quotation],
    ) -> None:
        self.text, self._field, self._referents, self._mentions = text, field, referents, mentions
        self._spans, self._quotations = spans, quotations
        self._starts = [start for start, _ in spans]
        self._standings: dict[tuple[int, int], Standing] = {}
        """The parts of mentions in their sentences: every pronoun after them asks for them."""

    @cached_property
    def all(self) -> list[Place]:
        """The places in reading order."""
        named = self._referents.named
        places = [
            Place(mention.start, mention.end, named[id(mention.entity)])
            for mention in self._mentions.all
            if id(mention.entity) in named
        ]
        known: dict[str, Unnamed] = {}
        places.extend(
            Place(mention.start, mention.end, self._unnamed(mention, known))
            for mention in (self._referents.noun_mentions if self._field == "body" else find_noun_mentions(self.text))
            if not self._mentions.cover(mention.end)
        )
        return sorted(places, key=_start)

    @cached_property
    def by_name(self) -> dict[str, Referent]:
        """All who are mentioned, by name."""
        return {place.referent.name: place.referent for place in self.all if not place.referent.noun}

    def add(self, place: Place) -> None:
        """Adds a place of somebody who was found by what they said."""
        insort(self.all, place, key=_start)
        self.by_name.setdefault(place.referent.name, place.referent)

    def _unnamed(self, mention: NounMention, known: dict[str, Unnamed]) -> Unnamed:
        """Returns the last one without a name that this mention can mean, or a new one."""
        before = known.get(mention.noun)
        if mention.is_definite and before is not None and before.fit(mention.noun, mention.modifiers):
            return before
        return known.setdefault(mention.noun, Unnamed(self.text, mention))

    def standing(self, place: Place) -> Standing:
        """Returns the part of a mention in its sentence."""
        span = place.start, place.end
        standing = self._standings.get(span)
        if standing is None:
            standing = self._standings[span] = self._find_standing(place)
        return standing

    def _find_standing(self, place: Place) -> Standing:
        text, start, end = self.text, place.start, place.end
        sentence = self.sentence_at(start)
        opening = self._spans[sentence][0] if sentence >= 0 else 0
        gap = text[opening:start] if start - opening < _OPENING_REACH else None
        before = _WORD_BEFORE.search(text, max(opening, start - _REACH), start)
        return Standing(
            leads=gap is not None and bool(_OPENING.match(gap) or _OPENING_PHRASE.match(gap)),
            is_oblique=before is not None and before[1].lower() in _prepositions(),
            is_owner=text[end : end + 2] in ("'s", "’s"),
            is_quoted=self.is_quoted(start),
        )

    def sentence_at(self, position: int) -> int:
        """Returns the number of the sentence at a position."""
        return bisect_right(self._starts, position) - 1

    def is_quoted(self, position: int) -> bool:
        """Whether a position is inside a quotation."""
        index = bisect_right(self._quotations, position, key=lambda one: one.start) - 1
        return index >= 0 and position < self._quotations[index].end

    def index_of(self, position: int) -> int:
        """Returns the number of places that begin before a position."""
        return bisect_left(self.all, position, key=_start)

    def is_at_head(self, position: int) -> bool:
        """Whether a position is in the headline or the first sentences, which name people without introducing them."""
        return self._field == "title" or self.sentence_at(position) < _HEAD


_start = attrgetter("start")


@cache
def _prepositions() -> frozenset[str]:
    return frozenset(grammar()["prepositions"].split()) | {"to"}

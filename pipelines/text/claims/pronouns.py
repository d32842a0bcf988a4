"""Whom a pronoun means: somebody who spoke before it, or who leads a sentence before it."""

import re
from bisect import bisect_right

from pipelines.text.claims.entity_mentions import EntityMentions, claimant_from_entity
from pipelines.text.tables import load_words
from schemas.fields import ClaimantKind, Field
from schemas.text import ArticleText, Claimant, Segment

_TABLE = "pronouns.yaml"
_PERSON = load_words(__package__, _TABLE, "person")
_SEVERAL = load_words(__package__, _TABLE, "several")
_THING = load_words(__package__, _TABLE, "thing")
_AUTHOR = load_words(__package__, _TABLE, "author")
_RELATIVE = load_words(__package__, _TABLE, "relative")
POSSESSIVES = load_words(__package__, _TABLE, "possessives")
_PRONOUNS = _PERSON | _SEVERAL | _THING | _AUTHOR

_SENTENCE_END = re.compile(r"[.!?\n]\W")
_REACH = 600
"""Characters before a pronoun in which somebody who has not spoken can be meant."""
_MOST_PARAGRAPHS = 1
"""Paragraph ends between "it" or "they" and the claimant that they mean."""
_SLOTS = {"person": "person", "office": "person", "group": "several"}
"""Which pronouns can mean a claimant, by its kind; "body" for all other kinds."""


class Pronouns:
    """Remembers who spoke in one field, in reading order, and resolves the pronouns that follow."""

    def __init__(self, article: ArticleText, text: str, field: Field, mentions: EntityMentions) -> None:
        self._article, self._text, self._mentions = article, text, mentions
        self._last: dict[str, Claimant] = {}
        self._segments = sorted(article.segments, key=lambda one: one.start) if field == "body" else []
        self._segment: Segment | None = None

    def enter(self, start: int) -> None:
        """Goes on to a place: a pronoun in another post or report means nobody from the one before."""
        index = bisect_right(self._segments, start, key=lambda one: one.start) - 1
        segment = self._segments[index] if index >= 0 and start < self._segments[index].end else None
        if segment is not self._segment:
            self._segment, self._last = segment, {}

    def remember(self, claimant: Claimant) -> None:
        """Makes a claimant the one that the next pronoun means."""
        self._last[_SLOTS.get(claimant.kind, "body")] = claimant

    def last(self, slot: str) -> Claimant | None:
        """Returns the person, body or group ("several") that spoke last."""
        return self._last.get(slot)

    def resolve(self, start: int, end: int) -> Claimant | None:
        """Returns whom the pronoun at `text[start:end]` means; None if it is not a pronoun.

        The place must have been entered. A pronoun that means nobody known is a claimant of its own.
        """
        word = self._text[start:end].lower()
        if word not in _PRONOUNS:
            return None
        if word in _AUTHOR:
            return Claimant(name=self._author(), kind="person", start=start, end=end)
        known = self._meant(word, start)
        if known is None:
            kind: ClaimantKind = "person" if word in _PERSON else "group"
            claimant = Claimant(name=self._text[start:end], kind=kind, start=start, end=end)
        else:
            claimant = Claimant(
                name=known.name,
                kind=known.kind,
                role=known.role,
                organisation=known.organisation,
                country=known.country,
                start=start,
                end=end,
            )
        self.remember(claimant)
        return claimant

    def _author(self) -> str:
        speaker = self._segment.speaker if self._segment else None
        return speaker or ("the poster" if self._segment else None) or self._article.author or "the author"

    def _meant(self, word: str, start: int) -> Claimant | None:
        slots = _slots_of(word)
        leading = self._leading_entity(start, slots[0])
        if leading is not None:
            return leading
        near = next((self._last[slot] for slot in slots if self._is_near(slot, start, word)), None)
        if near is None and word in _RELATIVE:
            return next(iter(self._last.values()), None)
        return near

    def _is_near(self, slot: str, start: int, word: str) -> bool:
        """Whether somebody of this kind spoke, not so far before that the pronoun means another."""
        last = self._last.get(slot)
        if last is None or last.end is None:
            return last is not None
        return word in _PERSON or self._text.count("\n\n", last.end, start) <= _MOST_PARAGRAPHS

    def _leading_entity(self, start: int, slot: str) -> Claimant | None:
        """Returns who leads a sentence before the pronoun, unless somebody spoke since."""
        last = self._last.get(slot)
        kind = "person" if slot == "person" else "organisation"
        for mention, before in self._mentions.backwards(start):
            if start - mention.start >= _REACH or (
                last is not None and last.end is not None and mention.start <= last.end
            ):
                return None
            leads = not before or _SENTENCE_END.search(self._text, before, mention.start)
            if mention.entity.kind == kind and leads:
                return claimant_from_entity(mention.entity, mention.start, mention.end)
        return None


def _slots_of(word: str) -> tuple[str, ...]:
    """Returns the kinds of claimants that a pronoun can mean, the likeliest first."""
    if word in _PERSON:
        return ("person",)
    return ("several", "body") if word in _SEVERAL else ("body", "several", "person")

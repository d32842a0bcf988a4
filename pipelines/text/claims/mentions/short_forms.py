"""Whom a noun without a name means: "the commissioner", "the airline", and in a headline "envoy"."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from pipelines.text.claims.claimant_nouns import kind_of, speaking_nouns
from pipelines.text.claims.entity_mentions import EntityMentions
from pipelines.text.claims.mentions.agreement import gender_of_noun, indefinites, words_of
from pipelines.text.claims.mentions.antecedents import Antecedents
from pipelines.text.claims.mentions.descriptions import articles, ends_apposition
from pipelines.text.claims.mentions.places import Places
from pipelines.text.claims.mentions.referents import Referent, Referents

_WORD = re.compile(r"[^\W_][\w&’'-]*")
_COMPLEMENT = re.compile(r"\s(?:of|for|to|at|in|from|with)\s(.+)$", re.DOTALL)
_REACH = 130
"""Characters after a noun in which the name of whom it is said is looked for."""
_NEAR = 4
"""Sentences before a noun in which the only person is looked for."""
_MOST = 60
"""Entities of an article in which the one that a headline means is looked for."""
_DEFINITE = frozenset(("the", "this", "that"))
_APPOSED = re.compile(r",\s+(?:(?:[A-Z][\w.]*|the)\s+){0,4}")
_NAMED = re.compile(
    r"[^.;:!?\n\"“”]{0,90}\b(?:names?|named|surname|identified\sas|known\sas|called),?\s(?:only\s)?(?:as\s)?"
)
"""The words from a noun to the name of the person or body."""


class ShortForm(NamedTuple):
    """The noun of a mention with the words before it, and what belongs to it after a preposition."""

    noun: str
    modifiers: frozenset[str]
    complement: str
    determiner: str


def read_short_form(words: str) -> ShortForm | None:
    """Returns the parts of a mention that has no name at its end; None if it has one, or its noun cannot speak."""
    complement = _COMPLEMENT.search(words)
    parts = _WORD.findall(words[: complement.start()] if complement else words)
    if not parts or (parts[-1][0].isupper() and parts[-1].lower() not in speaking_nouns()):
        return None
    low = [part.lower() for part in parts]
    determiner = low.pop(0) if low[0] in articles() or low[0] in indefinites() else ""
    if not low:
        return None
    modifiers = frozenset(word.removesuffix("'s").removesuffix("’s") for word in low[:-1])
    return ShortForm(low[-1], modifiers, complement[1].lower() if complement else "", determiner)


class ShortForms:
    """Resolves the short forms of one field."""

    def __init__(
        self, mentions: EntityMentions, referents: Referents, places: Places, antecedents: Antecedents
    ) -> None:
        self._mentions, self._referents = mentions, referents
        self._places, self._antecedents = places, antecedents

    def find(self, form: ShortForm, start: int, end: int) -> Referent | None:
        """Returns whom the form at a place means; None if the document tells nobody."""
        apposed = self.find_apposed(end)
        apposed = apposed if apposed is not None and apposed.can_be(form.noun) else None
        if apposed is not None or form.determiner in indefinites():
            return apposed
        if kind_of(form.noun) == "group":
            return None
        before = [place.referent for place in reversed(self._antecedents.before(start)) if place.end <= start]
        is_plain = form.determiner in _DEFINITE and form.modifiers <= words_of("neutral") and not form.complement
        return (
            self._best(form, (one for one in before if one.entity is not None))
            or (self._antecedents.find_opaque(form.noun, start) if is_plain else None)
            or (self._find_sole_person(form.noun, start) if is_plain else None)
            or self._best(form, (one for one in before if one.entity is None))
            or (None if form.determiner and not self._places.is_at_head(start) else self._find_after(form))
        )

    def _find_sole_person(self, noun: str, start: int) -> Referent | None:
        """Returns the only person named in the last sentences, if they need no introduction: "the mayor"."""
        if noun not in words_of("sole"):
            return None
        sentence = self._places.sentence_at(start)
        near = {
            place.referent
            for place in self._antecedents.before(start)
            if place.referent.slot == "person"
            and place.referent.entity is not None
            and sentence - self._places.sentence_at(place.start) <= _NEAR
        }
        person = near.pop() if len(near) == 1 else None
        return (
            person
            if person is not None and not any(kind_of(said.noun) == "office" for said in person.descriptions)
            else None
        )

    def find_apposed(self, end: int) -> Referent | None:
        """Returns who is named right after the form: "the commissioner, Sir Bo Lund," or "a nurse named as Ann Lee"."""
        name = self._mentions.after(end)
        if name is None or name.start - end > _REACH or id(name.entity) not in self._referents.named:
            return None
        text, referent = self._places.text, self._referents.named[id(name.entity)]
        gap = text[end : name.start]
        is_named = (_APPOSED.fullmatch(gap) and ends_apposition(text, name.end)) or _NAMED.fullmatch(gap)
        return referent if is_named and name.entity.kind != "location" else None

    def _best(self, form: ShortForm, referents: Iterable[Referent]) -> Referent | None:
        """Returns whom the form describes best, the first of equals; two bodies that it describes alike are nobody."""
        gender = gender_of_noun(form.noun)
        best: tuple[int, Referent | None] = (0, None)
        for referent in dict.fromkeys(referents):
            if gender and referent.gender not in (gender, None):
                continue
            if form.complement and form.complement.split()[-1] not in referent.told:
                continue
            fit = 2 * referent.fit(form.noun, form.modifiers)
            fit += fit > 0 and self._antecedents.claimant_of(referent) is not None
            if fit > best[0]:
                best = fit, referent
            elif fit == best[0] and fit and referent.slot == "body" and referent.entity is not None:
                best = fit, None
        return best[1]

    def _find_after(self, form: ShortForm) -> Referent | None:
        """Returns whom a headline means that names nobody: the body of the article does."""
        named = self._best(form, islice(self._referents.named.values(), _MOST))
        if named is not None:
            return named
        return self._referents.first_unnamed(form.noun, form.modifiers)

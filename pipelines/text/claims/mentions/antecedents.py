"""Whom a pronoun or a short form means: the likeliest of those that agree with it and were mentioned before."""

from collections.abc import Callable
from functools import cache, partial

from pipelines.text.claims.claimant_nouns import kind_of
from pipelines.text.claims.mentions.agreement import PACKAGE, Gender, gender_of_name, words_of
from pipelines.text.claims.mentions.places import Place, Places
from pipelines.text.claims.mentions.referents import Referent, Slot, Spoken
from pipelines.text.tables import load_words
from schemas.fields import ClaimantKind
from schemas.text import Claimant

_SLOTS: dict[ClaimantKind, Slot] = {"person": "person", "office": "person", "group": "several"}
_GENDERS: dict[str, Gender] = {"she": "female", "her": "female", "he": "male", "him": "male", "his": "male"}
_MOST = 150
"""Places before a word at which one that it means is looked for."""
_REACH = 12
"""Sentences before a pronoun in which somebody can be meant."""
_BODY_REACH = 3
"""Sentences before "it" or "they" in which somebody can be meant."""

# How much each sign speaks for a candidate; found with the coreference of news, lives and interviews of the corpus GUM.
_PER_SENTENCE = -1.0
_LEADS = 1.7
_OBLIQUE = -0.8
_OWNER = -1.5
_QUOTED = -2.0
_SPOKE = 0.7
_SPOKE_LAST = 1.5
_GENDER = 0.9
_NAMED = 1.1
_OFTEN = 1.0
_MOST_OFTEN = 4
_COLLECTIVE = -0.6
"""For "they": a body rather than several people."""


@cache
def _pronouns(row: str) -> frozenset[str]:
    return load_words(PACKAGE, "pronouns.yaml", row)


class Antecedents:
    """Chooses whom a word of one field means, in reading order: who spoke before counts."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._unread: list[Claimant] = []
        self._spoke: dict[int, Claimant] = {}
        """The claimant that each referent was when it spoke last, by the `id` of the referent."""
        self._last: Referent | None = None
        self._start = 0

    def start_at(self, position: int) -> None:
        """Forgets who spoke, and what was mentioned, before a position: another post or report begins."""
        self._start = position
        self._unread.clear()
        self._spoke.clear()
        self._last = None

    def remember(self, claimant: Claimant) -> None:
        """Notes that somebody spoke; it is read only if a later word may mean them."""
        self._unread.append(claimant)

    def claimant_of(self, referent: Referent) -> Claimant | None:
        """Returns the claimant that somebody was when they spoke last."""
        return self._spoke.get(id(referent))

    def before(self, position: int) -> list[Place]:
        """Returns the last places before a position, with those of all who spoke."""
        for claimant in self._unread:
            referent = self._referent(claimant)
            self._spoke[id(referent)] = claimant
            self._last = referent
        self._unread.clear()
        last = self._places.index_of(position)
        return self._places.all[max(self._places.index_of(self._start), last - _MOST) : last]

    def _referent(self, claimant: Claimant) -> Referent:
        """Returns the one who is mentioned where a claimant spoke, or a new one."""
        start, end = claimant.start or 0, claimant.end or 0
        last = self._places.index_of(end)
        inside = self._places.all[max(self._places.index_of(start), last - _MOST) : last]
        for place in reversed(inside):
            if place.referent.name == claimant.name or (place.referent.entity is None and claimant.kind != "person"):
                return place.referent
        referent = self._places.by_name.get(claimant.name)
        if referent is None:
            gender = gender_of_name(self._places.text, start, claimant.name)
            referent = Spoken(claimant, _SLOTS.get(claimant.kind, "body"), gender)
        self._places.add(Place(start, end, referent))
        return referent

    def find(self, word: str, start: int) -> Referent | None:
        """Returns whom the pronoun `word` at a position means; None if nobody fits."""
        reach = _REACH if word in _GENDERS else _BODY_REACH
        found = self._find(word, start, reach, partial(_agrees, word))
        if found is not None and found.gender is None:
            found.gender = _GENDERS.get(word)
        return found

    def find_opaque(self, noun: str, start: int) -> Referent | None:
        """Returns the body that a noun means although its name does not say so: "Orbis said … The airline added"."""
        if noun not in words_of("opaque"):
            return None
        return self._find(noun, start, _BODY_REACH, _is_opaque)

    def _find(self, word: str, start: int, reach: int, agrees: Callable[[Referent], bool]) -> Referent | None:
        sentence, quoted = self._places.sentence_at(start), self._places.is_quoted(start)
        best, found = (float("-inf"), -1), None
        counts: dict[int, int] = {}
        for place in reversed(self.before(start)):
            distance = sentence - self._places.sentence_at(place.start)
            if distance > reach:
                break
            referent = place.referent
            if place.end > start or not agrees(referent):
                continue
            counts[id(referent)] = often = counts.get(id(referent), 0) + 1
            score = self._score(word, place, distance, quoted) + _OFTEN * min(often, _MOST_OFTEN)
            if (score, place.start) > best:
                best, found = (score, place.start), referent
        return found

    def _score(self, word: str, place: Place, distance: int, quoted: bool) -> float:
        referent, standing = place.referent, self._places.standing(place)
        score = _PER_SENTENCE * distance
        score += _LEADS * standing.leads + _OBLIQUE * standing.is_oblique + _OWNER * standing.is_owner
        score += _QUOTED * (standing.is_quoted and not quoted)
        score += _SPOKE * (id(referent) in self._spoke) + _SPOKE_LAST * (referent is self._last)
        score += _GENDER * (word in _GENDERS and referent.gender is not None)
        score += _NAMED * (referent.entity is not None)
        score += _COLLECTIVE * (word in _pronouns("several") and referent.slot != "several")
        return score


def _agrees(word: str, referent: Referent) -> bool:
    """Whether a pronoun can mean somebody, by kind, number and gender."""
    if word in _pronouns("relative"):
        return True
    if word in _pronouns("person"):
        gender = _GENDERS.get(word)
        return referent.slot == "person" and (gender is None or referent.gender in (gender, None))
    if word in _pronouns("several"):
        return referent.slot == "several" or (referent.slot == "body" and referent.is_collective)
    return referent.slot == "body"


def _is_opaque(referent: Referent) -> bool:
    """Whether this is a body by a name without a noun that says what it is."""
    is_place = referent.entity is not None and referent.entity.kind == "location"
    return referent.slot == "body" and not referent.noun and not is_place and kind_of(referent.name) in (None, "office")

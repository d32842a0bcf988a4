"""What follows a cue verb: which of the constructions that it takes, and where the content starts."""

import re
from collections.abc import Callable
from typing import NamedTuple

from pipelines.text.claims.status.table import status_words
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord
from pipelines.text.english.noun_phrases import TIME_QUALIFIERS, TIME_WORDS, Range, phrase_starting
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    CERTAIN_VERBS,
    COLON,
    COMMA,
    DETERMINER,
    FINITE_VERBS,
    HEADS,
    ING_FORM,
    MODAL,
    NAME,
    NOUN,
    NUMBER,
    PAST_FORM,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    RELATIVE,
    S_FORM,
    SUBORDINATOR,
    THAT,
    TO,
    Classes,
)
from pipelines.text.tables import load_words

_MOST_PHRASES = 6
"""Phrases between a verb and its content that are passed over: "told reporters in Galmouth on the quay that …"."""
_INSERTION_REACH = 12
"""Words after a verb in which the end of an insertion is searched for."""
_AMOUNT_REACH = 20
"""Words after a verb in which the number of an amount is searched for."""
_COUNTED = load_words(__package__, "claimants.yaml", "counted")
_SET = load_words(__package__, "claimants.yaml", "set")
_DISMISSAL_REACH = 5
"""Words after "as" in which what is dismissed begins: "dismissed as a complete fabrication reports that …"."""
_VALUE_REACH = 3
"""Words after an object in which its number is searched for: "a draw of about 900,000"."""
_AS_REACH = 12
"""Words after a verb in which "as" is searched for: "described the film as cruel"."""
_THAT_CLAUSES = frozenset(("clause", "that", "quote"))
_VERBLESS_COUNT = re.compile(f"{NUMBER}+{NOUN}*{ADVERB}*[{ADJECTIVE}{ING_FORM}](?![{ADJECTIVE}{NOUN}{NAME}{NUMBER}])")
_AFTER_TO: Classes = frozenset((BASE_FORM, ADVERB, AUXILIARY, PAST_FORM, NOUN, QUOTATION))
_AFTER_APPOSITION: Classes = frozenset((PREPOSITION, TO, THAT))
_AFTER_ADDRESSEE: Classes = frozenset((PRONOUN, DETERMINER, NAME, NOUN, ADJECTIVE))
_DESCRIPTION: Classes = frozenset((DETERMINER, ADJECTIVE, QUOTATION, NOUN, NAME, PAST_FORM))


class Complement(NamedTuple):
    """What follows a cue verb: the construction, as `tables/cues.yaml` names it, and the first word of the content."""

    construction: str
    start: int


class _Place(NamedTuple):
    """How far a complement has been read: up to the word `at`, after a number of phrases."""

    cue: CueWord
    at: int
    phrases: int = 0
    addressee: int | None = None
    """The first word of the person who is spoken to."""


class Complements:
    """Reads to the right of the verbs of one sentence."""

    __slots__ = ("_clauses",)

    def __init__(self, clauses: Clauses) -> None:
        self._clauses = clauses

    def find(self, index: int, cue: CueWord) -> Complement | None:
        """Returns the construction after a cue verb; `index` is the word after the verb."""
        return self._read(_Place(cue, index))

    def _read(self, place: _Place) -> Complement | None:
        """Returns what the first rule finds for the class of the next word that is not part of a time."""
        clauses = self._clauses
        index = self._skip_times(place.at)
        if index >= clauses.last or place.phrases >= _MOST_PHRASES:
            return None
        if index != place.at:
            place = place._replace(at=index)
        for rule in _RULES.get(clauses.tags[index], ()):
            complement = rule(self, place)
            if complement is not None:
                return complement
        return None

    def _skip_times(self, index: int) -> int:
        """Returns the next word that is neither an adverb nor part of a time: "said on Monday", "said last week"."""
        tags, lower, last = self._clauses.tags, self._clauses.lower, self._clauses.last
        while index < last:
            if tags[index] == ADVERB or (tags[index] in HEADS and lower[index] in TIME_WORDS):
                index += 1
            elif tags[index] == NUMBER and lower[index + 1 : index + 2] and lower[index + 1] in TIME_WORDS:
                index += 2  # "five years ago"
            elif lower[index] in TIME_QUALIFIERS and index + 1 < len(lower) and lower[index + 1] in TIME_WORDS:
                index += 2
            else:
                break
        return index

    def _is_before_last(self, index: int) -> bool:
        return index + 1 < self._clauses.last

    def quote_after_colon(self, place: _Place) -> Complement | None:
        """She said: “…”."""
        speech = "quote" in place.cue.takes and self._is_before_last(place.at)
        return Complement("quote", place.at + 1) if speech else None

    def quote_after_comma(self, place: _Place) -> Complement | None:
        """She said, “…”; she said, to no surprise, that …."""
        tags = self._clauses.tags
        following = tags[place.at + 1 : place.at + 2]
        if following == QUOTATION:
            return Complement("quote", place.at + 1) if "quote" in place.cue.takes else None
        if following == THAT:
            return self.that_clause(place._replace(at=place.at + 1))
        closing = tags.find(COMMA, place.at + 1, place.at + _INSERTION_REACH)
        while closing >= 0 and CERTAIN_VERBS.isdisjoint(tags[place.at : closing]):
            after = self._skip_times(closing + 1)
            if tags[after : after + 1] in (THAT, QUOTATION):
                return self._read(place._replace(at=after, phrases=place.phrases + 1))
            closing = tags.find(COMMA, closing + 1, place.at + _INSERTION_REACH)
        return None

    def quote(self, place: _Place) -> Complement | None:
        """She said “…”."""
        return Complement("quote", place.at) if "quote" in place.cue.takes else None

    def that_clause(self, place: _Place) -> Complement | None:
        """She said that …."""
        takes = not place.cue.takes.isdisjoint(_THAT_CLAUSES)
        relative = (
            place.phrases and self._clauses.tags[place.at + 1 : place.at + 2] in FINITE_VERBS
        )  # "a letter that fell"
        return Complement("clause", place.at) if takes and not relative and self._is_before_last(place.at) else None

    def infinitive(self, place: _Place) -> Complement | None:
        """She vowed to leave, she urged the crew to leave."""
        verb = self._clauses.tags[place.at + 1 : place.at + 2] in _AFTER_TO
        if not verb or "infinitive" not in place.cue.takes:
            return None
        return Complement("infinitive", place.at if place.addressee is None else place.addressee)

    def preposition(self, place: _Place) -> Complement | None:
        """She called for a curfew, she spoke of a loss, she accused the treasurer of theft."""
        word = self._clauses.lower[place.at]
        if word not in place.cue.takes:
            return None
        if place.addressee is not None and word in ("of", "for"):
            return Complement(word, place.addressee)
        if not self._is_before_last(place.at) or self._clauses.lower[place.at + 1] in TIME_WORDS:
            return None  # "tweeted on Monday"
        calls_on = word == "on" and place.cue.lemma == "call"  # "call on the minister to resign" holds the minister
        return Complement(word, place.at if calls_on else place.at + 1)

    def after_phrase(self, place: _Place) -> Complement | None:
        """She said in a statement that …."""
        phrase = phrase_starting(self._clauses.sentence, place.at + 1)
        return self._read(_Place(place.cue, phrase[1], place.phrases + 1, place.addressee)) if phrase else None

    def gerund(self, place: _Place) -> Complement | None:
        """She denied taking part."""
        return Complement("gerund", place.at) if "gerund" in place.cue.takes else None

    def verb_clause(self, place: _Place) -> Complement | None:
        """A clause whose subject is missing: "rejects, says was never asked"."""
        return Complement("clause", place.at) if "clause" in place.cue.takes and not place.phrases else None

    def description(self, place: _Place) -> Complement | None:
        """The plan was described as risky."""
        described = self._clauses.lower[place.at] == "as" and "as" in place.cue.takes and not place.phrases
        return Complement("as", place.at) if described and self._is_before_last(place.at) else None

    def dismissal(self, place: _Place) -> Complement | None:
        """She dismissed as nonsense claims that …."""
        if self._clauses.lower[place.at] != "as" or place.cue.status != "denied" or place.phrases:
            return None
        clauses, stop = self._clauses, min(place.at + _DISMISSAL_REACH, self._clauses.last - 1)
        judged = (
            k + 1
            for k in range(place.at + 1, stop)
            if clauses.tags[k] == QUOTATION or clauses.lower[k] in status_words("dismissive")
        )
        start = next(judged, stop)
        return Complement("object", start) if start < stop else None

    def question(self, place: _Place) -> Complement | None:
        """She asked if …; she said if the rain went on, the dam would break."""
        if place.cue.takes.isdisjoint(_THAT_CLAUSES):
            return None
        if self._clauses.lower[place.at] in ("if", "whether") and "quote" in place.cue.takes:
            return Complement("clause", place.at)
        comma = self._clauses.tags.find(COMMA, place.at)
        opens = comma > 0 and "clause" in place.cue.takes and self._clauses.is_clause(place.at, comma)
        quoted = self._clauses.tags[comma + 1 : comma + 2] == QUOTATION
        goes_on = opens and (quoted or self._clauses.has_finite_verb(comma + 1))
        return Complement("clause", place.at) if goes_on else None

    def wh_clause(self, place: _Place) -> Complement | None:
        """She explained how …."""
        return None if place.cue.takes.isdisjoint(_THAT_CLAUSES) else Complement("clause", place.at)

    def bare_clause(self, place: _Place) -> Complement | None:
        """She said in a statement the dam held."""
        bare = place.phrases and "clause" in place.cue.takes and self._clauses.has_finite_verb(place.at)
        return Complement("clause", place.at) if bare else None

    def phrase(self, place: _Place) -> Complement | None:
        """What begins with a noun phrase: a clause, an object, a name, or somebody who is spoken to."""
        if place.phrases:
            return None
        if "addressee" in place.cue.takes:
            return self._after_addressee(place)
        index, takes = place.at, place.cue.takes
        if "as" in takes and self._find_as(index) is not None:
            return Complement("as", index)
        return next(
            (
                Complement(_NAMES.get(kind, kind), index)
                for kind, fits in _OBJECTS
                if kind in takes and fits(self, index)
            ),
            None,
        )

    def _after_addressee(self, place: _Place) -> Complement | None:
        """She told the crew that …, she blamed the crew."""
        takes, clauses = place.cue.takes, self._clauses
        phrase = phrase_starting(clauses.sentence, place.at)
        if phrase is None:
            return None
        after = _Place(place.cue, self._skip_apposition(phrase[1]), phrases=1)
        valued = "value" in takes and NUMBER in clauses.tags[phrase[0] : phrase[1] + _VALUE_REACH].split(COMMA)[0]
        if ("object" in takes or valued) and self._read(after) is None:
            return Complement("object", place.at)
        if phrase[1] < clauses.last and "clause" in takes and clauses.tags[phrase[1]] in _AFTER_ADDRESSEE:
            return Complement("clause", phrase[1])
        return self._read(after._replace(addressee=place.at)) or self._object_in_phrase(place, phrase)

    def _object_in_phrase(self, place: _Place, phrase: Range) -> Complement | None:
        """Reads a phrase that holds the person and the thing: "accused the head of the guild of theft"."""
        inside = (at for at in range(phrase[1] - 1, phrase[0], -1) if self._clauses.lower[at] == "of")
        return Complement("of", place.at) if "of" in place.cue.takes and next(inside, None) else None

    def _skip_apposition(self, index: int) -> int:
        """Returns the word behind an insertion: "accused one of the men, Ole Kull, of arson"."""
        tags = self._clauses.tags
        if tags[index : index + 1] != COMMA:
            return index
        closing = tags.find(COMMA, index + 1, index + _INSERTION_REACH)
        goes_on = closing > 0 and tags[closing + 1 : closing + 2] in _AFTER_APPOSITION
        return closing + 1 if goes_on and not self._clauses.is_clause(index, closing) else index

    def _has_amount(self, index: int) -> bool:
        """Whether a thing that is counted is given a number: "put the toll at 48", "raised its estimate to 40"."""
        tags, lower = self._clauses.tags, self._clauses.lower
        for at in range(index + 1, min(self._clauses.last - 1, index + _AMOUNT_REACH)):
            if lower[at] in ("at", "to") and NUMBER in tags[at + 1 : at + 6]:
                counted = _COUNTED if lower[at] == "at" else _COUNTED - _SET
                return not counted.isdisjoint(lower[index:at])
        return False

    def _is_clause(self, index: int) -> bool:
        return self._clauses.has_finite_verb(index)

    def _is_bare_clause(self, index: int) -> bool:
        """Whether a finite verb follows whose subject begins here: "found a third had left"."""
        return self._clauses.has_predicate(index)

    def _is_count(self, index: int) -> bool:
        """Whether a number and an adjective are a clause without a verb: "says 40 dead", "says 12 boats missing"."""
        return _VERBLESS_COUNT.match(self._clauses.tags, index, self._clauses.last) is not None

    def _is_foreseen(self, index: int) -> bool:
        """Whether a number is foreseen and not only seen: "sees inflation of 8 percent", not "saw 12 boats"."""
        clauses = self._clauses
        phrase = phrase_starting(clauses.sentence, index)
        if phrase is None or clauses.tags[index - 1] != S_FORM:
            return False
        return NUMBER in clauses.tags[phrase[0] : phrase[1] + _VALUE_REACH].split(COMMA)[0]

    def _is_object(self, _index: int) -> bool:
        return True

    def _find_as(self, index: int) -> int | None:
        end = min(self._clauses.last - 1, index + _AS_REACH)
        return next((k for k in range(index, end) if self._clauses.lower[k] == "as"), None)

    def _is_named(self, index: int) -> bool:
        """Whether a phrase is followed by what it is called: "called the plan a farce", not "called the police"."""
        clauses = self._clauses
        phrase = phrase_starting(clauses.sentence, index)
        if phrase is None:
            return False
        start, end = phrase
        while clauses.tags[end : end + 1] == PREPOSITION and (more := phrase_starting(clauses.sentence, end + 1)):
            end = more[1]
        if clauses.lower[end - 1] in status_words("dismissive") and end - start > 1:
            return True
        tags = clauses.tags[start:end]
        described = tags[-1] == ADJECTIVE and tags.rstrip(ADJECTIVE)[-1:] in HEADS
        return QUOTATION in tags or described or clauses.tags[end : end + 1] in _DESCRIPTION


_NAMES = {"that": "clause", "foreseen": "object"}

_OBJECTS: tuple[tuple[str, Callable[[Complements, int], bool]], ...] = (
    ("amount", Complements._has_amount),
    ("name", Complements._is_named),
    ("clause", Complements._is_clause),
    ("that", Complements._is_bare_clause),
    ("clause", Complements._is_count),
    ("foreseen", Complements._is_foreseen),
    ("object", Complements._is_object),
    ("finding", Complements._is_object),
)
"""What a noun phrase after a verb begins, in the order in which it is tried, and what tells it."""
_Rule = Callable[[Complements, _Place], Complement | None]
_PREPOSITION_RULES: tuple[_Rule, ...] = (Complements.dismissal, Complements.preposition, Complements.after_phrase)
_SUBJECT_RULES: tuple[_Rule, ...] = (Complements.phrase, Complements.bare_clause)
_RULES: dict[str, tuple[_Rule, ...]] = {
    COLON: (Complements.quote_after_colon,),
    COMMA: (Complements.quote_after_comma,),
    QUOTATION: (Complements.quote, Complements.phrase),
    THAT: (Complements.that_clause,),
    TO: (Complements.infinitive, *_PREPOSITION_RULES),
    PREPOSITION: _PREPOSITION_RULES,
    ING_FORM: (Complements.gerund, Complements.phrase),
    MODAL: (Complements.verb_clause,),
    AUXILIARY: (Complements.verb_clause,),
    SUBORDINATOR: (Complements.description, Complements.dismissal, Complements.question),
    RELATIVE: (Complements.wh_clause,),
    DETERMINER: _SUBJECT_RULES,
    PRONOUN: _SUBJECT_RULES,
    NAME: _SUBJECT_RULES,
    NOUN: (Complements.phrase,),
    ADJECTIVE: (Complements.phrase,),
    NUMBER: (Complements.phrase,),
    BASE_FORM: (Complements.verb_clause, Complements.phrase),
}
"""The constructions by the class of the word they begin with; the first one that fits is taken."""

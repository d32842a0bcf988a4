"""The finite verb of a clause, found from the first word of its subject: over all that can come between the two."""

from collections.abc import Callable

from pipelines.text.english.noun_phrases import phrase_starting
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADVERB,
    BASE_FORM,
    CERTAIN_VERBS,
    CLAUSE_VERBS,
    CLOSING_BRACKET,
    COLON,
    COMMA,
    CONJUNCTION,
    DASH,
    FINITE_LEXICAL_VERBS,
    ING_FORM,
    LEXICAL_VERBS,
    NAME,
    NOUN,
    OPENING_BRACKET,
    PAST_FORM,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    STOP,
    THAT,
    TO,
    VERB_MODIFIERS,
    Classes,
)

_REACH = 30
"""Words of an insertion between commas, dashes or brackets."""
_CLOSING = {COMMA: COMMA, DASH: DASH, OPENING_BRACKET: CLOSING_BRACKET}
_ENDS: Classes = frozenset((STOP, COLON, CLOSING_BRACKET))
_PREPOSITIONS: Classes = frozenset((PREPOSITION, TO))
_OPENS_RELATIVE: Classes = frozenset((RELATIVE, THAT))
_AFTER_PARTICIPLE: Classes = frozenset((PREPOSITION, TO, ADVERB))
_IN_VERB_GROUP: Classes = VERB_MODIFIERS | {TO}


class Predicates:
    """Finds the finite verbs of one sentence. All positions are indices of words."""

    __slots__ = ("_sentence", "_stop", "_tags")

    def __init__(self, sentence: Sentence, stop: int) -> None:
        """`stop` is the end of the words that are searched."""
        self._sentence, self._tags, self._stop = sentence, sentence.tags, stop

    def find(self, start: int) -> int | None:
        """Returns the finite verb whose subject begins at `start`; None if there is none."""
        at: int | None = self._skip_phrase(start)
        while at is not None and at < self._stop:
            if self._is_finite(at):
                return at
            at = self._skip(at)
        behind = self._skip_phrase(start)
        planned = self._tags[start] == NAME and self._tags[behind : behind + 2] == TO + BASE_FORM
        return behind + 1 if planned else None  # a headline's "Ostmark to send boats"

    def _is_finite(self, at: int) -> bool:
        tag = self._tags[at]
        if tag == PAST_FORM:
            return not self._is_participle(at)
        return tag in CERTAIN_VERBS or tag == BASE_FORM

    def _is_participle(self, at: int) -> bool:
        """Whether a past form is what happened to the noun before it: "the men held in Delport have left"."""
        tags = self._tags
        if tags[at + 1 : at + 2] not in _AFTER_PARTICIPLE:
            return False
        after = self._skip_objects(at + 1)
        while after < self._stop and tags[after] == ADVERB:
            after += 1
        return after < self._stop and tags[after] in CLAUSE_VERBS and tags[after - 1] != TO

    def _skip(self, at: int) -> int | None:
        """Returns the first word behind what begins at `at` and belongs to the subject; None if nothing such does."""
        skip = _SKIPS.get(self._tags[at], Predicates._skip_contact_clause)
        return skip(self, at)

    def _skip_nothing(self, _at: int) -> int | None:
        return None

    def _skip_word(self, at: int) -> int | None:
        return at + 1

    def _skip_verb(self, at: int) -> int | None:
        return self._skip_objects(at + 1)

    def _skip_joined(self, at: int) -> int | None:
        return None if self._joins_verb(at) or self._sentence.lower[at] == "but" else self._skip_phrase(at + 1)

    def _skip_prepositional(self, at: int) -> int | None:
        if self._tags[at : at + 2] == TO + BASE_FORM:
            return self._skip_objects(at + 2)
        return self._skip_phrase(at + 1)

    def _skip_phrase(self, at: int) -> int:
        phrase = phrase_starting(self._sentence, at)
        return max(phrase[1], at + 1) if phrase else at + 1

    def _skip_insertion(self, opening: int) -> int | None:
        """Returns the word behind "…, the largest of them new," or behind the comma of a row of nouns."""
        tags = self._tags
        closing = tags.find(_CLOSING[tags[opening]], opening + 1, min(self._stop, opening + _REACH))
        while closing > 0:
            after = closing + 1
            while after < self._stop and tags[after] == ADVERB:
                after += 1
            if after < self._stop and tags[after] in CLAUSE_VERBS:
                return after
            closing = tags.find(_CLOSING[tags[opening]], closing + 1, min(self._stop, opening + _REACH))
        if tags[opening] != COMMA:
            return None
        if tags[opening + 1 : opening + 2] == CONJUNCTION:
            return self._skip(opening + 1)
        phrase = phrase_starting(self._sentence, opening + 1)
        listed = phrase is not None and tags[opening + 1] != PRONOUN and tags[phrase[1] : phrase[1] + 1] in _AFTER_ITEM
        return phrase[1] if phrase is not None and listed else None

    def _skip_relative(self, opening: int) -> int | None:
        """Returns the word behind "which had the stamp on every page"."""
        verb = self.find_own(opening + 1)
        return None if verb is None else self._skip_group(verb)

    def find_own(self, start: int) -> int | None:
        """Returns the verb of a relative clause that begins at `start`: right there, or behind a short subject."""
        at = start
        if at < self._stop and self._tags[at] not in CLAUSE_VERBS and self._tags[at] != ADVERB:
            at = self._skip_phrase(at)
        while at < self._stop and self._tags[at] == ADVERB:
            at += 1
        return at if at < self._stop and self._tags[at] in CLAUSE_VERBS else None

    def _skip_group(self, verb: int) -> int:
        at = verb
        while at < self._stop and self._tags[at] in _IN_VERB_GROUP:
            at += 1
        if at < self._stop and self._tags[at] in LEXICAL_VERBS:
            at += 1
        return self._skip_objects(at)

    def _skip_objects(self, at: int) -> int:
        """Returns the word behind what follows a verb: objects, prepositional phrases, adverbs."""
        tags = self._tags
        while at < self._stop:
            if tags[at] == ADVERB or tags[at] == ING_FORM:
                at += 1
                continue
            first = at
            while first < self._stop and tags[first] in _PREPOSITIONS:
                first += 1  # "crack down on the use"
            phrase = phrase_starting(self._sentence, first)
            if phrase is None:
                break
            at = phrase[1]
        return at

    def _skip_contact_clause(self, at: int) -> int | None:
        """Returns the word behind "people poured online" in "the praise people poured online was new"."""
        verb = self.find_own(at)
        if verb is None:
            return None
        after = self._skip_group(verb)
        return after if after < self._stop and self._tags[after] in CLAUSE_VERBS else verb

    def _joins_verb(self, conjunction: int) -> bool:
        """Whether a second verb of the same subject follows: "and left", but not "and wounded soldiers"."""
        after = self._tags[conjunction + 1 : conjunction + 2]
        if after == PAST_FORM:
            return self._tags[conjunction + 2 : conjunction + 3] not in (NOUN, NAME)
        return after in FINITE_LEXICAL_VERBS


_AFTER_ITEM: Classes = frozenset((COMMA, CONJUNCTION))
"""What follows an item of a row of nouns."""
_SKIPS: dict[str, Callable[[Predicates, int], int | None]] = {
    **dict.fromkeys(_ENDS, Predicates._skip_nothing),
    **dict.fromkeys(_CLOSING, Predicates._skip_insertion),
    **dict.fromkeys(_OPENS_RELATIVE, Predicates._skip_relative),
    **dict.fromkeys(_PREPOSITIONS, Predicates._skip_prepositional),
    **dict.fromkeys(LEXICAL_VERBS, Predicates._skip_verb),
    CONJUNCTION: Predicates._skip_joined,
    ADVERB: Predicates._skip_word,
}
"""How to get behind what begins with a word, by the class of the word."""

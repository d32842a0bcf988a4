"""Attributions by a noun or adjective: "his claim that …", "the army's call for …", "the alleged sale"."""

from pipelines.text.claims.pronouns import POSSESSIVES
from pipelines.text.claims.sentence_attributions import SentenceAttributions
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord, light_verbs
from pipelines.text.english.noun_phrases import Range, phrase_ending, phrase_starting, subject_before
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    DETERMINER,
    FINITE_LEXICAL_VERBS,
    FINITE_VERBS,
    HEADS,
    NOUN,
    NUMBER,
    PAST_FORM,
    POSSESSIVE_ENDING,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    THAT,
    TO,
    Classes,
)

_COPULAS = frozenset(("is", "was", "stands", "stood"))
_VALUE_REACH = 4
"""Words of a value in which its number is searched for: "at least six boats"."""
_AFTER_TO: Classes = frozenset((BASE_FORM, AUXILIARY, ADVERB))
_BETWEEN_OWNER_AND_NOUN: Classes = frozenset((ADJECTIVE, NOUN, PAST_FORM, ADVERB))
_BETWEEN_VERB_AND_NOUN: Classes = frozenset((ADJECTIVE, NOUN, DETERMINER))
_BEFORE_ADJECTIVE: Classes = frozenset((DETERMINER, POSSESSIVE_ENDING))
_ALLEGED: Classes = HEADS | {QUOTATION}


class NounCues:
    """Reads the nouns of saying of one sentence."""

    __slots__ = ("_attributions", "_clauses")

    def __init__(self, clauses: Clauses, attributions: SentenceAttributions) -> None:
        self._clauses, self._attributions = clauses, attributions

    def read_noun(self, index: int, cue: CueWord) -> None:
        """Adds the attribution of the noun at `index`, if it has content, and a claimant unless it takes "anyone"."""
        clauses = self._clauses
        if "value" in cue.takes and self._read_value(index, cue):
            return
        linked = self._is_linked(index, cue)
        if not linked and not self._has_clause(index, cue):
            return
        source, begin = self._possessor(index), index
        if source is None:
            verb = self._light_verb(index)
            if verb is not None:
                source, begin = subject_before(clauses.sentence, clauses.group_start(verb)), verb
            elif (linked and "anyone" not in cue.takes) or "owned" in cue.takes:
                return
        first = index + 2 if linked else index + 1
        if self._attributions.starts_content(first):
            return  # "said in a statement that …" is one claim
        stop = clauses.clause_end(first)
        if linked:
            stop = clauses.noun_end(first, stop)
        self._attributions.add(cue, source, (begin, index + 1), [(first, stop)], "noun")

    def _read_value(self, index: int, cue: CueWord) -> bool:
        """Reads "the army's first estimate of the loss was six boats": what is estimated is the value."""
        clauses, source = self._clauses, self._possessor(index)
        phrase = phrase_starting(clauses.sentence, index)
        verb = phrase[1] if phrase else index + 1
        first = verb + 1
        copula = verb < clauses.size and clauses.lower[verb] in _COPULAS
        if source is None or not copula or NUMBER not in clauses.tags[first : first + _VALUE_REACH]:
            return False
        self._attributions.add(cue, source, (index, index + 1), [(first, clauses.clause_end(first))], "noun")
        return True

    def _is_linked(self, index: int, cue: CueWord) -> bool:
        """Whether a preposition or "to" leads to the content: "call for a curfew", "plan to leave"."""
        tags, lower = self._clauses.tags, self._clauses.lower
        tag = tags[index + 1 : index + 2]
        if tag == TO:
            return "to" in cue.takes and tags[index + 2 : index + 3] in _AFTER_TO
        return tag == PREPOSITION and lower[index + 1] in cue.takes and index + 2 < self._clauses.size

    def _has_clause(self, index: int, cue: CueWord) -> bool:
        """Whether a clause follows: "the claim that he left", "the claim he left"."""
        tag = self._clauses.tags[index + 1 : index + 2]
        if "that" not in cue.takes:
            return False
        bare = tag == PRONOUN and self._clauses.lower[index + 1] != "it"
        if tag == THAT:  # "a statement that gave no numbers" holds no statement
            return self._clauses.tags[index + 2 : index + 3] not in FINITE_VERBS
        return bare and self._clauses.has_finite_verb(index + 1)

    def _light_verb(self, noun: int) -> int | None:
        """Returns the verb of "issued a threat", "made the claim", whose subject is the claimant."""
        tags, lower = self._clauses.tags, self._clauses.lower
        before = noun - 1
        while before >= 0 and tags[before] in _BETWEEN_VERB_AND_NOUN:
            before -= 1
        is_verb = before > 0 and tags[before] in FINITE_LEXICAL_VERBS and lower[before] != "given"
        return before if is_verb and lower[before] in light_verbs() else None

    def _possessor(self, noun: int) -> Range | None:
        """Returns the phrase that says whose claim it is: "the army's" claim, "his" claim."""
        tags, lower = self._clauses.tags, self._clauses.lower
        before = noun - 1
        while before >= 0 and tags[before] in _BETWEEN_OWNER_AND_NOUN:
            before -= 1
        if before < 0:
            return None
        if tags[before] == POSSESSIVE_ENDING:
            return phrase_ending(self._clauses.sentence, before - 1) if before else None
        return (before, before + 1) if lower[before] in POSSESSIVES else None

    def read_adjective(self, index: int, cue: CueWord) -> None:
        """Adds the attribution of "the alleged offer" to nobody: what is alleged is the phrase."""
        clauses, tags = self._clauses, self._clauses.tags
        if not index or tags[index - 1] not in _BEFORE_ADJECTIVE or self._attributions.is_inside_content(index):
            return
        stop = clauses.noun_end(index + 1, clauses.hedge_end(index + 1))
        if stop > index + 1 and tags[stop - 1] in _ALLEGED:
            self._attributions.add(cue, None, (index, index + 1), [(index - 1, stop)], "adjective")

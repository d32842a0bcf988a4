"""How somebody says something, before a colon: "The mayor was adamant: …", "She put it bluntly: …"."""

from pipelines.text.claims.claimant_nouns import speaking_nouns
from pipelines.text.claims.sentence_attributions import SentenceAttributions
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord, cue_verbs
from pipelines.text.english.noun_phrases import Range, phrase_ending, subject_before
from pipelines.text.english.word_classes import (
    AUXILIARY,
    CERTAIN_VERBS,
    CLOSING_BRACKET,
    COUNTED_HEADS,
    DASH,
    FINITE_VERBS,
    LEXICAL_VERBS,
    NAME,
    PRONOUN,
    QUOTATION,
    STOP,
    Classes,
)
from pipelines.text.tables import load_words

_STANCES = load_words(__package__, "phrases.yaml", "stances")
_PUTS = load_words(__package__, "phrases.yaml", "puts")
_OFFICES = (["desk", "of"], ["office", "of"])
_PUT_REACH = 6
"""Words before a colon in which "put it" is searched for."""
_PERSONS = load_words("pipelines.text.claims", "pronouns.yaml", "person")
_COLON = CueWord(":", frozenset(("quote",)), "asserted")
_BEFORE_QUOTED_COLON: Classes = COUNTED_HEADS | {PRONOUN, CLOSING_BRACKET}


class Stances:
    """Reads the colons of one sentence that follow no verb of saying."""

    __slots__ = ("_attributions", "_clauses")

    def __init__(self, clauses: Clauses, attributions: SentenceAttributions) -> None:
        self._clauses, self._attributions = clauses, attributions

    def read(self, colon: int) -> None:
        """Adds the attribution of what follows the colon, if somebody says it."""
        clauses = self._clauses
        if not colon or colon + 1 >= clauses.last:
            return
        quoted = clauses.tags[colon + 1] == QUOTATION
        verb = self._verb_of_stance(colon)
        if verb is not None:
            source, cue = subject_before(clauses.sentence, clauses.group_start(verb)), (verb, colon)
        else:
            source, cue = (self._source_of_quotation(colon) if quoted else None), (colon, colon + 1)
        if source is not None:
            content = [(colon + 1, clauses.clause_end(colon + 1))]
            self._attributions.add(_COLON, source, cue, content, "colon")

    def _verb_of_stance(self, colon: int) -> int | None:
        """Returns the verb of "was adamant:", "put it bluntly:"."""
        lower, tags = self._clauses.lower, self._clauses.tags
        if lower[colon - 1] in _STANCES:
            return next((k for k in range(colon - 2, max(colon - 4, -1), -1) if tags[k] == AUXILIARY), None)
        reach = range(max(0, colon - _PUT_REACH), colon - 1)
        return next((k for k in reach if lower[k] in _PUTS and "it" in lower[k + 1 : k + 3]), None)

    def _source_of_quotation(self, colon: int) -> Range | None:
        """Returns who speaks in "From the mayor: “…”" and in "The mayor was delighted: “…”"."""
        clauses, tags = self._clauses, self._clauses.tags
        start = max(tags.rfind(DASH, 0, colon), tags.rfind(STOP, 0, colon)) + 1
        if any(clauses.lower[k] in cue_verbs() for k in range(start, colon) if tags[k] in LEXICAL_VERBS):
            return None
        source = phrase_ending(clauses.sentence, colon - 1) if tags[colon - 1] in _BEFORE_QUOTED_COLON else None
        if source is not None and not any(tag in CERTAIN_VERBS for tag in tags[start : source[0]]):
            return self._sender(source)
        verb = next((k for k in range(start + 1, colon) if tags[k] in FINITE_VERBS), None)
        subject = subject_before(clauses.sentence, verb) if verb is not None else None
        return subject if subject is not None and self._is_person(subject) else None

    def _sender(self, source: Range) -> Range:
        """Returns who sends a message: Ann Lee in "a message from Ann Lee", "the office of Ann Lee"."""
        lower = self._clauses.lower
        links = [k for k in range(source[0], source[1] - 1) if lower[k] == "from" or lower[k - 1 : k + 1] in _OFFICES]
        return (links[-1] + 1, source[1]) if links else source

    def _is_person(self, subject: Range) -> bool:
        """Whether a subject can be trusted to be who is quoted: a name, a person's pronoun, a noun of speakers."""
        clauses, last = self._clauses, subject[1] - 1
        if clauses.tags[last] == PRONOUN:
            return clauses.lower[last] in _PERSONS
        return clauses.tags[last] == NAME or clauses.lower[last] in speaking_nouns()

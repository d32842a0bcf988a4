"""Reads one sentence: finds its cues, and the construction around each of them that shows who says what."""

from pipelines.text.claims.claimant_nouns import speaking_nouns
from pipelines.text.claims.noun_cues import NounCues
from pipelines.text.claims.pronouns import POSSESSIVES
from pipelines.text.claims.sentence_attributions import Attribution, SentenceAttributions
from pipelines.text.claims.verb_cues import VerbCues
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord, cue_nouns, cue_verbs, hedging_adjectives, hedging_adverbs
from pipelines.text.english.noun_phrases import Range, phrase_ending, phrase_starting
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    CERTAIN_VERBS,
    CLOSING_BRACKET,
    COLON,
    COMMA,
    CONJUNCTION,
    COUNTED_HEADS,
    DASH,
    DETERMINER,
    HEADS,
    LEXICAL_VERBS,
    NAME,
    NUMBER,
    OPENING_BRACKET,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    STOP,
    Classes,
)

_MOST = 24
"""Attributions after which the rest of a sentence is not read: no written sentence has as many."""
_COLON_REACH = 12
"""Words of a headline in which a colon is searched for."""
_FIRM_CUES = frozenset(("say", "according to"))
_FIRM_CONSTRUCTIONS = frozenset(("quote", "of", "on"))
"""Inside what somebody says, only these constructions and the firm cues name a source of their own."""
_ACCORDING_TO = CueWord("according to", frozenset(("after",)), "asserted")
_COLON = CueWord(":", frozenset(("quote",)), "asserted")
_HEDGE = CueWord("reportedly", frozenset(), "unconfirmed")

_BEFORE_COLON: Classes = HEADS | {
    DETERMINER, ADJECTIVE, PREPOSITION, CONJUNCTION, COMMA, OPENING_BRACKET, CLOSING_BRACKET,
}  # fmt: skip
_SPEAKER_ENDS: Classes = frozenset((PREPOSITION, COMMA, CONJUNCTION, OPENING_BRACKET))
_BEFORE_QUOTED_COLON: Classes = COUNTED_HEADS | {PRONOUN, CLOSING_BRACKET}
_BEFORE_ACCORDING: Classes = frozenset((COMMA, STOP))


def read_sentence(sentence: Sentence, number: int) -> list[Attribution]:
    """Returns the attributions of a sentence in reading order; `number` is that of the sentence in its field."""
    return _SentenceReader(sentence, number).read()


class _SentenceReader:
    """Reads one sentence from left to right."""

    __slots__ = ("_attributions", "_clauses", "_noun_cues", "_verb_cues")

    def __init__(self, sentence: Sentence, number: int) -> None:
        self._clauses = Clauses(sentence)
        self._attributions = SentenceAttributions(self._clauses, number)
        self._verb_cues = VerbCues(self._clauses, self._attributions)
        self._noun_cues = NounCues(self._clauses, self._attributions)

    def read(self) -> list[Attribution]:
        found, tags = self._attributions.found, self._clauses.tags
        nouns, adverbs, adjectives = cue_nouns(), hedging_adverbs(), hedging_adjectives()
        self._read_headline_colon()
        for index, word in enumerate(self._clauses.lower):
            if len(found) >= _MOST:
                break
            if tags[index] in LEXICAL_VERBS and self._verb_cues.read(index):
                continue
            if word == "according" and self._clauses.lower[index + 1 : index + 2] == ["to"]:
                self._read_according_to(index)
            elif tags[index] in HEADS and word in nouns:
                self._noun_cues.read_noun(index, nouns[word])
            elif word in adverbs:
                self._read_hedge(index)
            elif word in adjectives:
                self._noun_cues.read_adjective(index, adjectives[word])
            elif tags[index] == COLON and not found:
                self._read_quoted_colon(index)
        return _without_weak([one for one in found if one.content])

    def _read_headline_colon(self) -> None:
        """Reads "Report: Minister took bribes": the source comes first."""
        clauses, tags = self._clauses, self._clauses.tags
        colon = tags.find(COLON, 0, _COLON_REACH)
        if colon < 1 or colon + 3 > clauses.last or not self._may_speak(colon):
            return
        ends, starts = clauses.sentence.ends, clauses.sentence.starts
        if all(tag in _BEFORE_COLON for tag in tags[1:colon]) and ends[colon - 1] == starts[colon]:
            content: list[Range] = [(colon + 1, clauses.last)]
            self._attributions.add(_COLON, (0, colon), (colon, colon + 1), content, "colon")

    def _may_speak(self, colon: int) -> bool:
        """Whether somebody is before the colon, and not a topic: "Losses in Brennick: …", "About the Institute: …"."""
        tags, lower = self._clauses.tags, self._clauses.lower
        end = next((k for k in range(colon) if tags[k] in _SPEAKER_ENDS), colon)
        if not end or tags[0] == NUMBER:
            return False
        named = NAME in tags[:colon] or lower[colon - 1] in speaking_nouns()
        return named and (tags[end - 1] == NAME or lower[end - 1] in speaking_nouns())

    def _read_quoted_colon(self, colon: int) -> None:
        """Reads "From the report: “…”", without a verb of saying before the colon."""
        clauses, tags = self._clauses, self._clauses.tags
        if not colon or tags[colon + 1 : colon + 2] != QUOTATION or tags[colon - 1] not in _BEFORE_QUOTED_COLON:
            return
        start = max(tags.rfind(DASH, 0, colon), tags.rfind(STOP, 0, colon)) + 1
        source = phrase_ending(clauses.sentence, colon - 1)
        if source is None or any(tag in CERTAIN_VERBS for tag in tags[start : source[0]]):
            return
        verbs = (k for k in range(start, colon) if tags[k] in LEXICAL_VERBS)
        if not any(clauses.lower[k] in cue_verbs() for k in verbs):
            content = [(colon + 1, clauses.clause_end(colon + 1))]
            self._attributions.add(_COLON, source, (colon, colon + 1), content, "colon")

    def _read_according_to(self, index: int) -> None:
        """Reads "According to Orbis, …" and "…, according to Orbis"."""
        clauses, tags = self._clauses, self._clauses.tags
        source = phrase_starting(clauses.sentence, index + 2)
        if source is None:
            return
        if index and tags[index - 1] not in _BEFORE_ACCORDING and clauses.lower[index + 2] in POSSESSIVES:
            return  # "acts according to its own rules"
        content = self._attributions.content_before(index)
        if content is None:
            comma = tags.find(COMMA, source[1])
            content = (comma + 1, clauses.clause_end(comma + 1)) if comma > 0 else (source[1], clauses.last)
        self._attributions.add(_ACCORDING_TO, source, (index, index + 2), [content], "according")

    def _read_hedge(self, index: int) -> None:
        """Reads "The admiral has reportedly left": nobody in particular says so."""
        clauses = self._clauses
        if not self._attributions.is_inside_content(index):
            content = [(clauses.clause_start(index), clauses.hedge_end(index + 1))]
            self._attributions.add(_HEDGE, None, (index, index + 1), content, "hedge")


def _without_weak(found: list[Attribution]) -> list[Attribution]:
    """Leaves out the weak attributions inside what another source says: they are part of what it says."""
    kept: list[Attribution] = []
    for one in found:
        outer = [other for other in found if other is not one and _contains(other, one)]
        if _is_firm(one) or all(_contains(one, other) and other not in kept and not _is_firm(other) for other in outer):
            kept.append(one)
    return kept


def _contains(outer: Attribution, inner: Attribution) -> bool:
    """Whether the cue of one is in the content of the other."""
    at = inner.cue[0] if inner.cue else -1
    return any(start <= at < end for start, end in outer.content)


def _is_firm(one: Attribution) -> bool:
    return one.cue_word.lemma in _FIRM_CUES or one.construction in _FIRM_CONSTRUCTIONS

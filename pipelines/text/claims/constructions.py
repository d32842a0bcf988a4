"""Reads one sentence: finds its cues, and the construction around each of them that shows who says what."""

from functools import cache

from pipelines.text.claims.claimant_nouns import speaking_nouns
from pipelines.text.claims.noun_cues import NounCues
from pipelines.text.claims.phrases.according import OPENINGS, SourcePhrases
from pipelines.text.claims.phrases.asides import Asides
from pipelines.text.claims.phrases.hedges import HEDGE_WORDS, Hedges
from pipelines.text.claims.phrases.stances import Stances
from pipelines.text.claims.sentence_attributions import Attribution, SentenceAttributions
from pipelines.text.claims.verb_cues import VerbCues
from pipelines.text.claims.via.chains import only_repeats
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord, cue_nouns, cue_verbs, hedging_adjectives, phrasal_cues
from pipelines.text.english.noun_phrases import Range
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    BASE_FORM,
    CLOSING_BRACKET,
    COLON,
    COMMA,
    CONJUNCTION,
    DETERMINER,
    FINITE_VERBS,
    HEADS,
    LEXICAL_VERBS,
    NAME,
    NUMBER,
    OPENING_BRACKET,
    PREPOSITION,
    QUOTATION,
    TO,
    Classes,
)
from pipelines.text.tables import load_words

_MOST = 24
"""Attributions after which the rest of a sentence is not read: no written sentence has as many."""
_COLON_REACH = 12
"""Words of a headline in which a colon is searched for."""
_FIRM_CUES = frozenset(("say", "according to"))
_FIRM_CONSTRUCTIONS = frozenset(("quote", "of", "on"))
"""Inside what somebody says, only these constructions and the firm cues name a source of their own."""
_LABELS = load_words(__package__, "claimants.yaml", "labels")
_LONGEST_ACRONYM = 5
_COLON = CueWord(":", frozenset(("quote",)), "asserted")

_BEFORE_COLON: Classes = HEADS | {
    DETERMINER, ADJECTIVE, PREPOSITION, CONJUNCTION, COMMA, OPENING_BRACKET, CLOSING_BRACKET,
}  # fmt: skip
_STATEMENTS: Classes = FINITE_VERBS | {BASE_FORM, TO, QUOTATION}
_SPEAKER_ENDS: Classes = frozenset((PREPOSITION, COMMA, CONJUNCTION, OPENING_BRACKET))


@cache
def _trigger_words() -> frozenset[str]:
    """Returns the words that can open a construction; of all others only colons can."""
    verbs = cue_verbs().keys() | {verb for verb, _ in phrasal_cues()}
    return HEDGE_WORDS | OPENINGS | verbs | cue_nouns().keys() | hedging_adjectives().keys() | {"as"}


def read_sentence(sentence: Sentence, number: int) -> list[Attribution]:
    """Returns the attributions of a sentence in reading order; `number` is that of the sentence in its field."""
    if COLON not in sentence.tags and _trigger_words().isdisjoint(sentence.lower):
        return []
    return _SentenceReader(sentence, number).read()


class _SentenceReader:
    """Reads one sentence from left to right."""

    __slots__ = (
        "_asides", "_attributions", "_clauses", "_hedges", "_noun_cues", "_source_phrases", "_stances", "_verb_cues",
    )  # fmt: skip

    def __init__(self, sentence: Sentence, number: int) -> None:
        self._clauses = Clauses(sentence)
        self._attributions = SentenceAttributions(self._clauses, number)
        self._verb_cues = VerbCues(self._clauses, self._attributions)
        self._noun_cues = NounCues(self._clauses, self._attributions)
        self._hedges = Hedges(self._clauses, self._attributions)
        self._source_phrases = SourcePhrases(self._clauses, self._attributions)
        self._asides = Asides(self._clauses, self._attributions, self._source_phrases)
        self._stances = Stances(self._clauses, self._attributions)

    def read(self) -> list[Attribution]:
        found = self._attributions.found
        self._read_headline_colon()
        triggers, following = _trigger_words(), 0
        words = zip(self._clauses.lower, self._clauses.tags, strict=True)
        for index in [at for at, (word, tag) in enumerate(words) if word in triggers or tag == COLON]:
            if index >= following and len(found) < _MOST:
                following = self._read_from(index)
        return _without_weak([one for one in found if one.content])

    def _read_from(self, index: int) -> int:
        """Reads the construction around the word at `index`, if it is a cue. Returns the next word to be read."""
        word, tag = self._clauses.lower[index], self._clauses.tags[index]
        if word == "as" and (end := self._asides.read(index)) > index:
            return end
        if (word in HEDGE_WORDS and self._hedges.read(index)) or (
            word in OPENINGS and self._source_phrases.read(index)
        ):
            return index + 1
        if tag in LEXICAL_VERBS and self._verb_cues.read(index):
            return index + 1
        if tag in HEADS and (noun := cue_nouns().get(word)) is not None:
            self._noun_cues.read_noun(index, noun)
        elif (adjective := hedging_adjectives().get(word)) is not None:
            self._noun_cues.read_adjective(index, adjective)
        elif tag == COLON and not self._attributions.found:
            self._stances.read(index)
        return index + 1

    def _read_headline_colon(self) -> None:
        """Reads "Report: Minister took bribes": the source comes first."""
        clauses, tags = self._clauses, self._clauses.tags
        colon = tags.find(COLON, 0, _COLON_REACH)
        if colon < 1 or colon + 3 > clauses.last or clauses.lower[-1] == "?" or not self._may_speak(colon):
            return
        ends, starts = clauses.sentence.ends, clauses.sentence.starts
        if _BEFORE_COLON.issuperset(tags[1:colon]) and ends[colon - 1] == starts[colon]:
            content: list[Range] = [(colon + 1, clauses.last)]
            self._attributions.add(_COLON, (0, colon), (colon, colon + 1), content, "colon")

    def _may_speak(self, colon: int) -> bool:
        """Whether somebody is before the colon, and not a topic: "Losses in Brennick: …", "About the Institute: …".

        A name may be a topic too, so that what it says has to be a statement: "Ann Lee: Old Masters" is none.
        """
        tags, lower = self._clauses.tags, self._clauses.lower
        end = next((k for k in range(colon) if tags[k] in _SPEAKER_ENDS), colon)
        if not end or tags[0] == NUMBER or lower[end - 1] in _LABELS:
            return False
        if lower[end - 1] in speaking_nouns() and (NAME in tags[:colon] or lower[colon - 1] in speaking_nouns()):
            return True
        if self._clauses.last < self._clauses.size and self._is_label(end, colon):
            return False  # A headline has no stop.
        return self._is_name(end - 1) and not _STATEMENTS.isdisjoint(tags[colon + 1 :])

    def _is_label(self, end: int, colon: int) -> bool:
        """Whether the words are a label or the place of a report: "Length: The boat is long.", "NEW DELHI: …".

        "UN: …" is none, nor what begins a line all in capitals.
        """
        words, after = self._clauses.sentence.words[:end], self._clauses.sentence.words[colon + 1 :]
        if not all(word.isupper() for word in words):
            return end == 1
        is_long = sum(map(len, words)) > _LONGEST_ACRONYM
        return is_long and not all(word.isupper() for word in after if word.isalpha())

    def _is_name(self, index: int) -> bool:
        """Whether the word is a name, perhaps in capitals, and not a letter: "UN", not "Q"."""
        word = self._clauses.sentence.words[index]
        return len(word) > 1 and (self._clauses.tags[index] == NAME or word.isupper())


def _without_weak(found: list[Attribution]) -> list[Attribution]:
    """Leaves out the weak attributions inside what another source says: they are part of what it says."""
    kept: list[Attribution] = []
    quoted = {other.content[0] for other in found if other.construction == "quote"}
    for one in found:
        if one.construction == "colon" and any(start == one.content[0][0] for start, _ in quoted):
            continue  # "He was wrong: “We left,” she said"
        outer = [other for other in found if other is not one and _contains(other, one)]
        if (
            _is_firm(one)
            or any(_repeats(other, one) for other in outer)
            or all(_contains(one, other) and other not in kept and not _is_firm(other) for other in outer)
        ):
            kept.append(one)
    return kept


def _repeats(outer: Attribution, inner: Attribution) -> bool:
    """Whether what somebody says is only that another says it: "Police say the driver admitted that …"."""
    return only_repeats(outer, inner)


def _contains(outer: Attribution, inner: Attribution) -> bool:
    """Whether the cue of one is in the content of the other."""
    at = inner.cue[0] if inner.cue else -1
    return any(start <= at < end for start, end in outer.content)


def _is_firm(one: Attribution) -> bool:
    return one.cue_word.lemma in _FIRM_CUES or one.construction in _FIRM_CONSTRUCTIONS

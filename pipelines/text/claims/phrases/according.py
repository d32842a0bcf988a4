"""Sources after a fixed phrase: "according to Orbis", "in the words of the mayor", "per the harbour office"."""

from pipelines.text.claims.claimant_nouns import kind_of
from pipelines.text.claims.pronouns import POSSESSIVES
from pipelines.text.claims.sentence_attributions import SentenceAttributions
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord
from pipelines.text.english.noun_phrases import Range, phrase_starting
from pipelines.text.english.word_classes import (
    CLAUSE_VERBS,
    CLOSING_BRACKET,
    COMMA,
    DASH,
    DETERMINER,
    NAME,
    OPENING_BRACKET,
    RELATIVE,
    STOP,
    Classes,
)
from pipelines.text.tables import load_table

_PHRASES = [phrase.split() for phrase in load_table(__package__, "phrases.yaml")["sources"]]
OPENINGS = frozenset(words[0] for words in _PHRASES)
"""The words that the phrases begin with."""
_ACCORDING_TO = CueWord("according to", frozenset(("after",)), "asserted")
_BEFORE_ACCORDING: Classes = frozenset((COMMA, STOP))
_INSERTION_MARKS: Classes = frozenset((COMMA, DASH, OPENING_BRACKET, CLOSING_BRACKET))
_BRACKETS: Classes = frozenset((DASH, CLOSING_BRACKET))
_SHORT = "per"
"""A phrase that is a preposition of rates as well: "40 tonnes per day"."""


class SourcePhrases:
    """Reads the phrases before sources of one sentence."""

    __slots__ = ("_attributions", "_clauses")

    def __init__(self, clauses: Clauses, attributions: SentenceAttributions) -> None:
        self._clauses, self._attributions = clauses, attributions

    def read(self, index: int) -> bool:
        """Adds the attribution of the phrase at `index`. Returns whether there is a phrase."""
        lower = self._clauses.lower
        phrase = next((words for words in _PHRASES if lower[index : index + len(words)] == words), None)
        if phrase is None:
            return False
        end = index + len(phrase)
        source = phrase_starting(self._clauses.sentence, end)
        if source is not None and self._names_source(index, end):
            content = self.find_content(index, source)
            self._attributions.add(_ACCORDING_TO, source, (index, end), content, "according")
        return True

    def _names_source(self, index: int, end: int) -> bool:
        """Whether the phrase is not part of a clause: "acts according to its own rules", "40 tonnes per day"."""
        tags, lower = self._clauses.tags, self._clauses.lower
        apart = not index or tags[index - 1] in _BEFORE_ACCORDING
        if lower[index:end] == [_SHORT]:
            return bool(index) and apart and tags[end] in (NAME, DETERMINER)
        return apart or lower[end] not in POSSESSIVES

    def find_content(self, index: int, phrase: Range) -> list[Range]:
        """Returns what is said: before the word at `index`, after the phrase that it opens, or on both sides."""
        before = self._attributions.content_before(index)
        if before is not None:
            return [before]
        clauses, tags = self._clauses, self._clauses.tags
        closing = self._closing(phrase)
        start = self._attributions.content_start(index - 1) if index else 0
        first = start, index - (tags[index - 1 : index] in _INSERTION_MARKS)
        if closing < 0:
            return [first if first[1] - first[0] > 1 else (phrase[1], clauses.last)]
        after = closing + 1, clauses.clause_end(closing + 1)
        bracketed = tags[closing] in _BRACKETS
        if first[1] - first[0] < 1 or bracketed or not _has_verb(tags[slice(*after)]):
            return [first if first[1] - first[0] > 1 else after]
        return [first, after]

    def _closing(self, source: Range) -> int:
        """Returns the mark that closes the phrase: the first comma after it, or after what explains the source."""
        tags, lower = self._clauses.tags, self._clauses.lower
        mark = next((k for k in range(source[1], self._clauses.last) if tags[k] in _INSERTION_MARKS), -1)
        following = tags.find(COMMA, mark + 1) if mark > 0 and tags[mark] == COMMA else -1
        between = tags[mark + 1 : following] if following > 0 else ""
        if not between:
            return mark
        office = kind_of(" ".join(lower[slice(*source)])) == "office"
        described = tags[source[1] - 1] == NAME and between[0] == DETERMINER and not _has_verb(between)
        explained = between[0] == RELATIVE or (office and not between.strip(NAME)) or described
        return following if explained else mark


def _has_verb(tags: str) -> bool:
    return not CLAUSE_VERBS.isdisjoint(tags)

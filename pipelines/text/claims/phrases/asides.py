"""Sources in clauses with "as": "As Ann Lee said, boats sank", "…, as the mayor put it", "as reported by Orbis"."""

from pipelines.text.claims.phrases.according import SourcePhrases
from pipelines.text.claims.sentence_attributions import SentenceAttributions
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord, cue_verbs, phrasal_cues
from pipelines.text.english.noun_phrases import TIME_QUALIFIERS, TIME_WORDS, Range, phrase_starting
from pipelines.text.english.word_classes import (
    COMMA,
    CONJUNCTION,
    DASH,
    OPENING_BRACKET,
    PREPOSITION,
    STOP,
    VERB_MODIFIERS,
    Classes,
)
from pipelines.text.tables import load_words

_PUTS = load_words(__package__, "phrases.yaml", "puts")
_PUT = CueWord("put", frozenset(("quote",)), "asserted")
_BEFORE: Classes = frozenset((COMMA, STOP, CONJUNCTION, DASH, OPENING_BRACKET))
_MARKS: Classes = frozenset((COMMA, STOP, DASH, ")"))
_TIMES = TIME_WORDS | TIME_QUALIFIERS


class Asides:
    """Reads the clauses with "as" of one sentence."""

    __slots__ = ("_attributions", "_clauses", "_phrases")

    def __init__(self, clauses: Clauses, attributions: SentenceAttributions, phrases: SourcePhrases) -> None:
        self._clauses, self._attributions, self._phrases = clauses, attributions, phrases

    def read(self, index: int) -> int:
        """Adds the attribution of the clause with "as" at `index`. Returns the first word that is not read yet."""
        tags = self._clauses.tags
        if index and tags[index - 1] not in _BEFORE:
            return index
        found = self._find_agent(index + 1) or self._find_speaker(index + 1)
        if found is None:
            return index
        source, verb, end = found
        if end < self._clauses.size and tags[end] not in _MARKS:
            return index
        lower = self._clauses.lower
        cue = phrasal_cues().get((lower[verb], "".join(lower[verb + 1 : verb + 2]))) or cue_verbs().get(
            lower[verb], _PUT
        )
        content = self._phrases.find_content(index, (index, end))
        self._attributions.add(cue, source, (verb, verb + 1), content, "according")
        return end

    def _find_agent(self, index: int) -> tuple[Range, int, int] | None:
        """Returns who reports, the verb and the end of "as reported by Orbis"."""
        lower = self._clauses.lower
        if lower[index + 1 : index + 2] != ["by"] or not _says(lower[index]):
            return None
        source = phrase_starting(self._clauses.sentence, index + 2)
        return (source, index, source[1]) if source else None

    def _find_speaker(self, index: int) -> tuple[Range, int, int] | None:
        """Returns who speaks, the verb and the end of "as Ann Lee pointed out on Monday"."""
        tags, lower = self._clauses.tags, self._clauses.lower
        source = phrase_starting(self._clauses.sentence, index)
        if source is None:
            return None
        verb = source[1]
        if verb - source[0] > 1 and tuple(lower[verb - 1 : verb + 1]) in phrasal_cues():
            verb -= 1  # "points out", taken for a noun
            source = source[0], verb
        while verb < self._clauses.last and tags[verb] in VERB_MODIFIERS:
            verb += 1
        if verb >= self._clauses.last:
            return None
        if lower[verb] in _PUTS:
            return (source, verb, verb + 2) if lower[verb + 1 : verb + 2] == ["it"] else None
        if tuple(lower[verb : verb + 2]) in phrasal_cues():
            return source, verb, self._skip_time(verb + 2)
        return (source, verb, self._skip_time(verb + 1)) if _says(lower[verb]) else None

    def _skip_time(self, index: int) -> int:
        """Returns the end of a time or place after the verb: "as Ann Lee said on Monday in a letter"."""
        tags, lower = self._clauses.tags, self._clauses.lower
        end = index + (tags[index : index + 1] == PREPOSITION)
        while end < self._clauses.last and lower[end] in _TIMES:
            end += 1
        end = end if end > index + 1 or (lower[index : index + 1] and lower[index] in _TIMES) else index
        while lower[end : end + 1] == ["in"] and (phrase := phrase_starting(self._clauses.sentence, end + 1)):
            end = phrase[1]  # "in a column"
        return end


def _says(verb: str) -> bool:
    cue = cue_verbs().get(verb)
    return cue is not None and "quote" in cue.takes

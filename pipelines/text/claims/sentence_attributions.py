"""The attributions found so far in one sentence: later ones depend on where earlier ones begin and end."""

from dataclasses import dataclass, field

from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord
from pipelines.text.english.noun_phrases import Range, phrase_ending
from pipelines.text.english.word_classes import (
    CLAUSE_LINKS,
    COMMA,
    CONJUNCTION,
    DASH,
    ING_FORM,
    INSIDE_PHRASE,
    OPENING_BRACKET,
    PRONOUN,
    QUOTATION,
    Classes,
)

_CONTENT_FIRST = frozenset(("quote", "after", "according"))
"""Constructions with the content before the cue: what follows them is the content of another cue."""
_NOBODY = frozenset(("nobody", "none"))
_BEFORE_CONTENT: Classes = frozenset((COMMA, CONJUNCTION, DASH))
_AFTER_CONTENT: Classes = _BEFORE_CONTENT | {OPENING_BRACKET}
_ANTECEDENTS: Classes = INSIDE_PHRASE | {PRONOUN}


@dataclass(slots=True)
class Attribution:
    """Who says what, as offsets in the field.

    `source` is the mention of the claimant, `first` and `sentence` are the numbers of the first and last sentence.
    """

    cue_word: CueWord
    sentence: int
    first: int
    cue: tuple[int, int] | None
    source: tuple[int, int] | None
    content: list[tuple[int, int]] = field(default_factory=list)
    construction: str = "clause"
    quoted: bool = False
    antecedent: tuple[int, int] | None = None
    """What a relative pronoun refers to, if the source is one."""
    relay: tuple[int, int] | None = None
    """The outlet that passes on what the source says."""
    doubted: bool = False
    """Whether the text says that it is not verified."""


class SentenceAttributions:
    """Collects the attributions of one sentence."""

    __slots__ = ("_clauses", "_number", "found")

    def __init__(self, clauses: Clauses, number: int) -> None:
        """`number` is that of the sentence in its field."""
        self._clauses, self._number = clauses, number
        self.found: list[Attribution] = []

    def add(
        self, cue: CueWord, source: Range | None, cue_range: Range, content: list[Range], construction: str
    ) -> None:
        """Adds an attribution; the ranges are indices of words, empty ones of the content are left out."""
        sentence, tags = self._clauses.sentence, self._clauses.tags
        self.found.append(
            Attribution(
                cue_word=cue,
                sentence=self._number,
                first=self._number,
                cue=self._span(cue_range),
                source=self._span(source) if source else None,
                content=[self._span(part) for part in content if part[0] < part[1]],
                construction=construction,
                quoted=any(QUOTATION in tags[start:end] for start, end in content),
            )
        )
        if source is not None and source[0] and tags[source[0]] in CLAUSE_LINKS:
            before = source[0] - 1 - (tags[source[0] - 1] == COMMA)
            phrase = phrase_ending(sentence, before) if before >= 0 and tags[before] in _ANTECEDENTS else None
            self.found[-1].antecedent = self._span(phrase) if phrase else None

    def _span(self, words: Range) -> tuple[int, int]:
        sentence = self._clauses.sentence
        return sentence.starts[words[0]], sentence.ends[words[1] - 1]

    def last_source(self, *, is_main: bool = False) -> Range | None:
        """Returns the words of the last source; None before the first attribution and after one without a source.

        `is_main` asks for the source of the last finite verb: "Ann Lee left the hall telling lies, calling it a farce".
        """
        clauses = self._clauses
        found = [one for one in self.found if not is_main or not self._is_participle(one)] or self.found
        if not found or found[-1].source is None:
            return None
        start, end = found[-1].source
        return clauses.word_at(start), clauses.word_at(end) if end < clauses.sentence.end else clauses.size

    def source_up_to(self, mark: int) -> Range | None:
        """Returns the words of the last source if what it says ends before the comma `mark`."""
        if not self.found or not mark or not self.found[-1].content:
            return None
        ends = self.found[-1].content[-1][1] == self._clauses.sentence.ends[mark - 1]
        return self.last_source() if ends else None

    def drop_issue(self, index: int) -> None:
        """Leaves out that somebody issued a document, if the word at `index` says what it says."""
        at = self._clauses.sentence.starts[index]
        self.found[:] = [
            one
            for one in self.found
            if one.construction != "object" or not any(start <= at < end for start, end in one.content)
        ]

    def _is_participle(self, one: Attribution) -> bool:
        return one.cue is not None and self._clauses.tags[self._clauses.word_at(one.cue[1]) - 1] == ING_FORM

    def starts_content(self, index: int) -> bool:
        """Whether what somebody says starts with the word at `index`."""
        at = self._clauses.sentence.starts[index]
        return any(start == at for one in self.found for start, _ in one.content)

    def is_inside_content(self, index: int) -> bool:
        """Whether somebody already says the words around `index`; nobody says nothing."""
        at = self._clauses.sentence.starts[index]
        return any(
            start <= at < end for one in self.found if not self._is_nobody(one.source) for start, end in one.content
        )

    def _is_nobody(self, source: tuple[int, int] | None) -> bool:
        return source is not None and self._clauses.lower[self._clauses.word_at(source[0])] in _NOBODY

    def content_start(self, last: int) -> int:
        """Returns where the content before a cue starts, if its last word is `last`.

        It starts after the attribution before it, or with the sentence.
        """
        clauses, start = self._clauses, 0
        limit = clauses.sentence.starts[last]
        for one in self.found:
            if one.construction not in _CONTENT_FIRST:
                continue
            for part in (one.cue, one.source):
                if part is not None and part[1] <= limit:
                    start = max(start, clauses.word_at(part[1]))
        start = max([start, *(index + 1 for index in range(start, last) if clauses.lower[index] == ";")])
        while start < last and clauses.tags[start] in _BEFORE_CONTENT:
            start += 1
        return start

    def content_before(self, index: int) -> Range | None:
        """Returns the clause before a cue such as "according to", or None if there is none."""
        end = index
        while end and self._clauses.tags[end - 1] in _AFTER_CONTENT:
            end -= 1
        if end < 2 or not self._clauses.is_clause(0, end):
            return None
        return self.content_start(end - 1), end

"""The main clause of a statement: its subject and its verb group, behind what opens it and around relative clauses."""

import re
from dataclasses import dataclass

from pipelines.text.claims.status.table import status_words
from pipelines.text.claims.status.tagged_words import TaggedWords
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    CLAUSE_LINKS,
    COMMA,
    CONJUNCTION,
    COUNTED_HEADS,
    DASH,
    DETERMINER,
    FINITE_VERBS,
    HEADS,
    IN_PHRASE,
    ING_FORM,
    MODAL,
    NAME,
    NOUN,
    NUMBER,
    PAST_FORM,
    POSSESSIVE_ENDING,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    S_FORM,
    STOP,
    SUBORDINATOR,
    THAT,
    TO,
    VERB_MODIFIERS,
    Classes,
)

_BEFORE_SUBJECT: Classes = frozenset((THAT, CONJUNCTION, COMMA, STOP, DASH))
_OPENINGS: Classes = frozenset((SUBORDINATOR, PREPOSITION, ING_FORM))

_IN_SUBJECT: Classes = IN_PHRASE | {PRONOUN}
_IN_COMPLEMENT: Classes = IN_PHRASE | {ADVERB, PAST_FORM, BASE_FORM}
_SUBJECT_HEADS: Classes = COUNTED_HEADS | {PRONOUN}
_HELPERS: Classes = frozenset((MODAL, AUXILIARY))
_AFTER_AUXILIARY: Classes = frozenset((PAST_FORM, ING_FORM, BASE_FORM))
_INFINITIVES: Classes = frozenset((BASE_FORM, AUXILIARY))
_PHRASE = f"[{DETERMINER}{ADJECTIVE}{NOUN}{NAME}{NUMBER}{POSSESSIVE_ENDING}]+"
_PARTICIPLE = re.compile(f"{PAST_FORM}{ADVERB}*(?:[{PREPOSITION}{TO}]{_PHRASE})+{ADVERB}*[{MODAL}{AUXILIARY}{S_FORM}]")
"""A participle after a noun, up to the verb of that noun: "the men held in Delport will …"."""
_LEADS_ON_TO_VERB = frozenset(
    ("going", "have", "has", "had", "continue", "continues", "continuing", "ought", "try", "trying", "start", "begin")
)
"""Before "to" and another verb: "will continue to run"."""
_BE_FORMS = frozenset(("be", "is", "are", "was", "were", "been", "being", "am", "'s", "'re", "'m", "get", "gets"))


@dataclass(frozen=True, slots=True)
class MainClause:
    """The main clause as indices of words: where it starts, its verb group, and the last verb of that group."""

    words: TaggedWords
    start: int
    first: int
    """First word of the verb group, with the adverbs before it."""
    main: int
    """The main verb, or the copula: "sent" in "will be sent", "be" in "will be late"."""
    opening: str
    """The conjunction of the clause before the main clause: "if"; empty if there is none."""

    @property
    def group(self) -> list[str]:
        """The words of the verb group."""
        return self.words.lower[self.first : self.main + 1]

    @property
    def verb(self) -> str:
        """The main verb."""
        return self.words.lower[self.main]

    @property
    def is_passive(self) -> bool:
        """Whether the main verb is done to the subject: "will be sent"."""
        return self.words.tags[self.main] == PAST_FORM and not _BE_FORMS.isdisjoint(self.group[:-1])

    @property
    def is_copular(self) -> bool:
        """Whether the main verb only links the subject with what it is: "will be late"."""
        return self.verb in _BE_FORMS

    @property
    def is_perfect(self) -> bool:
        """Whether a modal is followed by a perfect: "should have been opened"."""
        return "have" in self.group[:-1]

    def after(self, count: int) -> list[str]:
        """Returns the words after the main verb, at most `count`."""
        return self.words.lower[self.main + 1 : self.main + 1 + count]

    def complement(self) -> list[str]:
        """Returns the words after the main verb up to the end of their phrase."""
        end = self.main + 1
        while self.words.tags[end : end + 1] in _IN_COMPLEMENT:
            end += 1
        return self.words.lower[self.main + 1 : end]

    def subject_head(self) -> tuple[str, str]:
        """Returns the main word of the subject and its class; two empty strings if there is none.

        The class is that of a verb in -ing if the subject is an act: "Ostmark sending troops would …".
        """
        lower, tags, at = self.words.lower, self.words.tags, self.start
        while at < self.first and tags[at] not in _IN_SUBJECT:
            at = _phrase_end(tags, at + 1) if tags[at] == PREPOSITION else at + 1
        head = ("", "")
        while at < self.first and tags[at] in _IN_SUBJECT:
            if tags[at] in _SUBJECT_HEADS or head[1] not in _SUBJECT_HEADS:
                head = (lower[at], tags[at])
            at += 1
        act = tags[self.start] == ING_FORM or (tags[at] == ING_FORM and head[1] == NAME)
        return (head[0], ING_FORM) if act else head


def _phrase_end(tags: str, start: int) -> int:
    """Returns where the phrase after a preposition ends: "in June" of "in June the army will"."""
    end = start + 1
    while tags[end : end + 1] in IN_PHRASE and tags[end] != DETERMINER:
        end += 1
    return end


def find_main_clause(words: TaggedWords) -> MainClause | None:
    """Returns the main clause of a statement; None if the statement has no finite verb."""
    start = 0
    while words.tags[start : start + 1] in _BEFORE_SUBJECT and start < len(words.tags):
        start += 1
    opening = words.lower[start] if words.tags[start : start + 1] == SUBORDINATOR else ""
    if words.tags[start : start + 1] in _OPENINGS:
        start = _skip_opening(words, start)
    verb = _find_finite_verb(words, start)
    if verb is None:
        return None
    first = verb
    while first > start and words.tags[first - 1] == ADVERB:
        first -= 1
    return MainClause(words, start, first, find_main_verb(words, verb), opening)


def _skip_opening(words: TaggedWords, start: int) -> int:
    """Returns where the subject starts behind a clause or phrase that opens the statement."""
    comma = words.tags.find(COMMA, start)
    behind = words.tags[start] != ING_FORM or words.tags[comma + 1 : comma + 2] in _IN_SUBJECT
    if comma >= 0 and behind and _find_finite_verb(words, comma + 1) is not None:
        return comma + 1
    verb = _find_finite_verb(words, start + 1) if words.tags[start] == SUBORDINATOR else None
    second = _find_finite_verb(words, find_main_verb(words, verb) + 1) if verb is not None else None
    if second is None:
        return start
    while words.tags[second - 1] in IN_PHRASE or words.tags[second - 1] == PRONOUN:
        second -= 1
    return second


def _find_finite_verb(words: TaggedWords, start: int) -> int | None:
    """Returns the first finite verb that is not inside a relative clause; if there is none, the first in one."""
    tags = words.tags
    in_relative_clause = tags[start : start + 1] == RELATIVE
    first_in_clause: int | None = None
    index = start
    while index < len(tags):
        if index > start and _opens_relative_clause(tags, index):
            in_relative_clause = True
        elif _is_finite(words, index, start):
            if not in_relative_clause:
                return index
            first_in_clause = index if first_in_clause is None else first_in_clause
            in_relative_clause, index = False, find_main_verb(words, index)
        index += 1
    return first_in_clause


def _opens_relative_clause(tags: str, index: int) -> bool:
    return tags[index] in CLAUSE_LINKS or (tags[index] == PRONOUN and tags[index - 1] in HEADS)


def _is_finite(words: TaggedWords, index: int, start: int) -> bool:
    """Whether a word is a finite verb where it stands: not "will" in "the will", not "held" in "the men held in"."""
    tags, tag = words.tags, words.tags[index]
    before = tags[index - 1] if index > start else ""
    if tag == BASE_FORM:
        return index > start and before != TO
    if tag == MODAL:
        return index > start and before != POSSESSIVE_ENDING and words.lower[index - 1] not in status_words("articles")
    if tag == PAST_FORM:
        return before not in HEADS or _PARTICIPLE.match(tags, index) is None
    return tag in FINITE_VERBS


def find_main_verb(words: TaggedWords, verb: int) -> int:
    """Returns the last verb of the group that starts with a verb."""
    tags, at = words.tags, verb
    while (following := _next_verb(words, at)) is not None:
        at = following
    return at if at < len(tags) else verb


def _next_verb(words: TaggedWords, at: int) -> int | None:
    """Returns the verb that a verb of a group leads on to, over adverbs: "will not be" to "sent"."""
    lower, tags = words
    after = at + 1
    while tags[after : after + 1] == ADVERB:
        after += 1
    following = tags[after : after + 1]
    if not following:
        return None
    if following == TO and lower[at] in _LEADS_ON_TO_VERB:
        return after + 1 if tags[after + 1 : after + 2] in _INFINITIVES else None
    if tags[at] in _HELPERS:
        return after if following in _AFTER_AUXILIARY or following in VERB_MODIFIERS else None
    return after if following == ING_FORM and lower[at] in _LEADS_ON_TO_VERB else None

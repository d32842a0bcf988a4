"""The parts of a clause around a verb: its group, its voice, and where the clause begins and ends."""

import re
from bisect import bisect_left

from pipelines.text.english.cues import catenatives, cue_verbs
from pipelines.text.english.described_subjects import OBJECT_PRONOUNS
from pipelines.text.english.noun_phrases import phrase_starting
from pipelines.text.english.predicates import Predicates
from pipelines.text.english.tagger.certain import QUOTED_PAUSE
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    CERTAIN_VERBS,
    CLAUSE_LINKS,
    CLAUSE_VERBS,
    COLON,
    COMMA,
    CONJUNCTION,
    DASH,
    DETERMINER,
    HEADS,
    ING_FORM,
    MODAL,
    NAME,
    NOUN,
    NUMBER,
    OPENING_BRACKET,
    PAST_FORM,
    POSSESSIVE_ENDING,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    RELATIVE,
    S_FORM,
    STOP,
    SUBORDINATOR,
    THAT,
    TO,
    VERB_MODIFIERS,
    Classes,
)
from pipelines.text.tables import load_words

_TABLE = "phrases.yaml"
_HEADLINE_PARTICIPLES = load_words(__package__, _TABLE, "headline_participles")
_PASSIVE_AUXILIARIES = load_words(__package__, _TABLE, "passive_auxiliaries")
_CONTRASTS = load_words(__package__, _TABLE, "contrasts")
_WRITERS_ADDITIONS = load_words(__package__, _TABLE, "writers_additions")
_PHRASE_ENDING_CONJUNCTIONS = load_words(__package__, _TABLE, "phrase_ending_conjunctions")
_SPEAKER = (
    rf"(?:{PRONOUN}|{DETERMINER}|{DETERMINER}?[{ADJECTIVE}{NOUN}{NUMBER}{NAME}{POSSESSIVE_ENDING}]{{1,6}}"
    rf"(?:[{PREPOSITION}{TO}]{DETERMINER}?[{ADJECTIVE}{NOUN}{NAME}]{{1,5}})?)"
)
_VERB = rf"[{ADVERB}{AUXILIARY}]*[{S_FORM}{PAST_FORM}{BASE_FORM}]"
_ANOTHER_SPEAKER = re.compile(
    rf"[{COMMA}{DASH}]?[{CONJUNCTION}{SUBORDINATOR}]+{_SPEAKER}{_VERB}|{DASH}{_SPEAKER}{_VERB}"
)
"""Somebody who speaks after a conjunction or dash: "and the navy said", "though police said"."""
_LAST_SPEAKER = re.compile(rf"{COMMA}{_SPEAKER}{_VERB}")
"""Somebody who may have said what comes before: ", the navy said"."""
_AND_THAT = COMMA + CONJUNCTION + THAT

_CLAUSE_BREAKS: Classes = frozenset((COMMA, CONJUNCTION, SUBORDINATOR, DASH, STOP))
_AFTER_LAST_VERB: Classes = frozenset(("", COMMA, STOP, PREPOSITION, SUBORDINATOR, DASH, CONJUNCTION))
"""What follows the verb of somebody who said what comes before; nothing at the end."""
_SKIPPED_AFTER_BREAK: Classes = frozenset((ADVERB, CONJUNCTION))
_NEW_CUE: Classes = frozenset((ING_FORM, S_FORM, PAST_FORM))
_BEFORE_ING_CUE: Classes = frozenset((PREPOSITION, SUBORDINATOR))
_FINITE_CUE: Classes = frozenset((S_FORM, PAST_FORM))
_AFTER_PHRASE_COMMA: Classes = frozenset((DETERMINER, PRONOUN, SUBORDINATOR))
_AFTER_PHRASE_CONJUNCTION: Classes = frozenset((DETERMINER, PRONOUN, NAME, NOUN))
_NAME_BREAKS: Classes = CERTAIN_VERBS | {COMMA, DASH}
_AFTER_QUOTED_NAME: Classes = HEADS | {ADJECTIVE}
_HEDGE_BREAKS: Classes = frozenset((DASH, OPENING_BRACKET))
_AFTER_HEDGE_COMMA: Classes = frozenset((CONJUNCTION, SUBORDINATOR, RELATIVE))
_CLAUSE_OPENINGS: Classes = frozenset((STOP, COLON, SUBORDINATOR, COMMA))
_APPOSITION_OPENINGS: Classes = frozenset((RELATIVE, NUMBER))
_FINITE_OR_QUOTED: Classes = CLAUSE_VERBS | {QUOTATION}
_BEFORE_FINITE_BREAKS: Classes = frozenset((STOP, COLON, OPENING_BRACKET))


class Clauses:
    """A tagged sentence and how its clauses are cut. All positions are indices of words."""

    __slots__ = ("last", "lower", "predicates", "sentence", "size", "tags")

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.tags, self.lower = sentence.tags, sentence.lower
        self.size = len(sentence.tags)
        self.last = len(sentence.tags.rstrip(STOP))
        """End of the words without the stops at the end."""
        self.predicates = Predicates(sentence, self.last)

    def word_at(self, offset: int) -> int:
        """Returns the first word that starts at an offset of the field or after it."""
        return bisect_left(self.sentence.starts, offset)

    def group_start(self, index: int) -> int:
        """Returns where the verb group of a verb starts: "has not said", "stopped short of saying", "tried to say"."""
        start = index
        while start and self.tags[start - 1] in VERB_MODIFIERS:
            start -= 1
        if start > 2 and self.lower[start - 2 : start] == ["short", "of"]:
            return self.group_start(start - 3)
        if start > 1 and self.tags[start - 1] == TO and self.lower[start - 2] in catenatives():
            return self.group_start(start - 2)
        while start < index and self.tags[start] == ADVERB and self.lower[start] != "never":
            start += 1
        return start

    def is_passive(self, index: int, group: int) -> bool:
        """Whether the verb, whose group starts at `group`, is passive: "were urged", in headlines "urged to leave"."""
        if self.tags[index] != PAST_FORM:
            return False
        if group == index and self.lower[index] in _HEADLINE_PARTICIPLES:
            return self.lower[index + 1 : index + 2] in (["to"], ["of"])
        return not _PASSIVE_AUXILIARIES.isdisjoint(self.lower[group:index])

    def is_clause(self, start: int, end: int) -> bool:
        """Whether the words have a verb of their own."""
        return not CLAUSE_VERBS.isdisjoint(self.tags[start:end])

    def clause_end(self, start: int, form: str = S_FORM, *, is_clause: bool = True) -> int:
        """Returns where what is said ends: before another cue, of this or another speaker, or with the sentence.

        `is_clause` says whether it is a clause and no object. `form` is the class of the verb that it is the content
        of: "and added" continues "said", "and adding" "saying".
        """
        for index in range(start, self.last - 1):
            if self.lower[index] == "after" and self._tells_when(start, index):
                return index - (self.tags[index - 1] == COMMA)
            if self.lower[index] == "when" and self.tags[index + 1] == PAST_FORM:
                return index  # "… when asked by reporters"
            if self.sentence.words[index] == QUOTED_PAUSE and self._is_new_cue(index + 1):
                return index + 1
            if self.tags[index] not in _CLAUSE_BREAKS:
                continue
            joins_subjects = (
                is_clause and self.tags[index] == CONJUNCTION and _FINITE_OR_QUOTED.isdisjoint(self.tags[start:index])
            )  # "Ann Lee and the navy said"
            if not joins_subjects and self._ends_before(index, form):
                return index - (self.tags[index - 1] == COMMA)
        return self.last

    def _tells_when(self, start: int, after: int) -> bool:
        """Whether the writer adds when it was said: "said it would answer after Ostmark left", for a plan cannot."""
        if MODAL not in self.tags[start:after]:
            return False
        verb = self.predicates.find(after + 1)
        return verb is not None and self.tags[verb] == PAST_FORM

    def _ends_before(self, index: int, form: str) -> bool:
        """Whether what is said ends before a mark or conjunction."""
        tag = self.tags[index]
        if tag == STOP:
            return self.lower[index] == ";"
        if tag == COMMA and self._ends_at_comma(index):
            return True
        if tag == CONJUNCTION and self._starts_other_cue(index, form):
            return True
        return self._starts_other_speaker(index)

    def second_verb(self, start: int, stop: int, form: str) -> int:
        """Returns the conjunction before a second verb of the same subject: "slammed the plan and accused the mayor".

        `form` is the class of the first verb. Returns `stop` if there is none.
        """
        for index in range(start + 1, stop - 1):
            if self.tags[index] in CLAUSE_LINKS:
                return stop
            after = self._after_break(index)
            second = self.tags[index] == CONJUNCTION and form in _FINITE_CUE and self.tags[after] == form
            following = self.tags[after + 1 : after + 2]  # "and wounded soldiers", "and accused Ostmark"
            if second and following != NOUN and (following != NAME or self.lower[after] in cue_verbs()):
                return index - (self.tags[index - 1] == COMMA)
        return stop

    def _after_break(self, index: int) -> int:
        following = index + 1
        while following < self.last - 1 and self.tags[following] in _SKIPPED_AFTER_BREAK:
            following += 1
        return following

    def _ends_at_comma(self, comma: int) -> bool:
        """Whether a new cue follows: ", and that …", ", according to …", ", adding …"."""
        if self.tags[comma : comma + 3] == _AND_THAT:
            return True
        following = self._after_break(comma)
        if self.lower[following] in _WRITERS_ADDITIONS:
            return True
        if self.tags[following] in _BEFORE_ING_CUE and self.tags[following + 1 : following + 2] == ING_FORM:
            return self.lower[following + 1] in cue_verbs()  # "…, after insisting that …"
        return self._is_new_cue(following)

    def _is_new_cue(self, index: int) -> bool:
        return self.tags[index] in _NEW_CUE and self.lower[index] in cue_verbs()

    def _starts_other_speaker(self, index: int) -> bool:
        """Whether somebody else speaks after it: "… and the navy said …", "…, the navy said, …"."""
        another = _ANOTHER_SPEAKER.match(self.tags, index)
        if another is not None:
            verb = cue_verbs().get(self.lower[another.end() - 1])
            if verb is None:
                return False
            topic = self.lower[another.end() : another.end() + 1] in (["of"], ["about"])
            if topic and not verb.takes.isdisjoint(("of", "about")):
                return True  # "while police spoke of nine"
            if self.tags[index] == COMMA and self.lower[index + 1] in _CONTRASTS and "name" in verb.takes:
                return True  # "…, but Ostmark called it a lie"
            return "quote" in verb.takes and not verb.takes.isdisjoint(("clause", "that"))
        last = _LAST_SPEAKER.match(self.tags, index)
        verb = cue_verbs().get(self.lower[last.end() - 1]) if last is not None else None
        if last is None or verb is None or not {"quote", "after"} <= verb.takes:
            return False
        return "addressee" in verb.takes or self.tags[last.end() : last.end() + 1] in _AFTER_LAST_VERB

    def _starts_other_cue(self, conjunction: int, form: str) -> bool:
        """Whether the same speaker goes on with another cue after it: "… and added …", "but in a letter added …"."""
        following = self._after_break(conjunction)
        if self.tags[following] == PREPOSITION and (phrase := phrase_starting(self.sentence, following + 1)):
            following = min(phrase[1], self.last - 1)
        tag, cue = self.tags[following], cue_verbs().get(self.lower[following])
        same_form = tag == form or (form in _FINITE_CUE and tag in _FINITE_CUE)
        return same_form and cue is not None and ("quote" in cue.takes or tag == ING_FORM)

    def phrase_end(self, start: int, stop: int) -> int:
        """Returns where a thing that is announced or called for ends: before another clause."""
        for index in range(start + 1, stop - 1):
            tag, after = self.tags[index], self.tags[index + 1]
            if tag == COMMA and after in _AFTER_PHRASE_COMMA:
                return index
            conjunction = self.lower[index] in _PHRASE_ENDING_CONJUNCTIONS and after in _AFTER_PHRASE_CONJUNCTION
            if conjunction and (tag == SUBORDINATOR or self.predicates.find(index + 1) is not None):
                return index
        return stop

    def noun_end(self, start: int, stop: int) -> int:
        """Returns where the content of "the claim of …" ends: before the verb that the claim is the subject of."""
        in_relative_clause = False
        for index in range(start, stop):
            if self.tags[index] in CLAUSE_LINKS:
                in_relative_clause = True
            elif self.tags[index] in CERTAIN_VERBS:
                if not in_relative_clause:
                    return index
                in_relative_clause = False
        return stop

    def name_end(self, start: int, stop: int) -> int:
        """Returns where a thing and what it is called end: with the first quotation, or before a dash."""
        quotation = self.tags.find(QUOTATION, start, stop)
        if quotation >= 0 and _NAME_BREAKS.isdisjoint(self.tags[start:quotation]):
            after = quotation + 1
            while after < stop and self.tags[after] in _AFTER_QUOTED_NAME:
                after += 1
            return after
        dash = self.tags.find(DASH, start + 1, stop)
        return dash if dash >= 0 else stop

    def hedge_end(self, start: int) -> int:
        """Returns where the clause of a hedge such as "reportedly" ends."""
        for index in range(start, self.last - 1):
            comma = self.tags[index] == COMMA and self.tags[index + 1] in _AFTER_HEDGE_COMMA
            if comma or self.tags[index] in _HEDGE_BREAKS:
                return index
        return self.last

    def clause_start(self, index: int) -> int:
        """Returns where the clause around a word starts."""
        return next((k + 1 for k in range(index - 1, -1, -1) if self.tags[k] in _CLAUSE_OPENINGS), 0)

    def is_apposition_end(self, comma: int) -> bool:
        """Whether the comma closes an insertion after a name: "Ann Lee, who leads the union, said"."""
        opening = self.tags.rfind(COMMA, 0, comma)
        if opening <= 0:
            return not self.is_clause(0, comma)
        return self.tags[opening + 1] in _APPOSITION_OPENINGS or not self.is_clause(opening + 1, comma)

    def has_finite_verb(self, index: int) -> bool:
        """Whether the phrase that starts here is the subject of a clause, or is followed by a quotation."""
        phrase = phrase_starting(self.sentence, index)
        start = phrase[1] if phrase else index + 1
        if QUOTATION in self.tags[index + 1 : start + 1]:
            return True
        return self.has_predicate(index)

    def has_predicate(self, index: int) -> bool:
        """Whether a finite verb follows whose subject begins here; "her buried in the sand" has none."""
        is_object = self.lower[index] in OBJECT_PRONOUNS and self.tags[index] == PRONOUN
        return not is_object and self.predicates.find(index) is not None

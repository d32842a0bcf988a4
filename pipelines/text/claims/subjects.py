"""Who a verb of saying is said of: its subject, whether that can speak, and subjects that say who did not."""

import re

from pipelines.text.claims.claimant_nouns import lifeless_nouns, speaking_nouns
from pipelines.text.claims.sentence_attributions import SentenceAttributions
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import cue_verbs, issuing_verbs
from pipelines.text.english.noun_phrases import Range, phrase_ending, phrase_starting, subject_before
from pipelines.text.english.word_classes import (
    ADVERB,
    AUXILIARY,
    CLAUSE_LINKS,
    COMMA,
    CONJUNCTION,
    DETERMINER,
    FINITE_LEXICAL_VERBS,
    FINITE_VERBS,
    HEADS,
    ING_FORM,
    NAME,
    PHRASE_STARTS,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    SUBORDINATOR,
    THAT,
    TO,
    Classes,
)
from pipelines.text.tables import load_words

_TABLE = "claimants.yaml"
_DOCUMENTS = load_words(__package__, _TABLE, "documents")
_BREAKS: Classes = frozenset((COMMA, SUBORDINATOR, RELATIVE, THAT, CONJUNCTION))
_LIFELESS_PRONOUNS = load_words(__package__, _TABLE, "lifeless_pronouns")
_ABSTRACT_ENDINGS = tuple(
    ending + plural for ending in load_words(__package__, _TABLE, "abstract_endings") for plural in ("", "s")
)
_BEFORE_ING_FORM: Classes = HEADS | {PRONOUN, DETERMINER}
_SHARES_SUBJECT: Classes = frozenset((CONJUNCTION, TO, PREPOSITION))
_SUBJECT_PRONOUNS: Classes = CLAUSE_LINKS | {PRONOUN, DETERMINER}
_HEAD_ENDS: Classes = frozenset((PREPOSITION, TO))
_BEFORE_SENTENCE_OPENING = SUBORDINATOR + PREPOSITION + ADVERB


class Subjects:
    """Finds the subjects of the verbs of one sentence."""

    __slots__ = ("_attributions", "_clauses")

    def __init__(self, clauses: Clauses, attributions: SentenceAttributions) -> None:
        self._clauses, self._attributions = clauses, attributions

    def find(self, index: int, group: int) -> Range | None:
        """Returns the subject of the verb at `index`, whose group starts at `group`."""
        tags, before = self._clauses.tags, group
        while before and tags[before - 1] == ADVERB:
            before -= 1
        if self._clauses.lower[group - 1 : group] == ["worth"]:
            return None  # "it is worth noting"
        inserted, before = before, self._skip_insertion(before)
        left = tags[before - 1] if before else ""
        if before != inserted and left not in _SHARES_SUBJECT:
            return subject_before(self._clauses.sentence, before)
        ing_form = tags[index] == ING_FORM and group == index
        if not ing_form and left == COMMA:
            return self._subject_before_comma(before - 1)
        if not (ing_form and left in _BEFORE_ING_FORM) and (ing_form or left in _SHARES_SUBJECT):
            return self._shared_subject(before) or self._subject_after(index)
        return subject_before(self._clauses.sentence, group)

    def _subject_before_comma(self, comma: int) -> Range | None:
        """Returns who is before an apposition, or the subject of another verb: "Ann Lee said so, left and slept"."""
        own = subject_before(self._clauses.sentence, comma + 1)
        inserted = self._clauses.tags[own[1] + 1 : comma] if own else ""
        link = next((at for at, tag in enumerate(inserted) if tag in CLAUSE_LINKS), len(inserted))
        apposed = FINITE_VERBS.isdisjoint(inserted[:link])  # "Ole Kull, a man who left, said"
        return own if own and apposed else self._attributions.source_up_to(comma) or own

    def find_issuer(self, index: int) -> Range | None:
        """Returns who says what a document of theirs says: "Ann Lee released a statement saying …"."""
        tags, lower = self._clauses.tags, self._clauses.lower
        before = index
        while before and tags[before - 1] == ADVERB:
            before -= 1
        document = subject_before(self._clauses.sentence, before)
        if document is None:
            return None
        link = document[0] - 1
        posted = link > 1 and tags[link] == PREPOSITION and lower[link - 1] in issuing_verbs()  # "wrote on X accusing"
        if not posted and _DOCUMENTS.isdisjoint(lower[slice(*document)]):
            return None
        prepositional = link > 0 and tags[link] == PREPOSITION
        verb = next((at for at in range(link, -1, -1) if tags[at] in FINITE_LEXICAL_VERBS), -1)
        if verb < 1 or not (prepositional or verb == link) or not _BREAKS.isdisjoint(tags[verb:link]):
            return None
        if lower[verb] not in (cue_verbs() if prepositional and not posted else issuing_verbs()):
            return None
        group = self._clauses.group_start(verb)
        return None if self._clauses.is_passive(verb, group) else subject_before(self._clauses.sentence, group)

    def _skip_insertion(self, before: int) -> int:
        """Returns where a phrase between a conjunction and its verb begins: "and in a later letter said"."""
        tags = self._clauses.tags
        phrase = phrase_ending(self._clauses.sentence, before - 1) if before and tags[before - 1] in HEADS else None
        if phrase is None or phrase[0] < 2 or tags[phrase[0] - 1] != PREPOSITION:
            return before
        link = phrase[0] - 2
        second = tags[link] == CONJUNCTION and not FINITE_VERBS.isdisjoint(tags[:link])
        if tags[link] == AUXILIARY:  # "who has in the past described it as a farce"
            return self._clauses.group_start(link)
        return link + 1 if second or tags[link] == RELATIVE else before

    def _shared_subject(self, before: int) -> Range | None:
        """Returns the subject that an -ing form, an infinitive or a second verb shares with the verb before it."""
        left = self._clauses.tags[before - 1 : before]
        if left != TO and (source := self._attributions.last_source(is_main=left == COMMA)):
            return source
        for index in range(before - 1, -1, -1):
            if self._clauses.tags[index] in FINITE_VERBS:
                subject = subject_before(self._clauses.sentence, self._clauses.group_start(index))
                if subject is not None:
                    return subject
        return None

    def _subject_after(self, index: int) -> Range | None:
        """Returns the subject of the clause after an opening -ing form: "Describing it as a farce, Ann Lee left"."""
        tags = self._clauses.tags
        if tags[:index].strip(_BEFORE_SENTENCE_OPENING):
            return None
        comma = tags.find(COMMA, index)
        if comma > 0 and tags[comma + 1 : comma + 2] in PHRASE_STARTS:
            return phrase_starting(self._clauses.sentence, comma + 1)
        return None

    def is_document(self, subject: Range) -> bool:
        """Whether the subject is something that is read: a poll, a study."""
        return not _DOCUMENTS.isdisjoint(self._clauses.lower[slice(*self._meant(subject))])

    def _meant(self, subject: Range) -> Range:
        """Returns the noun that a relative pronoun means: "the polls that showed"; any other subject as it is."""
        first = subject[0]
        if first == 0 or self._clauses.tags[first] not in CLAUSE_LINKS or self._clauses.tags[first - 1] not in HEADS:
            return subject
        return phrase_ending(self._clauses.sentence, first - 1) or subject

    def is_somebody(self, subject: Range) -> bool:
        """Whether the subject is a name, a person or body, or a pronoun: "the ministry requires", not "ropes"."""
        tags, lower = self._clauses.tags, self._clauses.lower
        first, last = subject
        if tags[first] in _SUBJECT_PRONOUNS and last - first == 1:
            return lower[first] not in _LIFELESS_PRONOUNS
        end = next((k for k in range(first, last) if tags[k] in _HEAD_ENDS), last)
        head = lower[end - 1]
        known = head in speaking_nouns() or head.removesuffix("s") in speaking_nouns()
        return tags[end - 1] == NAME or known or self.is_document(subject)

    def can_speak(self, subject: Range) -> bool:
        """Whether the subject is somebody, or something that is read: a report shows, a situation does not."""
        tags, lower = self._clauses.tags, self._clauses.lower
        first, last = subject
        if last - first == 1 and tags[first] in _SUBJECT_PRONOUNS:
            return lower[first] not in _LIFELESS_PRONOUNS
        end = next((k for k in range(first, last) if tags[k] in _HEAD_ENDS), last)
        head = lower[end - 1]
        if tags[end - 1] == NAME or head in speaking_nouns():
            return True
        return head not in lifeless_nouns() and not head.endswith(_ABSTRACT_ENDINGS)


# "No Chol-su" is a name.
_NO = r"no(?=\s(?!(?-i:[A-Z][a-z]+-[a-z])))"
_OF = r"(?:\s+of)?(?:\s+(?:the|its|their|these|those))?"
_NEGATED_SUBJECT = re.compile(
    rf"(?:no\s+one|nobody|none|neither|not\s+(?:one|a\s+single)|{_NO})(?![\w'’-]){_OF}\s*", re.IGNORECASE
)
_NEGATION_BEFORE = re.compile(
    rf"(?<![\w'’-])(?:{_NO}|(?:none|neither|not\s+(?:one|a\s+single)){_OF}"
    r"|neither\s[^.,;:!?\n]{1,60}\snor(?:\s+the)?)\s+$",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?<![\w'’-])not\s+$", re.IGNORECASE)
_ONE = re.compile(r"(?:one|a\s+single)\s+", re.IGNORECASE)
_NEGATION_REACH = 90
"""Characters before a subject in which its negation is searched for."""


def find_negated_subject(text: str, sentence: int, start: int, end: int) -> int | None:
    """Returns where the bare noun of a negated subject begins: "government" in "no government".

    The subject is `text[start:end]`, its sentence begins at `sentence`. Returns `end` if the subject has no noun
    ("nobody"), None if it is not negated.
    """
    if opening := _NEGATED_SUBJECT.match(text, start, end):
        return opening.end()
    reach = max(sentence, start - _NEGATION_REACH)
    if (single := _ONE.match(text, start, end)) and _NOT.search(text, reach, start):
        return single.end()
    if not _NEGATION_BEFORE.search(text, reach, start):
        return None
    return end if text[start:end].lower() == "one" else start

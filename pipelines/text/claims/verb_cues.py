"""Attributions by a verb: "she said that …", "…, she said", "…," said Ann Lee, "he was warned that …"."""

from pipelines.text.claims.complements import Complement, Complements
from pipelines.text.claims.sentence_attributions import SentenceAttributions
from pipelines.text.claims.subjects import Subjects
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord, catenatives, cue_verbs, phrasal_cues
from pipelines.text.english.noun_phrases import TIME_QUALIFIERS, TIME_WORDS, Range, phrase_starting, subject_before
from pipelines.text.english.openings import find_main_clause, is_main_clause, opens_before_main_clause
from pipelines.text.english.tagger.certain import QUOTED_PAUSE, QUOTED_STATEMENT
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    CERTAIN_VERBS,
    CLAUSE_LINKS,
    CLOSING_BRACKET,
    COLON,
    COMMA,
    CONJUNCTION,
    DASH,
    DETERMINER,
    FINITE_VERBS,
    HEADS,
    ING_FORM,
    NAME,
    NOUN,
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
    TO,
    Classes,
)
from pipelines.text.tables import load_words

_NEEDS_SPEAKER = frozenset(("object", "gerund", "amount"))
"""Constructions that are a claim only if the subject can make one: "the report backs", not "the wall backs"."""
_SHOWN = frozenset(("object", "quote"))
"""Constructions with which a person shows something and says nothing: "show “the same stamina”"."""
_ENDS_WITH_NAME = frozenset(("name", "as"))
_ENDS_WITH_PHRASE = frozenset(("object", "for", "gerund", "amount"))
_FOLLOWS_QUOTATION = frozenset(("quote", "clause"))
_CONTENT_FIRST = frozenset(("after", "quote"))
"""A verb that takes one of these can follow what is said."""
_PASSIVE_TAKES = frozenset(("passive", "addressee", "as"))
_SHORTEST_HEADLINE = 4
"""Words of a headline without a verb before "crew says"."""
_SHOWING = load_words(__package__, "claimants.yaml", "showing")
_NEEDING = load_words(__package__, "claimants.yaml", "needing")
_REFUSING_FORMS = load_words(__package__, "status.yaml", "refusing_forms")
_ASIDE_REACH = 12
"""Words after a speaker in the middle of a clause in which its verb is searched for."""
_TIMES = TIME_WORDS | TIME_QUALIFIERS

_AFTER_SPEAKER: Classes = frozenset(("", COMMA, STOP, PREPOSITION, DASH, ADVERB, RELATIVE))
"""What can follow the speaker in "…, said Ann Lee"; nothing at the end."""
_AFTER_LAST_VERB: Classes = frozenset(
    ("", COMMA, STOP, PREPOSITION, DASH, ADVERB, SUBORDINATOR, OPENING_BRACKET, CLOSING_BRACKET, TO, CONJUNCTION)
)
"""What can follow the verb in "…, Ann Lee said"; nothing at the end."""
_BEFORE_LAST_SPEAKER: Classes = frozenset((COMMA, QUOTATION, DASH))
_FINITE_FORMS: Classes = frozenset((S_FORM, PAST_FORM))
_NAMED: Classes = frozenset((QUOTATION, NAME))
_BEFORE_NAMING: Classes = frozenset((NOUN, CLOSING_BRACKET))
_DESCRIBES: Classes = frozenset((DETERMINER, QUOTATION))
_BEFORE_TITLE: Classes = HEADS | {DETERMINER, ADJECTIVE, POSSESSIVE_ENDING, PREPOSITION}
"""What is before a quotation that is a name: “On the radio show ‘Early Tide,’”."""
_PARTICIPLES: Classes = frozenset((ING_FORM, PAST_FORM))
_QUOTED_STATEMENTS = (QUOTED_STATEMENT, QUOTED_PAUSE)
_GOES_ON = (COMMA + QUOTATION, COLON + QUOTATION)


class VerbCues:
    """Reads the cue verbs of one sentence."""

    __slots__ = ("_attributions", "_clauses", "_complements", "_subjects")

    def __init__(self, clauses: Clauses, attributions: SentenceAttributions) -> None:
        self._clauses, self._attributions = clauses, attributions
        self._subjects = Subjects(clauses, attributions)
        self._complements = Complements(clauses)

    def read(self, index: int) -> bool:
        """Adds the attribution of the verb at `index`, if there is one. Returns whether the verb is a cue at all."""
        word = self._clauses.lower[index]
        phrasal, cue = phrasal_cues().get((word, self._word(index + 1))), cue_verbs().get(word)
        if phrasal is not None:
            self._read_cue(index, index + 1, phrasal)
        elif cue is not None and not self._is_catenative(index):
            self._read_cue(index, index, cue)
        return phrasal is not None or cue is not None

    def _word(self, index: int) -> str:
        return self._clauses.lower[index] if index < self._clauses.size else ""

    def _is_catenative(self, index: int) -> bool:
        """Whether the cue is the verb that follows: "seems to think"."""
        clauses = self._clauses
        leads_on = clauses.lower[index] in catenatives() and clauses.tags[index + 1 : index + 2] == TO
        return leads_on and self._word(index + 2) in cue_verbs()

    def _read_cue(self, index: int, end: int, cue: CueWord) -> None:
        """Reads one cue from its verb, at `index`, to its last word, at `end`."""
        clauses = self._clauses
        group = clauses.group_start(index)
        if self._read_inverted(index, group, cue):
            return
        if clauses.lower[index] == "citing" and self._attributions.found:
            return  # "Ann Lee said, citing her notes" is one claim
        subject = self._subjects.find(index, group)
        if clauses.is_passive(index, group) and not self._is_perfect(index, group, cue):
            self._read_passive(index, group, end, cue)
            return
        complement = self._complements.find(end + 1, cue)
        if complement is None or (subject is not None and self._is_aside(subject, end, complement)):
            read = self._read_postposed(index, group, cue, subject)
            if not read and subject is not None and clauses.lower[group] in _REFUSING_FORMS:
                self._attributions.add(cue, subject, (group, group + 1), [(group + 1, end + 1)], "infinitive")
        elif complement.construction in ("name", "quote") and cue.lemma == "call" and self._is_naming(index, group):
            self._read_naming(index, group, cue)
        elif subject is not None and self._can_be_subject(cue, subject, complement):
            content = self._content(index, cue, subject, complement)
            if clauses.tags[index] == ING_FORM and group == index and (issuer := self._subjects.find_issuer(index)):
                subject = issuer
                self._attributions.drop_issue(index)
            self._attributions.add(cue, subject, (group, end + 1), content, complement.construction)

    def _is_perfect(self, index: int, group: int, cue: CueWord) -> bool:
        """Whether "'s" is short for "has": "She's said it rained", not "It's said …", "She's told …"."""
        lower = self._clauses.lower
        if lower[group:index] != ["'s"] or "addressee" in cue.takes or lower[group - 1 : group] == ["it"]:
            return False
        complement = self._complements.find(index + 1, cue)
        return complement is not None and complement.construction in _FOLLOWS_QUOTATION

    def _can_be_subject(self, cue: CueWord, subject: Range, complement: Complement) -> bool:
        if complement.construction == "finding" or (cue.lemma in _SHOWING and complement.construction in _SHOWN):
            return self._subjects.is_document(subject)
        if complement.construction == "object" and cue.lemma in _NEEDING:
            return self._subjects.is_somebody(subject)
        return complement.construction not in _NEEDS_SPEAKER or self._subjects.can_speak(subject)

    def _content(self, index: int, cue: CueWord, subject: Range, complement: Complement) -> list[Range]:
        """Returns what follows the verb, and the quotation before the subject that goes on after it."""
        clauses, (construction, start) = self._clauses, complement
        stop = self._end(index, start, clauses.tags[index], is_clause=construction in _FOLLOWS_QUOTATION)
        if construction not in _FOLLOWS_QUOTATION:
            stop = clauses.second_verb(start, stop, clauses.tags[index])
        if construction in _ENDS_WITH_NAME:
            stop = clauses.name_end(start, stop)
        elif construction in _ENDS_WITH_PHRASE:
            stop = clauses.phrase_end(start, stop)
        left = subject[0] - 1
        if (
            construction in _FOLLOWS_QUOTATION
            and FINITE_VERBS.isdisjoint(clauses.tags[subject[1] : clauses.group_start(index)])
            and left >= 0
            and clauses.tags[left] == QUOTATION
            and "quote" in cue.takes
        ):
            return [(self._attributions.content_start(left), left + 1), (start, stop)]
        return [(start, stop)]

    def _end(self, index: int, start: int, form: str = S_FORM, *, is_clause: bool = True) -> int:
        """Returns where the content of the verb at `index` ends, which starts at `start`."""
        clauses = self._clauses
        stop = clauses.clause_end(start, form, is_clause=is_clause)
        colon = clauses.tags.find(COLON + QUOTATION, start, stop)
        if 0 < colon < clauses.last - len(COLON + QUOTATION):
            return colon  # "She blamed others: “It is theirs,” she said"
        if opens_before_main_clause(clauses.sentence, index):
            return find_main_clause(clauses.sentence, clauses.predicates, start, stop)
        return stop

    def _is_aside(self, subject: Range, end: int, complement: Complement) -> bool:
        """Whether what was said comes first: "…, officials say in a report that the agency saw"."""
        tags, left = self._clauses.tags, subject[0] - 1
        own = FINITE_VERBS.isdisjoint(tags[subject[1] : self._clauses.group_start(end)])  # not "he said, noting that …"
        if own and complement.construction != "quote" and self._is_quoted_before(left):
            return True  # "“It leaked,” he said of the dam"
        far = complement.construction == "clause" and PREPOSITION in tags[end + 1 : complement.start]
        return far and left > 2 and tags[left] == COMMA and not FINITE_VERBS.isdisjoint(tags[:left])

    def _is_quoted_before(self, left: int) -> bool:
        """Whether a quotation that is a statement ends with the word `left`, or before the comma there."""
        tags = self._clauses.tags
        last = left - 1 if left > 0 and tags[left] == COMMA else left
        said = last >= 0 and tags[last] == QUOTATION and self._clauses.sentence.words[last] in _QUOTED_STATEMENTS
        return said and tags[last - 1 : last] not in _BEFORE_TITLE

    def _is_naming(self, index: int, group: int) -> bool:
        """Whether the verb gives a name and not a judgement: "a club called Union"."""
        tags = self._clauses.tags
        participle = tags[index] == PAST_FORM and group == index and index
        the = tags[index + 1] == DETERMINER and self._clauses.sentence.words[index + 1] == "The"  # "The Long Night"
        name = phrase_starting(self._clauses.sentence, index + 1) if tags[index + 1] == NAME else None
        if name is not None and tags[name[1] : name[1] + 1] in _DESCRIBES:  # "called Ann Lee’s report a farce"
            return False
        return bool(participle) and (the or tags[index + 1] in _NAMED) and tags[index - 1] in _BEFORE_NAMING

    def _read_naming(self, index: int, group: int, cue: CueWord) -> None:
        """Reads a headline that is what somebody was called: "Mayor called ‘unfit’ after vote"."""
        clauses = self._clauses
        if clauses.last == clauses.size and FINITE_VERBS.isdisjoint(clauses.tags[:group]):
            self._attributions.add(cue, None, (index, index + 1), [(0, clauses.last)], "name")

    def _read_inverted(self, index: int, group: int, cue: CueWord) -> bool:
        """Reads "…," said Ann Lee: content, verb, subject. Returns whether it is one."""
        tags, left = self._clauses.tags, index - 1
        if not self._can_be_inverted(index, group, cue):
            return False
        comma = tags[left] == COMMA
        quoted = QUOTATION in tags[max(0, left - 1) : left + 1] if comma else tags[left] == QUOTATION
        if not quoted and not (comma and {"quote", "clause", "after"} <= cue.takes):
            return False
        first = index + 1
        if tags[first : first + 1] == PAST_FORM and tags[first + 1 : first + 2] in HEADS:
            first += 1  # "said retired colonel Ole Kull"
        source = phrase_starting(self._clauses.sentence, first)
        if source is None or self._clauses.lower[source[0]] in TIME_WORDS:
            return False
        after = source[1]
        rest = self._find_rest_of_clause(after) if comma and not quoted else None
        if rest is not None:
            start = self._attributions.content_start(left)
            self._attributions.add(cue, source, (index, index + 1), [(start, left), rest], "after")
            return True
        if not quoted and (self._clauses.is_apposition_end(left) or tags[after : after + 1] not in _AFTER_SPEAKER):
            return False
        content = [(self._attributions.content_start(left), left if comma else index)]
        if tags[after : after + 2] in _GOES_ON:
            content.append((after + 1, self._clauses.clause_end(after + 1)))
        self._attributions.add(cue, source, (index, index + 1), content, "quote" if quoted else "after")
        return True

    def _find_rest_of_clause(self, start: int) -> Range | None:
        """Returns the verb and what follows in "The paradox, says Ann Lee, a writer, is that …"."""
        clauses = self._clauses
        comma = clauses.tags.find(COMMA, start, start + _ASIDE_REACH)
        while comma >= 0:
            if clauses.tags[comma + 1 : comma + 2] in CERTAIN_VERBS:
                return comma + 1, clauses.clause_end(comma + 1)
            comma = clauses.tags.find(COMMA, comma + 1, start + _ASIDE_REACH)
        return None

    def _can_be_inverted(self, index: int, group: int, cue: CueWord) -> bool:
        """Whether the verb is a finite form without auxiliaries, after some words, and addresses nobody."""
        alone = index > 0 and group == index and self._clauses.tags[index] in _FINITE_FORMS
        return alone and "addressee" not in cue.takes and not cue.takes.isdisjoint(_CONTENT_FIRST)

    def _read_postposed(self, index: int, group: int, cue: CueWord, subject: Range | None) -> bool:
        """Reads "…, Ann Lee says": content, subject, verb. Returns whether it is one."""
        if subject is None or subject[0] == 0 or cue.takes.isdisjoint(_CONTENT_FIRST):
            return False
        left = subject[0] - 1
        quoted = QUOTATION in self._clauses.tags[max(0, left - 1) : left + 1]
        if not self._may_follow_content(index, left, cue, quoted):
            return False
        content = self._find_content_before(index, subject, quoted)
        if content is None:
            return False
        self._attributions.add(cue, subject, (group, index + 1), content, "quote" if quoted else "after")
        return True

    def _may_follow_content(self, index: int, left: int, cue: CueWord, quoted: bool) -> bool:
        """Whether what is before the subject can be what was said; `left` is its last word."""
        clauses = self._clauses
        if clauses.tags[left] not in _BEFORE_LAST_SPEAKER:
            return False
        if clauses.tags[left] == QUOTATION:  # not the “old boat” she saw
            return clauses.sentence.words[left] in _QUOTED_STATEMENTS
        return quoted or ("after" in cue.takes and self._ends_attribution(index, cue))

    def _find_content_before(self, index: int, subject: Range, quoted: bool) -> list[Range] | None:
        """Returns what was said before the subject, and what goes on behind the verb."""
        tags, left = self._clauses.tags, subject[0] - 1
        start = self._attributions.content_start(left)
        before = (start, left + 1 if tags[left] == QUOTATION else left)
        if quoted:
            last = left - (tags[left] == COMMA)
            introduced = tags[last - 1 : last] == COLON  # "Ann Lee went on to blame others: “It is late,” she said"
            return [(last, before[1]) if introduced else before]
        if tags[start] in _PARTICIPLES and CERTAIN_VERBS.isdisjoint(tags[start:left]):
            return None
        if tags[start] == PAST_FORM and COMMA not in tags[start:left]:
            return None  # "Asked whether it leaked, he said no"
        is_statement = is_main_clause(self._clauses.sentence, start, left)
        rest = self._find_rest(index, subject, is_clause=is_statement)
        if rest is not None:
            return [before, rest]
        if not is_statement and self._clauses.is_clause(start, left):
            return None  # "When I ask him, he says little"
        may_be_said = tags[subject[0]] not in CLAUSE_LINKS and self._may_be_said(start, left, index)
        return [before] if may_be_said else None

    def _may_be_said(self, start: int, end: int, verb: int) -> bool:
        """Whether words are a clause, or all of a headline before its verb of saying: "Ferry late, crew says"."""
        clauses = self._clauses
        stands_alone = verb + 1 >= clauses.last or (clauses.last == clauses.size and clauses.tags[verb + 1] == COMMA)
        last = stands_alone and end - start >= _SHORTEST_HEADLINE
        return last or self._clauses.is_clause(start, end)

    def _find_rest(self, index: int, subject: Range, is_clause: bool) -> Range | None:
        """Returns what goes on behind an attribution that interrupts it: "the loss, police said, was large".

        `is_clause` says whether the words before it are a clause; then only what a pronoun said goes on.
        """
        clauses, start = self._clauses, index + 2
        if clauses.tags[index + 1 : index + 2] != COMMA or start >= clauses.last:
            return None
        stop = clauses.clause_end(start)
        first = clauses.tags[start]
        if not is_clause:
            return (start, stop) if self._clauses.is_clause(start, stop) else None
        absolute = clauses.tags[subject[0]] == PRONOUN and first == DETERMINER and not clauses.is_clause(start, stop)
        return (start, stop) if absolute else None

    def _ends_attribution(self, index: int, cue: CueWord) -> bool:
        """Whether nothing that is said follows the verb."""
        after = self._clauses.tags[index + 1 : index + 2]
        return after in _AFTER_LAST_VERB or self._word(index + 1) in _TIMES or "addressee" in cue.takes

    def _find_agent(self, start: int, cue: CueWord) -> Range | None:
        """Returns who does it: "prosecutors" in "was accused by prosecutors of theft"."""
        agent = phrase_starting(self._clauses.sentence, start)
        if agent is None:
            return None
        end = next((k for k in range(start + 1, agent[1]) if self._clauses.lower[k] in cue.takes), agent[1])
        return start, end

    def _read_passive(self, index: int, group: int, end: int, cue: CueWord) -> None:
        """Reads "he was warned that …", "the officer was accused by prosecutors of …", "it was reported that …"."""
        clauses = self._clauses
        agent = self._find_agent(index + 2, cue) if self._word(index + 1) == "by" else None
        complement = self._complements.find(agent[1] if agent else end + 1, cue)
        if complement is None:
            thing = subject_before(clauses.sentence, group)
            if agent is not None and thing is not None and {"quote", "object"} <= cue.takes:
                self._attributions.add(cue, agent, (group, index + 1), [thing], "passive")  # "denied by the mayor"
            return
        impersonal = complement.construction == "clause" and clauses.lower[group - 1 : group] == ["it"]
        if not impersonal and cue.takes.isdisjoint(_PASSIVE_TAKES):
            return
        stop = self._end(index, complement.start)
        if group == index and clauses.tags[index - 1 : index] in HEADS:
            stop = clauses.noun_end(complement.start, stop)  # "the man accused of theft will stay in prison"
        content = [(complement.start, stop)]
        subject = subject_before(clauses.sentence, group)
        if complement.construction in ("infinitive", "as") and subject is not None:
            content.insert(0, subject)
        self._attributions.add(cue, agent, (group, index + 1), content, "passive")

"""What is to come, planned or predicted: by who does it, and by whether it can be decided or only happens."""

from pipelines.text.claims.claimant_nouns import documents, speaking_nouns
from pipelines.text.claims.status.main_clause import MainClause, find_main_verb
from pipelines.text.claims.status.table import status_words, verb_forms, verb_particles
from pipelines.text.claims.status.tagged_words import TaggedWords
from pipelines.text.english.word_classes import (
    AUXILIARY,
    BASE_FORM,
    CLAUSE_VERBS,
    COMMA,
    NAME,
    PREPOSITION,
    PRONOUN,
    SUBORDINATOR,
    TO,
    Classes,
)
from schemas.fields import Status

_STATE_REACH = 4
"""Words after "stay" or "be" that are searched for a state that somebody sets: "remain fully closed"."""
_PARTICLE_REACH = 2
"""Words after a verb that are searched for what it is joined with: "go up", "take full effect"."""
_SUBJECT_REACH = 8
"""Words of a headline in which its infinitive is searched for."""

_INFINITIVES = frozenset((BASE_FORM, AUXILIARY))
_NOT_IN_SUBJECT: Classes = CLAUSE_VERBS | {PREPOSITION, SUBORDINATOR, COMMA}


def find_prospect(clause: MainClause) -> MainClause | None:
    """Returns the clause with its verb of what is to come: "send" in "will send", "fall" in "is set to fall"."""
    group = clause.group
    if not status_words("future").isdisjoint(group) or ("going" in group and "to" in group):
        return clause
    lower, tags = clause.words
    at = clause.main if lower[clause.main] in status_words("nearing") else clause.main + 1
    linked = clause.is_copular or at == clause.main != clause.first
    nearing = linked and not status_words("nearing").isdisjoint(lower[at : at + 1])
    if nearing and tags[at + 1 : at + 2] == TO and tags[at + 2 : at + 3] in _INFINITIVES:
        main = find_main_verb(clause.words, at + 2)
        return MainClause(clause.words, clause.start, clause.first, main, clause.opening)
    return None


def judge_headline_infinitive(words: TaggedWords) -> Status | None:
    """Judges an infinitive after a subject, without a finite verb: "Ruritania to send 300 engineers"."""
    tags = words.tags
    to = tags.find(TO)
    if not 0 < to < _SUBJECT_REACH or tags[to + 1 : to + 2] not in _INFINITIVES:
        return None
    if not _NOT_IN_SUBJECT.isdisjoint(tags[:to]) or words.lower[to - 1] in status_words("before_infinitives"):
        return None
    return judge_future(MainClause(words, 0, to, find_main_verb(words, to + 1), ""), is_arranged=True)


def judge_future(clause: MainClause, is_arranged: bool = False) -> Status:
    """Returns whether a clause with "will" or the like gives a plan, or only what is to be expected.

    `is_arranged`: a thing as the subject does not make it a forecast.
    """
    if clause.is_perfect:
        planned = False
    elif clause.is_passive:
        planned = clause.verb not in verb_forms("befalling")
    elif clause.is_copular or clause.verb in verb_forms("staying"):
        planned = _is_settled(clause) or (not clause.is_copular and clause.subject_head()[0] in status_words("people"))
    elif _takes(clause, "happening_with"):
        planned = clause.subject_head()[0] in status_words("decided")
    else:
        planned = _takes(clause, "scheduled_with") or _is_act(clause, is_arranged)
    return "planned" if planned else "predicted"


def _is_settled(clause: MainClause) -> bool:
    """Whether somebody sets what something will be, or stay: closed, not late."""
    settled = not status_words("settled").isdisjoint(clause.after(_STATE_REACH))
    return settled and not _is_conditional(clause)


def _is_act(clause: MainClause, is_arranged: bool) -> bool:
    """Whether somebody does it who can decide, or it is on a schedule."""
    head, kind = clause.subject_head()
    happens = clause.verb in verb_forms("happening")
    if is_arranged or _is_agent(head, kind):
        is_effect = head == "it" and clause.verb in verb_forms("effects")
        return not happens and not is_effect
    if happens:
        return head in status_words("decided")
    return clause.verb in verb_forms("scheduled") and not _is_conditional(clause)


def _is_conditional(clause: MainClause) -> bool:
    return bool(clause.opening) or not status_words("conditions").isdisjoint(clause.words.lower)


def _takes(clause: MainClause, row: str) -> bool:
    """Whether the verb stands with a word that makes its meaning: "take effect"."""
    return not verb_particles(row).get(clause.verb, frozenset()).isdisjoint(clause.after(_PARTICLE_REACH))


def _is_agent(head: str, kind: str) -> bool:
    """Whether the subject can decide: somebody, a body, a country; not a thing, a document or an act."""
    if kind == PRONOUN:
        return head not in status_words("impersonal")
    if kind == NAME:
        return True
    singular = head[:-3] + "y" if head.endswith("ies") else head.removesuffix("s")
    forms = {head, singular}
    return forms.isdisjoint(documents()) and not forms.isdisjoint(speaking_nouns() | status_words("doers"))

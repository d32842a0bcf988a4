"""The modality of a main clause: what its verb group, and the words right after it, say of how sure it is."""

from collections.abc import Callable

from pipelines.text.claims.status.commands import is_command
from pipelines.text.claims.status.future import find_prospect, judge_future
from pipelines.text.claims.status.main_clause import MainClause
from pipelines.text.claims.status.table import status_words, verb_forms, verb_particles
from pipelines.text.english.word_classes import AUXILIARY, BASE_FORM, ING_FORM, TO
from schemas.fields import Status

_NEAR = 3
"""Words after the verb that may show how sure the clause is: "is now likely to", "is in talks to"."""


def judge_modality(clause: MainClause) -> Status | None:
    """Returns the status that a main clause gives to the statement; None if the clause only states something."""
    return next((status for judge in _JUDGES if (status := judge(clause)) is not None), None)


def _find_command(clause: MainClause) -> Status | None:
    """Finds a command behind a clause that opens the statement: "If you see it, call the police"."""
    if not clause.start:
        return None
    return "demanded" if is_command(clause.words.starting(clause.start)) else None


def _find_guess(clause: MainClause) -> Status | None:
    """Finds what is only thought likely: "probably", in the verb group or as the first word."""
    guessed = [*clause.group, *clause.words.lower[clause.start : clause.start + 1]]
    return None if status_words("guesses").isdisjoint(guessed) else "predicted"


def _find_possibility(clause: MainClause) -> Status | None:
    """Finds what may be: "may", "is likely to", "expects"; not what somebody could see or not do."""
    group = clause.group
    if not status_words("possible").isdisjoint(group):
        return "predicted"
    if "could" in group:
        perceived = clause.verb in verb_forms("perceiving") and clause.subject_head()[0] in status_words("people")
        return None if perceived or not status_words("negations").isdisjoint(group) else "predicted"
    outlook = clause.verb in verb_forms("expecting") or _is(clause, "outlooks")
    return "predicted" if outlook and "had" not in group else None


def _find_prospect(clause: MainClause) -> Status | None:
    """Finds what is to come: "will send", "is set to fall"; not "would often send" or "would like to send"."""
    prospect = find_prospect(clause)
    if prospect is None or not status_words("habits").isdisjoint(prospect.group):
        return None
    if "to" in prospect.group and "have" in prospect.group:
        return "predicted"
    return None if prospect.verb in verb_forms("wishing") else judge_future(prospect)


def _find_obligation(clause: MainClause) -> Status | None:
    """Finds what has to be done: "must leave", "needs to leave"; not what should have been done."""
    group = clause.group
    obliged = not status_words("demanded").isdisjoint(group) and not clause.is_perfect
    has_to = "to" in group and not status_words("having").isdisjoint(group) and "'d" not in group
    needs_to = clause.verb in verb_forms("needing") and clause.after(1) == ["to"] and not clause.is_passive
    return "demanded" if obliged or has_to or needs_to else None


def _find_plan(clause: MainClause) -> Status | None:
    """Finds what is intended: "is considering", "plans to", "is ready to", "has no intention of"."""
    group, verb, after = clause.group, clause.verb, clause.after(_NEAR)
    if "had" in group and clause.main != clause.first:
        return None
    if verb in status_words("planned") or (verb in verb_forms("planning") and after[:1] == ["to"]):
        return "planned"
    if _is(clause, "resolved") or _is_about_to(clause):
        return "planned"
    return "planned" if _has_plan(clause) else None


def _is_about_to(clause: MainClause) -> bool:
    """Whether somebody is about to do something: "they are walking out", "is looking to hire", "is thinking of"."""
    if clause.words.tags[clause.main] != ING_FORM or clause.main == clause.first:
        return False
    weighed = verb_particles("weighing_with").get(clause.verb, frozenset())
    return clause.verb in verb_forms("leaving") or not weighed.isdisjoint(clause.after(1))


def _has_plan(clause: MainClause) -> bool:
    """Whether the clause says that somebody has a plan, or firmly that he will not: "no intention", not "no plans"."""
    after = clause.after(_NEAR)
    if not status_words("intentions").isdisjoint(after):
        return True
    return (
        "no" not in after
        and not status_words("plans").isdisjoint(after)
        and not status_words("having").isdisjoint(clause.group)
    )


def _is(clause: MainClause, row: str) -> bool:
    """Whether a word of the row is said of the subject, and a verb follows with "to", or a date: "is due to leave"."""
    if not (clause.is_copular or clause.is_passive or clause.verb in verb_forms("staying")):
        return False
    lower, tags = clause.words
    for index in range(clause.main, min(clause.main + _NEAR + 1, len(tags) - 1)):
        if lower[index] in status_words(row):
            is_verb = tags[index + 2 : index + 3] in _INFINITIVES or lower[index] != _CAUSAL
            dated = lower[index] in status_words("dated") and lower[index + 1] in _BEFORE_DATES
            return dated or (tags[index + 1] == TO and is_verb)
    return False


def _find_denial(clause: MainClause) -> Status | None:
    """Finds what is called untrue: "the report is false"."""
    if not clause.is_copular or not status_words("negations").isdisjoint([*clause.group, *clause.after(1)]):
        return None
    complement = clause.complement()
    of_statement = clause.subject_head()[0] in status_words("untrue_nouns")  # a map may be fake, too
    if complement[-1:] and complement[-1] in status_words("untrue_nouns"):
        complement.pop()
        of_statement = True
    word = complement[-1] if complement else ""
    if word in status_words("untrue"):
        return "denied"
    return "denied" if of_statement and word in status_words("untrue_of_statements") else None


def _find_hedge(clause: MainClause) -> Status | None:
    return None if status_words("hedges").isdisjoint(clause.group) else "unconfirmed"


_INFINITIVES = frozenset((BASE_FORM, AUXILIARY))
_CAUSAL = "due"
"""Before a noun it gives a cause: "due to rain"."""
_BEFORE_DATES = frozenset(("for", "in", "on", "at"))
_JUDGES: tuple[Callable[[MainClause], Status | None], ...] = (
    _find_command,
    _find_guess,
    _find_prospect,
    _find_possibility,
    _find_obligation,
    _find_plan,
    _find_denial,
    _find_hedge,
)
"""In this order: "will have to leave" is to come, and "may have to leave" is possible."""

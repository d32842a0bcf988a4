"""How sure a statement is by itself: from its main clause, and from expressions that tell it outright."""

import re
from functools import cache

from pipelines.text.claims.status.commands import is_command
from pipelines.text.claims.status.future import judge_headline_infinitive
from pipelines.text.claims.status.main_clause import MainClause, find_main_clause
from pipelines.text.claims.status.modality import judge_modality
from pipelines.text.claims.status.table import status_table, status_words
from pipelines.text.claims.status.tagged_words import TaggedWords
from pipelines.text.english.word_classes import AUXILIARY, CLAUSE_VERBS, ING_FORM, NUMBER, S_FORM, THAT
from schemas.fields import Quote, Status

_PHRASE = 10
"""Words of a statement without a verb that are read for its modality."""
_TOLD = 25
"""Words of a statement that are searched for an expression that gives its status."""
_TRANSPARENT_REACH = 6
"""Words before the claim itself: "Our assessment is that …"."""
_PLANNING_FORMS = frozenset((ING_FORM, S_FORM))


@cache
def _expressions() -> tuple[tuple[frozenset[str], re.Pattern[str], Status], ...]:
    rows = status_table()["expressions"]
    return tuple((frozenset(row["words"].split()), re.compile(row["pattern"]), row["status"]) for row in rows)


@cache
def _words_of_expressions() -> frozenset[str]:
    return frozenset().union(*(needed for needed, _, _ in _expressions()))


def find_expression(words: TaggedWords) -> Status | None:
    """Returns the status of the first expression of the table that is found in a statement."""
    told = words.lower[:_TOLD]
    found = _words_of_expressions().intersection(told)
    if not found:
        return None
    rows = ((pattern, status) for needed, pattern, status in _expressions() if not needed.isdisjoint(found))
    return next((status for pattern, status in rows if pattern.search(" ".join(told))), None)


def judge_statement(words: TaggedWords, quote: Quote = "none") -> Status:
    """Returns the status of a statement without regard to its claimant; `quote` says how much of it is quoted."""
    words = words.starting(_transparent_words(words))
    if (told := find_expression(words)) is not None:
        return told
    if is_command(words, quote != "none"):
        return "demanded"
    clause = find_main_clause(words)
    if clause is None:
        return _phrase_status(words)
    modality = judge_modality(clause)
    if clause.opening in status_words("conditions"):
        return "planned" if modality == "planned" else "predicted"
    if modality is not None:
        return modality
    return "opinion" if _is_judgement(clause, quote) else "asserted"


def _transparent_words(words: TaggedWords) -> int:
    """Returns how many words come before the claim itself: four in "Our assessment is that"."""
    that = words.tags.find(THAT, 2, _TRANSPARENT_REACH + 1)
    opening = that > 0 and words.tags[that - 1] == AUXILIARY and words.lower[that - 1] in status_words("copulas")
    return that + 1 if opening and CLAUSE_VERBS.isdisjoint(words.tags[: that - 1]) else 0


def _phrase_status(words: TaggedWords) -> Status:
    """Returns the status of words without a finite verb: "Ostmark to send 300 engineers", "a possibly old boat"."""
    if (told := judge_headline_infinitive(words)) is not None:
        return told
    head = words.lower[:_PHRASE]
    if not status_words("guesses").isdisjoint(head):
        return "predicted"
    if any(word in status_words("planned") and tag in _PLANNING_FORMS for word, tag in zip(*words, strict=True)):
        return "planned"
    return "asserted" if status_words("hedges").isdisjoint(head) else "unconfirmed"


def _is_judgement(clause: MainClause, quote: Quote) -> bool:
    """Whether quoted words hold a copula and an evaluative word or a superlative, and no number is given."""
    called = "called" in clause.group
    if not called and (quote == "none" or status_words("copulas").isdisjoint(clause.group)):
        return False
    words = clause.words.lower
    superlative = any(word.endswith("est") and len(word) > 5 for word in words)
    evaluative = superlative or not status_words("evaluative").isdisjoint(words)
    numbers = [word for word, tag in zip(*clause.words, strict=True) if tag == NUMBER and word != "one"]
    return evaluative and not numbers

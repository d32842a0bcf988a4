"""How sure a statement is by itself: from its main clause, and from expressions that tell it outright."""

import re
from functools import cache, lru_cache

from pipelines.text.claims.status.commands import is_command
from pipelines.text.claims.status.future import judge_headline_infinitive
from pipelines.text.claims.status.main_clause import MainClause, find_main_clause
from pipelines.text.claims.status.modality import judge_modality
from pipelines.text.claims.status.table import status_table, status_words
from pipelines.text.claims.status.tagged_words import TaggedWords, tag_statement
from pipelines.text.english.word_classes import ING_FORM, NUMBER, S_FORM
from schemas.fields import Quote, Status

_HEAD = 300
"""Characters of a statement that are read for its status."""
_PHRASE = 10
"""Words of a statement without a verb that are read for its modality."""
_OPENING_CHARACTERS = " “\"'‘`[(.…"
_TRANSPARENT = re.compile(r"(?:[\w’']+\s+){1,5}(?:is|was)\s+that\s+(?=\w)", re.IGNORECASE)
"""An opening after which the claim itself follows: "Our assessment is that …"."""
_PLANNING_FORMS = frozenset((ING_FORM, S_FORM))


@cache
def _expressions() -> tuple[tuple[re.Pattern[str], Status], ...]:
    return tuple((re.compile(row["pattern"]), row["status"]) for row in status_table()["expressions"])


def find_expression(text: str) -> Status | None:
    """Returns the status of the first expression of the table that is found in words in lower case."""
    return next((status for pattern, status in _expressions() if pattern.search(text)), None)


@lru_cache(maxsize=64)
def content_status(content: str, quote: Quote = "none") -> Status:
    """Returns the status of a statement without regard to its claimant; `quote` says how much of it is quoted."""
    content = content[:_HEAD].lstrip(_OPENING_CHARACTERS)
    if (opening := _TRANSPARENT.match(content)) is not None:
        return content_status(content[opening.end() :], quote)
    return words_status(tag_statement(content), quote)


def words_status(words: TaggedWords, quote: Quote = "none") -> Status:
    """Returns the status of a statement that is tagged already."""
    if (told := find_expression(" ".join(words.lower))) is not None:
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
    return evaluative and NUMBER not in clause.words.tags

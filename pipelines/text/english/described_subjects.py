"""Subjects with a description behind them: "people briefed on the plan said", "the men who met the mayor said".

The noun phrase right before the verb is then a part of the description, and the subject is the noun before it.
"""

from pipelines.text.english.cues import cue_verbs
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    CLAUSE_LINKS,
    COLON,
    COMMA,
    COUNTED_HEADS,
    DASH,
    DETERMINER,
    FINITE_VERBS,
    ING_FORM,
    LEXICAL_VERBS,
    PAST_FORM,
    PREPOSITION,
    QUOTATION,
    STOP,
    SUBORDINATOR,
    TO,
    Classes,
)
from pipelines.text.tables import load_words

OBJECT_PRONOUNS = load_words(__package__, "phrases.yaml", "object_pronouns")
_NAMING = load_words(__package__, "phrases.yaml", "naming_participles")
_CONJUNCTIONS = load_words(__package__, "phrases.yaml", "opening_links")
_DESCRIBING: Classes = frozenset((PAST_FORM, ING_FORM, ADJECTIVE))
_DESCRIBED: Classes = COUNTED_HEADS | {DETERMINER}
_PREPOSITIONS: Classes = frozenset((PREPOSITION, TO))
_BREAKS: Classes = frozenset((COMMA, STOP, COLON, DASH, SUBORDINATOR, QUOTATION))
_MOST = 3
"""Descriptions of one subject, each inside the one before."""


def find_described(sentence: Sentence, start: int) -> int | None:
    """Returns the last word of the noun whose description ends with the phrase at `start`; None if there is none."""
    described = None
    for _ in range(_MOST):
        found = _before_participle(sentence, start)
        if found is None:
            found = _before_relative(sentence, start)
        if found is None:
            break
        described = start = found
    return described


def _before_participle(sentence: Sentence, start: int) -> int | None:
    """Returns the noun before a participle or adjective: "men hired by the firm", "people close to the talks"."""
    tags = sentence.tags
    named = sentence.lower[start - 1] in _NAMING
    joined = tags[start - 1] in _PREPOSITIONS and sentence.lower[start - 1] not in _CONJUNCTIONS
    at = start - 1 if named else start - 2
    if at < 1 or not (named or joined) or tags[at] not in _DESCRIBING:
        return None
    if _may_take_clause(sentence.lower[at]) and sentence.lower[start - 1] != "by":
        return None
    noun = at - 1
    while noun > 0 and tags[noun] == ADVERB:
        noun -= 1
    return noun if tags[noun] in _DESCRIBED else None


def _before_relative(sentence: Sentence, start: int) -> int | None:
    """Returns the noun before a relative clause whose object is the phrase: "the men who met the mayor"."""
    tags = sentence.tags
    link = max(tags.rfind(mark, 0, start) for mark in CLAUSE_LINKS)
    if link < 1 or tags[link - 1] not in _DESCRIBED:
        return None
    between = tags[link + 1 : start]
    own = between.lstrip(ADVERB)
    if own[:1] not in FINITE_VERBS or not _BREAKS.isdisjoint(between):
        return None
    before = tags[start - 1]
    is_object = before in _PREPOSITIONS or before in LEXICAL_VERBS
    free = sentence.lower[start] not in OBJECT_PRONOUNS and before in LEXICAL_VERBS
    return None if not is_object or (free and _may_take_clause(sentence.lower[start - 1])) else link - 1


def _may_take_clause(verb: str) -> bool:
    """Whether what follows the verb can be a clause of its own: "said in the city police found …"."""
    cue = cue_verbs().get(verb)
    return cue is not None and "addressee" not in cue.takes and "clause" in cue.takes

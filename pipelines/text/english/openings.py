"""Where a clause that opens its sentence ends: "While the crew spoke of a leak, the owner left."."""

from pipelines.text.english.predicates import Predicates
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    BASE_FORM,
    CLAUSE_VERBS,
    COMMA,
    DETERMINER,
    ING_FORM,
    NAME,
    NOUN,
    NUMBER,
    PAST_FORM,
    PREPOSITION,
    PRONOUN,
    SUBORDINATOR,
    TO,
    Classes,
)
from pipelines.text.tables import load_words

_LINKS = load_words(__package__, "phrases.yaml", "opening_links")
_BEFORE_ING_FORM: Classes = frozenset((PREPOSITION, SUBORDINATOR))
_SUBJECT_STARTS: Classes = frozenset((DETERMINER, PRONOUN, NAME, NOUN, ADJECTIVE, NUMBER))


def opens_before_main_clause(sentence: Sentence, verb: int) -> bool:
    """Whether a verb is in a clause or phrase that opens the sentence: "After she said so, …", "By calling it …"."""
    tags = sentence.tags
    phrase = tags[0] in _BEFORE_ING_FORM and tags[1:2] == ING_FORM
    start = _skip_opening(tags)
    return (phrase or _opens(sentence, start)) and COMMA not in tags[start:verb]


def _skip_opening(tags: str) -> int:
    """Returns where the clause after an adverb or a short phrase begins: "Just as …", "In 2017, when …"."""
    comma = tags.find(COMMA)
    if tags[0] == PREPOSITION and comma > 0 and CLAUSE_VERBS.isdisjoint(tags[:comma]):
        return min(comma + 1, len(tags) - 1)
    return min(len(tags) - len(tags.lstrip(ADVERB)), len(tags) - 1)


def _opens(sentence: Sentence, start: int) -> bool:
    """Whether a clause before the main one starts here, and not an amount: "as many as 40 boats"."""
    return sentence.lower[start] in _LINKS and sentence.tags[start + 1 : start + 2] != ADJECTIVE


def is_main_clause(sentence: Sentence, start: int, end: int) -> bool:
    """Whether words hold more than an opening: a finite verb that is not that of "when I ask him", "to get votes"."""
    tags = sentence.tags
    verbs = [at for at in range(start, end) if tags[at] in CLAUSE_VERBS and _is_finite(tags, start, at)]
    opening = _opens(sentence, start) and COMMA not in tags[start:end]
    return bool(verbs) and not opening


def _is_finite(tags: str, start: int, at: int) -> bool:
    """Whether a verb is neither the first infinitive nor a participle after the first comma: "the mass, held there"."""
    if tags[at] == BASE_FORM:
        return tags[start:at] != TO
    return tags[at] != PAST_FORM or tags.find(COMMA, start, at) != at - 1


def find_main_clause(sentence: Sentence, predicates: Predicates, start: int, stop: int) -> int:
    """Returns the comma before the main clause, if it lies between two words, and `stop` otherwise."""
    tags = sentence.tags
    comma = tags.find(COMMA, start, stop)
    while comma >= 0:
        if tags[comma + 1 : comma + 2] in _SUBJECT_STARTS and predicates.find(comma + 1) is not None:
            return comma
        comma = tags.find(COMMA, comma + 1, stop)
    return stop

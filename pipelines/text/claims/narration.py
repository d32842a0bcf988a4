"""Claims that the text makes itself: a headline that asserts, a figure about an event, a plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.text.claims.assertions import event_of
from pipelines.text.claims.status.table import status_words
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    FINITE_VERBS,
    HEADS,
    ING_FORM,
    PAST_FORM,
    RELATIVE,
    S_FORM,
    STOP,
    TO,
    Classes,
)
from pipelines.text.tables import load_words
from schemas.text import FigureText

_COUNTED = frozenset(("count", "money", "percent", "fraction", "multiplier", "measure"))
"""Kinds of figures that say something of an event; ordinals and dates do not."""
_CONVERSATION = load_words(__package__, "pronouns.yaml", "conversation")
_PLAN_REACH = 40
"""Words of a sentence in which the verb of a plan is searched for."""
_PLANNING_FORMS: Classes = frozenset((ING_FORM, S_FORM, PAST_FORM))
_BEFORE_PLANNING: Classes = HEADS | {AUXILIARY, ADVERB}


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the narrator, or a part of it, that is a claim. Offsets in the field."""

    sentence: int
    start: int
    end: int


def find_title_statements(sentences: Sequence[Sentence], taken: set[int]) -> list[Statement]:
    """Returns the headlines that say that something happens; one that only names a topic is not a claim.

    `taken` are the numbers of the sentences that are attributed to somebody.
    """
    found: list[Statement] = []
    for number, sentence in enumerate(sentences):
        if number not in taken and _asserts(sentence, 0, len(sentence.tags)):
            found.extend(_halves(sentence, number))
    return found


def find_body_statements(
    sentences: Sequence[Sentence], taken: set[int], figures: Sequence[FigureText], text: str
) -> list[Statement]:
    """Returns the sentences without a source that carry a figure about an event, or a plan.

    `taken` are the numbers of the sentences that are attributed to somebody, `figures` the figures of the body in
    reading order.
    """
    found: list[Statement] = []
    at = 0
    for number, sentence in enumerate(sentences):
        while at < len(figures) and figures[at].end <= sentence.start:
            at += 1
        counted = at < len(figures) and figures[at].start < sentence.end and figures[at].kind in _COUNTED
        if number in taken or not _asserts(sentence, 0, len(sentence.tags)) or text[sentence.end - 1] == "?":
            continue
        event = counted and event_of(text[sentence.start : sentence.end])
        if event or (_CONVERSATION.isdisjoint(sentence.lower) and _is_plan(sentence)):
            found.append(_whole(sentence, number))
    return found


def _asserts(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the words have a subject and a verb, or a subject and "to" and a verb, as headlines do."""
    tags = sentence.tags[start:end]
    if tags[:1] == RELATIVE:
        return False
    first = next((k for k, tag in enumerate(tags) if tag in FINITE_VERBS or (tag == BASE_FORM and k)), -1)
    infinitive = tags.find(TO)
    return first > 0 or (infinitive > 0 and tags[infinitive + 1 : infinitive + 2] == BASE_FORM)


def _halves(sentence: Sentence, number: int) -> list[Statement]:
    """Returns the two claims of "A weighs aid as B sends troops", or the whole sentence."""
    for index in range(2, len(sentence.tags) - 2):
        joined = sentence.lower[index] in ("as", "while") and _asserts(sentence, 0, index)
        if joined and _asserts(sentence, index + 1, len(sentence.tags)):
            return [
                Statement(number, sentence.starts[0], sentence.ends[index - 1]),
                Statement(number, sentence.starts[index + 1], _end(sentence)),
            ]
    return [_whole(sentence, number)]


def _is_plan(sentence: Sentence) -> bool:
    """Whether a verb of the sentence gives a plan or forecast: "is preparing to", "is likely to"."""
    tags, lower, planned = sentence.tags, sentence.lower, status_words("planned")
    if planned.isdisjoint(lower) and "likely" not in lower:
        return False
    for index, word in enumerate(lower[:_PLAN_REACH]):
        before = tags[index - 1] if index else ""
        if word in planned and tags[index] in _PLANNING_FORMS and before in _BEFORE_PLANNING:
            return True
        if word == "likely" and before == AUXILIARY and lower[index + 1 : index + 2] == ["to"]:
            return True
    return False


def _whole(sentence: Sentence, number: int) -> Statement:
    return Statement(number, sentence.starts[0], _end(sentence))


def _end(sentence: Sentence) -> int:
    """Returns the end of the sentence's last word, without the stop."""
    return sentence.ends[max(len(sentence.tags.rstrip(STOP)), 1) - 1]

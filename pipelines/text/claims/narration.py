"""Claims that the text makes itself: a headline that asserts, a figure about an event, a plan that is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.text.claims.assertions import event_of
from pipelines.text.claims.status import status_words
from pipelines.text.english.tagging import Sentence
from schemas.text import FigureText

_COUNTED = frozenset(("count", "money", "percent", "fraction", "multiplier", "measure"))
_FINITE = frozenset("VMAE")
_FIRST_PERSON = frozenset(("i", "my", "me", "we", "our", "us", "you", "your"))


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the narrator, or a part of it, that is a claim. Offsets in the field."""

    sentence: int
    start: int
    end: int


def title_statements(sentences: Sequence[Sentence], taken: set[int]) -> list[Statement]:
    """Headlines that say that something happens; one that only names a topic is no claim."""
    found: list[Statement] = []
    for number, sentence in enumerate(sentences):
        if number not in taken and _asserts(sentence, 0, len(sentence.tags)):
            found.extend(_halves(sentence, number))
    return found


def body_statements(
    sentences: Sequence[Sentence], taken: set[int], figures: Sequence[FigureText], text: str
) -> list[Statement]:
    """Sentences of the body without a source that carry a figure about an event, or tell of a plan."""
    found: list[Statement] = []
    at = 0
    for number, sentence in enumerate(sentences):
        while at < len(figures) and figures[at].end <= sentence.start:
            at += 1
        counted = at < len(figures) and figures[at].start < sentence.end and figures[at].kind in _COUNTED
        if number in taken or not _asserts(sentence, 0, len(sentence.tags)) or text[sentence.end - 1] == "?":
            continue
        if counted and event_of(text[sentence.start : sentence.end]):
            found.append(_whole(sentence, number))
        elif not set(sentence.lower) & _FIRST_PERSON and (plan := _plan(sentence)) is not None:
            found.append(Statement(number, plan, _last(sentence)))
    return found


def _asserts(sentence: Sentence, start: int, end: int) -> bool:
    """A subject and a verb of its own, or a subject and "to" and a verb, as headlines have it."""
    tags = sentence.tags[start:end]
    if tags[:1] == "W":
        return False
    first = next((k for k, tag in enumerate(tags) if tag in _FINITE or (tag == "B" and k)), -1)
    infinitive = tags.find("t")
    return first > 0 or (infinitive > 0 and tags[infinitive + 1 : infinitive + 2] == "B")


def _halves(sentence: Sentence, number: int) -> list[Statement]:
    """ "A weighs aid as B sends troops" makes two claims."""
    for index in range(2, len(sentence.tags) - 2):
        joined = sentence.lower[index] in ("as", "while") and _asserts(sentence, 0, index)
        if joined and _asserts(sentence, index + 1, len(sentence.tags)):
            return [
                Statement(number, sentence.starts[0], sentence.ends[index - 1]),
                Statement(number, sentence.starts[index + 1], _last(sentence)),
            ]
    return [_whole(sentence, number)]


def _plan(sentence: Sentence) -> int | None:
    """Where a sentence starts whose main verb tells of a plan or forecast about somebody named."""
    verbs = status_words("planned")
    for index, word in enumerate(sentence.lower[:40]):
        if word in verbs and index and sentence.tags[index] in "GVE" and sentence.tags[index - 1] in "ARNC":
            return sentence.starts[0]
        if (
            word == "likely"
            and sentence.tags[index - 1 : index] == "A"
            and sentence.lower[index + 1 : index + 2] == ["to"]
        ):
            return sentence.starts[0]
    return None


def _whole(sentence: Sentence, number: int) -> Statement:
    return Statement(number, sentence.starts[0], _last(sentence))


def _last(sentence: Sentence) -> int:
    """End of the sentence's last word, without the stop."""
    index = len(sentence.tags) - 1
    while index and sentence.tags[index] == ".":
        index -= 1
    return sentence.ends[index]

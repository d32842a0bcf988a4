"""Two sources with one verb: "a local chief and two survivors said" are two claims with the same content."""

import re
from bisect import bisect_left
from dataclasses import replace

from pipelines.text.claims.claimant_nouns import lifeless_nouns, speaking_nouns
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.inflection import grammar
from pipelines.text.english.noun_phrases import JOINING_PREPOSITIONS
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    COLON,
    COMMA,
    DASH,
    DETERMINER,
    INSIDE_PHRASE,
    PREPOSITION,
    QUOTATION,
    STOP,
    SUBORDINATOR,
    Classes,
)
from pipelines.text.tables import load_words

Span = tuple[int, int]

_AND = re.compile(r",?\s+and\s+(?=\S)")
_OPENINGS = load_words(__package__, "phrases.yaml", "counting") | frozenset(grammar()["determiners"].split())
_PREPOSITION = re.compile(rf"\s(?:{'|'.join(sorted(JOINING_PREPOSITIONS))})\s")
_FULL_NAME = re.compile(r"[A-Z][\w’'-]+(?:\s[A-Z][\w.’'-]*)*\s[A-Z][\w’'-]+$")
_IN_SOURCE: Classes = INSIDE_PHRASE | {DETERMINER, PREPOSITION}
_BEFORE_SOURCE: Classes = frozenset((COMMA, STOP, COLON, DASH, QUOTATION, SUBORDINATOR))
_NOT_NAMES = re.compile(r"\b(?:of|the|for)\b")


def split_sources(text: str, sentence: Sentence, found: list[Attribution]) -> list[Attribution]:
    """Returns the attributions of a sentence with one for each source."""
    split: list[Attribution] = []
    for one in found:
        if one.source is not None and one.antecedent is None:
            *others, one.source = _sources(text, sentence, *one.source)
            split.extend(replace(one, source=source, content=list(one.content)) for source in others)
        split.append(one)
    return split


def _sources(text: str, sentence: Sentence, start: int, end: int) -> list[Span]:
    """Returns the spans of the sources that a mention at `text[start:end]` belongs to, in reading order."""
    for link in _AND.finditer(text, start, end):
        if _are_two(text[start : link.start()], text[link.end() : end]):
            return [(start, link.start()), (link.end(), end)]
    before = _source_before(sentence, bisect_left(sentence.starts, start))
    if before is None or not _are_two(text[slice(*before)], text[start:end]):
        return [(start, end)]
    return [before, (start, end)]


def _source_before(sentence: Sentence, index: int) -> Span | None:
    """Returns the span of the phrase that "and" joins to the word at `index`, if it begins a clause."""
    if index < 2 or sentence.lower[index - 1] != "and":
        return None
    last = first = index - 2
    while first >= 0 and sentence.tags[first] in _IN_SOURCE:
        first -= 1
    opens_clause = first < 0 or sentence.tags[first] in _BEFORE_SOURCE
    return (sentence.starts[first + 1], sentence.ends[last]) if opens_clause and first < last else None


def _are_two(left: str, right: str) -> bool:
    """Whether both phrases name somebody: two nouns of speakers, or the full names of two people."""
    if _speaks(left) and _speaks(right):
        return not (left[:1].isupper() and right[:1].isupper() and " " not in right)
    return all(_FULL_NAME.match(name) and not _NOT_NAMES.search(name) for name in (left, right))


def _speaks(phrase: str) -> bool:
    """Whether a phrase has an article or number, or a noun of speakers as its head: "two survivors", "police"."""
    words = _PREPOSITION.split(phrase)[0].lower().split()
    counted = len(words) > 1 and (words[0] in _OPENINGS or words[0][0].isdigit())
    return bool(words) and words[-1] not in lifeless_nouns() and (counted or words[-1] in speaking_nouns())

"""Noun phrases of a tagged sentence: the one that ends before a verb, the one that begins after it."""

from functools import cache

from pipelines.text.english.inflection import grammar
from pipelines.text.english.tagging import Sentence

Range = tuple[int, int]
"""Indices of words in a sentence, end exclusive."""

NOMINAL = frozenset("NCUJDHQ")
_INSIDE = frozenset("NCJUZ")
_ALONE = frozenset(
    ("some", "many", "most", "all", "both", "few", "several", "this", "these", "those", "another", "either")
)
TIME_PARTS = frozenset(
    ("last", "next", "early", "late", "earlier", "later", "same", "previous", "following", "past", "that")
)
_JOINING = frozenset(("of", "for", "at", "in", "from", "on", "to", "with"))


@cache
def time_words() -> frozenset[str]:
    return frozenset(grammar()["time_words"].split())


def subject_before(sentence: Sentence, verb: int) -> Range | None:
    """The phrase that the verb group starting at `verb` is said of, or none; a relative pronoun is its own subject."""
    tags = sentence.tags
    last = verb - 1
    while last >= 0 and tags[last] == "R":
        last -= 1
    if last >= 0 and tags[last] == ")":
        last = tags.rfind("(", 0, last) - 1
    last = _before_time(sentence, last)
    if last < 0:
        return None
    if tags[last] in ",-":
        return _before_apposition(sentence, last)
    if tags[last] in "WTH":
        return (last, last + 1) if sentence.lower[last] != "there" else None
    if tags[last] == "D" and sentence.lower[last] in _ALONE:
        return last, last + 1
    return phrase_ending(sentence, last) if tags[last] in "NCUJZQ" else None


def _before_time(sentence: Sentence, last: int) -> int:
    """ "The ministry on Thursday denied", "which last week said": the word before the time."""
    tags, lower, times = sentence.tags, sentence.lower, time_words()
    if last < 0 or lower[last] not in times or tags[last] not in "NCU":
        return last
    index = last - 1
    while index >= 0 and (
        lower[index] in TIME_PARTS or tags[index] == "D" or (tags[index] == "J" and lower[index] != "may")
    ):
        index -= 1
    if index >= 0 and tags[index] == "P":
        index -= 1
    elif index == last - 1 and tags[index] not in "NCH":
        return last
    while index >= 0 and tags[index] == "R":
        index -= 1
    return index


def _before_apposition(sentence: Sentence, comma: int) -> Range | None:
    """ "Ann Lee, head of the union, said": the phrase before the first of both commas."""
    tags = sentence.tags
    opening = tags.rfind(tags[comma], 0, comma)
    while opening > 0 and tags[opening + 1 : opening + 2] == "&":
        opening = tags.rfind(tags[comma], 0, opening)
    if opening <= 0 or comma - opening < 2:
        return None
    last = opening - 1
    if tags[last] == ")":
        last = tags.rfind("(", 0, last) - 1
    return phrase_ending(sentence, last) if last >= 0 and tags[last] in "NCUHZJ" else None


def phrase_ending(sentence: Sentence, last: int) -> Range | None:
    """The noun phrase whose last word is `last`, with what hangs on it by a preposition."""
    tags, lower, times = sentence.tags, sentence.lower, time_words()
    if tags[last] == "H":
        return last, last + 1
    first = last + 1
    index = last
    while index >= 0:
        while index >= 0 and tags[index] in _INSIDE and not (lower[index] in times and tags[index] in "NC"):
            index -= 1
        while index >= 0 and tags[index] == "D":
            index -= 1
        if index + 1 < first:
            first = index + 1
        if index < 1 or tags[index - 1] not in "NCU":
            break
        joins = tags[index] == "P" and lower[index] in _JOINING
        pairs = tags[index] == "&" and lower[index] == "and" and tags[index - 1] == "C" and tags[index + 1] in "CD"
        if not joins and not (pairs and not _has_verb(tags, 0, index)):
            break
        index -= 1
    return (first, last + 1) if first <= last else None


def phrase_starting(sentence: Sentence, first: int) -> Range | None:
    """The noun phrase that begins at `first`, with what hangs on it by "of" and the like."""
    tags, lower = sentence.tags, sentence.lower
    size = len(tags)
    if first >= size:
        return None
    if tags[first] == "H":
        return first, first + 1
    index = first
    while index < size:
        begin = index
        while index < size and tags[index] in "DNCJUZQ" and not (index > begin and tags[index] == "D"):
            index += 1
        if index == begin:
            index = begin - 1 if begin > first else begin
            break
        joins = index + 1 < size and tags[index] == "P" and lower[index] in ("of", "for", "at", "in", "from")
        if not joins or tags[index + 1] not in "DNCJU" or lower[index + 1] in time_words():
            break
        index += 1
    return (first, index) if index > first else None


def _has_verb(tags: str, start: int, end: int) -> bool:
    return any(tag in "VEAMB" for tag in tags[start:end])

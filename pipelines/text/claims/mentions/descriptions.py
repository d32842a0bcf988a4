"""What a text calls somebody, in addition to the name: "the commissioner, Ann Lee", "Orbis, a maker of brakes"."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipelines.text.claims.claimant_nouns import speaking_nouns
from pipelines.text.claims.mentions.agreement import words_of
from pipelines.text.english.inflection import grammar

_REACH = 80
"""Characters around a name in which a description is looked for."""
_LONGEST = 6
"""Words of a description before its first preposition."""
_WORD = re.compile(r"[^\W_][\w&’'-]*")
_BEFORE_ENDS = re.compile(r"[.;:!?()\n\"“”–—]")
_APPOSED = re.compile(r",\s+(?:(?:[A-Z][\w.]*|the)\s+){0,3}$")
"""The comma between a description and the name that it is of; titles may follow it: "the chair, Sir Bo Lund"."""
_AFTER = re.compile(
    r"(?:\s\([^()\n]{1,40}\))?\s?(?:,|\b(?:is|was|are)\b)\s+(?:(?:an?|the|its|his|her|their|one\sof\sthe|formerly)\s+)?"
    r"([^,.;:!?()\n\"“”–—]{3,70})"
)
_NEXT = re.compile(r"\s([a-z][\w-]+)(?:\s([a-z][\w-]+))?")
_SHORT_NAME = re.compile(r"\s?\(([A-Z][\w.&-]{1,9})\)")
_PLACED = re.compile(r"\s(?:of|for|to|at|in)\s(?:the\s)?(?:[A-Z][\w&’'-]*\s)+$")
"""The place or body of a role, between it and the name: "ambassador to Chile Ann Lee"."""
_APPOSITION_END = re.compile(r"\s?(?:[,.;:)\n–—]|$)")
_NAMING = frozenset(("name", "surname", "nickname", "names"))
"""Nouns whose apposition names somebody else: "a nurse who gave only her first name, Amina"."""


class Description(NamedTuple):
    """A noun that the text uses of somebody, with the words before it, in lower case: "commissioner", {"county"}."""

    noun: str
    modifiers: frozenset[str]


@cache
def articles() -> frozenset[str]:
    """Returns the articles and the like that can open a description: "the", "her"."""
    table = grammar()
    return frozenset(f"{table['determiners']} {table['possessives']}".split())


@cache
def _stops() -> frozenset[str]:
    """Returns the words that end a description."""
    table = grammar()
    rows = ("prepositions", "relatives", "conjunctions", "subordinators", "auxiliaries", "modals", "pronouns")
    return frozenset(word for row in rows for word in table[row].split()) | {"to", "that"}


def read_description(phrase: str) -> Description | None:
    """Returns the description in a phrase: its last word before a preposition or the like, with those before it."""
    words: list[str] = []
    stops, openings = _stops(), articles()
    for word in _WORD.findall(phrase):
        low = word.lower()
        if low in stops:
            break
        if low not in openings:
            words.append(low.removesuffix("'s").removesuffix("’s"))
    if not words or len(words) > _LONGEST:
        return None
    return Description(words[-1], frozenset(words[:-1]))


def describe(text: str, start: int, end: int) -> Iterator[Description]:
    """Yields what the text calls the name at `text[start:end]` right before it and right after it."""
    before = _describe_before(text, start, end)
    after = (found[1] for found in (_AFTER.match(text, end, end + _REACH),) if found)
    for phrase in (*before, *after):
        if (description := read_description(phrase)) is not None:
            yield description
    following = _NEXT.match(text, end, end + _REACH)
    if following is not None:
        for noun in words_of("after_names") & {*following.groups()}:
            yield Description(noun, frozenset())


def _describe_before(text: str, start: int, end: int) -> Iterator[str]:
    clause = _BEFORE_ENDS.split(text[max(0, start - _REACH) : start])[-1]
    apposed = _APPOSED.search(clause)
    if apposed is not None:
        if not ends_apposition(text, end):
            return
        phrase = clause[: apposed.start()].rpartition(",")[2]
        noun = (_WORD.findall(phrase) or [""])[-1].lower()
        yield _first_speaker(clause) if noun in _NAMING else _apposed_phrase(phrase)
    else:
        yield _last_phrase(clause)
        if (placed := _PLACED.search(clause)) is not None:
            yield _last_phrase(clause[: placed.start()])


def _first_speaker(clause: str) -> str:
    """Returns the words up to the first noun that speaks: "A worker" of "A worker reached by phone"."""
    words = clause.split()
    last = next((number for number, word in enumerate(words) if word.lower() in speaking_nouns()), len(words))
    return " ".join(words[: last + 1])


def _last_phrase(clause: str) -> str:
    """Returns the words after the last function word."""
    words = clause.split()
    stops, openings = _stops(), articles()
    first = len(words)
    while first and (low := words[first - 1].lower()) not in stops:
        first -= 1
        if low in openings:
            break
    return " ".join(words[first:])


def _apposed_phrase(clause: str) -> str:
    """Returns the words from the last article on that follows no "of": "the minister of the interior"."""
    words = clause.split()
    for first in range(len(words) - 1, -1, -1):
        if words[first].lower() in articles() and (not first or words[first - 1].lower() not in _stops()):
            return " ".join(words[first:])
    return _last_phrase(clause)


def ends_apposition(text: str, end: int) -> bool:
    """Whether an apposition can end at a position: before a comma, but not before the verb of a clause."""
    return _APPOSITION_END.match(text, end) is not None


def short_name_after(text: str, end: int) -> str | None:
    """Returns the short name in brackets after a name: "Delport Water Board (DWB)"."""
    found = _SHORT_NAME.match(text, end)
    return found[1] if found else None

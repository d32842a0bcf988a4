"""The role of a person: the title or noun before the name, or the phrase after it between commas."""

import itertools
import re
from dataclasses import dataclass
from functools import cache

from pipelines.text.english.inflection import grammar
from pipelines.text.entities import gazetteer

_AFTER = re.compile(
    r"\s?,\s(?:(?:a|an|the|who\s(?:is|was)|formerly|currently)\s){0,2}([^,.;:\n()\"“”]{4,90})(?=[,.;\n]|$)"
)
_DESCRIBED = re.compile(
    r"\s(?:is|was)\s(?:(?:a|an|the)\s)?([^,.;:\n()\"“”]{4,80}?)(?=[,.;\n]|\s(?:who|and|at|since|in|when)\s|$)"
)
_CLAUSE_BREAK = re.compile(r"[.;:!?\n,()\"“”–—]")
_SHORTEST_CLAUSE = 3
_WORD = re.compile(r"[^\W_](?:[\w.&'’-]*\w\.?)?")
# The object of a role, between the role and the name: "ambassador to North Korea", "head of the Harbour Office".
_OBJECT = re.compile(r"(?:\s(?:to|of|for|at|in|on)(?:\sthe)?(?:\s[A-Z][\w.&'’-]*)+)?\s?$")
_CAPITALISED = re.compile(r"(?:[A-Z][\w.&’'-]*\s?)+")
_MOST_WORDS = 6
"""Most words before a role that belong to it."""
_CLAUSE_REACH = 90
"""Characters before a name in which its role is looked for."""
_LONGEST_PLACE = 4
"""Most words of a country, people or body that begins a role."""
_MODIFIER_REACH = 70
"""Characters before a role in which the words that belong to it are looked for."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role in the words of the text, with the organisation and the country (ISO 3166-1 code) that it names."""

    text: str
    organisation: str | None
    country: str | None


def find_role(text: str, start: int, end: int, title_start: int) -> Role | None:
    """Returns the role that the text gives the person at `start` to `end`; None if it gives none.

    `title_start` is the start of the title before the name, or -1.
    """
    if title_start >= 0:
        return _make_role(_find_modifiers(text, title_start) + text[title_start:start])
    for pattern in (_AFTER, _DESCRIBED):
        after = pattern.match(text, end)
        if after and _is_role(after[1]):
            return _make_role(after[1])
    # "the intelligence chief, Rosa Tully, said": the comma before the name does not end the clause.
    end_of_clause = start - 2 if text[max(0, start - 2) : start] == ", " else start
    before = text[max(0, start - _CLAUSE_REACH) : end_of_clause].removesuffix("\n")
    clause = _CLAUSE_BREAK.split(before)[-1]
    if len(clause) < _SHORTEST_CLAUSE:
        return None
    if _role_nouns().isdisjoint(_WORD.findall(clause)):
        return None  # most names: saves the search for their places
    for noun in reversed(list(_WORD.finditer(clause))):
        if noun[0] in _role_nouns() and _OBJECT.match(clause, noun.end()):
            offset = max(0, start - _CLAUSE_REACH) + len(before) - len(clause) + noun.start()
            return _make_role(_find_modifiers(text, offset) + text[offset:end_of_clause])
    return None


@cache
def _role_nouns() -> frozenset[str]:
    titles = {title.lower() for title in gazetteer.words("titles") if title.replace("-", "").isalpha()}
    return (gazetteer.words("person_nouns") | titles) - gazetteer.words("not_role_nouns")


def _is_role(phrase: str) -> bool:
    """Whether the phrase is a role: the last word before its first preposition is a noun of roles."""
    words = phrase.lower().split()
    head = list(itertools.takewhile(lambda word: word not in _prepositions(), words))
    if not head or head[-1] not in _role_nouns():
        return False
    capitals = [word for word in phrase.split() if word[0].isupper()]
    # ", ambassador to Chile Rosa Tully, …" is the next person of a list.
    return len(capitals) < 2 or capitals[-2] not in gazetteer.first_names() or not phrase.endswith(capitals[-1])


@cache
def _prepositions() -> frozenset[str]:
    table = grammar()
    return frozenset(f"{table['prepositions']} to of for who that which and".split())


def _find_modifiers(text: str, start: int) -> str:
    """Returns the words before a title or role that belong to it: "NATO ", "Russian military ", "Norway’s "."""
    before = text[max(0, start - _MODIFIER_REACH) : start].rpartition("\n")[2]
    modifiers: list[str] = []
    for word in reversed(before.split(" ")):
        if word == "" and not modifiers:
            continue
        bare = word.removesuffix("'s").removesuffix("’s")
        plain = word.isalpha() and word.islower() and word not in _stops()
        if bare.endswith(".") and bare not in gazetteer.known():
            break  # the end of a sentence
        if not bare or len(modifiers) == _MOST_WORDS or not (plain or (bare[0].isupper() and _WORD.fullmatch(bare))):
            break
        modifiers.insert(0, word)
    while modifiers and not _belongs(" ".join(modifiers)):
        modifiers.pop(0)
    return " ".join(modifiers) + " " if modifiers else ""


@cache
def _stops() -> frozenset[str]:
    """Common words that end a role, except those that describe roles."""
    return gazetteer.common_words() - gazetteer.words("role_words")


def _belongs(modifiers: str) -> bool:
    """Whether the words begin with a country, a people, a body or a word of roles."""
    words = modifiers.split()
    if words[0].islower():
        return True
    for length in range(min(_LONGEST_PLACE, len(words)), 0, -1):
        name = " ".join(words[:length]).removesuffix("'s").removesuffix("’s")
        if name in gazetteer.known() or name in gazetteer.peoples():
            return True
        if words[length - 1] in gazetteer.words("organisation_heads") or words[0] in gazetteer.words("title_parts"):
            return True
    return words[0].isupper() and len(words[0]) > 1


def _make_role(phrase: str) -> Role:
    phrase = " ".join(phrase.split())
    organisation = country = None
    for found in _CAPITALISED.findall(phrase):
        words = found.split()
        for first in range(len(words)):
            for last in range(len(words), first, -1):
                whole = " ".join(words[first:last]).removesuffix("'s").removesuffix("’s")
                known = gazetteer.known().get(whole)
                country = country or gazetteer.peoples().get(whole) or (known.country if known else None)
                if known and known.kind == "organisation":
                    organisation = organisation or known.name
        organisation = organisation or _find_body(words)
    return Role(phrase, organisation, country)


def _find_body(words: list[str]) -> str | None:
    """ "House Oversight Committee Chairman" names a body: the words up to the last one that bodies end with."""
    for last in range(len(words), 1, -1):
        if words[last - 1] in gazetteer.words("organisation_heads") and words[last - 1] not in gazetteer.words(
            "title_parts"
        ):
            return " ".join(words[:last])
    return None

"""Who somebody is: the title before a name, the noun before it, or what stands after it between commas."""

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
_CLAUSE = re.compile(r"[^.;:!?\n,()\"“”–—]{3,90}$")
_WORD = re.compile(r"[^\W_](?:[\w.&'’-]*\w\.?)?")
# What may stand between a role and the name: "ambassador to North Korea", "head of the Harbour Office".
_OBJECT = re.compile(r"(?:\s(?:to|of|for|at|in|on)(?:\sthe)?(?:\s[A-Z][\w.&'’-]*)+)?\s?$")
_CAPITALISED = re.compile(r"(?:[A-Z][\w.&’'-]*\s?)+")
_MOST_WORDS = 6
# Titles that are other words in small letters.
_NOT_NOUNS = frozenset(
    ("private", "major", "general", "count", "miss", "lance", "shah", "agent", "chair", "marquis", "dame")
)


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the text words it, with the organisation and the country (ISO 3166-1) that it names."""

    text: str
    organisation: str | None
    country: str | None


def role_of(text: str, start: int, end: int, title_start: int) -> Role | None:
    """The role that the text gives the person at `start` to `end`.

    `title_start` is where a title before the name begins, or -1.
    """
    if title_start >= 0:
        return _role(_modifiers(text, title_start) + text[title_start:start])
    for pattern in (_AFTER, _DESCRIBED):
        after = pattern.match(text, end)
        if after and _role_noun(after[1]):
            return _role(after[1])
    # "the intelligence chief, Rosa Tully, said": the comma before the name is no end of the clause.
    end_of_clause = start - 2 if text[max(0, start - 2) : start] == ", " else start
    clause = _CLAUSE.search(text, max(0, start - 90), end_of_clause)
    if not clause:
        return None
    for noun in reversed(list(_WORD.finditer(clause[0]))):
        if noun[0] in _role_nouns() and _OBJECT.match(clause[0], noun.end()):
            offset = clause.start() + noun.start()
            return _role(_modifiers(text, offset) + text[offset:end_of_clause])
    return None


@cache
def _role_nouns() -> frozenset[str]:
    titles = {title.lower() for title in gazetteer.words("titles") if title.replace("-", "").isalpha()}
    return (gazetteer.words("person_nouns") | titles) - _NOT_NOUNS


def _role_noun(phrase: str) -> bool:
    """Whether the phrase is a role: its words before the first preposition end with a noun of roles."""
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


def _modifiers(text: str, start: int) -> str:
    """The words before a title or role that belong to it: "NATO ", "Russian military ", "Norway’s "."""
    before = text[max(0, start - 70) : start].rpartition("\n")[2]
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
    """Common words that end a role's modifiers, but for those that describe roles."""
    return gazetteer.common_words() - gazetteer.words("role_words")


def _belongs(modifiers: str) -> bool:
    """Whether the words begin with a country, people, body or a word of roles."""
    words = modifiers.split()
    if words[0].islower():
        return True
    for length in range(min(4, len(words)), 0, -1):
        name = " ".join(words[:length]).removesuffix("'s").removesuffix("’s")
        if name in gazetteer.known() or name in gazetteer.peoples():
            return True
        if words[length - 1] in gazetteer.words("organisation_heads") or words[0] in gazetteer.words("title_parts"):
            return True
    return words[0].isupper() and len(words[0]) > 1


def _role(phrase: str) -> Role:
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
        organisation = organisation or _body(words)
    return Role(phrase, organisation, country)


def _body(words: list[str]) -> str | None:
    """ "House Oversight Committee Chairman" holds a body: the words up to the last one that bodies end with."""
    for last in range(len(words), 1, -1):
        if words[last - 1] in gazetteer.words("organisation_heads") and words[last - 1] not in gazetteer.words(
            "title_parts"
        ):
            return " ".join(words[:last])
    return None

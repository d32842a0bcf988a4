"""What the words of a mention say about a claimant: its kind, its name, its role; see `tables/claimants.yaml`."""

import re
from functools import cache

from pipelines.text.english.noun_phrases import JOINING_PREPOSITIONS
from pipelines.text.tables import load_words
from schemas.fields import ClaimantKind
from schemas.text import Entity

UNNAMED = "unnamed"
_TABLE = "claimants.yaml"
_KIND_ROWS: tuple[tuple[str, ClaimantKind], ...] = (
    ("documents", "group"),
    ("groups", "group"),
    ("outlets", "outlet"),
    ("organisations", "organisation"),
    ("governments", "government"),
    ("offices", "office"),
)
"""Rows of nouns and the kinds of claimants they name; of a noun in several rows the last one wins."""
_PREPOSITION = re.compile(rf"\s(?:{'|'.join(sorted(JOINING_PREPOSITIONS))}|by)\s")
_PART = re.compile(rf"(?:{'|'.join(sorted(JOINING_PREPOSITIONS))})\s")
"""What a name cannot begin with: the rest of "one of the crew"."""
WORD = re.compile(r"\w[\w.&-]*+(?:['’](?!s\b)\w++)*+")
_LEADING = re.compile(
    rf"^(?:some of the|{'|'.join(sorted(load_words(__package__, _TABLE, 'leading_words')))})\s+", re.IGNORECASE
)
_LEADING_NAME = re.compile(
    r"(?:[Tt]he\s)?(?:[a-z][\w-]*\s)*(?P<name>(?!The\s|An?\s)[A-Z][\w&.-]*(?:\s[A-Z\d][\w&.-]*)*)\s(?:[a-z]+\s)?(?P<noun>[a-z-]+)"
)
_AROUND_NAME = " ,.-–—’'\"“”"
_AROUND_ROLE = " ,.-–—"
_BODY_KINDS = (None, "organisation", "outlet", "government")


@cache
def _kinds() -> dict[str, ClaimantKind]:
    return {word: kind for row, kind in _KIND_ROWS for word in load_words(__package__, _TABLE, row)}


@cache
def documents() -> frozenset[str]:
    """Returns the nouns of what is read, and so has an author; "intelligence" is rather a body."""
    return load_words(__package__, _TABLE, "documents") - load_words(__package__, _TABLE, "organisations")


@cache
def speaking_nouns() -> frozenset[str]:
    """Returns the nouns of who or what can make a claim: people, bodies, and what they write or measure."""
    return frozenset(_kinds())


@cache
def lifeless_nouns() -> frozenset[str]:
    """Returns the nouns of what makes no claim: a war may threaten, but says nothing."""
    return load_words(__package__, _TABLE, "lifeless")


def before_preposition(mention: str) -> str:
    """Returns a mention up to its first preposition: "a survey" of "a survey of voters"."""
    return _PREPOSITION.split(mention, maxsplit=1)[0]


def kind_of(mention: str) -> ClaimantKind | None:
    """Returns the kind by the head noun: the last known word before the first preposition."""
    kinds = _kinds()
    if mention.isalpha():
        return kinds.get(mention.lower())
    words = [word.lower() for word in WORD.findall(before_preposition(mention))]
    return next((kinds[word] for word in reversed(words) if word in kinds), None)


def name_of(mention: str) -> str:
    """Returns the mention without article and punctuation; "one of the crew" and "those in Delport" stay whole."""
    whole = mention.strip(_AROUND_NAME)
    name = _LEADING.sub("", whole).strip()
    return (whole if _PART.match(name) else name) or UNNAMED


def role_before(mention: str, name: str) -> str | None:
    """Returns the words before a name: "Prime Minister" of "the Prime Minister, Ann Lee"."""
    first = min((at for word in WORD.findall(name) if (at := mention.find(word)) >= 0), default=0)
    return _LEADING.sub("", mention[:first]).strip(_AROUND_ROLE) or None


def trailing_name(mention: str) -> str:
    """Returns the capitalised words after the last noun of the table: "Moore" of "MI6 Chief Richard Moore"."""
    name: list[str] = []
    for word in reversed(WORD.findall(mention)):
        if word in JOINING_PREPOSITIONS:
            return ""
        if not word[:1].isupper() or word.lower() in _kinds():
            break
        name.append(word)
    return " ".join(reversed(name))


def leading_name(mention: str, nouns: frozenset[str]) -> str:
    """Returns the name before one of some nouns that ends a mention: "Vox 1" of "the state-run Vox 1 channel"."""
    found = _LEADING_NAME.fullmatch(mention)
    return found["name"] if found and found["noun"] in nouns else ""


def ends_with(mention: str, person: Entity) -> bool:
    """Whether a mention ends with a person's name, or is short."""
    last = WORD.findall(person.name)[-1:] or [""]
    words = WORD.findall(mention)
    return last[0] in words[-2:] or len(words) <= 3


def covers(mention: str, body: Entity) -> bool:
    """Whether a mention is the body itself: "the Pentagon", not "a Pentagon official"."""
    words = WORD.findall(_LEADING.sub("", mention))
    return len(words) <= len(WORD.findall(body.name)) + 1 and kind_of(mention) in _BODY_KINDS


def is_fragment(mention: str) -> bool:
    """Whether a mention is only a number or a part of one, "least 40", or the end of "Let's"."""
    if mention[0] in "'’":
        return True
    words = [word.lower() for word in WORD.findall(mention)]
    return all(word[0].isdigit() or word in _quantities() for word in words)


@cache
def _quantities() -> frozenset[str]:
    return load_words(__package__, _TABLE, "quantities")

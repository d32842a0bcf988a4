"""Who somebody is: the title before a name, or what stands after it between commas."""

import re
from dataclasses import dataclass

from pipelines.text import gazetteer

_BEFORE = re.compile(r"[^.;:!?\n,()\"“”]{3,90}$")
_AFTER = re.compile(
    r"\s?,\s(?:(?:a|an|the|who\sis|who\sserves\sas|formerly|currently)\s)?([^,.;:\n()\"“”]{4,90})[,.;\n]"
)
_ROLE_TAIL = re.compile(
    r"((?:(?:[A-Z][\w.&'’-]*|the|of|to|for|and|on)\s){0,6}(?:[a-z-]+\s){0,3}(?:[a-z-]+)(?:\s(?:to|of|for|at|in)(?:\sthe)?(?:\s[A-Z][\w.&'’-]*)+)?)\s?$"
)


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the text words it, with the organisation and the country (ISO 3166-1) that it names."""

    text: str
    organisation: str | None
    country: str | None


def role_of(text: str, start: int, end: int, title_start: int) -> Role | None:
    """The role that the text gives the person at `start` to `end`; `title_start` is where a title before it begins, or -1."""
    if title_start >= 0:
        return _role(_with_body(text, title_start) + text[title_start:start])
    after = _AFTER.match(text, end)
    if after and _names_role(after[1]):
        return _role(after[1])
    before = _BEFORE.search(text, max(0, start - 90), start)
    tail = _ROLE_TAIL.search(before[0]) if before else None
    if tail and _names_role(tail[1]):
        return _role(tail[1])
    return None


def _with_body(text: str, start: int) -> str:
    """The country or body right before a title: "NATO ", "Russian "."""
    before = re.search(r"(?:[A-Z][\w.&-]*(?:['’]s)?\s){1,4}$", text[max(0, start - 60) : start])
    if not before:
        return ""
    words = before[0].split()
    for first in range(len(words)):
        name = " ".join(words[first:]).removesuffix("'s").removesuffix("’s")
        if (
            name in gazetteer.known()
            or name in gazetteer.peoples()
            or name.split()[-1] in gazetteer.words("organisation_heads")
        ):
            return " ".join(words[first:]) + " "
    return ""


def _names_role(phrase: str) -> bool:
    words = re.findall(r"[a-z][a-z-]+", phrase.lower())
    return any(word in gazetteer.words("person_nouns") or word in _titles() for word in words)


def _titles() -> frozenset[str]:
    return frozenset(title.lower() for title in gazetteer.words("titles"))


def _role(phrase: str) -> Role:
    phrase = re.sub(r"\s+", " ", phrase).strip()
    organisation = country = None
    for name in re.findall(r"(?:[A-Z][\w.&’'-]*\s?)+", phrase):
        words = name.split()
        for first in range(len(words)):
            for last in range(len(words), first, -1):
                whole = " ".join(words[first:last]).removesuffix("'s").removesuffix("’s")
                known = gazetteer.known().get(whole)
                country = country or gazetteer.peoples().get(whole) or (known.country if known else None)
                if known and known.kind == "organisation":
                    organisation = organisation or known.name
    return Role(phrase, organisation, country)

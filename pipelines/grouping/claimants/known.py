"""The tables of well-known claimants: bodies, roles, offices and people, by the forms that news writes."""

import re
from functools import cache
from typing import NamedTuple

from pipelines.grouping.claimants.spelling import clean, make_key, make_slug, strip_accents
from pipelines.text.entities import gazetteer
from pipelines.text.tables import load_table

_BRITISH = (("defense", "defence"), ("program ", "programme "), ("center", "centre"), ("labor ", "labour "))
_SHORT = {"US": "US", "GB": "UK", "AE": "UAE"}
"""Countries that news writes before a body's name as an abbreviation: "US military"."""

_PLURALS = ("lands", "Philippines", "Maldives", "Seychelles", "Bahamas", "Comoros")
"""Ends of countries' names that are plurals: "the Netherlands' Foreign Ministry"."""


class CanonicalName(NamedTuple):
    """The id and the name of a claimant."""

    id: str
    name: str


class Body(NamedTuple):
    """A well-known body."""

    named: CanonicalName
    country: str | None
    role: str | None


class Person(NamedTuple):
    """A well-known person."""

    named: CanonicalName
    country: str | None


def fold(text: str) -> str:
    """Returns the words of a form as tables compare them: lower case, British spelling, no dots in "U.S."."""
    folded = strip_accents(clean(text)).casefold().replace(".", "")
    for american, british in _BRITISH:
        folded = folded.replace(american, british)
    return folded


def _split(forms: str) -> list[str]:
    return [form for each in forms.split(";") if (form := each.strip())]


@cache
def bodies() -> dict[str, Body]:
    """Returns the well-known bodies by each of their forms."""
    found: dict[str, Body] = {}
    for row in load_rows("bodies.yaml"):
        body = Body(CanonicalName(row["id"], row["name"]), row["country"] or None, row["role"] or None)
        for form in (row["name"], *_split(row["forms"])):
            found[fold(form)] = body
    return found


@cache
def bodies_by_role() -> dict[tuple[str, str], CanonicalName]:
    """Returns the well-known bodies by country and role: South Korea's intelligence agency."""
    return {
        (row["country"], row["role"]): CanonicalName(row["id"], row["name"])
        for row in load_rows("bodies.yaml")
        if row["role"]
    }


@cache
def roles() -> dict[str, tuple[str, str]]:
    """Returns the id and the name of the bodies that every country has, by each form."""
    rows = load_table(__package__, "roles.yaml")["bodies"]
    return {fold(form): (id, row["name"]) for id, row in rows.items() for form in _split(row["forms"])}


@cache
def fields() -> dict[str, str]:
    """Returns the usual name of a ministry's field by each of its names."""
    rows = load_table(__package__, "roles.yaml")["fields"]
    return {form: usual for usual, forms in rows.items() for form in (usual, *_split(forms))}


@cache
def offices() -> dict[str, str]:
    """Returns the id of an office by each of its forms."""
    rows = load_table(__package__, "roles.yaml")["offices"]
    return {fold(form): id for id, forms in rows.items() for form in _split(forms)}


@cache
def people() -> dict[str, Person]:
    """Returns the well-known people by the key of each spelling."""
    found: dict[str, Person] = {}
    for row in load_rows("people.yaml"):
        person = Person(CanonicalName(f"person/{make_slug(row['name'])}", row["name"]), row["country"] or None)
        for form in (row["name"], *_split(row["forms"])):
            found[make_key(form)] = person
    return found


@cache
def people_by_surname() -> dict[str, Person]:
    """Returns the well-known people whom news names by the surname alone, by its key."""
    return {make_key(row["alone"]): people()[make_key(row["name"])] for row in load_rows("people.yaml") if row["alone"]}


def load_rows(name: str) -> list[dict[str, str]]:
    """Returns the rows of a table that is a list."""
    rows: list[dict[str, str]] = load_table(__package__, name)  # type: ignore[assignment]
    return rows


@cache
def countries() -> dict[str, str]:
    """Returns the country's code by its names, adjectives and seats of government, in lower case without dots."""
    found = {
        fold(name): known.country
        for name, known in gazetteer.known().items()
        if known.country and known.kind == "location" and (known.seat or known.name == _name_of(known.country))
    }
    return found | {fold(word): code for word, code in gazetteer.peoples().items()}


def _name_of(code: str) -> str:
    return gazetteer.country_names().get(code, "")


@cache
def adjectives() -> dict[str, str]:
    """Returns the usual adjective of each country by its code."""
    found: dict[str, str] = dict(_SHORT)
    for word, code in gazetteer.peoples().items():
        found.setdefault(code, word)
    return found


def label_country(code: str) -> str:
    """Returns the country's name before the name of a body of its own: "Russia's", "US"."""
    if code in _SHORT:
        return _SHORT[code]
    name = _name_of(code) or code
    return f"{name}'" if name.endswith(_PLURALS) else f"{name}'s"


_WORDS_OF_COUNTRY = 4
_POSSESSIVE = re.compile(r"^(.+?)(?:'s|s')\s+(.+)$")


def split_country(form: str) -> tuple[str | None, str]:
    """Returns the country that a form begins or ends with, and the rest: "Seoul's spy agency", "Ministry of X of Y"."""
    listed = countries()
    if found := _POSSESSIVE.match(form):
        owner = found[1] + ("s" if form[len(found[1]) :].startswith("s'") else "")
        if code := listed.get(fold(owner)):
            return code, found[2]
    words = form.split()
    for count in range(min(_WORDS_OF_COUNTRY, len(words) - 1), 0, -1):
        if code := listed.get(fold(" ".join(words[:count]))):
            return code, " ".join(words[count:])
    for start in range(len(words) - 1, max(0, len(words) - 1 - _WORDS_OF_COUNTRY), -1):
        if words[start - 1].lower() in ("of", "in") or (words[start - 1] == "the" and start > 1):
            rest = words[: start - (2 if words[start - 1] == "the" else 1)]
            if rest and (code := listed.get(fold(" ".join(words[start:])))):
                return code, " ".join(rest)
    return None, form

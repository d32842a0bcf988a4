"""The id and name of bodies, governments, offices and groups, from the words of one form and a country."""

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines.grouping.claimants.known import (
    CanonicalName,
    adjectives,
    bodies,
    bodies_by_role,
    countries,
    fields,
    fold,
    label_country,
    offices,
    roles,
    split_country,
)
from pipelines.grouping.claimants.spelling import NAMES_KEPT, clean, make_slug
from pipelines.text.entities import gazetteer
from pipelines.text.tables import load_words

_MINISTRY_OF = re.compile(r"^(?:ministry|department) (?:of|for) (?:the )?(.+)$")
_MINISTRY = re.compile(r"^(.+) (?:ministry|department)$")
_CHANNELS = frozenset(("organisation", "outlet", "group", "office", "government"))
"""Kinds of claimants other than people."""


class Form(NamedTuple):
    """A form that was read: its country, if it says so, and what it names there."""

    country: str | None
    role: str | None
    """Of a body or an office that every country has: its id, such as `foreign-ministry`."""
    named: CanonicalName | None
    """What it names if the country is known or does not matter."""


NOTHING_READ = Form(None, None, None)
"""A form whose words name neither a country nor a known body."""


@lru_cache(maxsize=NAMES_KEPT)
def read_form(name: str, kind: str) -> Form:
    """Returns what the words of a form name. `kind` is the kind of claimant that the text gives."""
    form = clean(name)
    folded = fold(form)
    if known := bodies().get(folded):
        return Form(known.country, known.role, known.named)
    code = countries().get(folded)
    if code and kind in ("government", "organisation", "group") and _is_country(form, folded):
        return Form(code, "government", name_body(code, "government"))
    country, rest = split_country(form)
    role = find_role(fold(rest), kind)
    if role:
        return Form(country, role, name_body(country, role) if country else None)
    if country and (known := bodies().get(fold(rest))) and known.country in (country, None):
        return Form(country, known.role, known.named)
    if country and kind in _CHANNELS and fold(rest) in load_words(__package__, "words.yaml", "groups"):
        return Form(
            country,
            None,
            CanonicalName(f"{country.lower()}/{make_slug(rest)}", f"{adjectives()[country]} {fold(rest)}"),
        )
    return Form(country, None, None)


def _is_country(form: str, folded: str) -> bool:
    """Whether the word is a country or its seat of government, not its people or its adjective."""
    return form not in gazetteer.peoples() and folded not in ("kremlin", "white house")


def find_role(folded: str, kind: str) -> str | None:
    """Returns the id of a body or office that every country has, by its words; None for others."""
    if kind == "office":
        office = offices().get(folded)
        return f"office-{office}" if office else None
    if role := roles().get(folded):
        return role[0]
    found = _MINISTRY_OF.match(folded) or _MINISTRY.match(folded)
    return f"{make_slug(fields().get(found[1], found[1]))}-ministry" if found else None


def name_body(country: str, role: str) -> CanonicalName:
    """Returns the id and name of a country's body, office or government."""
    if role == "government":
        return CanonicalName(f"{country.lower()}/government", gazetteer.country_names().get(country, country))
    if known := bodies_by_role().get((country, role)):
        return known
    return CanonicalName(f"{country.lower()}/{role}", f"{label_country(country)} {name_role(country, role)}")


@lru_cache(maxsize=1_000)
def name_role(country: str, role: str) -> str:
    """Returns the name of a role after the country: "Foreign Ministry", of the United States "Justice Department"."""
    if role.startswith("office-"):
        return role.removeprefix("office-").replace("-", " ")
    if role.endswith("-ministry"):
        field = role.removesuffix("-ministry").replace("-", " ")
        return f"{field.title()} {'Department' if country == 'US' else 'Ministry'}".replace(" And ", " and ")
    return next(name for id, name in roles().values() if id == role)

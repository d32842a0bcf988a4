"""Names and signs of measures and currencies from CLDR, the data of the Unicode project on languages, in Babel."""

import functools
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any, Final, cast

from babel.localedata import LocaleDataDict, load

_LOCALES: Final = ("en_GB", "en")
"""British and American English: kilometres and kilometers. The first one names the unit."""
_NUMBERS: Final = ("one", "other")


def complete_table(table: Mapping[str, Any]) -> dict[str, Any]:
    """Adds the measures that `cldr` of a table of units names, and all currencies, to its own."""
    return {
        **table,
        "measures": _merge(_read_measures(table["cldr"]), table["measures"], "id"),
        "money": _merge(_read_currencies(), table["money"], "code"),
    }


def _merge(rows: Iterable[Mapping[str, Any]], own: Iterable[Mapping[str, Any]], key: str) -> list[dict[str, Any]]:
    """Adds to the rows what a table says about the same unit. The table's rows come last, so that they win."""
    found = {row[key]: dict(row) for row in rows}
    for row in own:
        known = found.pop(row.get(key), {})
        lists = {name: [*known.get(name, ()), *row.get(name, ())] for name in ("words", "symbols")}
        found[row.get(key) or row["name"]] = known | dict(row) | lists
    return list(found.values())


def _read_measures(settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    not_signs = frozenset(settings["not_signs"])
    for unit_class, ids in settings["classes"].items():
        for one in ids.split():
            names = [_read_forms(locale, one, "long") for locale in _LOCALES]
            signs = {sign for locale in _LOCALES for sign in _read_forms(locale, one, "short")}
            yield {
                "id": one,
                "name": names[0][0].lower(),
                "class": unit_class,
                "kind": "duration" if one.startswith("duration-") else "measure",
                "words": [name.lower() for forms in names for name in forms],
                "symbols": sorted(signs - not_signs),
            }


def _read_currencies() -> Iterator[dict[str, Any]]:
    """Yields a row for each currency, with its names: "norwegian krone", "norwegian kroner"."""
    for code, forms in _load_locale("en")["currency_names_plural"].items():
        names = [forms[number].lower() for number in _NUMBERS if number in forms]
        if names and "(" not in names[0]:  # not a currency's older self: "spanish peseta (a account)"
            yield {"code": code, "name": names[0], "words": names}


def list_calendar_names(language: str) -> frozenset[str]:
    """Returns the names of months and weekdays in a language, in lower case."""
    data = _load_locale(language)
    forms = [data[part][form]["wide"] for part in ("months", "days") for form in ("format", "stand-alone")]
    return frozenset(name.lower() for names in forms for name in names.values())


@functools.cache
def _load_locale(locale: str) -> Mapping[str, Any]:
    return LocaleDataDict(cast(MutableMapping[str | int | None, Any], load(locale)))


def _read_forms(locale: str, unit: str, length: str) -> list[str]:
    """Returns singular and plural of a unit, without the place of the number: "kilometre", "kilometres"."""
    patterns = _load_locale(locale)["unit_patterns"][unit][length]
    return [patterns[number].replace("{0}", "").strip() for number in _NUMBERS if number in patterns]

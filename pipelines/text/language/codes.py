"""Codes of languages (BCP 47), read from what feeds, pages and people write."""

import functools
import re
from typing import Any

import pycountry
from babel.core import get_global

_TAG = re.compile(r"(?P<language>[a-z]{2,3})(?P<rest>(?:-[a-z0-9]{2,8})*)")
_SCRIPT_LENGTH = 4
_REGION_LENGTH = 2
_SHORTEST_NAME = 4
"""Shorter names are those of languages that nobody writes news in ("E", "En"), and rather a slip."""


@functools.lru_cache(maxsize=1024)
def parse_language(found: object) -> str | None:
    """Returns the code of a language in its usual form; None for anything that names no language.

    "pt_br" is "pt-BR", "en_US.UTF-8" is "en-US", "iw" and "eng" are codes of "he" and "en", and "English" is "en".
    "xx", "mul" and "utf-8" name none.
    """
    written = str(found or "").strip().lower()
    match = _TAG.fullmatch(written.partition(".")[0].replace("_", "-"))
    language = _find_code(match["language"]) if match else _find_name(written)
    if language is None or match is None:
        return language
    return "-".join([language, *map(_write_subtag, match["rest"].split("-")[1:])])


def strip_region(code: str) -> str:
    """Returns the language of a code: "pt" of "pt-BR"."""
    return code.partition("-")[0]


def _find_code(code: str) -> str | None:
    """Returns the shortest code of the language that a code of two or three letters stands for."""
    fields = ("alpha_2", "alpha_3", "bibliographic")
    language = next((found for field in fields if (found := pycountry.languages.get(**{field: code}))), None)
    if language is None:
        alias = get_global("language_aliases").get(code)
        return alias.replace("_", "-") if alias else None
    return _get_shortest_code(language) if language.type != "S" else None  # "mul" and "zxx": several languages, none


def _find_name(name: str) -> str | None:
    """Returns the code of a language by its English name."""
    if len(name) < _SHORTEST_NAME:
        return None
    language = pycountry.languages.get(name=name.title())
    return _get_shortest_code(language) if language else None


def _get_shortest_code(language: Any) -> str:
    return str(getattr(language, "alpha_2", language.alpha_3))


def _write_subtag(subtag: str) -> str:
    """Returns a script, region or variant as BCP 47 recommends: "Latn", "US", "1996"."""
    if len(subtag) == _SCRIPT_LENGTH and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == _REGION_LENGTH else subtag

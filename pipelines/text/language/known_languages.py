"""The languages that can be told apart, and what is known of each besides frequencies: tables/languages.yaml."""

import functools
import re
from typing import NamedTuple

from pipelines.text.language.codes import strip_region
from pipelines.text.tables import load_table


class DistinctLetters(NamedTuple):
    """Letters by which a language without frequencies is recognised."""

    letters: re.Pattern[str]
    language: str


class Languages(NamedTuple):
    """The table of languages. Codes are ISO 639-1."""

    by_script: dict[str, list[str]]
    script_codes: dict[str, list[str]]
    """The codes that Unicode gives each script."""
    other_codes: dict[str, str]
    """Other codes of languages, with the code that the detector uses."""
    by_letters: dict[str, list[DistinctLetters]]
    """Languages that letters decide, by script."""
    common: frozenset[str]
    compared: tuple[str, ...]
    """Languages that share their script with others, so that words and n-grams decide."""
    foreign_letters: dict[str, re.Pattern[str]]
    """Letters of its script that a language does not use, in lower case."""
    latin_letters: dict[str, str]
    """Latin letters besides a to z that a language uses."""
    own_letters: dict[str, re.Pattern[str]]
    """Letters without which a text is not in that language, unless it is declared."""
    serbian_letters: dict[str, str]
    """The Latin spelling of each Serbian letter."""
    word_lists: dict[str, str]
    """The name of each language's list of frequent words."""
    spoken_words: dict[str, list[str]]
    """Words that are missing from these lists although they are frequent."""
    name_particles: frozenset[str]


@functools.cache
def load_languages() -> Languages:
    """Returns the table, read once in a process."""
    table = load_table(__package__, "languages.yaml")
    letters = {
        name: {language: re.compile(f"[{letters}]") for language, letters in table[name].items()}
        for name in ("foreign_letters", "own_letters")
    }
    return Languages(
        by_script=table["scripts"],
        script_codes=table["script_codes"],
        other_codes=table["other_codes"],
        by_letters={script: _list_distinct_letters(table["letters"], script) for script in table["scripts"]},
        common=frozenset(table["common"]),
        compared=tuple(sorted(code for codes in table["scripts"].values() if len(codes) > 1 for code in codes)),
        foreign_letters=letters["foreign_letters"],
        latin_letters=table["latin_letters"],
        own_letters=letters["own_letters"],
        serbian_letters=table["serbian_letters"],
        word_lists=table["word_lists"],
        spoken_words={language: words.split() for language, words in table["spoken_words"].items()},
        name_particles=frozenset(table["name_particles"].split()),
    )


def _list_distinct_letters(rows: list[dict[str, str]], script: str) -> list[DistinctLetters]:
    return [
        DistinctLetters(re.compile(f"[{row['letters']}]", re.IGNORECASE), row["language"])
        for row in rows
        if row["script"] == script
    ]


def find_known_code(declared: str) -> str:
    """Returns the code under which the detector would know a declared language: "pt" for "pt-BR", "no" for "nb"."""
    language = strip_region(declared)
    return load_languages().other_codes.get(language, language)

"""The languages that can be told apart, and what is known of each besides frequencies: tables/languages.yaml."""

import functools
import re
from typing import NamedTuple

from pipelines.text.tables import load_table


class DistinctLetters(NamedTuple):
    """Letters by which a language without a profile is recognised."""

    script: str
    letters: re.Pattern[str]
    language: str


class Languages(NamedTuple):
    """The table of languages. Codes are ISO 639-1."""

    by_script: dict[str, list[str]]
    by_letters: tuple[DistinctLetters, ...]
    common: frozenset[str]
    compared: tuple[str, ...]
    """Languages that share their script with others, so that words and n-grams decide."""
    foreign_letters: dict[str, re.Pattern[str]]
    """Letters of its script that a language does not use."""
    own_letters: dict[str, re.Pattern[str]]
    """Letters without which a text is not in that language."""
    word_lists: dict[str, str]
    """The name of each language's list of frequent words."""
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
        by_letters=tuple(
            DistinctLetters(row["script"], re.compile(f"[{row['letters']}]"), row["language"])
            for row in table["letters"]
        ),
        common=frozenset(table["common"]),
        compared=tuple(sorted(code for codes in table["scripts"].values() if len(codes) > 1 for code in codes)),
        foreign_letters=letters["foreign_letters"],
        own_letters=letters["own_letters"],
        word_lists=table["word_lists"],
        name_particles=frozenset(table["name_particles"].split()),
    )


def is_known(code: str) -> bool:
    """Whether the detector can answer with the language of a code such as "pt" or "pt-BR"."""
    languages = load_languages()
    language = strip_region(code)
    return any(language in codes for codes in languages.by_script.values()) or any(
        language == row.language for row in languages.by_letters
    )


def share_script(one: str, other: str) -> bool:
    """Whether the detector knows two languages to be written in the same script."""
    languages = {strip_region(one), strip_region(other)}
    return any(languages <= set(codes) for codes in load_languages().by_script.values())


def strip_region(code: str) -> str:
    """Returns the language of a code: "pt" of "pt-BR"."""
    return code.replace("_", "-").split("-")[0].lower()

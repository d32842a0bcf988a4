"""What tells whom a word may mean: gender by title, noun or first name, and nouns that are said of each other."""

import re
from functools import cache
from typing import Literal

from pipelines.text.tables import load_table, load_words

PACKAGE = "pipelines.text.claims"
"""The package whose tables these modules share."""
_TABLE = "agreement.yaml"

Gender = Literal["female", "male"]

_WORD = re.compile(r"[^\W_][\w’'-]*")
_TITLE_REACH = 24
"""Characters before a name in which its title is looked for."""


@cache
def _genders() -> dict[str, Gender]:
    genders: tuple[Gender, Gender] = ("female", "male")
    return {word: gender for gender in genders for word in load_words(PACKAGE, _TABLE, gender)}


@cache
def _first_names() -> dict[str, Gender]:
    genders: tuple[Gender, Gender] = ("female", "male")
    return {name: gender for gender in genders for name in load_words(PACKAGE, "first_names.yaml", gender)}


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Returns what else each noun may be said of, by the noun."""
    rows: dict[str, str] = load_table(PACKAGE, _TABLE)["meanings"]
    return {noun: frozenset(others.split()) for noun, others in rows.items()}


@cache
def words_of(row: str) -> frozenset[str]:
    """Returns the words of a row of `tables/agreement.yaml`."""
    return load_words(PACKAGE, _TABLE, row)


@cache
def indefinites() -> frozenset[str]:
    """Returns the articles and the like before somebody who has not been mentioned: "a", "another", "two"."""
    return words_of("indefinites")


def gender_of_noun(noun: str) -> Gender | None:
    """Returns the gender that a noun in lower case tells: "spokeswoman"; None if it tells none."""
    return _genders().get(noun)


def gender_of_name(text: str, start: int, name: str) -> Gender | None:
    """Returns the gender of the person who is named at `start`, by the title before the name or by the first name."""
    titles = _WORD.findall(text[max(0, start - _TITLE_REACH) : start].rpartition(",")[2])[-2:]
    for title in reversed(titles):
        if (gender := gender_of_noun(title.lower())) is not None:
            return gender
    words = _WORD.findall(name)
    if len(words) < 2:
        return None
    return gender_of_noun(words[0].lower()) or _first_names().get(words[0])


def what_may_mean(noun: str) -> frozenset[str]:
    """Returns the words for what a noun may be said of, with the noun: "ambassador" for "the diplomat"."""
    return meanings().get(noun, frozenset()) | {noun}

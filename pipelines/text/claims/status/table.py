"""The words of `tables/status.yaml`: what its rows hold, by word and by form of a verb."""

from functools import cache
from typing import Any

from pipelines.text.english.inflection import inflections
from pipelines.text.tables import load_table, load_words

_PACKAGE, _, _ = __package__.rpartition(".")
_TABLE = "status.yaml"


@cache
def status_table() -> dict[str, Any]:
    """Returns the whole table."""
    return load_table(_PACKAGE, _TABLE)


@cache
def status_words(row: str) -> frozenset[str]:
    """Returns the words of a row."""
    return load_words(_PACKAGE, _TABLE, row)


@cache
def verb_forms(row: str) -> frozenset[str]:
    """Returns all forms of the verbs of a row: "fall falls falling fell fallen"."""
    return frozenset(form for verb in status_table()[row].split() for form in inflections(verb))


@cache
def verb_particles(row: str) -> dict[str, frozenset[str]]:
    """Returns for each form of the verbs of a row the words that may follow it there: "go" and "up"."""
    return {form: frozenset(words.split()) for verb, words in status_table()[row].items() for form in inflections(verb)}

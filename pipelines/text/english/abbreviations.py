"""Abbreviations that end with a stop: the one list that tokens, names and sentence ends are read by."""

from functools import cache

from pipelines.text.tables import load_words

_TABLE = "abbreviations.yaml"
_ROWS_IN_NAMES = ("titles", "after_names", "companies", "places")
_ROWS = (*_ROWS_IN_NAMES, "plural_titles", "other_titles", "streets", "months", "other", "initials")


@cache
def abbreviations() -> frozenset[str]:
    """Returns all abbreviations, in lower case without the last stop: "mr", "u.s"."""
    return _words(_ROWS)


@cache
def abbreviations_in_names() -> str:
    """Returns a pattern for the abbreviations that can be part of a name, without the stop: `Mr|Inc`."""
    return _pattern(_words(_ROWS_IN_NAMES))


@cache
def abbreviations_as_words() -> str:
    """Returns a pattern for the abbreviations that are one word with their stop, without it: `Mr|Sens|Dec`."""
    return _pattern(_words((*_ROWS_IN_NAMES, "plural_titles", "months")))


@cache
def sentence_end_abbreviations() -> frozenset[str]:
    """Returns the abbreviations after which a sentence may end: "in the U.S. The house is old."."""
    return load_words(__package__, _TABLE, "may_end_sentence")


def _words(rows: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for row in rows for word in load_words(__package__, _TABLE, row))


def _pattern(words: frozenset[str]) -> str:
    return "|".join(sorted((word.capitalize() for word in words), key=lambda word: (-len(word), word)))

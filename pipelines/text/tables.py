"""Loads the tables of the text rules: word lists and expressions, kept as data in each package's `tables` folder."""

from functools import cache
from importlib import resources
from typing import Any

import yaml


def load_table(package: str, name: str) -> dict[str, Any]:
    """Returns a YAML table of a package, in which every scalar is a string: "on" and "no" stay words.

    `package` is the dotted name of the package that holds the folder `tables`: `__package__` for its own modules.
    """
    return yaml.load(_read(package, name), Loader=yaml.CBaseLoader)  # type: ignore[no-any-return]


@cache
def load_words(package: str, name: str, row: str) -> frozenset[str]:
    """Returns the words of one row of a YAML table: the row is text, its words are separated by white space."""
    return frozenset(_cached_table(package, name)[row].split())


def load_typed_table(package: str, name: str) -> dict[str, Any]:
    """Returns a YAML table of a package with its numbers and booleans."""
    return yaml.load(_read(package, name), Loader=yaml.CSafeLoader)  # type: ignore[no-any-return]


def load_lines(package: str, name: str) -> list[str]:
    """Returns the entries of a text table, one a line; blank lines and lines that begin with # are left out."""
    return [line for line in _read(package, name).splitlines() if line and not line.startswith("#")]


@cache
def _cached_table(package: str, name: str) -> dict[str, Any]:
    return load_table(package, name)


def _read(package: str, name: str) -> str:
    return resources.files(package).joinpath("tables", name).read_text(encoding="utf-8")

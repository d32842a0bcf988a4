"""The words around numbers in languages other than English: a row of tables/languages.yaml for each."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from pipelines.text.figures.cldr import list_calendar_names
from pipelines.text.tables import load_table
from schemas.fields import Modifier

_MODIFIERS: Final[tuple[Modifier, ...]] = ("at_least", "more_than", "at_most", "less_than", "approx")


@dataclass(slots=True, frozen=True)
class Language:
    """The words of one language, in lower case."""

    capitals: bool
    plurals: tuple[str, ...]
    verbs: tuple[str, ...]
    endings: tuple[str, ...]
    adjectives: frozenset[str]
    stops: frozenset[str]
    calendar: frozenset[str]
    labels: frozenset[str]
    scales: dict[str, int]
    percent: frozenset[str]
    of: frozenset[str]
    joints: frozenset[str]
    ands: frozenset[str]
    between: frozenset[str]
    bounds: dict[str, Modifier]


@cache
def load_language(language: str) -> Language | None:
    """Returns the words of a language; None if the table has no row for it."""
    row = load_table("pipelines.text.figures", "languages.yaml").get(language)
    if row is None:
        return None
    words = {
        name: frozenset(value.replace("_", " ") for value in text.split())
        for name, text in row.items()
        if name != "scales"
    }
    bounds: dict[str, Modifier] = {}
    for modifier in _MODIFIERS:
        bounds |= dict.fromkeys(words[modifier], modifier)
    return Language(
        capitals=row["capitals"] == "yes",
        plurals=tuple(words["plurals"]),
        verbs=tuple(words["verbs"]),
        endings=tuple(words["endings"]),
        adjectives=words["adjectives"],
        stops=words["stops"] | list_calendar_names(language),
        calendar=list_calendar_names(language),
        labels=words["labels"],
        scales={word: int(scale) for word, scale in row["scales"].items()},
        percent=words["percent"],
        of=words["of"],
        joints=words["joints"] | {"-", "–"},
        ands=words["ands"],
        between=words["between"],
        bounds=bounds,
    )

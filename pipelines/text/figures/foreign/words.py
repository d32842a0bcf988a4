"""The words around numbers in languages other than English: a row of tables/languages.yaml for each."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from pipelines.text.figures.cldr import list_calendar_names
from pipelines.text.tables import load_table
from schemas.fields import Modifier

_MODIFIERS: Final[tuple[Modifier, ...]] = ("at_least", "more_than", "at_most", "less_than", "approx")
_SCALES: Final = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


@dataclass(slots=True, frozen=True)
class Language:
    """The words of one language, in lower case."""

    capitals: bool
    plurals: tuple[str, ...]
    verbs: tuple[str, ...]
    endings: tuple[str, ...]
    adjectives: frozenset[str]
    stops: frozenset[str]
    labels: frozenset[str]
    scales: dict[str, int]
    percent: frozenset[tuple[str, ...]]
    """Its words, one after the other: "por", "ciento"."""
    of: frozenset[str]
    joints: frozenset[str]
    ands: frozenset[str]
    between: frozenset[str]
    bounds: dict[tuple[str, ...], Modifier]
    """Phrases before a number, longer ones first."""


@cache
def load_language(language: str) -> Language | None:
    """Returns the words of a language; None if the table has no row for it."""
    row = load_table("pipelines.text.figures", "languages.yaml").get(language)
    if row is None:
        return None
    words = {name: frozenset(text.split()) for name, text in row.items()}
    scales: dict[str, int] = {}
    for name, scale in _SCALES.items():
        scales |= dict.fromkeys(words[name], scale)
    bounds = {_split(phrase): modifier for modifier in _MODIFIERS for phrase in words[modifier]}
    return Language(
        capitals=row.get("capitals") == "yes",
        plurals=tuple(words["plurals"]),
        verbs=tuple(words["verbs"]),
        endings=tuple(words["endings"]),
        adjectives=words["adjectives"],
        stops=words["stops"] | list_calendar_names(language),
        labels=words["labels"],
        scales=scales,
        percent=frozenset(map(_split, words["percent"])),
        of=words["of"],
        joints=words["joints"] | {"-", "–"},
        ands=words["ands"],
        between=words["between"],
        bounds=dict(sorted(bounds.items(), key=lambda item: len(item[0]), reverse=True)),
    )


def _split(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.split("_"))

"""The table of cues, see `tables/cues.yaml`: which word, in which construction, tells that something is said."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pipelines.text.tagging import inflections
from schemas.fields import Status


@dataclass(frozen=True, slots=True)
class CueWord:
    """A cue: its base form, the constructions it takes, and what it says of the content by itself."""

    lemma: str
    takes: frozenset[str]
    status: Status


@cache
def _table() -> dict[str, Any]:
    table = resources.files("pipelines.text").joinpath("tables/cues.yaml").read_text(encoding="utf-8")
    return yaml.load(table, Loader=yaml.CSafeLoader)  # type: ignore[no-any-return]


@cache
def cue_verbs() -> dict[str, CueWord]:
    """Cue of each form of each cue verb, by the form in lower case."""
    forms: dict[str, CueWord] = {}
    for row in _table()["verbs"]:
        for verb in row["words"].split():
            cue = CueWord(verb, frozenset(row["takes"]), row["status"])
            forms.update(dict.fromkeys(inflections(verb), cue))
    return forms


@cache
def cue_nouns() -> dict[str, CueWord]:
    """Cue of each noun of saying, singular and plural, in lower case."""
    forms: dict[str, CueWord] = {}
    for row in _table()["nouns"]:
        for noun in row["words"].split():
            cue = CueWord(noun, frozenset(row["takes"]), row.get("status", "asserted"))
            forms[noun] = cue
            forms[noun + "s" if not noun.endswith("s") else noun] = cue
    return forms


@cache
def hedging_adverbs() -> frozenset[str]:
    """Adverbs that leave a statement to nobody in particular."""
    return frozenset(_table()["adverbs"].split())

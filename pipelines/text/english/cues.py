"""The cues: words that show that something is said, and the constructions they take; see `tables/cues.yaml`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.text.english.inflection import inflections
from pipelines.text.tables import load_table
from schemas.fields import Status


@dataclass(frozen=True, slots=True)
class CueWord:
    """A cue: its base form, the constructions it takes, and the status it gives to what is said."""

    lemma: str
    takes: frozenset[str]
    status: Status


@cache
def _table() -> dict[str, Any]:
    return load_table(__package__, "cues.yaml")


def cue_lemmas() -> list[str]:
    """Returns the base forms of the cue verbs."""
    return [verb.split("_")[0] for row in _table()["verbs"] for verb in row["words"].split()]


@cache
def cue_verbs() -> dict[str, CueWord]:
    """Returns the cue of each form of each cue verb, by the form in lower case."""
    return {form: cue for cue in _verb_cues() for form in inflections(cue.lemma) if "_" not in cue.lemma}


@cache
def cue_forms() -> dict[str, str]:
    """Returns the word class of each form of each cue verb, by the form in lower case."""
    return {form: kind for cue in _verb_cues() for form, kind in inflections(cue.lemma.split("_")[0]).items()}


@cache
def phrasal_cues() -> dict[tuple[str, str], CueWord]:
    """Returns the cues of two words, by form of the verb and particle: ("pointed", "out")."""
    pairs = ((cue.lemma.split("_"), cue) for cue in _verb_cues() if "_" in cue.lemma)
    return {(form, particle): cue for (verb, particle), cue in pairs for form in inflections(verb)}


@cache
def catenatives() -> frozenset[str]:
    """Returns the forms of verbs that lead to a cue with "to": "seems to think"."""
    return _forms("catenatives")


@cache
def _verb_cues() -> tuple[CueWord, ...]:
    """Returns one cue for each verb: it takes the constructions of all its rows and has the status of the first."""
    takes: dict[str, set[str]] = {}
    status: dict[str, Status] = {}
    for row in _table()["verbs"]:
        for verb in row["words"].split():
            takes.setdefault(verb, set()).update(row["takes"])
            status.setdefault(verb, row["status"])
    return tuple(CueWord(verb, frozenset(kinds), status[verb]) for verb, kinds in takes.items())


@cache
def cue_nouns() -> dict[str, CueWord]:
    """Returns the cue of each noun of saying, singular and plural, in lower case."""
    forms: dict[str, CueWord] = {}
    for row in _table()["nouns"]:
        for noun in row["words"].split():
            cue = CueWord(noun, frozenset(row["takes"]), row["status"])
            forms |= {noun: cue, noun + "s": cue}
    return forms


@cache
def hedging_adverbs() -> frozenset[str]:
    """Returns the adverbs that attribute a statement to nobody in particular: "reportedly"."""
    return frozenset(_table()["adverbs"].split())


@cache
def hedging_adjectives() -> dict[str, CueWord]:
    """Returns the adjectives that attribute a thing to nobody in particular: "the alleged offer"."""
    return {word: CueWord(word, frozenset(), status) for word, status in _table()["adjectives"].items()}


@cache
def light_verbs() -> frozenset[str]:
    """Returns the forms of verbs that make a cue of the noun after them: "issued a threat"."""
    return _forms("light_verbs")


@cache
def issuing_verbs() -> frozenset[str]:
    """Returns the forms of verbs whose subject says what the document after them says: "sent a letter saying"."""
    return _forms("issuing_verbs")


def _forms(row: str) -> frozenset[str]:
    return frozenset(form for verb in _table()[row].split() for form in inflections(verb))

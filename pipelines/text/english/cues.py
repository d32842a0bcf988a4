"""The table of cues, see `tables/cues.yaml`: which word, in which construction, tells that something is said."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.text.english.inflection import inflections
from pipelines.text.tables import load_table
from schemas.fields import Status


@dataclass(frozen=True, slots=True)
class CueWord:
    """A cue: its base form, the constructions it takes, and what it says of the content by itself."""

    lemma: str
    takes: frozenset[str]
    status: Status


@cache
def _table() -> dict[str, Any]:
    return load_table(__package__, "cues.yaml")


def cue_lemmas() -> list[str]:
    """Base forms of the cue verbs."""
    return [verb.split("_")[0] for row in _table()["verbs"] for verb in row["words"].split()]


@cache
def cue_verbs() -> dict[str, CueWord]:
    """Cue of each form of each cue verb, by the form in lower case; a verb in several rows takes what each says."""
    return {form: cue for cue in _verb_cues() for form in inflections(cue.lemma) if "_" not in cue.lemma}


@cache
def phrasal_cues() -> dict[tuple[str, str], CueWord]:
    """Cues of two words, by form of the verb and particle: "pointed out"."""
    pairs = ((cue.lemma.split("_"), cue) for cue in _verb_cues() if "_" in cue.lemma)
    return {(form, particle): cue for (verb, particle), cue in pairs for form in inflections(verb)}


@cache
def catenatives() -> frozenset[str]:
    """Forms of verbs that hand on to a cue by "to": "seems to think"."""
    return frozenset(form for verb in _table()["catenatives"].split() for form in inflections(verb))


@cache
def _verb_cues() -> tuple[CueWord, ...]:
    takes: dict[str, set[str]] = {}
    status: dict[str, Status] = {}
    for row in _table()["verbs"]:
        for verb in row["words"].split():
            takes.setdefault(verb, set()).update(row["takes"])
            status.setdefault(verb, row["status"])
    return tuple(CueWord(verb, frozenset(kinds), status[verb]) for verb, kinds in takes.items())


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


@cache
def hedging_adjectives() -> dict[str, CueWord]:
    """Adjectives of what is said by nobody in particular: "the alleged offer"."""
    return {word: CueWord(word, frozenset(), status) for word, status in _table()["adjectives"].items()}


@cache
def light_verbs() -> frozenset[str]:
    """Forms of verbs that make a cue of the noun after them: "issued a threat"."""
    return frozenset(form for verb in _table()["light_verbs"].split() for form in inflections(verb))


@cache
def speaking_nouns() -> frozenset[str]:
    """Nouns of whom or what can make a claim: people, bodies, and what they write or measure."""
    rows = load_table(__package__, "claimants.yaml")
    return frozenset(word for name, row in rows.items() if name != "lifeless" for word in row.split())


@cache
def lifeless_nouns() -> frozenset[str]:
    """Nouns of what neither speaks nor is read: a war may threaten, but makes no claim."""
    return frozenset(load_table(__package__, "claimants.yaml")["lifeless"].split())

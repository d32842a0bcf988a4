"""Forms of English verbs, and the table of grammar words that the claims are read by."""

from functools import cache
from typing import Any

from pipelines.text.tables import load_table


@cache
def grammar() -> dict[str, Any]:
    """The words that the shallow grammar of claims knows, see `tables/words.yaml`."""
    return load_table(__package__, "words.yaml")


def inflections(verb: str) -> dict[str, str]:
    """Forms of a verb with their classes: base B, -s V, -ing G, past or participle E."""
    irregular = grammar()["irregular"].get(verb)
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) else verb
    if verb in _doubling():
        stem = verb + verb[-1]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    else:
        third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
        past = (verb if verb.endswith("ee") else stem) + ("d" if verb.endswith("ee") else "ed")
    gerund = (verb[:-2] + "y" if verb.endswith("ie") else stem) + "ing"
    forms = {third: "V", gerund: "G"}
    for form in irregular.split() if irregular else [past]:
        forms[form] = "E"
    forms[verb] = "B"
    return forms


@cache
def _doubling() -> frozenset[str]:
    return frozenset(grammar()["doubling"].split())

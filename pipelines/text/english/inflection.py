"""Forms of English verbs, and the table of word classes that the shallow grammar uses."""

from functools import cache
from typing import Any

from pipelines.text.english.word_classes import BASE_FORM, ING_FORM, PAST_FORM, S_FORM
from pipelines.text.tables import load_table, load_words

_VOWELS = "aeiou"
_ES_ENDINGS = ("s", "sh", "ch", "x", "z", "o")
"""After these the third person ends in "es": "passes", "pushes", "goes"."""
_KEPT_E = ("ee", "oe", "ye")
"""Verbs with these endings keep their "e" before "ing": "fleeing", "eyeing"."""


@cache
def grammar() -> dict[str, Any]:
    """Returns the words of each word class by the name of the row, see `tables/words.yaml`."""
    return load_table(__package__, "words.yaml")


def inflections(verb: str) -> dict[str, str]:
    """Returns the forms of a verb with their word classes: base form, third person, -ing form, past and participle."""
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(_KEPT_E) else verb
    if verb in load_words(__package__, "words.yaml", "doubling"):
        stem = verb + verb[-1]
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    else:
        third = verb + ("es" if verb.endswith(_ES_ENDINGS) else "s")
        past = verb + "d" if verb.endswith("e") else stem + "ed"
    gerund = (verb[:-2] + "y" if verb.endswith("ie") else stem) + "ing"
    irregular = grammar()["irregular"].get(verb)
    forms = {third: S_FORM, gerund: ING_FORM}
    forms |= dict.fromkeys(irregular.split() if irregular else [past], PAST_FORM)
    forms[verb] = BASE_FORM
    return forms

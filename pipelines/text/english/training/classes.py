"""Word classes of the product for the parts of speech of Universal Dependencies and the Penn Treebank."""

from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    CONJUNCTION,
    DETERMINER,
    ING_FORM,
    MODAL,
    NAME,
    NOUN,
    NUMBER,
    PAST_FORM,
    POSSESSIVE_ENDING,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    S_FORM,
    STOP,
    SUBORDINATOR,
    THAT,
    TO,
)

_BY_FINE = {
    "MD": MODAL,
    "POS": POSSESSIVE_ENDING,
    "CD": NUMBER,
    "DT": DETERMINER,
    "PDT": DETERMINER,
    "PRP$": DETERMINER,
    "WP$": RELATIVE,
    "WDT": RELATIVE,
    "WP": RELATIVE,
    "WRB": RELATIVE,
    "PRP": PRONOUN,
    "EX": PRONOUN,
    "CC": CONJUNCTION,
    "RP": ADVERB,
    "RB": ADVERB,
    "RBR": ADVERB,
    "RBS": ADVERB,
    "NNP": NAME,
    "NNPS": NAME,
    "NN": NOUN,
    "NNS": NOUN,
    "AFX": ADJECTIVE,
    "JJ": ADJECTIVE,
    "JJR": ADJECTIVE,
    "JJS": ADJECTIVE,
}
"""Classes of tags that have only one."""
_BY_COARSE = {
    "AUX": AUXILIARY,
    "NUM": NUMBER,
    "PRON": PRONOUN,
    "SCONJ": SUBORDINATOR,
    "ADP": PREPOSITION,
    "PROPN": NAME,
    "NOUN": NOUN,
    "ADJ": ADJECTIVE,
    "ADV": ADVERB,
    "DET": DETERMINER,
    "INTJ": ADVERB,
    "PUNCT": STOP,
}
_VERBS = {"VBZ": S_FORM, "VBG": ING_FORM, "VBD": PAST_FORM, "VBN": PAST_FORM}
_BY_WORD = {"to": TO, "$": NUMBER, "€": NUMBER, "£": NUMBER}
_BY_BOTH = {("AUX", "MD"): MODAL, ("VERB", "MD"): MODAL, ("PART", "POS"): POSSESSIVE_ENDING}
_CERTAIN = frozenset(("AUX", "NUM", "PROPN", "SCONJ", "ADP"))
"""Tags of Universal Dependencies that decide whatever the other tag is."""


def find_class(word: str, coarse: str, fine: str, relation: str) -> str:
    """Returns the class of a word: `coarse` is its tag in Universal Dependencies, `fine` its Penn Treebank tag."""
    lower = word.lower()
    if lower in _BY_WORD:
        return _BY_WORD[lower]
    if lower == "that":
        return _class_of_that(coarse, fine, relation)
    if (coarse, fine) in _BY_BOTH or coarse in _CERTAIN:
        return _BY_BOTH.get((coarse, fine)) or _BY_COARSE[coarse]
    if fine == "IN" and relation == "mark":
        return SUBORDINATOR
    if coarse == "VERB" or (fine.startswith("VB") and coarse not in _BY_COARSE):
        return _VERBS.get(fine, BASE_FORM)
    kind = _BY_FINE.get(fine) or _BY_COARSE.get(coarse, NOUN)
    return NAME if kind == ADJECTIVE and word[0].isupper() else kind  # "Afghan" belongs to a name or is like one


def _class_of_that(coarse: str, fine: str, relation: str) -> str:
    if fine in ("IN", "WDT") or coarse == "SCONJ" or relation == "mark":
        return THAT
    if relation == "det":
        return DETERMINER
    return PRONOUN if coarse == "PRON" else THAT

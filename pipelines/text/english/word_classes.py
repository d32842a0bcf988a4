"""Word classes of the shallow grammar, and the sets of classes that its rules ask for.

A class is one character, so that the classes of a sentence are a string: regular expressions search it, `find` and
`strip` work on it, and a test for a set of classes costs one look-up.
"""

from typing import Final

DETERMINER: Final = "D"
"""Articles, demonstratives, possessives: "the", "these", "her"."""
PREPOSITION: Final = "P"
PRONOUN: Final = "H"
RELATIVE: Final = "W"
"""Relative and question words: "who", "where"."""
THAT: Final = "T"
SUBORDINATOR: Final = "S"
CONJUNCTION: Final = "&"
MODAL: Final = "M"
AUXILIARY: Final = "A"
S_FORM: Final = "V"
"""The third person of a verb: "says"."""
BASE_FORM: Final = "B"
"""The base form of a verb, finite or not: "say"."""
ING_FORM: Final = "G"
PAST_FORM: Final = "E"
"""A past tense or a past participle: "said", "written"."""
ADVERB: Final = "R"
ADJECTIVE: Final = "J"
NOUN: Final = "N"
"""A noun, or a word that no table and no ending classifies."""
NAME: Final = "C"
"""A capitalised word inside a sentence."""
NUMBER: Final = "U"
POSSESSIVE_ENDING: Final = "Z"
"""The "'s" of "the army's"."""
TO: Final = "t"
QUOTATION: Final = "Q"
"""A whole quotation: it counts as one word."""

COMMA: Final = ","
STOP: Final = "."
COLON: Final = ":"
DASH: Final = "-"
OPENING_BRACKET: Final = "("
CLOSING_BRACKET: Final = ")"

Classes = frozenset[str]

HEADS: Final[Classes] = frozenset((NOUN, NAME))
"""What a noun phrase can have as its head."""
COUNTED_HEADS: Final[Classes] = HEADS | {NUMBER}
INSIDE_PHRASE: Final[Classes] = COUNTED_HEADS | {ADJECTIVE, POSSESSIVE_ENDING}
"""What continues a noun phrase after its determiner."""
IN_PHRASE: Final[Classes] = INSIDE_PHRASE | {DETERMINER, QUOTATION}
PHRASE_ENDS: Final[Classes] = INSIDE_PHRASE | {QUOTATION}
"""What a subject can end with."""
PHRASE_STARTS: Final[Classes] = frozenset((NAME, PRONOUN, DETERMINER))
"""What usually begins the subject of a clause."""

CERTAIN_VERBS: Final[Classes] = frozenset((S_FORM, MODAL, AUXILIARY))
"""Finite whatever is around them."""
FINITE_VERBS: Final[Classes] = CERTAIN_VERBS | {PAST_FORM}
CLAUSE_VERBS: Final[Classes] = FINITE_VERBS | {BASE_FORM}
"""The verbs that make a row of words a clause."""
LEXICAL_VERBS: Final[Classes] = frozenset((S_FORM, BASE_FORM, PAST_FORM, ING_FORM))
"""Every form of a verb that is neither an auxiliary nor a modal."""
FINITE_LEXICAL_VERBS: Final[Classes] = frozenset((S_FORM, BASE_FORM, PAST_FORM))
VERB_MODIFIERS: Final[Classes] = frozenset((ADVERB, AUXILIARY, MODAL))
"""What a verb group holds before its main verb: "has not yet said"."""
CLAUSE_LINKS: Final[Classes] = frozenset((RELATIVE, THAT))
"""Words that open a relative clause."""

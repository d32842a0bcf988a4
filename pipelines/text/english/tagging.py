"""Words of a sentence with a coarse word class each: enough grammar to find who says what, at the cost of a look-up."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from pipelines.text.english import word_classes
from pipelines.text.english.abbreviations import abbreviations_before_names
from pipelines.text.english.cues import cue_lemmas, cue_verbs
from pipelines.text.english.inflection import grammar, inflections
from pipelines.text.english.quotes import Quotation
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    CERTAIN_VERBS,
    CLAUSE_VERBS,
    CLOSING_BRACKET,
    COMMA,
    CONJUNCTION,
    DETERMINER,
    FINITE_VERBS,
    HEADS,
    ING_FORM,
    INSIDE_PHRASE,
    LEXICAL_VERBS,
    MODAL,
    NAME,
    NOUN,
    NUMBER,
    PAST_FORM,
    POSSESSIVE_ENDING,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    RELATIVE,
    S_FORM,
    STOP,
    SUBORDINATOR,
    THAT,
    TO,
    Classes,
)
from pipelines.text.tables import load_table, load_words

# The first form is that of most words; the others are for joined and shortened words and for characters that are not.
_TOKEN = re.compile(
    rf"[^\W\d]\w*+(?=[\s,])|(?:[A-Z]\.){{2,}}|(?:{abbreviations_before_names()})\.(?=\s|,)"
    r"|\d[\d,.]*\d|\w+(?:[-&.]\w+)*?(?=(?:n['’]t|['’](?:s|re|ve|ll|d|m))\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b"
    r"|\w+(?:[-&]\w+|['’](?=\w)\w+)*|--|\.\.\.|[^\w\s]",
    re.UNICODE,
)
_QUOTATION_WORD = "“"
"""The word of a whole quotation."""
_TABLE = "phrases.yaml"
_ADJECTIVE_ENDINGS = tuple(load_words(__package__, _TABLE, "adjective_endings"))
_PLURAL_DETERMINERS = load_words(__package__, _TABLE, "plural_determiners")
_PLURAL_SUBJECTS = load_words(__package__, _TABLE, "plural_subjects")
_ROWS = (
    ("adjectives", ADJECTIVE),
    ("adverbs", ADVERB),
    ("subordinators", SUBORDINATOR),
    ("determiners", DETERMINER),
    ("possessives", DETERMINER),
    ("relatives", RELATIVE),
    ("prepositions", PREPOSITION),
    ("pronouns", PRONOUN),
    ("conjunctions", CONJUNCTION),
    ("auxiliaries", AUXILIARY),
    ("modals", MODAL),
)
"""Rows of `tables/words.yaml` and their classes; of a word in several rows the last one wins."""

_NAME_LIKE: Classes = LEXICAL_VERBS | {NOUN, ADJECTIVE}
"""What a capital makes a name of."""
_LOWER_IN_HEADLINES: Classes = LEXICAL_VERBS | {ADJECTIVE}
"""What a headline capitalises although it names nothing."""
_NAMES_AT_START: Classes = frozenset((NOUN, S_FORM))
_RENAMED_AT_START: Classes = frozenset((BASE_FORM, ING_FORM, ADJECTIVE, PAST_FORM))
_AFTER_NAME_AT_START: Classes = CERTAIN_VERBS | {ADVERB}
_BEFORE_NOUN: Classes = frozenset((DETERMINER, ADJECTIVE, POSSESSIVE_ENDING, PREPOSITION, NUMBER))
_BEFORE_ADJECTIVE: Classes = frozenset((POSSESSIVE_ENDING, ADJECTIVE))
_BEFORE_ING_NOUN: Classes = frozenset((DETERMINER, POSSESSIVE_ENDING, ADJECTIVE))
_BEFORE_SHORT_IS: Classes = frozenset((PRONOUN, COMMA, THAT))
_BEFORE_VERB: Classes = frozenset((TO, MODAL, AUXILIARY, PRONOUN, RELATIVE, THAT))
_AFTER_PLURAL_DETERMINER: Classes = frozenset((THAT, PRONOUN, MODAL))
_AFTER_NOUN: Classes = FINITE_VERBS | {PREPOSITION, STOP, COMMA, CONJUNCTION, SUBORDINATOR, CLOSING_BRACKET}
"""What follows a noun and not a verb: "reports said", "claims of"."""
_AFTER_BASE_NOUN: Classes = CERTAIN_VERBS | {STOP, CONJUNCTION}
_AFTER_VERB_OF_NAME: Classes = frozenset((THAT, DETERMINER, PRONOUN, TO, RELATIVE, QUOTATION))
_CLAUSE_ENDS: Classes = frozenset((STOP, COMMA))
_BEFORE_LAST_SUBJECT: Classes = frozenset((COMMA, QUOTATION))
_IN_LAST_SUBJECT: Classes = INSIDE_PHRASE | {DETERMINER}
_CLAUSE_REACH = 20
"""Words after a possible verb that are searched for another verb."""


class Sentence:
    """A sentence as parallel lists of words: `words` as written, `lower`, `starts`, `ends`, and the string `tags`.

    `starts` and `ends` are offsets in the field. `tags` has one character for each word, see `word_classes`. A
    quotation is one word.
    """

    __slots__ = ("end", "ends", "lower", "start", "starts", "tags", "words")

    def __init__(self, text: str, start: int, end: int, quotations: Sequence[Quotation]) -> None:
        """Tags `text[start:end]`; `quotations` are those inside it."""
        self.start, self.end = start, end
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        position = start
        for quotation in quotations:
            self._read(text, position, quotation.start)
            self._add(_QUOTATION_WORD, quotation.start, min(quotation.end, end))
            position = quotation.end
        self._read(text, position, end)
        self.lower = [word.lower().replace("’", "'") for word in self.words]
        self.tags = _Tagger(self.words, self.lower).tag()

    def _read(self, text: str, start: int, end: int) -> None:
        spans = [match.span() for match in _TOKEN.finditer(text, start, end)]
        self.words += [text[first:last] for first, last in spans]
        self.starts += [first for first, _ in spans]
        self.ends += [last for _, last in spans]

    def _add(self, word: str, start: int, end: int) -> None:
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)


@cache
def lexicon() -> dict[str, str]:
    """Returns the class of each known word. A closed class wins over a verb."""
    table, classes = grammar(), {}
    for verb in [*table["verbs"].split(), *table["irregular"], *cue_lemmas()]:
        for form, kind in inflections(verb).items():
            if kind != BASE_FORM or form not in classes:
                classes[form] = kind
    for name, kind in _ROWS:
        classes.update(dict.fromkeys(table[name].split(), kind))
    for group in ("single_words", "punctuation"):
        for name, words in load_table(__package__, _TABLE)[group].items():
            classes.update(dict.fromkeys(words.split(), getattr(word_classes, name.upper())))
    return classes | {_QUOTATION_WORD: QUOTATION}


@cache
def _verbs_or_nouns() -> frozenset[str]:
    """Returns the base and third-person forms that are nouns, too: "claim", "reports"."""
    return frozenset(
        form
        for verb in grammar()["nouns_too"].split()
        for form, kind in inflections(verb).items()
        if kind in (BASE_FORM, S_FORM)
    )


class _Tagger:
    """Classifies the words of one sentence from left to right."""

    __slots__ = ("_classes", "_headline", "_lower", "_tags", "_words")

    def __init__(self, words: list[str], lower: list[str]) -> None:
        self._words, self._lower = words, lower
        self._classes = lexicon()
        self._headline = bool(words) and words[-1] != "." and _is_headline(words)
        self._tags: list[str] = []

    def tag(self) -> str:
        """Returns the classes of all words."""
        tags, words, classes, headline = self._tags, self._words, self._classes, self._headline
        refinements = _REFINEMENTS
        for index, word in enumerate(self._lower):
            kind = classes.get(word) or _class_by_ending(word)
            if words[index][0].isupper() and kind in _NAME_LIKE and not (headline and kind in _LOWER_IN_HEADLINES):
                if index or kind in _NAMES_AT_START:
                    kind = NAME
            elif (refine := refinements.get(kind)) is not None:
                kind = refine(self, index, kind)
            tags.append(kind)
        if self._starts_with_name():
            tags[0] = NAME
        return "".join(tags)

    def _starts_with_name(self) -> bool:
        """Whether a verb follows a first word that the table does not know as a noun: "Drew said"."""
        first, second = (*self._tags[:2], STOP, STOP)[:2]
        return first in _RENAMED_AT_START and second in _AFTER_NAME_AT_START and self._words[0][0].isupper()

    def _before(self) -> str:
        return self._tags[-1] if self._tags else STOP

    def _after(self, index: int) -> str:
        """Returns the class of the next word by the table alone."""
        return self._classes.get(self._lower[index + 1], NOUN) if index + 1 < len(self._lower) else STOP

    def refine_past_form(self, index: int, kind: str) -> str:
        """Returns an adjective for the participle in "the expected vote"."""
        before = self._before()
        after_determiner = before == DETERMINER and self._lower[index - 1] not in _PLURAL_DETERMINERS
        return ADJECTIVE if after_determiner or before in _BEFORE_ADJECTIVE else kind

    def refine_ing_form(self, _index: int, kind: str) -> str:
        """Returns a noun for "the building"."""
        return NOUN if self._before() in _BEFORE_ING_NOUN else kind

    def refine_possessive_ending(self, _index: int, kind: str) -> str:
        """Returns an auxiliary for the "'s" of "it's"."""
        return AUXILIARY if self._before() in _BEFORE_SHORT_IS else kind

    def refine_stop(self, index: int, kind: str) -> str:
        """Returns a possessive ending for the apostrophe of "the miners' union"."""
        if self._lower[index] != "'" or self._before() not in HEADS:
            return kind
        return POSSESSIVE_ENDING if self._lower[index - 1].endswith("s") else kind

    def refine_pronoun(self, index: int, kind: str) -> str:
        """Returns a name for "US"."""
        return NAME if self._words[index] == "US" else kind

    def refine_modal(self, index: int, kind: str) -> str:
        """Returns a name for the month "May"."""
        is_may = self._lower[index] == "may" and self._words[index][0].isupper()
        return NAME if is_may and index and not self._headline else kind

    def refine_verb(self, index: int, kind: str) -> str:
        """Returns the class of a base or third-person form: its own, or a noun if the words around it say so."""
        tags, lower = self._tags, self._lower
        back = index - 1
        while back >= 0 and tags[back] == ADVERB:
            back -= 1
        before = tags[back] if back >= 0 else STOP
        ambiguous = lower[index] in _verbs_or_nouns()
        if before in _BEFORE_NOUN:
            return kind if self._is_verb_after_noun_opener(index, kind, back) else NOUN
        if kind == S_FORM and before == TO:
            return NOUN
        if kind == BASE_FORM and before in HEADS and self._after(index) in FINITE_VERBS:
            return NOUN
        if not ambiguous or before in _BEFORE_VERB:
            return kind
        is_verb = self._is_s_form_verb(index, back) if kind == S_FORM else self._is_base_form_verb(index, back)
        return kind if is_verb else NOUN

    def _is_verb_after_noun_opener(self, index: int, kind: str, back: int) -> bool:
        """Whether a verb follows a word that nearly always precedes a noun: "Some claim that", "those in need say"."""
        ambiguous = self._lower[index] in _verbs_or_nouns()
        if self._tags[back] == PREPOSITION:
            return kind == S_FORM and not ambiguous
        if self._tags[back] != DETERMINER or self._lower[back] not in _PLURAL_DETERMINERS:
            return False
        clause = self._after(index) in _AFTER_PLURAL_DETERMINER or self._lower[index + 1 : index + 2] == ["out"]
        return clause or not ambiguous

    def _is_s_form_verb(self, index: int, back: int) -> bool:
        """Whether "claims" is a verb; `back` is the last word before it that is not an adverb."""
        before = self._tags[back] if back >= 0 else STOP
        after = self._after(index)
        if before in LEXICAL_VERBS:
            return False
        if before in HEADS:
            if after in _CLAUSE_ENDS:
                return self._ends_speech(back)
            if not self._lower[back].endswith("s") and self._takes_preposition(index):
                return True
            if after == PREPOSITION and not any(tag in FINITE_VERBS for tag in self._tags):
                return not self._has_verb_after(index)
        return after not in _AFTER_NOUN or (after == PREPOSITION and before == NAME)

    def _ends_speech(self, back: int) -> bool:
        """Whether the phrase that ends at `back` follows what it says: "…, the army claims."."""
        first = back
        while first >= 0 and self._tags[first] in _IN_LAST_SUBJECT:
            first -= 1
        return first >= 0 and self._tags[first] in _BEFORE_LAST_SUBJECT

    def _takes_preposition(self, index: int) -> bool:
        """Whether a cue has its own preposition after it: "the air force calls for"."""
        cue = cue_verbs().get(self._lower[index])
        after = self._lower[index + 1] if index + 1 < len(self._lower) else ""
        return cue is not None and after in ("for", "on") and after in cue.takes

    def _has_verb_after(self, index: int) -> bool:
        rest = self._lower[index + 1 : index + _CLAUSE_REACH]
        return any(self._classes.get(word, NOUN) in FINITE_VERBS or word.endswith("ed") for word in rest)

    def _is_base_form_verb(self, index: int, back: int) -> bool:
        """Whether "claim" is a verb; `back` is the last word before it that is not an adverb."""
        after = self._after(index)
        if after in _AFTER_BASE_NOUN:
            return False
        before, left = (self._tags[back], self._lower[back]) if back >= 0 else (STOP, "")
        if left.endswith("s") or left in _PLURAL_SUBJECTS or before == CONJUNCTION:
            return True
        if before == NAME and after in _AFTER_VERB_OF_NAME:
            return True
        return self._has_plural_head() and not any(tag in CLAUSE_VERBS for tag in self._tags)

    def _has_plural_head(self) -> bool:
        """Whether the noun before the first preposition is plural: "Farmers in the valley claim …"."""
        first = next((index for index, tag in enumerate(self._tags) if tag == PREPOSITION), 0)
        return first > 0 and self._lower[first - 1].endswith("s")


_REFINEMENTS = {
    S_FORM: _Tagger.refine_verb,
    BASE_FORM: _Tagger.refine_verb,
    PAST_FORM: _Tagger.refine_past_form,
    ING_FORM: _Tagger.refine_ing_form,
    POSSESSIVE_ENDING: _Tagger.refine_possessive_ending,
    STOP: _Tagger.refine_stop,
    PRONOUN: _Tagger.refine_pronoun,
    MODAL: _Tagger.refine_modal,
}
"""What the words around a word change in the class that the table gives it, by that class."""


def _is_headline(words: list[str]) -> bool:
    """Whether most words begin with a capital."""
    capitals = sum(word[0].isupper() for word in words)
    return capitals >= 3 and capitals > 0.6 * sum(word[0].isalpha() for word in words)


@lru_cache(maxsize=16_384)
def _class_by_ending(word: str) -> str:
    """Returns the class of a word that is in no table."""
    if not word[0].isalpha():
        return NUMBER if word[0].isdigit() else STOP
    for ending, fewest_characters, kind in _ENDINGS:
        if word.endswith(ending) and len(word) >= fewest_characters:
            return kind
    return NOUN


_ENDINGS = (("ly", 5, ADVERB), ("ed", 5, PAST_FORM), ("ing", 6, ING_FORM), (_ADJECTIVE_ENDINGS, 0, ADJECTIVE))
"""Endings of unknown words, the fewest characters of the word, and its class."""

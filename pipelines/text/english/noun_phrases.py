"""Noun phrases of a tagged sentence: the one that ends before a verb, the one that begins after it."""

from pipelines.text.english.described_subjects import find_described
from pipelines.text.english.tagger.certain import QUOTED_PAUSE
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    CLAUSE_LINKS,
    CLAUSE_VERBS,
    CLOSING_BRACKET,
    COLON,
    COMMA,
    CONJUNCTION,
    COUNTED_HEADS,
    DASH,
    DETERMINER,
    HEADS,
    IN_PHRASE,
    INSIDE_PHRASE,
    NAME,
    NUMBER,
    OPENING_BRACKET,
    PHRASE_ENDS,
    POSSESSIVE_ENDING,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    STOP,
    SUBORDINATOR,
    THAT,
    TO,
    Classes,
)
from pipelines.text.tables import load_words

Range = tuple[int, int]
"""Indices of words in a sentence, end exclusive."""

_TABLE = "phrases.yaml"
TIME_WORDS = load_words(__package__, "words.yaml", "time_words")
TIME_QUALIFIERS = load_words(__package__, _TABLE, "time_qualifiers")
_STANDALONE_DETERMINERS = load_words(__package__, _TABLE, "standalone_determiners")
JOINING_PREPOSITIONS = load_words(__package__, _TABLE, "joining_prepositions")
_FOLLOWING_PREPOSITIONS = load_words(__package__, _TABLE, "following_prepositions")

_BEFORE_ADVERB: Classes = frozenset((NUMBER, ADJECTIVE))
"""What an adverb in a phrase belongs to: "a rally of perhaps 3,000 people", "the most recent report"."""
_ORIGINS = frozenset(("of", "from"))
_AGE = COMMA + NUMBER
"""The age in "Ana Rask, 63, a teacher, said"."""
_APPOSITION_MARKS = frozenset((COMMA, DASH))
_REFLEXIVES = frozenset(("himself", "herself", "itself", "themselves"))
_NO_SUBJECTS = frozenset(("there", "when", "where", "why", "how"))
_OWN_SUBJECTS = CLAUSE_LINKS | {PRONOUN}
_BEFORE_APPOSITION = COUNTED_HEADS | {PRONOUN, POSSESSIVE_ENDING, ADJECTIVE}
_BEFORE_BARE_TIME = HEADS | {PRONOUN}
_BEFORE_JOINED = frozenset((COMMA, QUOTATION, DASH, STOP, COLON, THAT, SUBORDINATOR))
_AFTER_AND = frozenset((NAME, DETERMINER))
_AFTER_PREPOSITION = COUNTED_HEADS | {DETERMINER, ADJECTIVE}


def subject_before(sentence: Sentence, verb: int) -> Range | None:
    """Returns the subject of the verb group that starts at `verb`; a relative pronoun is its own subject."""
    subject = _phrase_before(sentence, verb)
    if subject is None and verb and sentence.tags[verb - 1] == QUOTATION:
        described = find_described(sentence, verb - 1)  # "a group called “Early Tide” said"
        return None if described is None else phrase_ending(sentence, described)
    described = None if subject is None else find_described(sentence, subject[0])
    return subject if described is None else _widen(sentence, phrase_ending(sentence, described))


def _phrase_before(sentence: Sentence, verb: int) -> Range | None:
    tags = sentence.tags
    last = _before_brackets(tags, _before_adverbs(tags, verb - 1))
    last = _before_time(sentence, last)
    if last > 0 and sentence.lower[last] in _REFLEXIVES and tags[last - 1] in HEADS:
        last -= 1  # "the owners themselves said"
    if last < 0:
        return None
    tag = tags[last]
    if tag in _APPOSITION_MARKS:
        return _before_apposition(sentence, last)
    if sentence.words[last] == QUOTED_PAUSE and (phrase := _before_apposition(sentence, last)) is not None:
        return phrase  # "Ann Lee, known as “the Eel,” said"
    if tag in _OWN_SUBJECTS:
        return (last, last + 1) if sentence.lower[last] not in _NO_SUBJECTS else None
    if tag == DETERMINER and sentence.lower[last] in _STANDALONE_DETERMINERS:
        return last, last + 1
    return _widen(sentence, phrase_ending(sentence, last)) if tag in PHRASE_ENDS else None


def _widen(sentence: Sentence, phrase: Range | None) -> Range | None:
    """Returns a subject with the phrase that "and" joins to it: "a chief and two survivors said"."""
    if phrase is None:
        return None
    tags, start = sentence.tags, phrase[0]
    joined = start > 1 and sentence.lower[start - 1] == "and" and tags[start - 2] in HEADS
    left = phrase_ending(sentence, start - 2) if joined else None
    if left is None or (left[0] and tags[left[0] - 1] not in _BEFORE_JOINED):
        return phrase
    return left[0], phrase[1]


def _before_adverbs(tags: str, last: int) -> int:
    while last >= 0 and tags[last] == ADVERB:
        last -= 1
    return last


def _before_brackets(tags: str, last: int) -> int:
    if last >= 0 and tags[last] == CLOSING_BRACKET:
        return tags.rfind(OPENING_BRACKET, 0, last) - 1
    return last


def _before_time(sentence: Sentence, last: int) -> int:
    """Returns the word before a time: "The ministry on Thursday denied", "which last week said"."""
    tags, lower = sentence.tags, sentence.lower
    if last < 0 or lower[last] not in TIME_WORDS or tags[last] not in COUNTED_HEADS:
        return last
    index = last - 1
    while index >= 0 and (
        lower[index] in TIME_QUALIFIERS
        or tags[index] == DETERMINER
        or (tags[index] == ADJECTIVE and lower[index] != "may")
    ):
        index -= 1
    if index >= 0 and tags[index] == PREPOSITION:
        index -= 1
    elif index == last - 1 and tags[index] not in _BEFORE_BARE_TIME:
        return last
    return _before_adverbs(tags, index)


def _before_apposition(sentence: Sentence, mark: int) -> Range | None:
    """Returns the phrase before an apposition that `mark` closes: "Ann Lee, head of the union, said"."""
    tags = sentence.tags
    sign = COMMA if tags[mark] == QUOTATION else tags[mark]
    opening = tags.rfind(sign, 0, mark)
    while opening > 0 and (tags[opening + 1 : opening + 2] == CONJUNCTION or tags[opening - 2 : opening] == _AGE):
        opening = tags.rfind(sign, 0, opening)
    if opening <= 0 or mark - opening < 2:
        return None
    last = _before_origin(sentence, _before_brackets(tags, opening - 1))
    return phrase_ending(sentence, last) if last >= 0 and tags[last] in _BEFORE_APPOSITION else None


def _before_origin(sentence: Sentence, last: int) -> int:
    """Returns the word before an age and a home town: "Ana Rask, 22, of Delport, Ostmark, said"."""
    tags, first = sentence.tags, last
    while first > 0 and tags[first] == NAME:
        first -= 1
    if first < 2 or tags[first - 1 : first + 1] != COMMA + PREPOSITION or sentence.lower[first] not in _ORIGINS:
        return last
    return first - (4 if tags[first - 3 : first] == COMMA + NUMBER + COMMA else 2)


def phrase_ending(sentence: Sentence, last: int) -> Range | None:
    """Returns the noun phrase whose last word is `last`, with the parts that prepositions join to it."""
    tags = sentence.tags
    if tags[last] == PRONOUN:
        return last, last + 1
    first = last + 1
    index = last
    while index >= 0:
        index = _before_part(sentence, index)
        first = min(first, index + 1)
        if index < 1 or not _may_be_joined(sentence, index - 1) or not _joins_left(sentence, index):
            break
        index -= 1
    return (first, last + 1) if first <= last else None


def _may_be_joined(sentence: Sentence, index: int) -> bool:
    """Whether a preposition can follow the word in a phrase: "officials in Delport", "those in favour"."""
    tag = sentence.tags[index]
    return tag in COUNTED_HEADS or (tag == DETERMINER and sentence.lower[index] in _STANDALONE_DETERMINERS)


def _before_part(sentence: Sentence, index: int) -> int:
    """Returns the word before a part of a phrase: determiner, adjectives, nouns, but no time."""
    tags, lower = sentence.tags, sentence.lower
    while index >= 0 and tags[index] in INSIDE_PHRASE and not (lower[index] in TIME_WORDS and tags[index] in HEADS):
        index -= 1
    if (
        index > 0
        and tags[index] == ADVERB
        and tags[index + 1 : index + 2] == ADJECTIVE
        and tags[index - 1] == DETERMINER
    ):
        index -= 1  # "the most senior official"
    while index >= 0 and tags[index] == DETERMINER:
        index -= 1
    return index


def _joins_left(sentence: Sentence, index: int) -> bool:
    """Whether this word joins the phrase after it to the one before: "of", or "and" between two names."""
    tags, word = sentence.tags, sentence.lower[index]
    if tags[index] in (PREPOSITION, TO):
        return word in JOINING_PREPOSITIONS
    pairs = tags[index] == CONJUNCTION and word == "and" and tags[index - 1] == NAME and tags[index + 1] in _AFTER_AND
    return pairs and CLAUSE_VERBS.isdisjoint(tags[:index])


def phrase_starting(sentence: Sentence, first: int) -> Range | None:
    """Returns the noun phrase that begins at `first`, with the parts that prepositions join to it."""
    tags = sentence.tags
    size = len(tags)
    if first >= size:
        return None
    if tags[first] == PRONOUN:
        return first, first + 1
    index = first
    while index < size:
        begin = index
        while index < size and (tags[index] in IN_PHRASE or _belongs_to_next(tags, index)):
            if index > begin and tags[index] == DETERMINER:
                break
            index += 1
        if index == begin:
            index = begin - 1 if begin > first else begin
            break
        if not _joins_right(sentence, index):
            break
        index += 1
    return (first, index) if index > first else None


def _belongs_to_next(tags: str, index: int) -> bool:
    return tags[index] == ADVERB and tags[index + 1 : index + 2] in _BEFORE_ADVERB


def _joins_right(sentence: Sentence, index: int) -> bool:
    """Whether this preposition joins a phrase after it that is not a time."""
    tags, lower = sentence.tags, sentence.lower
    return (
        index + 1 < len(tags)
        and tags[index] == PREPOSITION
        and lower[index] in _FOLLOWING_PREPOSITIONS
        and tags[index + 1] in _AFTER_PREPOSITION
        and lower[index + 1] not in TIME_WORDS
    )

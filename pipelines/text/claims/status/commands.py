"""Whether a statement is a command: "Get the troops out now", "Please stay at home"."""

from pipelines.text.claims.status.table import status_words
from pipelines.text.claims.status.tagged_words import TaggedWords
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    COMMA,
    CONJUNCTION,
    DETERMINER,
    FINITE_VERBS,
    HEADS,
    NAME,
    NOUN,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    STOP,
    SUBORDINATOR,
    THAT,
    Classes,
)

_FIXED_OPENINGS = (["do", "not"], ["do", "n't"], ["let", "'s"])
_VERBS: Classes = frozenset((BASE_FORM, NOUN))
_VERBS_OR_NOT: Classes = frozenset((NOUN, ADJECTIVE, NAME))
_AFTER_COMMAND: Classes = frozenset((DETERMINER, NAME, PRONOUN, ADVERB, ADJECTIVE))
_AFTER_QUOTED_COMMAND: Classes = frozenset((NOUN, PREPOSITION))
_AFTER_AUXILIARY: Classes = frozenset((DETERMINER, NOUN, ADJECTIVE))
_OBJECTS: Classes = HEADS | {PRONOUN}
_CLAUSE_ENDS: Classes = frozenset((COMMA, CONJUNCTION, STOP, SUBORDINATOR, RELATIVE, THAT))


def is_command(words: TaggedWords, is_quoted: bool = False) -> bool:
    """Whether the statement begins with a verb in its base form that has no subject and no finite verb after it.

    Without quotation marks a noun right after it makes a compound of both: "Fire crews reach burning ferry".
    """
    lower, tags = words
    start = 0
    while tags[start : start + 1] == ADVERB and lower[start] not in status_words("negations"):
        start += 1
    first = lower[start] if start < len(lower) else ""
    if first in status_words("before_commands"):
        return _is_marked_command(words, start + 1)
    if lower[start : start + 2] in _FIXED_OPENINGS:
        return True
    command = first not in status_words("no_commands") and _opens_command(words, start, is_quoted)
    return command and not _has_verb(words, start + 1, first in status_words("causing"))


def _opens_command(words: TaggedWords, start: int, is_quoted: bool) -> bool:
    """Whether the first two words can be those of a command: "Get them", and if quoted "Free the hostages", too."""
    first, second = words.tags[start : start + 1], words.tags[start + 1 : start + 2]
    if first == BASE_FORM:
        return second in _AFTER_COMMAND or (is_quoted and second in _AFTER_QUOTED_COMMAND)
    if not is_quoted:
        return False
    if first == AUXILIARY:
        return words.lower[start] in status_words("commanding_auxiliaries") and second in _AFTER_AUXILIARY
    return first in _VERBS_OR_NOT and second == DETERMINER


def _is_marked_command(words: TaggedWords, verb: int) -> bool:
    """Whether a verb follows "please" or "never": only a finite verb shows that it is none."""
    return words.tags[verb : verb + 1] in _VERBS and not _has_verb(words, verb + 1, is_causing=False)


def _has_verb(words: TaggedWords, start: int, is_causing: bool) -> bool:
    """Whether a finite verb follows in the same clause: then what comes before it is its subject, and no command.

    In "let them vote" the second verb is not finite, and in "tell him he was wrong" it has a subject of its own.
    """
    lower, tags = words
    for index in range(start, len(tags)):
        if tags[index] in _CLAUSE_ENDS or (tags[index] == PRONOUN and tags[index - 1] in _OBJECTS):
            return False
        if tags[index] in FINITE_VERBS:
            return True
        plural = tags[index - 1] in HEADS and lower[index - 1].endswith("s")
        if tags[index] == BASE_FORM and plural and not is_causing:
            return True
    return False

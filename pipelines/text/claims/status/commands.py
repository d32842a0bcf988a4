"""Whether a statement is a command: "Get the troops out now", "Please stay at home"."""

from pipelines.text.claims.status.table import status_words
from pipelines.text.claims.status.tagged_words import TaggedWords
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    BASE_FORM,
    COMMA,
    CONJUNCTION,
    DETERMINER,
    FINITE_VERBS,
    HEADS,
    NAME,
    NOUN,
    PRONOUN,
    RELATIVE,
    STOP,
    SUBORDINATOR,
    THAT,
    Classes,
)

_FIXED_OPENINGS = (["do", "not"], ["do", "n't"], ["let", "'s"])
_VERBS: Classes = frozenset((BASE_FORM, NOUN))
_VERBS_OR_NOT: Classes = frozenset((NOUN, ADJECTIVE))
_AFTER_COMMAND: Classes = frozenset((DETERMINER, NAME, NOUN, PRONOUN, ADVERB, ADJECTIVE))
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
    if lower[start : start + 1] and lower[start] in status_words("before_commands"):
        return _is_marked_command(words, start + 1)
    if lower[start : start + 2] in _FIXED_OPENINGS:
        return True
    if lower[start : start + 1] and lower[start] in status_words("no_commands"):
        return False
    first, second = tags[start : start + 1], tags[start + 1 : start + 2]
    unlike_verb = first in _VERBS_OR_NOT and second == DETERMINER  # "Free the hostages", "Reopen the road"
    if not (first == BASE_FORM and second in _AFTER_COMMAND) and not (unlike_verb and is_quoted):
        return False
    if second == NOUN and not is_quoted:
        return False
    return not _has_verb(words, start + 1, lower[start] in status_words("causing"))


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

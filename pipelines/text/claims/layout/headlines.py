"""Headlines: the source comes last, after a dash or a colon, or it is the subject after a quotation."""

import re

from pipelines.text.claims.claimant_nouns import speaking_nouns
from pipelines.text.claims.constructions import read_sentence
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.cues import CueWord
from pipelines.text.english.noun_phrases import phrase_starting
from pipelines.text.english.tagging import Grammar, Sentence
from pipelines.text.english.word_classes import (
    BASE_FORM,
    COLON,
    FINITE_VERBS,
    NAME,
    QUOTATION,
    STOP,
    TO,
    Classes,
)
from pipelines.text.tables import load_words

_TABLE = "headlines.yaml"
_LONGEST = 220
"""Characters of a headline."""
_STOPS = (".", "!", "?", "…", ":", ";", ",")
_LABEL = re.compile(
    rf"(?:{'|'.join(re.escape(word) for word in sorted(load_words(__package__, _TABLE, 'labels')))})\s*[:|–—-]\s+",
    re.IGNORECASE,
)
_TRAILER = re.compile(r"(?:\s(?P<sign>[-–—―]{1,2})\s?|(?P<colon>:)\s)(?P<source>[^-–—―:|;“”\"(),]{2,48})$")
_VERBS = "|".join(sorted(load_words(__package__, _TABLE, "verbs")))
_SPEAKER_LAST = re.compile(rf"(?:[’'”\"]|(?P<comma>,))\s(?P<verb>{_VERBS})\s(?P<source>[^,;:“”\"]{{2,60}})$")
_MOST_WORDS = 6
"""Words of a source at the end of a headline."""
_NOT_IN_SOURCES = load_words(__package__, _TABLE, "not_in_sources")
_TRAILERS = load_words(__package__, _TABLE, "trailers")
_COUNTS = load_words(__package__, _TABLE, "counts")
_OF = re.compile(r"\s(?:of|for|from|at|in)\s")
_NAME_WORD = re.compile(r"(?:[A-Z][\w.’'&]*|(?:of|the|de|al|bin|van|von))$")
_CLAUSE_VERBS: Classes = FINITE_VERBS | {BASE_FORM, TO}
_AFTER_SUBJECT: Classes = FINITE_VERBS | {BASE_FORM, "", STOP}
"""What can follow the speaker after the colon: its verb, or nothing."""
_SIGN = CueWord(":", frozenset(("quote",)), "asserted")
_SAY = CueWord("say", frozenset(("quote", "clause", "after")), "asserted")


Headline = tuple[Sentence, list[Attribution]]


def is_headline(text: str, start: int, end: int) -> bool:
    """Whether the sentence at `text[start:end]` is a whole line without a stop at its end."""
    alone = not text[text.rfind("\n", 0, start) + 1 : start].strip() and text[end : end + 1] in ("", "\n")
    return alone and end - start <= _LONGEST and not text[start:end].endswith(_STOPS)


def read_headline(text: str, span: tuple[int, int], number: int, grammar: Grammar) -> Headline:
    """Returns the sentence of the headline at `span`, without its label, and its attributions in reading order.

    `number` is that of the sentence in its field, `grammar` that of the whole field.
    """
    label = _LABEL.match(text, *span)
    start, end = label.end() if label else span[0], span[1]
    sentence = grammar.sentence(start, end)
    found = (
        _read_source_last(text, sentence, number)
        or _read_quotation_first(sentence, number)
        or read_sentence(sentence, number)
        or _read_speaker_last(text, sentence, number)
    )
    return sentence, found


def _read_source_last(text: str, sentence: Sentence, number: int) -> list[Attribution]:
    """Reads "Ferry sinks - union" and "Ferry sinks: poll"; of "Ostmark says ferry sank - agency" both are sources."""
    trailer = _TRAILER.search(text, sentence.start, sentence.end)
    if trailer is None:
        return []
    content = sentence.start, trailer.start()
    inner = sentence.cut(*content)
    if not _is_source(trailer.group("source"), is_statement=not _CLAUSE_VERBS.isdisjoint(inner.tags[1:])):
        return []
    said = [one for one in read_sentence(inner, number) if _is_said(text, one)]
    if said:
        return said
    cue = trailer.span("sign" if trailer.group("sign") else "colon")
    return [
        Attribution(_SIGN, number, number, cue, trailer.span("source"), [content], "after", QUOTATION in inner.tags)
    ]


def _is_said(text: str, one: Attribution) -> bool:
    """Whether somebody says the words before the last source himself: headlines have no participles as verbs."""
    return "quote" in one.cue_word.takes and one.cue is not None and not text[slice(*one.cue)].endswith("ing")


def _is_source(words: str, is_statement: bool) -> bool:
    """Whether the last words of a headline name its source: a body, people, a poll, or a name after a statement."""
    parts = _OF.split(words)[0].split()
    lower = [word.lower() for word in words.split()]
    if not parts or len(lower) > _MOST_WORDS or not _NOT_IN_SOURCES.isdisjoint(lower):
        return False
    last = parts[-1].lower()
    if last in _TRAILERS or words[0].isdigit():
        return False
    if last in speaking_nouns() or last in _COUNTS:
        return True
    return is_statement and all(_NAME_WORD.match(word) for word in words.split())


def _read_quotation_first(sentence: Sentence, number: int) -> list[Attribution]:
    """Reads "'It is over': Kull resigns": the quotation is that of the subject after it."""
    tags = sentence.tags
    if tags[:2] != QUOTATION + COLON:
        return []
    source = phrase_starting(sentence, 2)
    if source is None or tags[source[1] : source[1] + 1] not in _AFTER_SUBJECT:
        return []
    if tags[source[1] - 1] != NAME and sentence.lower[source[1] - 1] not in speaking_nouns():
        return []
    words = sentence.starts[source[0]], sentence.ends[source[1] - 1]
    content = [(sentence.starts[0], sentence.ends[0])]
    return [Attribution(_SIGN, number, number, (sentence.starts[1], sentence.ends[1]), words, content, "quote", True)]


def _read_speaker_last(text: str, sentence: Sentence, number: int) -> list[Attribution]:
    """Reads "'It is gone,' say divers" and "12 dead in blast, says mayor", in each half of a headline with ";"."""
    found: list[Attribution] = []
    start = sentence.start
    while start < sentence.end:
        half = text.find(";", start, sentence.end)
        end = half if half >= 0 else sentence.end
        part = sentence.cut(start, end)
        last = _SPEAKER_LAST.search(text, start, end)
        if last is not None and part.tags and (last.group("comma") or part.tags[0] == QUOTATION):
            content = [(part.starts[0], last.start() if last.group("comma") else part.ends[0])]
            quoted = QUOTATION in part.tags
            found.append(
                Attribution(_SAY, number, number, last.span("verb"), last.span("source"), content, "after", quoted)
            )
        start = end + 1
    return found

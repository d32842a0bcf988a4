"""Quotations with a signature: a name after a dash, on the line below, or in the line of a statement above."""

import re

from pipelines.text.claims.claimant_nouns import speaking_nouns
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.cues import CueWord, cue_verbs
from pipelines.text.english.inflection import grammar
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import QUOTATION, STOP

_DASH = r"[-–—―~]{1,2}"
_SIGNED = re.compile(rf"\s*(?P<sign>{_DASH})\s*(?P<source>[^\s.!?;:“”\"«»\n-][^!?;:“”\"«»\n]{{1,90}}?)\.?$")
_NAME_LINE = re.compile(rf"(?P<sign>{_DASH})?\s*(?P<source>[A-Z][^.!?;:“”\"«»\n]{{3,80}})$")
_FROM = re.compile(
    r"(?:And\s|An?\s\w+\s)?(?P<cue>[Ff]rom)\s(?P<desk>the\s(?:desk|office)\sof\s)?(?P<source>[^.!?;:\n]{3,120})\.?$"
)
_FULL_NAME = re.compile(r"[A-Z][\w’'-]+(?:\s(?:[A-Z][\w’'.-]*|de|van|von|al|bin))*\s[A-Z][\w’'-]+")
_WORD = re.compile(r"[\w’']+")
_SIGN = CueWord("-", frozenset(("quote",)), "asserted")
_NOT_IN_NAMES = frozenset(
    word for row in ("auxiliaries", "modals", "pronouns", "relatives") for word in grammar()[row].split()
)
Span = tuple[int, int]


def read_signature(text: str, sentence: Sentence, number: int) -> Attribution | None:
    """Reads "“It is gone.” - Jo Pier", where the whole sentence is a quotation and the name after it."""
    if sentence.tags[:1] != QUOTATION:
        return None
    last = sentence.tags.rfind(QUOTATION)
    signed = _SIGNED.match(text, sentence.ends[last], sentence.end)
    if signed is None or not _is_signature(signed.group("source")):
        return None
    content = [(sentence.starts[0], sentence.ends[last])]
    return Attribution(_SIGN, number, number, signed.span("sign"), signed.span("source"), content, "quote", True)


def read_name_line(text: str, before: Sentence, line: Sentence, number: int) -> Attribution | None:
    """Reads a line that is only a name, below a quotation that nobody is said to have spoken.

    `number` is that of the line, `before` is the sentence before it.
    """
    name = _NAME_LINE.match(text, line.start, line.end)
    if name is None or not _is_quotation(before) or text.find("\n", before.end, line.start) < 0:
        return None
    if text[line.end : line.end + 1] not in ("", "\n") or not _is_signature(name.group("source")):
        return None
    if not name.group("sign") and not _FULL_NAME.search(name.group("source")):
        return None
    content = [(before.starts[0], before.ends[-1])]
    cue = name.span("sign") if name.group("sign") else None
    return Attribution(_SIGN, number, number - 1, cue, name.span("source"), content, "quote", True)


def read_sender(text: str, before: Sentence, quotation: Sentence, number: int) -> Attribution | None:
    """Reads "From the desk of John Berth, analyst at Port Bank." before a quotation, the sentence with `number`."""
    sender = _FROM.match(text, before.start, before.end)
    if sender is None or not _is_quotation(quotation) or not _is_signature(sender.group("source")):
        return None
    content = [(quotation.starts[0], quotation.ends[-1])]
    return Attribution(_SIGN, number, number - 1, sender.span("cue"), sender.span("source"), content, "quote", True)


def _is_quotation(sentence: Sentence) -> bool:
    return sentence.tags.strip(STOP) == QUOTATION


def _is_signature(words: str) -> bool:
    """Whether the words are somebody's name or office, and not a clause: "Jo Pier, harbour commissioner"."""
    parts = _WORD.findall(words)
    lower = [word.lower() for word in parts]
    if not _NOT_IN_NAMES.isdisjoint(lower) or any(
        word in cue_verbs() and "quote" in cue_verbs()[word].takes for word in parts
    ):
        return False
    return _FULL_NAME.search(words) is not None or not speaking_nouns().isdisjoint(lower)

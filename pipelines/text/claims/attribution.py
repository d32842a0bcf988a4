"""Who says what in a text: the attributions of its sentences, and those that run over several sentences."""

import re
from collections.abc import Sequence

from pipelines.text.claims.constructions import read_sentence
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.cues import CueWord
from pipelines.text.english.quotes import Quotation
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import CLOSING_BRACKET, NAME, OPENING_BRACKET, QUOTATION, STOP

_PLACE = r"[A-Z][\w.'’/]+(?:[ -][A-Z][\w.'’/]+){0,3}(?:,\s*[A-Z][\w.]+(?:\s+\d{1,2})?)?"
_AGENCY = r"\([A-Z][\w. /]{1,30}\)"
_CAPITALS = r"[A-Z][A-Z.'’/]{2,}(?:[ ,]+[A-Z]\w*\.?(?:\s\d{1,2})?){0,3}"
_DATELINE = re.compile(rf"(?:{_PLACE}\s*{_AGENCY}|{_AGENCY}|{_CAPITALS})\s*[-–—]{{1,2}}\s+(?=\S)")
_DATELINE_REACH = 80
"""Characters of a sentence that a dateline may take."""
_CREDITS = frozenset(OPENING_BRACKET + NAME * count + CLOSING_BRACKET for count in range(1, 6))
"""Classes of a sentence that is only a name in brackets."""
_QUOTATIONS = (QUOTATION, QUOTATION * 2)
_CREDIT = CueWord("credit", frozenset(), "asserted")
_SPEECH = CueWord("", frozenset(), "asserted")
_LONG = 350
"""Characters from which a quotation that continues a speech is a claim of its own."""


def find_attributions(
    text: str, spans: Sequence[tuple[int, int]], quotations: Sequence[Quotation]
) -> tuple[list[Attribution], list[Sentence]]:
    """Returns the attributions of a text in reading order, and its sentences with their word classes.

    `spans` are the sentences, `quotations` the quotations of the whole text.
    """
    found: list[Attribution] = []
    sentences: list[Sentence] = []
    at = 0
    for number, (start, end) in enumerate(spans):
        inside: list[Quotation] = []
        while at < len(quotations) and quotations[at].start < end:
            if quotations[at].start >= start:
                inside.append(quotations[at])
            at += 1
        sentence = Sentence(text, _skip_dateline(text, start, end), end, inside)
        sentences.append(sentence)
        local = read_sentence(sentence, number)
        classes = sentence.tags.strip(STOP)
        if classes in _CREDITS and number and not (found and found[-1].sentence == number - 1):
            found.append(_credit(sentence, number, spans[number - 1]))
        elif not local and classes in _QUOTATIONS:
            _continue_speech(found, sentence, number)
        found.extend(local)
    return found, sentences


def _skip_dateline(text: str, start: int, end: int) -> int:
    """Returns the start of a sentence without its dateline: "DELPORT, Oct 17 (Orbis) - The port …"."""
    dateline = _DATELINE.match(text, start, min(end, start + _DATELINE_REACH))
    return dateline.end() if dateline and dateline.end() < end else start


def _credit(sentence: Sentence, number: int, before: tuple[int, int]) -> Attribution:
    """Returns the attribution of a sentence to the source that follows in brackets: "(Evening Post)"."""
    name = (sentence.starts[1], sentence.ends[sentence.tags.find(CLOSING_BRACKET) - 1])
    cue = (sentence.starts[0], sentence.ends[-1])
    return Attribution(_CREDIT, number, number - 1, cue, name, [before], "credit")


def _continue_speech(found: list[Attribution], sentence: Sentence, number: int) -> None:
    """Adds a sentence that is only a quotation to the speech before it; a long one is a claim of its own."""
    before = found[-1] if found else None
    if before is None or not before.quoted or before.sentence < number - 1:
        return
    span = (sentence.starts[0], sentence.ends[-1])
    before.sentence = number
    if span[1] - span[0] < _LONG:
        before.content.append(span)
    else:
        found.append(Attribution(_SPEECH, number, number, None, before.source, [span], "continued", True))

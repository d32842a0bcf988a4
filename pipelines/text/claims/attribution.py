"""Who says what: source, cue and content of each attribution of a text, found by shallow grammar."""

import re
from collections.abc import Sequence

from pipelines.text.claims.constructions import SentenceReader
from pipelines.text.english.clauses import Attribution
from pipelines.text.english.cues import CueWord
from pipelines.text.english.quotes import Quotation
from pipelines.text.english.tagging import Sentence

_PLACE = r"[A-Z][\w.'’/]+(?:[ -][A-Z][\w.'’/]+){0,3}(?:,\s*[A-Z][\w.]+(?:\s+\d{1,2})?)?"
_AGENCY = r"\([A-Z][\w. /]{1,30}\)"
_CAPITALS = r"[A-Z][A-Z.'’/]{2,}(?:[ ,]+[A-Z]\w*\.?(?:\s\d{1,2})?){0,3}"
_DATELINE = re.compile(rf"(?:{_PLACE}\s*{_AGENCY}|{_AGENCY}|{_CAPITALS})\s*[-–—]{{1,2}}\s+(?=\S)")
_CREDITS = frozenset(f"({'C' * count})" for count in range(1, 6))
_CREDIT = CueWord("credit", frozenset(), "asserted")
_SPEECH = CueWord("", frozenset(), "asserted")
_LONG = 350
"""Characters from which a quotation that goes on is a claim of its own."""


def find_attributions(
    text: str, spans: Sequence[tuple[int, int]], quotations: Sequence[Quotation]
) -> tuple[list[Attribution], list[Sentence]]:
    """Attributions of a text in reading order, and its sentences as tagged."""
    found: list[Attribution] = []
    sentences: list[Sentence] = []
    at = 0
    for number, (start, end) in enumerate(spans):
        inside: list[Quotation] = []
        while at < len(quotations) and quotations[at].start < end:
            if quotations[at].start >= start:
                inside.append(quotations[at])
            at += 1
        sentence = Sentence(text, _after_dateline(text, start, end), end, inside)
        sentences.append(sentence)
        local = SentenceReader(sentence, number).read()
        if sentence.tags.strip(".") in _CREDITS and number and not _spoken(found, number - 1):
            found.append(_credit(sentence, number, spans[number - 1]))
        elif not local and sentence.tags.strip(".") in ("Q", "QQ"):
            _continue(found, sentence, number)
        found.extend(local)
    return found, sentences


def _after_dateline(text: str, start: int, end: int) -> int:
    """ "DELPORT, Oct 17 (Orbis) - The port …": where the sentence itself starts."""
    dateline = _DATELINE.match(text, start, min(end, start + 80))
    return dateline.end() if dateline and dateline.end() < end else start


def _spoken(found: list[Attribution], number: int) -> bool:
    return bool(found) and found[-1].sentence == number


def _credit(sentence: Sentence, number: int, before: tuple[int, int]) -> Attribution:
    """ "(Evening Post)" after a sentence: that is where it is from."""
    name = (sentence.starts[1], sentence.ends[sentence.tags.find(")") - 1])
    cue = (sentence.starts[0], sentence.ends[-1])
    return Attribution(_CREDIT, number, number - 1, cue, name, [before], "credit")


def _continue(found: list[Attribution], sentence: Sentence, number: int) -> None:
    """A sentence that is only a quotation goes on with the speech before it; a long one is a claim of its own."""
    before = found[-1] if found else None
    if before is None or not before.quoted or before.sentence < number - 1:
        return
    span = (sentence.starts[0], sentence.ends[-1])
    before.sentence = number
    if span[1] - span[0] < _LONG:
        before.content.append(span)
    else:
        found.append(Attribution(_SPEECH, number, number, None, before.source, [span], "continued", True))

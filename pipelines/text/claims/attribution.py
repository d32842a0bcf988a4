"""Who says what in a text: the attributions of its sentences, and those that run over several sentences."""

import re
from collections.abc import Sequence

from pipelines.text.claims.constructions import read_sentence
from pipelines.text.claims.layout.headlines import is_headline, read_headline
from pipelines.text.claims.layout.signatures import read_name_line, read_sender, read_signature
from pipelines.text.claims.layout.transcripts import find_turns, read_turns
from pipelines.text.claims.phrases.doubts import apply_doubt, may_doubt
from pipelines.text.claims.phrases.joined import split_sources
from pipelines.text.claims.phrases.silences import is_claim
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.claims.via.chains import cite_sources
from pipelines.text.english.cues import CueWord
from pipelines.text.english.quotes import Quotation
from pipelines.text.english.tagging import Grammar, Sentence
from pipelines.text.english.word_classes import CLOSING_BRACKET, HEADS, OPENING_BRACKET, QUOTATION, STOP

_PLACE = r"[A-Z][\w.'’/]+(?:[ -][A-Z][\w.'’/]+){0,3}(?:,\s*[A-Z][\w.]+(?:\s+\d{1,2})?)?"
_AGENCY = r"\([A-Z][\w. /]{1,30}\)"
_CAPITALS = r"[A-Z][A-Z.'’/]{2,}(?:[ ,]+[A-Z]\w*\.?(?:\s\d{1,2})?){0,3}"
_DATELINE = re.compile(rf"(?:{_PLACE}\s*{_AGENCY}|{_AGENCY}|{_CAPITALS})\s*[-–—]{{1,2}}\s+(?=\S)")
_DATELINE_REACH = 80
"""Characters of a sentence that a dateline may take."""
_LONGEST_CREDIT = 5
"""Words of the name of a source in brackets."""
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
    starts = [_skip_dateline(text, *span) for span in spans]
    grammar = Grammar(text, [(start, end) for start, (_, end) in zip(starts, spans, strict=True)], quotations)
    reader = _TextReader(text, grammar, read_turns(text, spans, find_turns(text)))
    for start, span in zip(starts, spans, strict=True):
        reader.read(span, start)
    return reader.found, reader.sentences


class _TextReader:
    """Reads the sentences of a text one after the other."""

    def __init__(self, text: str, grammar: Grammar, turns: dict[int, Attribution]) -> None:
        """`turns` are the turns of a transcript, see `read_turns`."""
        self._text, self._grammar, self._turns = text, grammar, turns
        self._may_doubt = may_doubt(text)
        self._in_headlines = True
        self._turn: Attribution | None = None
        """The last turn of a transcript."""
        self.found: list[Attribution] = []
        self.sentences: list[Sentence] = []

    def read(self, span: tuple[int, int], start: int) -> None:
        """Reads the next sentence; `start` is where it begins without its dateline."""
        number = len(self.sentences)
        sentence, local = self._read_alone(span, start, number)
        self._turn = self._turns.get(number, self._turn)
        turn = self._turn if self._turn is not None and number <= self._turn.sentence else None
        if local:
            local = cite_sources(self._text, sentence, [one for one in local if is_claim(self._text, one, turn)])
            local = split_sources(self._text, sentence, local)
        if self._may_doubt:
            apply_doubt(self._text, number, sentence, local, self.found)
        before = self.sentences[-1] if self.sentences else None
        self.sentences.append(sentence)
        classes = sentence.tags.strip(STOP)
        if local:
            self.found.extend(local)
        elif _is_credit(sentence, classes) and before is not None and not self._is_attributed(number - 1):
            self.found.append(_credit(sentence, number, (before.start, before.end)))
        elif (signed := self._read_signed(before, sentence, number)) is not None:
            self.found.append(signed)
        elif classes in _QUOTATIONS:
            _continue_speech(self.found, sentence, number)

    def _read_alone(self, span: tuple[int, int], start: int, number: int) -> tuple[Sentence, list[Attribution]]:
        """Returns a sentence and the attributions that it holds without regard to those around it."""
        text = self._text
        self._in_headlines = self._in_headlines and is_headline(text, *span)
        if self._in_headlines and number not in self._turns:
            return read_headline(text, span, number, self._grammar)
        turn = self._turns.get(number)
        sentence = self._grammar.sentence(turn.content[0][0] if turn else start, span[1])
        return sentence, [*([turn] if turn else []), *read_sentence(sentence, number)]

    def _is_attributed(self, number: int) -> bool:
        return bool(self.found) and self.found[-1].sentence == number

    def _read_signed(self, before: Sentence | None, sentence: Sentence, number: int) -> Attribution | None:
        """Returns the attribution of a quotation to the name after it, below it or above it."""
        signed = read_signature(self._text, sentence, number)
        if signed is not None or before is None or self._is_attributed(number - 1):
            return signed
        return read_name_line(self._text, before, sentence, number) or read_sender(self._text, before, sentence, number)


def _skip_dateline(text: str, start: int, end: int) -> int:
    """Returns the start of a sentence without its dateline: "DELPORT, Oct 17 (Orbis) - The port …"."""
    dateline = _DATELINE.match(text, start, min(end, start + _DATELINE_REACH))
    return dateline.end() if dateline and dateline.end() < end else start


def _is_credit(sentence: Sentence, classes: str) -> bool:
    """Whether a sentence is only a name in brackets: "(Evening Post)"."""
    name = sentence.words[1 : len(classes) - 1]
    if classes[:1] != OPENING_BRACKET or classes[-1] != CLOSING_BRACKET or not 0 < len(name) <= _LONGEST_CREDIT:
        return False
    return HEADS.issuperset(classes[1:-1]) and all(word[0].isupper() for word in name)


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

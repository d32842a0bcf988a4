"""Transcripts: lines that begin with who speaks, "KULL: We left at dawn." A question is not a claim."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.text.claims.claimant_nouns import kind_of, speaking_nouns
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.cues import CueWord

_TURN = re.compile(
    r"^[ \t]*(?P<speaker>[A-Z][\w.’'-]*(?:[ ](?:[A-Z][\w.’'-]*|\([^()\n]{2,40}\)|de|van|von|al|bin)){0,4})"
    r"(?P<sign>:)[ \t]+(?=\S)",
    re.MULTILINE,
)
_LEAST_TURNS = 3
_FEWEST_SPACES = 2
"""Spaces in a turn that is a claim: "Yes, indeed." is none."""
_ANSWERS = frozenset(("A", "Answer"))
_LETTERS = _ANSWERS | {"Q", "Question"}
"""Labels that say only whether a line asks or answers."""
_FULL_NAME = re.compile(r"(?<![\w’'])[A-Z][\w’'-]+(?: [A-Z][\w’'-]*\.?){0,2} (?P<last>[A-Z][\w-]+)")
_NO_PERSON = frozenset(("organisation", "outlet", "government", "document"))
_SIGN = CueWord(":", frozenset(("quote",)), "asserted")


class Turn(NamedTuple):
    """What one speaker says until the next one speaks: offsets of the speaker, the colon and what is said."""

    speaker: tuple[int, int]
    sign: tuple[int, int]
    said: tuple[int, int]


def find_turns(text: str) -> list[Turn]:
    """Returns the turns of a transcript in reading order; none if the text is not one."""
    lines = list(_TURN.finditer(text)) if text.count(":") >= _LEAST_TURNS else []
    names = Counter(line.group("speaker") for line in lines)
    if not _is_dialogue(names):
        return []
    ends = [line.start() for line in lines[1:]] + [len(text)]
    return [
        Turn(line.span("speaker"), line.span("sign"), (line.end(), end)) for line, end in zip(lines, ends, strict=True)
    ]


def _is_dialogue(names: Counter[str]) -> bool:
    """Whether the labels of lines are speakers: at least two, of whom one speaks again."""
    if _LETTERS & names.keys():
        return len(_LETTERS & names.keys()) > 1
    speakers = [name for name in names if _is_speaker(name)]
    turns = sum(names[name] for name in speakers)
    return len(speakers) > 1 and turns >= _LEAST_TURNS and max(names[name] for name in speakers) > 1


def _is_speaker(name: str) -> bool:
    """Whether a label is a full name, a name in capitals or an office."""
    words = name.split()
    return len(words) > 1 or name.isupper() or words[0].lower() in speaking_nouns()


def read_turns(text: str, spans: Sequence[tuple[int, int]], turns: Sequence[Turn]) -> dict[int, Attribution]:
    """Returns the attribution of each turn that is not a question, by the number of its first sentence."""
    read: dict[int, Attribution] = {}
    starts = [start for start, _ in spans]
    guest = _find_guest(text, turns[0].speaker[0]) if turns else None
    for turn in turns:
        first, after = bisect_left(starts, turn.speaker[0]), bisect_left(starts, turn.said[1])
        label = text[slice(*turn.speaker)]
        if first == after or (label in _LETTERS and (guest is None or label not in _ANSWERS)):
            continue
        said = turn.said[0], spans[after - 1][1]
        if text.endswith("?", *said) or text.count(" ", *said) < _FEWEST_SPACES:
            continue
        read[first] = Attribution(_SIGN, after - 1, first, turn.sign, turn.speaker, [said], "quote", True)
        if label in _ANSWERS:
            read[first].antecedent = guest
    return read


def _find_guest(text: str, end: int) -> tuple[int, int] | None:
    """Returns who answers in an interview: the person named most before its first question; None if nobody is."""
    names = [name for name in _FULL_NAME.finditer(text, 0, end) if kind_of(name.group()) not in _NO_PERSON]
    most = max(names, key=lambda name: len(re.findall(rf"\b{name.group('last')}\b", text[:end])), default=None)
    return most.span() if most else None

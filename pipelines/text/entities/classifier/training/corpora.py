"""Annotated text as the model is taught with it: lines of text, and the spans of the names in them with their kinds."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from schemas.fields import EntityKind

KINDS_OF_LABELS: dict[str, EntityKind] = {
    "PER": "person", "ORG": "organisation", "LOC": "location",
    "person": "person", "organization": "organisation", "organisation": "organisation", "place": "location",
    "location": "location", "country": "location", "politician": "person", "writer": "person", "scientist": "person",
    "researcher": "person", "musicalartist": "person", "band": "organisation", "university": "organisation",
    "politicalparty": "organisation", "building_hospital": "organisation", "building_hotel": "organisation",
    "building_restaurant": "organisation",
}  # fmt: skip
"""Kinds by the labels of the corpora; names with other labels are none of them."""
UNSURE = frozenset(
    ("magazine", "academicjournal", "building_airport", "building_other", "building_sportsfacility", "building_theater")
)
"""Labels of what is a work or a place in one sentence and a body in the next: not taught."""
_FINE_LABEL = re.compile(r"(person|organization|location)_.*")
_PLAIN_MARKS = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]"}
"""Marks by their names in treebanks."""
_CLOSES = re.compile(r"[.,;:!?%)\]]|['’]s|n['’]t|['’](?:re|ve|ll|m|d)|\.\.\.")
_OPENS = frozenset("([$#@")
_ENTITY = re.compile(r"\((\d+)-([a-z]+)[^()]*(\))?|(\d+)\)")

Spans = dict[tuple[int, int], str]


@dataclass(slots=True)
class TaughtText:
    """A text with its names. The name of a span is known by its ends, the name of a head by one word in it."""

    corpus: str
    document: str
    text: str
    spans: Spans = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    """Kinds by the offset of the first letter of a mention's head (GUM, whose mentions are whole phrases)."""
    ruled: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The end of each word and the offset of the word that rules it, by the offset of the word (GUM)."""
    partial: bool = False
    """Whether names without a span may name somebody, too (the parts of Few-NERD, each with some of its labels)."""


Tagged = list[tuple[str, str]]
"""The words of a sentence with their labels: B-PER, I-PER, O."""


def read_tagged(corpus: str, path: Path, columns: tuple[int, int]) -> Iterator[TaughtText]:
    """Yields the sentences of a file with a word and its label a line."""
    sentence: Tagged = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), ""]):
        cells = line.split("\t")
        if len(cells) > max(columns) and not line.startswith("# "):
            sentence.append((cells[columns[0]], cells[columns[1]]))
        elif sentence and not line.strip():
            yield _write([sentence], corpus, f"{path.name}:{number}")
            sentence = []


def read_few(path: Path) -> Iterator[TaughtText]:
    """Yields the sentences of a part of Few-NERD, whose labels are finer than ours: "B-person_politician"."""
    for text in read_tagged("few", path, (0, 1)):
        text.partial = True
        text.spans = {span: _FINE_LABEL.sub(r"\1", label) for span, label in text.spans.items()}
        yield text


def read_docred(path: Path) -> Iterator[TaughtText]:
    """Yields the documents of a file of DocRED."""
    for number, document in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        sentences = [[(word, "O") for word in words] for words in document["sents"]]
        for mention in (one for mentions in document["vertexSet"] for one in mentions):
            sentence = sentences[mention["sent_id"]]
            first, last = mention["pos"]
            for at in range(first, min(last, len(sentence))):
                sentence[at] = sentence[at][0], ("B-" if at == first else "I-") + mention["type"]
        yield _write(sentences, "docred", f"{path.name}:{number}")


def _write(sentences: Iterable[Tagged], corpus: str, document: str) -> TaughtText:
    """Puts words together to a text, a sentence a line, with the spaces that print has."""
    text = ""
    spans: Spans = {}
    for sentence in sentences:
        start, kind, previous = -1, "", ""
        for written, label in [*sentence, ("", "O")]:
            word = _PLAIN_MARKS.get(written, written)
            if start >= 0 and not label.startswith("I-"):
                spans[start, len(text)] = kind
                start = -1
            if previous and word and previous not in _OPENS and not _CLOSES.fullmatch(word):
                text += " "
            if start < 0 and label != "O":
                start, kind = len(text), label[2:]
            text += word
            previous = word
        text += "\n"
    return TaughtText(corpus, document, text, spans)


def read_gum(path: Path) -> Iterator[TaughtText]:
    """Yields the documents of a compressed CoNLL-U file of GUM."""
    corpus = path.name.partition(".")[0]
    document = TaughtText(corpus, "", "")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    for block in blocks:
        name = re.search(r"^# newdoc id = (.*)$", block, re.MULTILINE)
        if name:
            if document.text:
                yield document
            document = TaughtText(corpus, name[1], "")
        rows = [line.split("\t") for line in block.split("\n") if line[:1].isdigit()]
        if rows:
            _add_sentence(document, rows)
    yield document


def _add_sentence(document: TaughtText, rows: list[list[str]]) -> None:
    text, inside = document.text, 0
    places: dict[int, tuple[int, int, int]] = {}
    opened: list[tuple[str, str, int]] = []
    mentions: list[tuple[int, int, str]] = []
    proper = {int(cells[0]) for cells in rows if cells[3] == "PROPN"}
    glued = ""
    for cells in rows:
        if "-" in cells[0]:
            inside, glued = int(cells[0].split("-")[1]), cells[9]
        if not cells[0].isdecimal():
            continue
        at = int(cells[0])
        places[at] = len(text), len(text) + len(cells[1]), int(cells[6])
        text += cells[1]
        misc = (glued if at == inside else "SpaceAfter=No") if at <= inside else cells[9]
        text += "" if "SpaceAfter=No" in misc else " "
        _read_entities(cells[9], at, opened, mentions)
    document.text = text.rstrip(" ") + "\n"
    for start, end, head in places.values():
        document.ruled[start] = end, places[head][0] if head in places else -1
    for first, last, kind in sorted(mentions, key=lambda mention: mention[0] - mention[1]):
        head = next((at for at in range(first, last + 1) if at in places and not first <= places[at][2] <= last), 0)
        if head in proper:
            document.heads[places[head][0]] = kind  # the smaller mention of two with one head


def _read_entities(
    misc: str, at: int, opened: list[tuple[str, str, int]], mentions: list[tuple[int, int, str]]
) -> None:
    """Opens and closes mentions at a word: "(1-person-…", "(2-place-…)", "1)"."""
    entity = re.search(r"Entity=([^|]*)", misc)
    for found in _ENTITY.finditer(entity[1]) if entity else ():
        if found[3]:
            mentions.append((at, at, found[2]))
        elif found[1]:
            opened.append((found[1], found[2], at))
        else:
            last = next((one for one in reversed(opened) if one[0] == found[4]), None)
            if last:
                opened.remove(last)
                mentions.append((last[2], at, last[1]))

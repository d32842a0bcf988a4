import re
from pathlib import Path

from pipelines.text.entities.finding import find_entities

KINDS = {"P": "person", "O": "organisation", "L": "location"}
# Reached when the sentences were written; it only goes up.
FLOOR = 0.99


def gold() -> list[tuple[str, set[tuple[int, int, str]]]]:
    """The sentences without their brackets, with start, end and kind of each name."""
    sentences = []
    for line in (Path(__file__).parent / "gold" / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, names, position = "", set(), 0
        for found in re.finditer(r"\[([^]]+)/([POL])\]", line):
            text += line[position : found.start()]
            names.add((len(text), len(text) + len(found[1]), KINDS[found[2]]))
            text += found[1]
            position = found.end()
        sentences.append((text + line[position:], names))
    return sentences


def test_entities_of_the_gold_sentences_stay_above_the_floor() -> None:
    right = found = wanted = 0
    mistakes = []
    for text, names in gold():
        marked = {
            (start, end, entity.kind)
            for entity in find_entities(None, text, "en")
            if entity.kind != "nationality"
            for start, end in entity.mentions
        }
        right, found, wanted = right + len(names & marked), found + len(marked), wanted + len(names)
        mistakes += [(text[start:end], kind, "missed") for start, end, kind in names - marked]
        mistakes += [(text[start:end], kind, "extra") for start, end, kind in marked - names]
    assert len(gold()) >= 60
    assert 2 * right / (found + wanted) >= FLOOR, mistakes

"""The gold of entities, names in brackets with their kind, and how they are scored."""

import re
from pathlib import Path

from pipelines.text.entities.finding import find_entities

FILES = [Path(__file__).parent / "gold" / "sentences.txt"]
KINDS = {"P": "person", "O": "organisation", "L": "location"}

Name = tuple[int, int, str]
"""Start, end and kind."""


def read_sentences() -> list[tuple[str, set[Name]]]:
    """Returns the sentences without their brackets, with the names in each."""
    sentences = []
    for line in FILES[0].read_text(encoding="utf-8").splitlines():
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


def find_names(text: str) -> set[Name]:
    """Returns the names that the rules find in a text; nationalities are not scored."""
    return {
        (start, end, entity.kind)
        for entity in find_entities(None, text, "en")
        if entity.kind != "nationality"
        for start, end in entity.mentions
    }


def measure() -> tuple[dict[str, float], list[str]]:
    """Returns the F1 of typed mentions, and a line for each mistake."""
    right = found = wanted = 0
    mistakes = []
    for text, names in read_sentences():
        marked = find_names(text)
        right, found, wanted = right + len(names & marked), found + len(marked), wanted + len(names)
        mistakes += [f"missed: {text[start:end]} ({kind})" for start, end, kind in names - marked]
        mistakes += [f"extra: {text[start:end]} ({kind})" for start, end, kind in marked - names]
    return {"typed mentions F1": 2 * right / (found + wanted)}, mistakes

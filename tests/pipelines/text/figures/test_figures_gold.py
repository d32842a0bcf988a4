"""The quality gate of figures: sentences of our own with the figures that a careful reader writes down.

A floor is lowered only with a written reason beside it.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.text.figures.finding import find_figures
from schemas.text import FigureText

FOLDER = Path(__file__).parent / "gold"
CORPUS = "594c55d15f7b"
"""Start of the SHA-256 of the gold files: whoever changes them looks at the floors too."""
FLOORS = {"value": 0.99, "bound": 0.99, "unit": 0.98, "change": 0.98}
"""Least F1 over all gold sentences, of figures with the right bounds; with the right modifier, unit, change as well."""


class Gold(NamedTuple):
    text: str
    low: float | None
    high: float | None
    modifier: str
    unit: str
    change: str


class Sentence(NamedTuple):
    text: str
    figures: list[Gold]


def read_gold() -> Iterator[Sentence]:
    for path in sorted(FOLDER.glob("*.txt")):
        sentence: Sentence | None = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line.startswith("    "):
                assert sentence is not None
                sentence.figures.append(_figure(line))
                continue
            if sentence:
                yield sentence
            sentence = Sentence(line, [])
        if sentence:
            yield sentence


def _figure(line: str) -> Gold:
    text, bounds, modifier, unit, change = (*(cell.strip() for cell in line.split("|")), "", "")[:5]
    low, _, high = bounds.partition("..")
    if ".." not in bounds:
        high = low
    return Gold(text, float(low) if low else None, float(high) if high else None, modifier, unit, change)


SENTENCES = list(read_gold())


def same_bounds(gold: Gold, figure: FigureText) -> bool:
    return all(
        (want is None) == (got is None) and (want is None or got is None or abs(want - got) <= 1e-5 * max(1, abs(want)))
        for want, got in ((gold.low, figure.low), (gold.high, figure.high))
    )


def score() -> dict[str, float]:
    """F1 of each measure of `FLOORS` over all sentences."""
    hits = dict.fromkeys(FLOORS, 0)
    wanted = found = 0
    for sentence in SENTENCES:
        figures = find_figures(sentence.text)
        wanted, found = wanted + len(sentence.figures), found + len(figures)
        for gold in sentence.figures:
            match = next((f for f in figures if f.text == gold.text and same_bounds(gold, f)), None)
            if match is None:
                continue
            figures.remove(match)
            hits["value"] += 1
            hits["bound"] += match.modifier == gold.modifier
            hits["unit"] += match.unit == gold.unit
            hits["change"] += (match.change or "") == gold.change
    return {measure: 2 * hit / (wanted + found) for measure, hit in hits.items()}


def test_gold_is_the_corpus_that_the_floors_were_measured_on() -> None:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.txt")))).hexdigest()
    assert digest.startswith(CORPUS), "measure the floors again, then write the new start of the hash here"
    assert len(SENTENCES) >= 150


@pytest.mark.parametrize("measure", FLOORS)
def test_figures_of_the_gold_stay_above_the_floor(measure: str) -> None:
    assert score()[measure] >= FLOORS[measure]


@pytest.mark.parametrize("sentence", [s for s in SENTENCES if not s.figures], ids=lambda s: s.text[:40])
def test_what_is_no_figure_stays_out(sentence: Sentence) -> None:
    assert find_figures(sentence.text) == []

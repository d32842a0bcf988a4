"""The gold of figures: sentences with the figures that a careful reader writes down, and how they are scored."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.text.figures.finding import find_figures
from schemas.text import FigureText

FILES = sorted((Path(__file__).parent / "gold").glob("*.txt"))


class GoldFigure(NamedTuple):
    """A figure as a careful reader writes it down."""

    text: str
    low: float | None
    high: float | None
    modifier: str
    unit: str
    change: str


class GoldSentence(NamedTuple):
    """A sentence with its figures."""

    text: str
    figures: list[GoldFigure]


def read_gold() -> Iterator[GoldSentence]:
    """Yields the gold sentences.

    An indented line below a sentence is a figure: text | bounds | modifier | unit | change.
    """
    for path in FILES:
        sentence: GoldSentence | None = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line.startswith("    "):
                assert sentence is not None
                sentence.figures.append(_parse_figure(line))
                continue
            if sentence:
                yield sentence
            sentence = GoldSentence(line, [])
        if sentence:
            yield sentence


def _parse_figure(line: str) -> GoldFigure:
    text, bounds, modifier, unit, change = (*(cell.strip() for cell in line.split("|")), "", "")[:5]
    low, _, high = bounds.partition("..")
    if ".." not in bounds:
        high = low
    return GoldFigure(text, float(low) if low else None, float(high) if high else None, modifier, unit, change)


def has_same_bounds(gold: GoldFigure, figure: FigureText) -> bool:
    """Returns whether both bounds agree to five digits."""
    return all(
        (want is None) == (got is None) and (want is None or got is None or abs(want - got) <= 1e-5 * max(1, abs(want)))
        for want, got in ((gold.low, figure.low), (gold.high, figure.high))
    )


def measure() -> tuple[dict[str, float], list[str]]:
    """Returns F1 of figures with the right bounds, and with the right modifier, unit and change as well."""
    hits = dict.fromkeys(("bounds F1", "modifier F1", "unit F1", "change F1"), 0)
    wanted = found = 0
    mistakes = []
    for sentence in read_gold():
        figures = find_figures(sentence.text)
        wanted, found = wanted + len(sentence.figures), found + len(figures)
        for gold in sentence.figures:
            match = next((one for one in figures if one.text == gold.text and has_same_bounds(gold, one)), None)
            if match is None:
                mistakes.append(f"missed: {gold.text} in {sentence.text}")
                continue
            figures.remove(match)
            got = {"modifier": match.modifier, "unit": match.unit, "change": match.change or ""}
            hits["bounds F1"] += 1
            for name, value in got.items():
                hits[f"{name} F1"] += value == getattr(gold, name)
                if value != getattr(gold, name):
                    mistakes.append(f"{name} {value!r}, not {getattr(gold, name)!r}: {gold.text} in {sentence.text}")
        mistakes += [f"extra: {one.text} in {sentence.text}" for one in figures]
    return {name: 2 * hit / (wanted + found) for name, hit in hits.items()}, mistakes

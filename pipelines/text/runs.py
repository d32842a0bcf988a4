"""The stretch of a page that is the article: the contiguous run of lines with the highest sum of scores."""

from collections.abc import Sequence

from pipelines.text.boilerplate import Furniture
from pipelines.text.lines import Line

# Scores are in words of prose: a run bridges a gap when the prose behind it outweighs the gap.
_PROSE_CAP = 80
_SHORT = -5.0
_BULLET = -7.0
_FURNITURE = -9.0
_END = -60.0


def score(line: Line, why_not: Furniture | None) -> float:
    """How much the line speaks for being article, in words of prose; negative where it speaks against."""
    if why_not is not None:
        return _END if why_not.ends else _FURNITURE
    if is_prose(line):
        return float(min(line.words, _PROSE_CAP)) * (0.4 if line.bullet else 1.0)
    return _BULLET if line.bullet else _SHORT


def is_prose(line: Line) -> bool:
    """It reads as running text: whole sentences, or too long for a heading."""
    return (line.words >= 6 and line.ends_sentence) or line.words >= 22


def best_run(scores: Sequence[float]) -> tuple[int, int]:
    """Start and end (exclusive) of the contiguous run with the highest sum; (0, 0) where none is positive."""
    best, best_range = 0.0, (0, 0)
    total, start = 0.0, 0
    for index, value in enumerate(scores):
        if total <= 0:
            total, start = 0.0, index
        total += value
        if total > best:
            best, best_range = total, (start, index + 1)
    return best_range

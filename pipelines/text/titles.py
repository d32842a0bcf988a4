"""The headline of an article: the line before the body that the body echoes, not simply the first one."""

import re
from collections.abc import Sequence

from pipelines.text.lines import Line

_WORD = re.compile(r"[^\W_]{2,}")
_FAR = 14
"""Lines before the body among which the headline is looked for."""
_LEAST_ECHO = 0.34
"""Share of a headline's words that the first paragraphs repeat; measured on news pages, navigation lies below 0.2."""


def find_title(before: Sequence[Line], body: Sequence[Line]) -> Line | None:
    """The line among those before the body that is its headline; None where there is none."""
    if not body:
        return None
    echo = _stems(" ".join(line.text for line in body[:4])[:2000])
    best, best_score = None, 0.0
    near = [line for line in before[-_FAR:] if _looks_like_headline(line)]
    for distance, line in enumerate(reversed(near)):
        stems = _stems(line.text)
        share = len(stems & echo) / max(1, len(stems))
        score = share - 0.03 * distance + 0.02 * min(len(stems), 8)
        if share >= _LEAST_ECHO and score > best_score:
            best, best_score = line, score
    if best is None and len(near) == 1 and near[0] is before[0]:
        return near[0]
    return best


def _looks_like_headline(line: Line) -> bool:
    return 2 <= line.words <= 30 and not line.bullet and not line.text.endswith((".", ":", ";", ",")) and len(line.text) < 250


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.lower()) if len(word) > 3}

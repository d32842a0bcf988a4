"""The headline of an article: the line before the body that the body echoes, not simply the first one."""

import re
from collections.abc import Sequence

from pipelines.text.reading.lines import Line

_WORD = re.compile(r"[^\W_]{3,}")
_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2,}")
_FAR = 16
"""Lines before the body among which the headline is looked for."""
_LEAST_ECHO = 0.3
"""Share of a headline's words that the first paragraphs repeat. Navigation mostly lies below 0.15."""
_STEM = 5
"""Letters that two words have in common to count as the same: soldier, soldiers; Korea, Korean."""
_SITE = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{2,40}$")
# A path through the site: "Home > News > Region".
_PATH = re.compile(r"\s[>»›]\s|\s[|/]\s.*\s[|/]\s")
_NOT_ENDING = (".", ":", ";", ",", "…", "»", ">")


def find_title(before: Sequence[Line], body: Sequence[Line], repeats: frozenset[str] = frozenset()) -> Line | None:
    """The line among those before the body that is its headline; None where there is none.

    `repeats` are lines that stand on the page twice: once as a link or page title, once as headline.
    """
    near = [line for line in before[-_FAR:] if looks_like_headline(line)]
    best, best_score = None, 0.0
    for distance, line in enumerate(reversed(near)):
        share = echo(line, body)
        score = (
            share
            + 0.03 * min(line.words, 10)
            - 0.03 * distance
            + 0.2 * (line.text in repeats)
            + 0.2 * (line.heading == 1)
        )
        if share >= _LEAST_ECHO and score > best_score:
            best, best_score = line, score
    if best is None and near and near[0] is before[0] and near[0].words >= 4 and len(before) <= 4:
        return near[0]
    return best


def looks_like_headline(line: Line) -> bool:
    """Two to thirty words on a line of its own that is neither a sentence nor an entry of a list."""
    return (
        2 <= line.words <= 30
        and not line.bullet
        and len(line.text) < 250
        and not line.text.endswith(_NOT_ENDING)
        and not is_path(line.text)
    )


def is_path(text: str) -> bool:
    """A path through the site, "Home > News > Region", which is no headline."""
    return _PATH.search(text) is not None


def echo(line: Line, body: Sequence[Line]) -> float:
    """Share of the line's words that the first paragraphs of the body repeat, 0 to 1."""
    wanted = stems(line.text)
    if not wanted:
        return 0.0
    return len(wanted & stems(" ".join(item.text[:1200] for item in body[:4]))) / len(wanted)


def likeness(one: Sequence[Line], other: Sequence[Line]) -> float:
    """Share of words that two stretches of text have in common, of the shorter one's words, 0 to 1."""
    left, right = (stems(" ".join(line.text[:1200] for line in side)) for side in (one, other))
    return len(left & right) / max(1, min(len(left), len(right)))


def stems(text: str) -> set[str]:
    """The beginnings of its longer words; of scripts without spaces, pairs of signs."""
    found = {word[:_STEM] for word in _WORD.findall(text.lower()) if len(word) > 3 or word.isdigit()}
    for run in _DENSE.findall(text):
        found.update(run[index : index + 2] for index in range(len(run) - 1))
    return found


def without_site(title: str) -> str:
    """The title of a page without the name of its site: "Talks begin - The Paper" is "Talks begin"."""
    shorter = _SITE.sub("", title)
    return shorter if len(shorter.split()) >= 3 else title

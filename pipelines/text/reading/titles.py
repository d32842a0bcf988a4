"""The headline of an article: the line before the body whose words the body repeats, not simply the first line."""

import re
from collections.abc import Sequence

from pipelines.text.language.scripts import HAN, HANGUL_SYLLABLES, KANA, THAI_AND_LAO
from pipelines.text.reading.lines import TextLine

_WORD = re.compile(r"[^\W_]{3,}+")
_UNSPACED_RUN = re.compile(f"[{THAI_AND_LAO}{KANA}{HAN}{HANGUL_SYLLABLES}]{{2,}}")
_FAR = 16
"""Lines before the body among which the headline is looked for."""
_LEAST_ECHO = 0.3
"""Share of a headline's words that the first paragraphs repeat. Navigation mostly lies below 0.15."""
_WORD_BONUS, _MOST_BONUS_WORDS = 0.03, 10
"""What each word of a line adds to its score, up to ten: of two lines that the body repeats, the headline is longer."""
_DISTANCE_COST = 0.03
"""What each line between a line and the body takes from its score."""
_HEADING_BONUS = 0.2
"""What an `h1` adds to the score of its line."""
_PARAGRAPHS = 4
"""Paragraphs at the beginning of the body that may repeat the headline."""
_PARAGRAPH_LENGTH = 1200
"""Characters of a paragraph that are compared."""
_STEM = 5
"""Letters that two words must have in common to count as the same: soldier, soldiers; Korea, Korean."""
_MOST_WORDS, _MOST_CHARACTERS = 30, 250
"""Length of a headline."""
_SITE = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{2,40}$")
_LEAST_WITHOUT_SITE = 3
"""Words that must be left of a title without its site's name."""
# A path through the site: "Home > News > Region".
_PATH = re.compile(r"\s[>»›]\s|\s[|/]\s.*\s[|/]\s")
_NOT_ENDING = (".", ":", ";", ",", "…", "»", ">")


def find_title(before: Sequence[TextLine], body: Sequence[TextLine]) -> TextLine | None:
    """Returns the line among those before the body that is its headline; None if there is none."""
    near = [line for line in before[-_FAR:] if looks_like_headline(line)]
    best, best_score = None, 0.0
    for distance, line in enumerate(reversed(near)):
        share = measure_echo(line, body)
        score = (
            share
            + _WORD_BONUS * min(line.words, _MOST_BONUS_WORDS)
            - _DISTANCE_COST * distance
            + _HEADING_BONUS * (line.heading == 1)
        )
        if share >= _LEAST_ECHO and score > best_score:
            best, best_score = line, score
    if best is None and near and near[0] is before[0] and near[0].words >= 4 and len(before) <= 4:
        return near[0]
    return best


def looks_like_headline(line: TextLine) -> bool:
    """Whether a line of its own has a headline's length and is neither a sentence nor an entry of a list."""
    return (
        2 <= line.words <= _MOST_WORDS
        and not line.bullet
        and len(line.text) < _MOST_CHARACTERS
        and not line.text.endswith(_NOT_ENDING)
        and not is_path(line.text)
    )


def is_path(text: str) -> bool:
    """Whether a text is a path through the site, such as "Home > News > Region", and so not a headline."""
    return _PATH.search(text) is not None


def measure_echo(line: TextLine, body: Sequence[TextLine]) -> float:
    """Returns the share of the line's words that the first paragraphs of the body repeat, 0 to 1."""
    wanted = find_stems(line.text)
    if not wanted:
        return 0.0
    return len(wanted & _find_paragraph_stems(body[:_PARAGRAPHS])) / len(wanted)


def measure_likeness(one: Sequence[TextLine], other: Sequence[TextLine]) -> float:
    """Returns the share of the shorter text's words that two texts have in common, 0 to 1."""
    left, right = _find_paragraph_stems(one), _find_paragraph_stems(other)
    return len(left & right) / max(1, min(len(left), len(right)))


def _find_paragraph_stems(lines: Sequence[TextLine]) -> set[str]:
    return find_stems(" ".join(line.text[:_PARAGRAPH_LENGTH] for line in lines))


def find_stems(text: str) -> set[str]:
    """Returns the beginnings of its longer words; in scripts without spaces, its pairs of characters."""
    found = {word[:_STEM] for word in _WORD.findall(text.lower()) if len(word) > 3 or word.isdigit()}
    for run in () if text.isascii() else _UNSPACED_RUN.findall(text):
        found.update(run[index : index + 2] for index in range(len(run) - 1))
    return found


def strip_site_name(title: str) -> str:
    """Returns the title of a page without the name of its site: "Talks begin now - The Paper" is "Talks begin now"."""
    shorter = _SITE.sub("", title)
    return shorter if len(shorter.split()) >= _LEAST_WITHOUT_SITE else title

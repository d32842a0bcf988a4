"""The headline of an article: the line before the body whose words the body repeats, not simply the first line."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

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
_SIGNED_BONUS = 0.3
"""What a byline or date below a line adds to its score."""
_LEAST_ABOVE = 4
"""Words of a headline above a subtitle, and of one that the body does not repeat; shorter is a section's name."""
_FEW = 4
"""Lines above the body among which such a headline is."""
_PARAGRAPHS = 4
"""Paragraphs at the beginning of the body that may repeat the headline."""
_LEAST_PARAGRAPH, _FIRST_LINES = 6, 20
"""Words of a line that is a paragraph, and lines of the body among which they are looked for."""
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


def find_title(before: Sequence[TextLine], body: Sequence[TextLine], signed: Collection[int] = ()) -> TextLine | None:
    """Returns the line among those before the body that is its headline; None if there is none.

    `signed` are the numbers of lines that a byline or date follows.
    """
    near = [line for line in before if looks_like_headline(line)]
    rated = _rate_lines(near, _find_opening_stems(body), signed)
    if not rated:
        return _find_fallback(before, near, signed)
    _, place = max(rated)
    best = near[place]
    above = near[place - 1] if place else best
    is_next = place and before[next(index for index, line in enumerate(before) if line is above) + 1] is best
    repeated = {place for _, place in rated}
    if best.heading == 1 or not is_next or above.words < _LEAST_ABOVE or place - 1 not in repeated:
        return best
    # Of two lines that follow each other, the upper is the headline and the lower its subtitle.
    return above if above.number in signed or best.number not in signed else best


def _rate_lines(near: Sequence[TextLine], said: set[str], signed: Collection[int]) -> list[tuple[float, int]]:
    """Returns score and place of each line whose words the body repeats."""
    rated = []
    for place, line in enumerate(near):
        distance = len(near) - 1 - place
        if distance >= _FAR and line.number not in signed:
            continue
        share = _measure_share(line, said)
        score = (
            share
            + _WORD_BONUS * min(line.words, _MOST_BONUS_WORDS)
            - _DISTANCE_COST * min(distance, _FAR)
            + _HEADING_BONUS * (line.heading == 1)
            + _SIGNED_BONUS * (line.number in signed)
        )
        if share >= _LEAST_ECHO:
            rated.append((score, place))
    return rated


def _find_fallback(before: Sequence[TextLine], near: Sequence[TextLine], signed: Collection[int]) -> TextLine | None:
    """Returns the headline of a body that repeats no line's words: the line right above it, or one with a byline."""
    if not near:
        return None
    if near[0] is before[0] and near[0].words >= _LEAST_ABOVE and len(before) <= _FEW:
        return near[0]
    close = [line for line in near if line in before[-_FEW:] and line.words >= _LEAST_ABOVE]
    with_byline = [line for line in close if line.number in signed]
    if with_byline:
        return with_byline[0]
    return close[-1] if close and close[-1] is before[-1] else None


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
    return _measure_share(line, _find_opening_stems(body))


def _measure_share(line: TextLine, said: set[str]) -> float:
    wanted = find_stems(line.text)
    return len(wanted & said) / len(wanted) if wanted else 0.0


def _find_opening_stems(body: Sequence[TextLine]) -> set[str]:
    paragraphs = [line for line in body[:_FIRST_LINES] if line.words >= _LEAST_PARAGRAPH] or body
    return _find_paragraph_stems(tuple(paragraphs[:_PARAGRAPHS]))


def measure_likeness(one: Sequence[TextLine], other: Sequence[TextLine]) -> float:
    """Returns the share of the shorter text's words that two texts have in common, 0 to 1."""
    left, right = _find_paragraph_stems(tuple(one)), _find_paragraph_stems(tuple(other))
    return len(left & right) / max(1, min(len(left), len(right)))


@lru_cache(maxsize=32)
def _find_paragraph_stems(lines: tuple[TextLine, ...]) -> set[str]:
    """Kept, because each line that may be the headline of a text is compared with the same paragraphs."""
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

"""What each line of a page is taken for, and how much it speaks for being part of the article.

Scores are in words of prose. The article is a run of lines whose scores have a large sum: prose bridges a gap of other
lines if it outweighs the gap. The method is that of Pasternack and Roth, "Extracting Article Text from the Web with
Maximum Subsequence Segmentation" (WWW 2009), with scores chosen by hand instead of learned ones.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from pipelines.text.reading.boilerplate import LINK_CARD, RECURRING, REPEATED, Boilerplate, find_boilerplate
from pipelines.text.reading.bylines import is_byline, is_date_line, is_dateline, join_byline
from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.titles import measure_echo, measure_likeness

Role = Literal["prose", "list", "short", "bullet", "meta", "boilerplate"]

_MOST_PROSE = 80.0
"""What a line of prose counts at most."""
_BULLET_PROSE = 0.35
"""What a word of prose counts in an entry of a list."""
_LIST = 0.5
"""What a word counts in an entry of a list that a sentence announces."""
_ROLE_SCORES: dict[Role, float] = {"short": -3.0, "bullet": -5.0, "boilerplate": -5.0, "meta": -25.0}
"""What a line that is not text counts."""
_OTHER_STORIES = -40.0
"""A heading such as "Most read"."""
_END = -150.0
"""Another line after which the article is over: the heading of the comments, the foot of the page."""
_NEXT_PART = -60.0
"""A headline with a byline or date under it: a guest's box, another story."""
_NEXT_ARTICLE = -250.0
"""The same if what follows repeats its words and what is above does not: above is something else."""
_GAP = 0.12
"""Each further line of a gap costs this share more than the first: a long gap is another part of the page."""
_TEASER = 12.0
"""What a line of one or two sentences under a headline counts at most: lists of other stories look so."""
_TEASER_SENTENCES = 2
_CARD_LINES = 3
"""Lines among which the second headline of a link card follows the first."""
_LEAST_TEASERS = 3
"""Single paragraphs from which they are teasers."""
_ENTRY_GAP = 3
"""Lines after which the next number of a list follows at most."""
_NUMBERED = re.compile(r"(\d{1,2})[.)]\s")
_REPETITIONS = 2
"""How often a line of prose may occur on a page; one that occurs more often is part of its template."""
_COMPARED_LINES = 12
"""Lines that are compared on either side of a headline."""
SAME_STORY = 0.2
"""Share of words that two parts of one story have in common at least; of two stories it is a third of that."""
ECHOED = 0.4
"""Share of a headline's words that its article repeats at once."""


@dataclass(frozen=True)
class Mark:
    """A line with what it is taken for."""

    line: TextLine
    role: Role
    """`list` is an entry that a sentence announces, `bullet` any other entry, `meta` a byline or date."""
    boilerplate: Boilerplate | None = None
    """What kind of boilerplate a line of that role is."""

    @property
    def score(self) -> float:
        """How much the line speaks for being article, in words of prose; negative if it speaks against."""
        if self.boilerplate and self.boilerplate.ends:
            return _OTHER_STORIES if self.boilerplate.reason == "other_stories" else _END
        words = min(self.line.words, _MOST_PROSE)
        if self.role == "prose":
            return words * (_BULLET_PROSE if self.line.bullet else 1.0)
        if self.role == "list":
            return words * _LIST
        return _ROLE_SCORES[self.role]


class ScoredRun(NamedTuple):
    """A run of lines, `end` exclusive, with the sum of their scores."""

    start: int
    end: int
    total: float


def mark_lines(lines: Sequence[TextLine], recurs: Callable[[str], bool] | None = None) -> list[Mark]:
    """Decides what each line is, by itself and by its neighbours.

    `recurs` says whether a line is part of the feed's template.
    """
    occurrences = Counter(line.text for line in lines)
    marks: list[Mark] = []
    for line in lines:
        if recurs and recurs(line.text):
            marks.append(Mark(line, "boilerplate", RECURRING))
        else:
            marks.append(_mark_line(line, occurrences[line.text], marks[-1] if marks else None))
    return _mark_link_cards(_mark_numbered_lists(_join_bylines(marks)))


def _join_bylines(marks: list[Mark]) -> list[Mark]:
    """Marks "By" and the name on the line below it as one byline."""
    for index, (mark, below) in enumerate(pairwise(marks)):
        if mark.role == below.role == "short" and (joined := join_byline(mark.line, below.line)):
            marks[index : index + 2] = [Mark(joined, "meta"), Mark(below.line, "meta")]
    return marks


def _mark_numbered_lists(marks: list[Mark]) -> list[Mark]:
    """Marks the further entries of an announced list by their numbers: captions or addresses may be between them."""
    last: int | None = None
    for index, mark in enumerate(marks):
        number = _read_number(mark.line.text)
        if number is None:
            continue
        before = marks[last] if last is not None and index - last <= _ENTRY_GAP else None
        if mark.role == "bullet" and before and before.role == "list" and _read_number(before.line.text) == number - 1:
            marks[index] = Mark(mark.line, "list")
        last = index
    return marks


def _read_number(text: str) -> int | None:
    """Returns the number that an entry of a list begins with; None if it has none."""
    match = _NUMBERED.match(text)
    return int(match[1]) if match else None


def _mark_link_cards(marks: list[Mark]) -> list[Mark]:
    """Marks links to other stories inside the text: the same headline twice, on picture and text, and a sentence."""
    for index, mark in enumerate(marks):
        near = range(max(0, index - _CARD_LINES), index)
        twin = next((other for other in near if marks[other].line.text == mark.line.text), None)
        if twin is None or not is_headline_like(mark) or not is_headline_like(marks[twin]):
            continue
        card = [twin, index]
        below = marks[index + 1] if index + 1 < len(marks) else None
        if below and below.role == "prose" and _is_teaser(below.line) and not is_dateline(below.line):
            card.append(index + 1)
        for part in card:
            marks[part] = Mark(marks[part].line, "boilerplate", LINK_CARD)
    return marks


def _is_teaser(line: TextLine) -> bool:
    return line.sentences <= _TEASER_SENTENCES


def _mark_line(line: TextLine, occurrences: int, before: Mark | None) -> Mark:
    boilerplate = find_boilerplate(line)
    if boilerplate is None and (is_byline(line) or is_date_line(line)):
        return Mark(line, "meta")
    prose = is_prose(line)
    if boilerplate is None and prose and occurrences > _REPETITIONS:
        boilerplate = REPEATED
    if boilerplate:
        return Mark(line, "boilerplate", boilerplate)
    if line.bullet and before and _announces_list(before):
        return Mark(line, "list")
    if prose:
        return Mark(line, "prose")
    return Mark(line, "bullet" if line.bullet else "short")


def _announces_list(before: Mark) -> bool:
    return before.role == "list" or (before.role == "prose" and before.line.text.endswith((":", "：")))


def is_prose(line: TextLine) -> bool:
    """Whether the line reads as running text: whole sentences, or too long for a heading; not a headline cut short."""
    if line.text.endswith(("...", "…")) and line.sentences < 2 and line.words < 25:
        return False
    return (line.words >= 6 and line.ends_sentence) or line.words >= 20


def is_headline_like(mark: Mark) -> bool:
    """Whether the line may be the headline of a story: more than a label, and not prose."""
    return mark.role in ("short", "bullet") and mark.line.words >= 5


def score_lines(marks: Sequence[Mark]) -> list[float]:
    """Returns the score of each line among its neighbours."""
    scores: list[float] = []
    gap = 0
    teasers = _find_teasers(marks)
    for index, mark in enumerate(marks):
        value = _ROLE_SCORES["short"] if index in teasers else mark.score
        gap = 0 if value > 0 else gap + 1
        if value > 0 and index and is_headline_like(marks[index - 1]) and _is_teaser(mark.line):
            value = min(value, _TEASER)
        ends = mark.boilerplate is not None and mark.boilerplate.ends
        if is_headline_like(mark) and any(after.role == "meta" for after in marks[index + 1 : index + 3]):
            value = _NEXT_ARTICLE if _opens_other_article(marks, index) else _NEXT_PART
        scores.append(value if value > 0 or ends else value * (1 + _GAP * (gap - 1)))
    return scores


def _find_teasers(marks: Sequence[Mark]) -> set[int]:
    """Returns single paragraphs between the headlines and buttons below a heading such as "Most read"."""
    found: set[int] = set()
    searched = 0
    for index, mark in enumerate(marks):
        if mark.boilerplate and mark.boilerplate.reason == "other_stories" and index >= searched:
            alone = _list_lone_paragraphs(marks, index + 1)
            if len(alone) >= _LEAST_TEASERS:
                found.update(alone)
                searched = alone[-1]
    return found


def _list_lone_paragraphs(marks: Sequence[Mark], start: int) -> list[int]:
    """Returns the paragraphs from `start` that follow no other one; none if two follow each other soon."""
    alone: list[int] = []
    for index in range(start, len(marks)):
        if marks[index].role == "prose":
            if index + 1 < len(marks) and marks[index + 1].role == "prose":
                return alone if index - start > _COMPARED_LINES else []
            alone.append(index)
        elif index - (alone[-1] if alone else start) > _COMPARED_LINES:
            break
    return alone


def _opens_other_article(marks: Sequence[Mark], index: int) -> bool:
    """Whether what follows repeats the words of the headline, and what is above is about something else."""
    headline = marks[index].line
    above, below = (
        [mark.line for mark in side if mark.role == "prose"]
        for side in (marks[max(0, index - _COMPARED_LINES) : index], marks[index + 1 : index + _COMPARED_LINES])
    )
    return (
        measure_echo(headline, below) >= ECHOED > 2 * measure_echo(headline, above)
        and measure_likeness(above, below) < SAME_STORY
    )


def find_maximal_runs(scores: Sequence[float]) -> list[ScoredRun]:
    """Returns all maximal runs with a positive sum, disjoint and in order.

    Takes linear time: Ruzzo and Tompa, "A Linear Time Algorithm for Finding All Maximal Scoring Subsequences" (1999).
    """
    runs: list[_OpenRun] = []
    total = 0.0
    for index, value in enumerate(scores):
        before, total = total, total + value
        if value > 0:
            _add_run(runs, index, before, total)
    return [ScoredRun(run.start, run.end, run.right - run.left) for run in runs]


@dataclass
class _OpenRun:
    start: int
    end: int
    left: float
    """Sum of all scores before the run."""
    right: float
    """Sum of all scores up to its end."""
    lower: int
    """Index of the nearest run before it with a lower `left`, -1 if there is none: keeps the search linear."""


def _add_run(runs: list[_OpenRun], index: int, left: float, right: float) -> None:
    """Adds the score at `index` as a run, joined with those before it that it makes worthwhile."""
    start = index
    while True:
        lower = len(runs) - 1
        while lower >= 0 and runs[lower].left >= left:
            lower = runs[lower].lower
        if lower < 0 or runs[lower].right >= right:
            runs.append(_OpenRun(start, index + 1, left, right, lower))
            return
        start, left = runs[lower].start, runs[lower].left
        del runs[lower:]

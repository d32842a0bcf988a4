"""The stretch of a page that is the article: the run of lines with the best sum of scores, told from its rivals."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.text.reading.boilerplate import Furniture, furniture
from pipelines.text.reading.bylines import is_byline, is_date_line, is_dateline
from pipelines.text.reading.lines import Line
from pipelines.text.reading.titles import echo, likeness

RECURRING = Furniture("recurring")
_CARD = Furniture("link_card")

# Scores are in words of prose: a run bridges a gap when the prose behind it outweighs the gap.
_PROSE_CAP = 80
_SHORT = -3.0
_BULLET = -5.0
_FURNITURE = -5.0
_NEXT_PART = -60.0
"""A headline with a byline or date under it: a guest's box, another story."""
_NEXT_ARTICLE = -250.0
"""The same where what follows echoes it and what is above does not: above is something else."""
_GAP = 0.12
"""Each further line of a gap costs this share more than the first: a long gap is another part of the page."""
_TEASER = 12.0
"""What one sentence under a headline of its own counts at most: lists of other stories look so."""
_END = -150.0
_OTHER_STORIES = -40.0
_META = -25.0
_BULLET_PROSE = 0.35
_RIVALS = 6
_STRETCH = 12
"""Lines that are compared on either side of a headline."""
_SAME_STORY = 0.2
"""Share of words that two stretches of one story have in common at least; of two stories it is a third of that."""
_HEADED = 4.0
"""What a run counts under headline and byline, against one that has neither."""
_LATE = 0.4
"""What a run counts that stands behind a heading of other stories, where an earlier run could be the article."""
_STANDFIRST = 0.15
"""Share of a run's prose that may stand above its byline."""
_CAPTIONS = 0.35
"""Share of a run's prose that may stand above its headline or its dateline: a gallery's captions."""
_ECHOED = 0.4
"""Share of a headline's words that its article repeats at once."""
_COMMENTED = 25
"""Words of prose before a heading such as "Comments" that make all after it the readers'."""


@dataclass(frozen=True)
class Mark:
    """A line with what it is taken for."""

    line: Line
    role: str
    """`prose`, `list` (entries that a sentence announces), `short`, `bullet`, `meta` (byline, date) or `furniture`."""
    found: Furniture | None = None

    @property
    def score(self) -> float:
        """How much the line speaks for being article, in words of prose; negative where it speaks against."""
        words = float(min(self.line.words, _PROSE_CAP))
        match self.role:
            case "prose":
                return words * (_BULLET_PROSE if self.line.bullet else 1.0)
            case "list":
                return words * 0.5
            case "furniture":
                if self.found and self.found.ends:
                    return _OTHER_STORIES if self.found.reason == "other_stories" else _END
                return _FURNITURE
            case "bullet":
                return _BULLET
            case "meta":
                return _META
        return _SHORT


def mark(lines: Sequence[Line], recurs: Callable[[str], bool] | None = None) -> list[Mark]:
    """Says of each line what it is taken for, by itself and by its neighbours; `recurs` knows the feed's template."""
    repeated = Counter(line.text for line in lines)
    marks: list[Mark] = []
    for line in lines:
        if recurs and recurs(line.text):
            marks.append(Mark(line, "furniture", RECURRING))
        else:
            marks.append(_mark(line, repeated[line.text], marks[-1] if marks else None))
    return _without_cards(marks)


def _without_cards(marks: list[Mark]) -> list[Mark]:
    """Marks links to other stories inside the text: the same headline twice, on picture and text, and a sentence."""
    for index, item in enumerate(marks):
        near = range(max(0, index - 3), index)
        twin = next((other for other in near if marks[other].line.text == item.line.text), None)
        if twin is None or not _is_headline(item) or not _is_headline(marks[twin]):
            continue
        marks[twin], marks[index] = Mark(marks[twin].line, "furniture", _CARD), Mark(item.line, "furniture", _CARD)
        if index + 1 < len(marks) and marks[index + 1].role == "prose" and marks[index + 1].line.sentences < 3:
            marks[index + 1] = Mark(marks[index + 1].line, "furniture", _CARD)
    return marks


def _mark(line: Line, times: int, before: Mark | None) -> Mark:
    found = furniture(line)
    if found:
        return Mark(line, "furniture", found)
    if is_byline(line) or is_date_line(line):
        return Mark(line, "meta")
    prose = is_prose(line)
    if times > 2 and prose:
        return Mark(line, "furniture", Furniture("repeated"))
    if (
        line.bullet
        and before
        and (before.role == "list" or (before.role == "prose" and before.line.text.endswith((":", "："))))
    ):
        return Mark(line, "list")
    if prose:
        return Mark(line, "prose")
    return Mark(line, "bullet" if line.bullet else "short")


def is_prose(line: Line) -> bool:
    """It reads as running text: whole sentences, or too long for a heading. A headline cut short is none."""
    if line.text.endswith(("...", "…")) and line.sentences < 2 and line.words < 25:
        return False
    return (line.words >= 6 and line.ends_sentence) or line.words >= 20


def article_run(marks: Sequence[Mark]) -> tuple[int, int]:
    """Start and end (exclusive) of the run of lines that is the article; (0, 0) where no line is prose."""
    last = _readers_part(marks)
    runs = maximal_runs(scores(marks[:last]))
    rivals = sorted(runs, key=lambda run: run[2], reverse=True)[:_RIVALS]
    if not rivals:
        return 0, 0
    ranked = [
        (run[2] * standing * _lateness(marks, run, runs), run) for run in rivals if (standing := _standing(marks, run))
    ]
    start, end, _ = max(ranked)[1]
    return _opening(marks, start, end), end


def scores(marks: Sequence[Mark]) -> list[float]:
    """The score of each line among its neighbours."""
    found: list[float] = []
    gap = 0
    for index, item in enumerate(marks):
        value = item.score
        gap = 0 if value > 0 else gap + 1
        if value > 0 and index and _is_headline(marks[index - 1]) and item.line.sentences < 3:
            value = min(value, _TEASER)
        ends = item.found is not None and item.found.ends
        if _is_headline(item) and any(after.role == "meta" for after in marks[index + 1 : index + 3]):
            value = _NEXT_ARTICLE if _announces(marks, index) else _NEXT_PART
        found.append(value if value > 0 or ends else value * (1 + _GAP * (gap - 1)))
    return found


def _announces(marks: Sequence[Mark], index: int) -> bool:
    """What follows repeats the words of the headline, and what is above speaks of something else."""
    headline = marks[index].line
    above, below = (
        [item.line for item in side if item.role == "prose"]
        for side in (marks[max(0, index - _STRETCH) : index], marks[index + 1 : index + _STRETCH])
    )
    return echo(headline, below) >= _ECHOED > 2 * echo(headline, above) and likeness(above, below) < _SAME_STORY


def _is_headline(item: Mark) -> bool:
    return item.role in ("short", "bullet") and item.line.words >= 5


def _readers_part(marks: Sequence[Mark]) -> int:
    """Index of the heading above the readers' comments; the number of lines where there is none."""
    words = 0
    for index, item in enumerate(marks):
        if item.found and item.found.comments and words >= _COMMENTED:
            return index
        words += item.line.words if item.role == "prose" and not item.line.bullet else 0
    return len(marks)


def _standing(marks: Sequence[Mark], run: tuple[int, int, float]) -> float:
    """1, and more where a headline that the run echoes or a byline stands above it or at its start."""
    start, end, _ = run
    above = marks[max(0, start - 10) : start + 4]
    body = _prose(marks[start:end])
    echoed = max(
        (echo(item.line, body) for item in above if item.role == "short" and item.line.words >= 4), default=0.0
    )
    byline = any(item.role == "meta" for item in above)
    if echoed >= _ECHOED and byline:
        return _HEADED
    return 1 + 0.8 * (echoed >= _ECHOED) + 0.4 * byline


def _lateness(marks: Sequence[Mark], run: tuple[int, int, float], runs: Sequence[tuple[int, int, float]]) -> float:
    """Below 1 where a run that could be the article as well stands before it, and other stories between."""
    standing = _standing(marks, run)
    for earlier in runs:
        if earlier[0] >= run[0]:
            return 1.0
        ends = any(item.found and item.found.ends for item in marks[earlier[1] : run[0]])
        if ends and earlier[2] >= _COMMENTED and _standing(marks, earlier) >= standing:
            return _LATE
    return 1.0


def _opening(marks: Sequence[Mark], start: int, end: int) -> int:
    """Where the text begins when headline, standfirst, captions or byline stand inside the run: after them."""
    weights = _weights(marks[start:end])
    titled = any(_is_headline(item) for item in marks[max(0, start - 10) : start])
    total, before, begin, pictures = sum(weights), 0.0, start, False
    for index, weight in enumerate(weights, start):
        if before > total * _CAPTIONS:
            break
        item = marks[index]
        pictures = pictures or (item.found is not None and item.found.reason == "photo_credit")
        if item.role == "meta" and before <= total * _STANDFIRST:
            begin = index + 1
        elif is_dateline(item.line) and item.role == "prose":
            begin = index
        elif (
            not titled
            and pictures
            and _is_headline(item)
            and echo(item.line, _prose(marks[index + 1 : end])) >= _ECHOED
        ):
            begin = index + 1
        before += weight
    return begin


def _weights(marks: Sequence[Mark]) -> list[float]:
    """Words of prose on each line; what stands twice counts once, entries of lists hardly."""
    seen: set[str] = set()
    weights = []
    for item in marks:
        fresh = item.role == "prose" and item.line.text not in seen
        seen.add(item.line.text)
        weights.append(item.line.words * (0.05 if item.line.bullet else 1.0) if fresh else 0.0)
    return weights


def _prose(marks: Sequence[Mark]) -> list[Line]:
    """The first paragraphs."""
    return [item.line for item in marks[:30] if item.role == "prose"][:4]


def maximal_runs(scores: Sequence[float]) -> list[tuple[int, int, float]]:
    """All maximal runs (start, end, sum) with positive sum, disjoint and in order: Ruzzo and Tompa, linear time."""
    runs: list[_Run] = []
    total = 0.0
    for index, value in enumerate(scores):
        before, total = total, total + value
        if value > 0:
            _merge(runs, index, before, total)
    return [(run.start, run.end, run.right - run.left) for run in runs]


@dataclass
class _Run:
    start: int
    end: int
    left: float
    """Sum of all scores before the run."""
    right: float
    """Sum of all scores up to its end."""
    lower: int
    """Index of the nearest run before it with a lower `left`, -1 for none: keeps the search linear."""


def _merge(runs: list[_Run], index: int, left: float, right: float) -> None:
    """Adds the score at `index` as a run, joined with those before it that it makes worthwhile."""
    start = index
    while True:
        lower = len(runs) - 1
        while lower >= 0 and runs[lower].left >= left:
            lower = runs[lower].lower
        if lower < 0 or runs[lower].right >= right:
            runs.append(_Run(start, index + 1, left, right, lower))
            return
        start, left = runs[lower].start, runs[lower].left
        del runs[lower:]

"""The segment of a page that is the article: the run of lines with the best sum of scores, and its lines of text."""

import re
from collections.abc import Sequence
from functools import cache

from pipelines.text.reading.bylines import is_dateline
from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.scoring import (
    ECHOED,
    SAME_STORY,
    Mark,
    ScoredRun,
    find_maximal_runs,
    is_headline_like,
    score_lines,
)
from pipelines.text.reading.titles import measure_echo, measure_likeness
from pipelines.text.tables import load_table

_RIVALS = 6
"""Runs with the best sums among which the article is chosen."""
_ABOVE, _BELOW = 10, 4
"""Lines above the start of a run, and below it, that are searched for its headline and byline."""
_HEADED = 4.0
"""Factor of a run with headline and byline, compared with one that has neither."""
_TITLED = 0.8
"""What a headline alone adds to the factor 1."""
_SIGNED = 0.4
"""What a byline alone adds to the factor 1."""
_LATE = 0.4
"""Factor of a run below a heading of other stories if an earlier run could be the article."""
_STANDFIRST = 0.15
"""Share of a run's prose that may precede its byline."""
_CAPTIONS = 0.35
"""Share of a run's prose that may precede its headline or its dateline: a gallery's captions."""
_COMMENTED = 25
"""Words of prose before a heading such as "Comments" that make all after it the readers'."""
_LIST_GAP = 10
"""Lines between two lists of an article, such as a picture, a price and buttons."""
_LEAST_LISTS, _LEAST_ENTRIES = 3, 2
"""Lists, and entries of each, that belong to the article above them."""
_LEAST_ENTRY_WORDS = 3
"""Words that the entries have on average; those of menus have fewer."""
_HEADLINE_WORDS = 4
_BODY_LINES = 30
"""Lines of a run among which the paragraphs that may repeat its headline are looked for."""
_LIST_WEIGHT = 0.05
"""What a word in an entry of a list weighs when the beginning of the text is looked for."""


def find_article_run(marks: Sequence[Mark]) -> tuple[int, int]:
    """Returns start and end (exclusive) of the run of lines that is the article; (0, 0) if no line is prose."""
    runs = find_maximal_runs(score_lines(marks[: _find_comments(marks)]))
    rivals = sorted(runs, key=lambda run: run.total, reverse=True)[:_RIVALS]
    if not rivals:
        return 0, 0
    ranked = [(run.total * _headed_factor(marks, run) * _late_factor(marks, run, runs), run) for run in rivals]
    _, best = max(ranked)
    best = _find_longer(marks, best, rivals)
    return _find_opening(marks, best.start, best.end), _find_end_of_lists(marks, best.end)


def _find_longer(marks: Sequence[Mark], best: ScoredRun, rivals: Sequence[ScoredRun]) -> ScoredRun:
    """Returns a longer run about the same below one of a single line, which is a standfirst or a caption."""
    line = _list_paragraphs(marks[best.start : best.end])
    if len(line) != 1:
        return best
    longer = [run for run in rivals if run.start > best.start and run.total > best.total]
    texts = [(run, _list_paragraphs(marks[run.start : run.end])) for run in longer]
    alike = [run for run, text in texts if len(text) > 1 and measure_likeness(line, text) >= SAME_STORY]
    return max(alike, key=lambda run: run.total, default=best)


def _find_end_of_lists(marks: Sequence[Mark], end: int) -> int:
    """Returns the end of the lists below a run that belong to it: each under a heading of its own, of several entries.

    Links to other stories are under one heading, and menus have none.
    """
    blocks: list[int] = []
    last = index = end
    while index < len(marks) and index - last <= _LIST_GAP:
        entries = _count_entries(marks, index + 1)
        if marks[index].role == "short" and entries >= _LEAST_ENTRIES:
            blocks.append(index)
            last = index = index + 1 + entries
        else:
            index += 1
    return last if len(blocks) >= _LEAST_LISTS else end


def _count_entries(marks: Sequence[Mark], start: int) -> int:
    """Returns how many lines from `start` are entries of one list; 0 if their words are as few as those of menus."""
    end = start
    while end < len(marks) and marks[end].line.bullet:
        end += 1
    words = sum(mark.line.words for mark in marks[start:end])
    return end - start if words >= _LEAST_ENTRY_WORDS * (end - start) else 0


def _find_comments(marks: Sequence[Mark]) -> int:
    """Returns the index of the heading above the readers' comments; the number of lines if there is none."""
    words = 0
    for index, mark in enumerate(marks):
        is_heading = mark.boilerplate is not None and mark.boilerplate.comments and not _is_button(marks, index)
        if is_heading and words >= _COMMENTED:
            return index
        words += mark.line.words if mark.role == "prose" and not mark.line.bullet else 0
    return len(marks)


def _is_button(marks: Sequence[Mark], index: int) -> bool:
    """Whether a line is one of a row of buttons: "Print", "Comments" above an article."""
    before = marks[index - 1].boilerplate if index else None
    return before is not None and before.reason == "share_buttons"


def _headed_factor(marks: Sequence[Mark], run: ScoredRun) -> float:
    """Returns 1, and more if a headline whose words the run repeats or a byline is above it or at its start."""
    above = marks[max(0, run.start - _ABOVE) : run.start + _BELOW]
    body = _list_paragraphs(marks[run.start : run.end])
    headlines = (mark.line for mark in above if mark.role == "short" and mark.line.words >= _HEADLINE_WORDS)
    titled = max((measure_echo(line, body) for line in headlines), default=0.0) >= ECHOED
    signed = any(mark.role == "meta" for mark in above)
    return _HEADED if titled and signed else 1 + _TITLED * titled + _SIGNED * signed


def _late_factor(marks: Sequence[Mark], run: ScoredRun, runs: Sequence[ScoredRun]) -> float:
    """Returns less than 1 if an earlier run could be the article as well, and other stories are between the two."""
    headed = _headed_factor(marks, run)
    for earlier in runs:
        if earlier.start >= run.start:
            return 1.0
        ends = any(mark.boilerplate and mark.boilerplate.ends for mark in marks[earlier.end : run.start])
        if ends and earlier.total >= _COMMENTED and _headed_factor(marks, earlier) >= headed:
            return _LATE
    return 1.0


def _find_opening(marks: Sequence[Mark], start: int, end: int) -> int:
    """Returns where the text begins: after headline, standfirst, captions and byline if they are inside the run."""
    weights = _weigh_lines(marks[start:end])
    titled = any(is_headline_like(mark) for mark in marks[max(0, start - _ABOVE) : start])
    total, before, opening, pictures = sum(weights), 0.0, start, False
    for index, weight in enumerate(weights, start):
        if before > total * _CAPTIONS:
            break
        mark = marks[index]
        pictures = pictures or (mark.boilerplate is not None and mark.boilerplate.reason == "photo_credit")
        if mark.role == "meta" and before <= total * _STANDFIRST:
            opening = index + 1
        elif is_dateline(mark.line) and mark.role == "prose":
            opening = index
        elif not titled and pictures and _is_echoed(mark, marks[index + 1 : end]):
            opening = index + 1
        before += weight
    return opening


def _is_echoed(mark: Mark, below: Sequence[Mark]) -> bool:
    """Whether the line is a headline whose words the text below it repeats."""
    return is_headline_like(mark) and measure_echo(mark.line, _list_paragraphs(below)) >= ECHOED


def _weigh_lines(marks: Sequence[Mark]) -> list[float]:
    """Returns the words of prose on each line; a line that occurs twice counts once, entries of lists hardly."""
    seen: set[str] = set()
    weights = []
    for mark in marks:
        is_new = mark.role == "prose" and mark.line.text not in seen
        seen.add(mark.line.text)
        weights.append(mark.line.words * (_LIST_WEIGHT if mark.line.bullet else 1.0) if is_new else 0.0)
    return weights


def _list_paragraphs(marks: Sequence[Mark]) -> list[TextLine]:
    return [mark.line for mark in marks[:_BODY_LINES] if mark.role == "prose"]


# The lines of the run that are its text

_SHOUTED = 6
"""Words of a line in capitals that make it a link to another story; subheads in capitals are shorter."""
_MOST_CAPTION_WORDS = 50
_NOTE_AFTER = 3
"""Lines that an article has at least before a note on its author."""
_MOST_NOTE_WORDS = 80
_DISTINCT_WORDS = 3
"""A line of more words than this is kept once; shorter ones, such as names of speakers, recur."""


@cache
def _load_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Returns the patterns of captions and of notes on the author."""
    table = {name: "|".join(entries) for name, entries in load_table(__package__, "segments.yaml").items()}
    note = re.compile(
        rf"^(?:[^\W\d_][\w.'’-]*\s){{1,4}}(?:{table['author_verbs']})\b.{{0,80}}\b(?:{table['author_occupations']})\b"
        rf"|^I(?:'m|’m| am) (?:a|an|the) .{{0,80}}\b(?:{table['own_occupations']})\b"
    )
    return re.compile(rf"\b(?:{table['captions']})\b"), note


def select_text_lines(marks: Sequence[Mark]) -> list[TextLine]:
    """Returns the lines of a run that are text of the article.

    Drops boilerplate, bylines, captions, links to other stories, repetitions, and a note on the author at the end.
    """
    kept: list[Mark] = []
    seen: set[str] = set()
    for index, mark in enumerate(marks):
        if _is_text(marks, index) and not (mark.line.words > _DISTINCT_WORDS and mark.line.text in seen):
            seen.add(mark.line.text)
            kept.append(mark)
    while kept and (
        (kept[-1].role == "short" and not kept[-1].line.ends_sentence) or _is_author_note(kept[-1].line, len(kept))
    ):
        kept.pop()
    return [mark.line for mark in kept]


def _is_text(marks: Sequence[Mark], index: int) -> bool:
    mark = marks[index]
    if mark.role in ("boilerplate", "meta") or (mark.role == "bullet" and not _has_heading(marks, index)):
        return False
    return not _is_shouted(mark.line) and not _is_caption(marks, index)


def _has_heading(marks: Sequence[Mark], index: int) -> bool:
    """Whether the list has a heading of its own, so it is content and not links."""
    while index and marks[index].line.bullet:
        index -= 1
    return marks[index].role == "short"


def _is_shouted(line: TextLine) -> bool:
    """Whether the line is a headline in capitals between paragraphs, which is a link to another story."""
    return line.words >= _SHOUTED and line.text.isupper() and not line.text.endswith(".")


def _is_caption(marks: Sequence[Mark], index: int) -> bool:
    """Whether the line says what a picture shows: a sentence right above the picture's credit."""
    after = marks[index + 1].boilerplate if index + 1 < len(marks) else None
    if after is None or after.reason != "photo_credit":
        return False
    line = marks[index].line
    return line.words <= _MOST_CAPTION_WORDS and bool(_load_patterns()[0].search(line.text))


def _is_author_note(line: TextLine, position: int) -> bool:
    """Whether the line is a last paragraph on who the author is."""
    return (
        position > _NOTE_AFTER and line.words <= _MOST_NOTE_WORDS and bool(_load_patterns()[1].match(line.text[:300]))
    )

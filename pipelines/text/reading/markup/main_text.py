"""The article among the lines of an HTML page."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipelines.text.reading.boilerplate import is_stripped
from pipelines.text.reading.lines import TextLine, split_lines
from pipelines.text.reading.markup.html import HtmlPage
from pipelines.text.reading.markup.rows import CAPTIONS, SIDES
from pipelines.text.reading.normal_form import normalise
from pipelines.text.reading.scoring import Mark, mark_lines
from pipelines.text.reading.segments import find_article_run, select_text_lines
from pipelines.text.reading.titles import measure_echo

_LEAST_COVERED = 0.5
"""Share of a line's characters that trafilatura must have found for the line to be article."""
_MOST_UNKNOWN = 0.3
"""Share of what trafilatura found that may be on no line of the page."""

_MOST_AFTER_END = 0.05
"""Share of the article's prose that may follow a line after which the article is over."""
_STOPS = (".", "!", "”", '"', "。", "’", "'")
"""Ends of a sentence that is not a question, as headlines of other stories may be."""

_ASIDE = 150
"""Words from which what trafilatura found is believed to be the article, and not a box next to it."""
_RIVAL = 3.0
"""How many times as long the best run of lines must be to be taken instead of a shorter text."""


class _Found(NamedTuple):
    """What trafilatura found, as a share of each line of the page."""

    shares: Sequence[float]
    unknown: float
    """Share of its text that is on no line."""


def locate_article(page: HtmlPage, marks: Sequence[Mark], title: str | None = None) -> list[TextLine]:
    """Returns the lines of the page that are the article: what trafilatura finds, if it is not an aside.

    The words are those of the page. A line has number 0 if trafilatura found it where a reader sees nothing.
    """
    extracted = _take_extracted(page, marks)
    words = _count_words(extracted)
    if words >= _ASIDE:
        return extracted
    rival = _find_best_run(page, marks)
    headline = TextLine(0, title or "")
    if _count_words(rival) >= _RIVAL * words and measure_echo(headline, rival) >= measure_echo(headline, extracted):
        return rival
    return extracted


def _count_words(lines: Sequence[TextLine]) -> int:
    return sum(line.words for line in lines)


def _find_best_run(page: HtmlPage, marks: Sequence[Mark]) -> list[TextLine]:
    """Returns the article as it is found in plain text; links and what is next to the text speak against a line."""
    outside = [
        replace(mark, role="short")
        if mark.role == "prose" and (place in SIDES or (mark.line.link and not _is_linked_paragraph(mark, place)))
        else mark
        for mark, place in zip(marks, page.places, strict=True)
    ]
    start, end = find_article_run(outside)
    return select_text_lines(outside[start:end])


def _take_extracted(page: HtmlPage, marks: Sequence[Mark]) -> list[TextLine]:
    """Returns what trafilatura finds, as lines of the page, with linked paragraphs and without other stories."""
    texts = [line.text for line in split_lines(normalise(page.extracted.text).text)[0]]
    found = _find_on_lines(page.lines, texts)
    if found.unknown > _MOST_UNKNOWN:
        marks = mark_lines([TextLine(0, text) for text in texts])
        return [mark.line for mark in marks if not is_stripped(mark.boilerplate)]
    kept = [
        index
        for index, share in enumerate(found.shares)
        if share >= _LEAST_COVERED
        and page.places[index] not in CAPTIONS
        and not (page.places[index] in SIDES and marks[index].boilerplate)
    ]
    kept = _add_linked_paragraphs(page, marks, kept)
    text = [marks[index] for index in _cut_end(marks, kept) if _is_text(marks[index])]
    if all(mark.boilerplate for mark in text):  # of a page without an article trafilatura takes the menu
        return []
    return [mark.line for mark in _trim(text)]


def _add_linked_paragraphs(page: HtmlPage, marks: Sequence[Mark], kept: Sequence[int]) -> list[int]:
    """Adds paragraphs that are one link and stand next to paragraphs of the article: trafilatura drops most of them."""
    known = set(kept)
    if not known:
        return []
    for index in range(max(0, kept[0] - 1), min(len(marks), kept[-1] + 2)):
        near = {index - 1, index + 1} & known
        if index not in known and near and _is_linked_paragraph(marks[index], page.places[index]):
            known.add(index)
    return sorted(known)


def _is_linked_paragraph(mark: Mark, place: str) -> bool:
    line = mark.line
    return bool(line.link) and mark.role == "prose" and place not in SIDES and line.text.endswith(_STOPS)


def _cut_end(marks: Sequence[Mark], kept: Sequence[int]) -> Sequence[int]:
    """Returns what is above a heading such as "Most read", if little text follows it."""
    words = [marks[index].line.words if marks[index].role in ("prose", "list") else 0 for index in kept]
    total = sum(words)
    for place, index in enumerate(kept):
        boilerplate = marks[index].boilerplate
        if boilerplate and boilerplate.ends and sum(words[place:]) < _MOST_AFTER_END * total:
            return kept[:place]
    return kept


def _trim(marks: Sequence[Mark]) -> Sequence[Mark]:
    """Returns the lines without those above the text that are its title, byline or date, and headings below it."""
    first, last = 0, len(marks)
    while first < last and (marks[first].line.heading == 1 or marks[first].role == "meta"):
        first += 1
    while first < last and marks[last - 1].line.heading:
        last -= 1
    return marks[first:last] or marks


def _is_text(mark: Mark) -> bool:
    """Whether a line that trafilatura takes for article is one: not boilerplate, and not a link to another story."""
    if is_stripped(mark.boilerplate) or (mark.boilerplate and mark.boilerplate.ends):
        return False
    if not mark.line.link or mark.line.heading or (mark.boilerplate and mark.boilerplate.reason == "social_embed"):
        return True
    return mark.role == "prose" and not mark.line.text.endswith("?")


def _find_on_lines(lines: Sequence[TextLine], texts: Sequence[str]) -> _Found:
    """Looks up each text among the lines, in order: a text may be part of a line, or several lines."""
    parts = [_strip_variable(line.text) for line in lines]
    starts: list[int] = []
    end = 0
    for part in parts:
        starts.append(end)
        end += len(part)
    page, covered = "".join(parts), [0] * len(parts)
    position = total = unknown = 0
    for text in texts:
        wanted = _strip_variable(text.removeprefix("- "))
        total += len(wanted)
        start = page.find(wanted, position)
        start = start if start >= 0 else page.find(wanted)
        if not wanted or start < 0:
            unknown += len(wanted)
            continue
        position = start + len(wanted)
        index = bisect_right(starts, start) - 1
        while index < len(parts) and starts[index] < position:
            covered[index] += min(position, starts[index] + len(parts[index])) - max(start, starts[index])
            index += 1
    shares = [count / max(1, len(part)) for count, part in zip(covered, parts, strict=True)]
    return _Found(shares, unknown / max(1, total))


# Trafilatura drops the joiners and direction marks that some scripts are spelt with, and separates cells by bars.
_UNSPELT = dict.fromkeys(map(ord, "\u200c\u200d\u200e\u200f|"))


def _strip_variable(text: str) -> str:
    """Returns the text without what may differ between two readings of it: white space, joiners, bars."""
    return "".join(text.split()).translate(_UNSPELT)

"""Forum threads and pages about readers' comments: who speaks in which lines, and which of them quote a report."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from pipelines.text.expressions import join_by_first_letter
from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.pieces import LineSegment, Piece
from pipelines.text.reading.scoring import Mark, find_maximal_runs
from pipelines.text.reading.titles import is_path, measure_echo
from pipelines.text.tables import load_table

_LEAST_POSTS = 3
_MOST_HEAD_WORDS = 14
"""Words of a line that may be the head of a post."""
_LEAST_POSTED = 0.5
"""Share of the page's prose that must be in posts for their heads to make a thread."""
_ARTICLE = 80
"""Words of prose above a heading such as "Comments" that are an article, and the posts below it its comments."""
_BYLINES = 0.6
"""Share of the heads below a headline at which they are bylines: the page lists articles, not posts."""
_MOST_NAME_WORDS = 3
"""Words of a writer's name on a line of its own."""
_TOPIC_ECHO = 0.5
"""Share of a topic's words that the posts repeat, from which it is the topic wherever above them it is."""
_LEAST_SLANG = 2
"""Paragraphs with words that newsrooms do not print, without which a page has no casual posts."""
_CASUAL_SHARE = 0.3
"""Share of paragraphs in a writer's own voice that make a thread without heads of posts."""
_SUMMARY_SHARE = 0.4
"""Share of paragraphs about what others say that make a summary of comments."""
_LEAST_REPORT = 2
"""Paragraphs in a newsroom's voice that make a report among posts."""
_ABOVE_REPORT = 3
"""Paragraphs above a report that may name the agency it is from."""
_SEARCHED = 4000
"""Characters of a paragraph in which words are looked for."""

_QUOTED = re.compile(r"“[^”]{0,2000}”|\"[^\"]{0,2000}\"|«[^»]{0,2000}»|„[^“”]{0,2000}[“”]")
_QUOTED_LINE = re.compile(r"^(?:>|»)\s*")
_NAME = r"(?P<speaker>[^\W_][\w.'’-]{1,28}(?: [\w.'’-]{1,20}){0,3}?)"
_HANDLE = r"(?P<speaker>[\w-]{2,30})"

Voice = Literal["slang", "person", "report", "plain"]
"""Who speaks in a paragraph: a poster by `slang` or as a `person`, a newsroom (`report`), or nobody known (`plain`)."""

_VOICE_SCORES: dict[Voice, float] = {"report": 1.0, "plain": -0.4, "person": -3.0, "slang": -3.0}
"""What a paragraph speaks for being part of a report among posts."""


class _Posts(NamedTuple):
    """Patterns for the lines around posts."""

    heads: tuple[re.Pattern[str], ...]
    controls: re.Pattern[str]


@cache
def _load_posts() -> _Posts:
    table = load_table(__package__, "posts.yaml")
    heads = (head.replace("NAME", _NAME).replace("HANDLE", _HANDLE) for head in table["heads"])
    controls = rf"\W*(?:{'|'.join(table['controls'])})\W*(?:[\s|·]+(?:{'|'.join(table['further_controls'])}))*\W*"
    return _Posts(
        tuple(re.compile(f"^{head}$", re.IGNORECASE) for head in heads), re.compile(f"^{controls}$", re.IGNORECASE)
    )


@dataclass(frozen=True)
class _Register:
    """Patterns for text in lower case, except the agencies: ignoring case would make the search three times slower."""

    slang: re.Pattern[str]
    person: re.Pattern[str]
    report: re.Pattern[str]
    summary: re.Pattern[str]
    slang_or_summary: re.Pattern[str]
    agencies: re.Pattern[str]


@cache
def _load_register() -> _Register:
    table = load_table(__package__, "register.yaml")
    table["slang_or_summary"] = table["slang"] + table["summary"]
    words = {
        name: re.compile(rf"(?<![\w'’]){join_by_first_letter(table[name])}(?![\w'’])")
        for name in ("slang", "person", "report", "summary", "slang_or_summary")
    }
    names = "|".join(sorted(map(re.escape, table["agencies"]), key=len, reverse=True))
    return _Register(**words, agencies=re.compile(rf"\b(?:{names})\b"))


# Threads whose posts have heads


def find_headed_thread(marks: Sequence[Mark]) -> Piece | None:
    """Returns the page as posts that each follow the name of their writer; None if it is not such a page."""
    heads = {
        index: match
        for index, mark in enumerate(marks)
        if mark.line.words <= _MOST_HEAD_WORDS and (match := _match_head(mark.line))
    }
    if len(heads) < _LEAST_POSTS or _are_comments(marks, min(heads)) or _are_bylines(marks, heads):
        return None
    lines: list[TextLine] = []
    segments: list[LineSegment] = []
    order = [*heads, len(marks)]
    writer: str | None = None
    for first, last in pairwise(order):
        named = heads[first].groupdict().get("speaker")
        is_numbered = last in heads and "speaker" not in heads[last].groupdict()
        end = _find_post_end(marks, first + 1, last) if is_numbered else last
        body = [mark.line for mark in marks[first + 1 : end] if _is_post_text(mark)]
        if body:
            segments += _build_post(body, len(lines), named or writer)
            lines += body
        writer = _find_writer(marks[end:last])
    prose = sum(mark.line.words for mark in marks if mark.role == "prose")
    if len(segments) < _LEAST_POSTS or sum(line.words for line in lines) < _LEAST_POSTED * prose:
        return None
    above = marks[: order[0]]
    opening = [mark.line for mark in above if mark.role == "prose" and not _is_topic(mark.line)]
    return _build_thread(_find_topic(above, [*opening, *lines]), opening, lines, segments)


def _find_post_end(marks: Sequence[Mark], start: int, end: int) -> int:
    """Returns the end of a post with buttons below it: what follows is about the writer of the next post."""
    buttons = [index for index in range(start, end) if _load_posts().controls.match(marks[index].line.text)]
    return buttons[-1] + 1 if buttons and any(_is_post_text(mark) for mark in marks[start : buttons[-1]]) else end


def _find_writer(marks: Sequence[Mark]) -> str | None:
    """Returns the first line about the writer of a post, if it is a name: one to three words."""
    first = next((mark.line for mark in marks if mark.role != "boilerplate"), None)
    return first.text if first and first.words <= _MOST_NAME_WORDS else None


def _find_topic(above: Sequence[Mark], posts: Sequence[TextLine]) -> TextLine | None:
    """Returns the headline of the thread: the line that the posts repeat most, or else the one nearest to them."""
    topics = [mark.line for mark in above if mark.boilerplate is None and mark.role != "meta" and _is_topic(mark.line)]
    best = max(topics, key=lambda line: measure_echo(line, posts), default=None)
    return best if best and measure_echo(best, posts) >= _TOPIC_ECHO else next(reversed(topics), None)


def _is_topic(line: TextLine) -> bool:
    """Whether the line may be the headline of a thread; unlike an article's it may be a question."""
    return (
        3 <= line.words <= 25
        and line.sentences <= 1
        and not line.bullet
        and not line.text.endswith((".", ":", ";", ","))
        and not is_path(line.text)
    )


def _are_comments(marks: Sequence[Mark], first: int) -> bool:
    """Whether the posts are below an article and a heading such as "Comments"."""
    above = marks[:first]
    words = sum(mark.line.words for mark in above if mark.role == "prose" and not mark.line.bullet)
    return words >= _ARTICLE and any(mark.boilerplate and mark.boilerplate.comments for mark in above)


def _are_bylines(marks: Sequence[Mark], heads: Iterable[int]) -> bool:
    """Whether the names are below headlines: then the page lists articles, not posts."""
    above = [marks[index - 1] for index in heads if index]
    return sum(mark.role == "short" and mark.line.words >= 4 for mark in above) > len(above) * _BYLINES


def _build_thread(
    topic: TextLine | None, opening: list[TextLine], lines: list[TextLine], segments: list[LineSegment]
) -> Piece:
    """Returns the thread with the lines above its first post: its topic and the opening post."""
    ahead = [LineSegment("post", None, 0, len(opening))] if opening else []
    moved = [
        LineSegment(segment.role, segment.speaker, segment.first + len(opening), segment.last + len(opening))
        for segment in segments
    ]
    return Piece(lines=tuple(opening + lines), title=topic, kind="forum", segments=tuple(ahead + moved))


def _match_head(line: TextLine) -> re.Match[str] | None:
    return next((match for pattern in _load_posts().heads if (match := pattern.match(line.text))), None)


def _is_post_text(mark: Mark) -> bool:
    if _load_posts().controls.match(mark.line.text):
        return False
    return mark.boilerplate is None or mark.boilerplate.reason == "related_link"


def _build_post(body: list[TextLine], offset: int, speaker: str | None) -> list[LineSegment]:
    """Returns the segments of one post: its own words, and lines that it quotes."""
    segments: list[LineSegment] = []
    for index, line in enumerate(body, offset):
        role = "quoted_report" if _QUOTED_LINE.match(line.text) else "post"
        who = speaker if role == "post" else None
        if segments and segments[-1].role == role:
            segments[-1] = LineSegment(role, who, segments[-1].first, index + 1)
        else:
            segments.append(LineSegment(role, who, index, index + 1))
    return segments


# Threads whose posts have no heads


def find_unheaded_thread(marks: Sequence[Mark]) -> Piece | None:
    """Returns the page as posts without heads or as a summary of what readers say; None if it is an article."""
    if any(mark.role == "meta" for mark in marks):
        return None
    signs = _load_register().slang_or_summary
    if sum(bool(signs.search(mark.line.text[:_SEARCHED].lower())) for mark in marks) < _LEAST_SLANG:
        return None
    return _find_casual_posts(marks) or _find_summary(marks)


def _find_casual_posts(marks: Sequence[Mark]) -> Piece | None:
    """Returns posts without heads: paragraphs in the writers' own voice, perhaps around a report."""
    lines = [mark.line for mark in marks if mark.boilerplate is None and mark.role in ("prose", "short")]
    if len(lines) < _LEAST_POSTS:
        return None
    if sum(bool(_load_register().slang.search(line.text[:_SEARCHED].lower())) for line in lines) < _LEAST_SLANG:
        return None
    voices = [_judge_voice(line) for line in lines]
    casual = voices.count("slang")
    own = casual + voices.count("person")
    if casual < _LEAST_SLANG or own < _LEAST_POSTS or own < _CASUAL_SHARE * len(lines):
        return None
    return Piece(lines=tuple(lines), kind="forum", segments=tuple(_separate_report(lines, voices)))


def _judge_voice(line: TextLine) -> Voice:
    """Returns who speaks in a paragraph, quotations aside."""
    register, words = _load_register(), _QUOTED.sub(" ", line.text[:_SEARCHED]).lower()
    if register.slang.search(words):
        return "slang"
    if register.person.search(words):
        return "person"
    return "report" if register.report.search(words) else "plain"


def _separate_report(lines: Sequence[TextLine], voices: Sequence[Voice]) -> list[LineSegment]:
    """Returns each post as a segment of its own, and the report among them as one."""
    runs = find_maximal_runs([_VOICE_SCORES[voice] for voice in voices])
    start, end, _ = max(runs, key=lambda run: run.total, default=(0, 0, 0.0))
    if voices[start:end].count("report") < _LEAST_REPORT:
        start = end = 0
    segments = [LineSegment("post", None, index, index + 1) for index in range(len(lines)) if not start <= index < end]
    if end:
        near = " ".join(line.text[:2000] for line in lines[max(0, start - _ABOVE_REPORT) : end])
        agency = _load_register().agencies.search(near)
        segments.append(LineSegment("quoted_report", agency.group() if agency else None, start, end))
    return sorted(segments, key=lambda segment: segment.first)


def _find_summary(marks: Sequence[Mark]) -> Piece | None:
    """Returns a text that sums up what readers say about a report, with the report if it is above the text."""
    kept = [mark for mark in marks if mark.role == "prose" and not mark.line.bullet]
    if len(kept) < _LEAST_POSTS:
        return None
    summing_up = sum(bool(_load_register().summary.search(mark.line.text[:_SEARCHED].lower())) for mark in kept)
    if summing_up < _LEAST_POSTS or summing_up < _SUMMARY_SHARE * len(kept):
        return None
    lines = [mark.line for mark in kept]
    onward = next(
        (mark.line.number for mark in marks if mark.boilerplate and mark.boilerplate.reason == "link_onward"), 0
    )
    above = sum(line.number < onward for line in lines)
    if above > len(lines) // 2:
        above = 0
    report = [LineSegment("quoted_report", None, 0, above)] if above else []
    return Piece(lines=tuple(lines), kind="forum", segments=(*report, LineSegment("comment", None, above, len(lines))))


# Articles that pass on another outlet's words

_SOURCE_NOTE = re.compile(r"[.!?”\"]\s*\((?P<outlet>[A-Z][\w.&'’-]*(?: (?:of|the|and|[A-Z][\w.&'’-]*)){0,4})\)$")


def find_syndicated_segments(lines: Sequence[TextLine]) -> tuple[LineSegment, ...]:
    """Returns the parts of an article that another outlet wrote, by a note in brackets at the end of a paragraph.

    The rest is a segment `own_text`; an article without such notes has no segments.
    """
    notes = [
        (index + 1, match["outlet"])
        for index, line in enumerate(lines)
        if (match := _SOURCE_NOTE.search(line.text[-120:]))
    ]
    if not notes:
        return ()
    segments, first = [], 0
    for last, outlet in notes:
        segments.append(LineSegment("syndicated", outlet, first, last))
        first = last
    if first < len(lines):
        segments.append(LineSegment("own_text", None, first, len(lines)))
    return tuple(segments)

"""Pages that hold several articles: categories and digests of excerpts, live blogs of timed entries.

A page is split only if its structure says so: every excerpt is cut off by a link to the rest or has a headline with
byline or date, every entry has a time, or every report between rules opens with its place. Subheads split nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from statistics import median
from typing import NamedTuple

from pipelines.text.expressions import fold_case
from pipelines.text.reading.bylines import is_dateline, parse_author, parse_date
from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.pieces import Piece, is_cut_off
from pipelines.text.reading.scoring import Mark
from pipelines.text.reading.titles import is_path
from pipelines.text.tables import load_table
from schemas.times.zones import list_zone_names

_LEAST_ITEMS = 3
"""Items that make a digest."""
_MOST_UNLIKE = 4.0
"""How many times longer than the median an item may be: a longer one is an article with teasers around it."""
_LEAST_MEDIAN = 25
"""Words that the median of the items counts for at least: short items differ more."""
_LEAST_PROSE = 0.6
"""Share of the page's prose that the items must hold."""
_LEAST_TITLED = 0.7
"""Share of the items that must have a headline of their own."""
_LEAST_DISTINCT = 0.9
"""Share of the headlines that must differ: a page that repeats one has one article."""
_FOOT = 100
"""Words of prose after which a heading such as "Most read" ends the page."""
_ENTRY_LINES = 40
"""Lines that an entry of a live blog may have."""
_TIMELINE = 0.4
"""Share of the text above the first time at which the page is an article that tells a course of events."""
_INTRODUCTION = 30
"""Words above the first entry of a live blog that make an item of their own."""
_LEAST_TEXT = 6
"""Words of a line that opens the text of an item without headline."""
_LEAST_LINKED_TEXT = 8
"""Words of a line below a linked headline that make it text and not a caption or a category."""
_TAIL = 160
"""Characters at the end of a paragraph that are searched for a link to the rest."""
_HEAD = 6
"""Lines above a place of a report among which are its headline and byline."""
_RULE = re.compile(r"(?:_{2,}|[*=~—–-]{3,}|\*(?: \*){2,})$")
_MOST_ONWARD_WORDS = 14
"""Words that may follow on the link: the headline of the article, as in "Continue reading Council votes"."""


class _Patterns(NamedTuple):
    onward_words: re.Pattern[str]
    """For text in lower case: found far faster than all of a link to the rest."""
    onward: re.Pattern[str]
    clock: re.Pattern[str]
    age: re.Pattern[str]


@cache
def _load_patterns() -> _Patterns:
    table = {name: "|".join(entries) for name, entries in load_table(__package__, "digests.yaml").items()}
    zone = rf"\(?(?-i:{'|'.join(list_zone_names())})\b\)?"
    month = rf"(?:{table['months']})[a-zéû]*\.?"
    date = rf"\s*[|,·–-]?\s*(?:\d\d?\.?\s+{month}|{month}\s+\d\d?)\b(?:,?\s+\d\d\d\d)?"
    return _Patterns(
        onward_words=re.compile(table["onward"]),
        onward=re.compile(
            rf"\s*(?:(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\(more…\))\s*)?\(?\[?(?:{table['onward']})"
            r"(?P<more>(?:[\s:»→>…][^.!?]{0,100})?)[\]) »→>.…]*$",
            re.IGNORECASE,
        ),
        clock=re.compile(
            rf"^(?:(?:{table['stamp_words']})(?: at)?:?\s+)?(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?"
            rf"\s*(?:[ap]\.?m\.?)?\s*(?:(?:{table['clock_words']})\b)?\s*"
            rf"(?:{zone})?(?:{date})?\s*(?P<rest>(?:[–—|:·-]\s*)?.*)$",
            re.IGNORECASE,
        ),
        age=re.compile(
            rf"^(?:\d+|an?|one)\s*(?:{table['age_units']})\w*\.?\s+ago\b(?P<rest>.{{0,40}})$", re.IGNORECASE
        ),
    )


@dataclass
class _OpenItem:
    """An item that is being read."""

    headline: TextLine | None = None
    lines: list[TextLine] = field(default_factory=list)
    meta: list[TextLine] = field(default_factory=list)
    cut_off: bool = False

    @property
    def is_news(self) -> bool:
        """Whether it has text, or at least a headline with byline or date."""
        return bool(self.lines) or bool(self.headline and self.meta)

    @property
    def words(self) -> int:
        return sum(line.words for line in self.lines)

    @property
    def is_timed(self) -> bool:
        return bool(self.meta) and parse_stamp(self.meta[0]) is not None


def find_digest_items(marks: Sequence[Mark]) -> list[Piece]:
    """Returns the items of a digest, category or live-blog page in page order; empty if the page is one article."""
    region = _cut_foot(marks)
    for find in (_find_linked_items, _find_excerpts, _find_entries, _find_dated_items):
        found = find(region)
        if _is_digest(found, region):
            return [_build_piece(item) for item in found if item.is_news]
    return [_build_piece(item) for item in _find_reports(region)]


def _cut_foot(marks: Sequence[Mark]) -> Sequence[Mark]:
    """Returns the page up to its foot, or up to the other stories below an article of some length."""
    words = 0
    for index, mark in enumerate(marks):
        if mark.boilerplate and mark.boilerplate.ends and words >= _FOOT:
            return marks[:index]
        words += mark.line.words if mark.role == "prose" and not mark.line.bullet else 0
    return marks


def _find_linked_items(marks: Sequence[Mark]) -> list[_OpenItem]:
    """Returns items under headings that are links; known only if there is markup."""
    levels = [mark.line.heading for mark in marks if _is_linked(mark.line)]
    if len(levels) < _LEAST_ITEMS:
        return []
    level = max(set(levels), key=levels.count)
    found: list[_OpenItem] = []
    for mark in marks:
        if _is_linked(mark.line) and mark.line.heading == level:
            found.append(_OpenItem(headline=mark.line))
        elif found and not mark.line.heading and (mark.role == "meta" or mark.line.words >= _LEAST_LINKED_TEXT):
            _add_line(found[-1], mark, _strip_onward_link(mark)[0], opens=False)
    return [item for item in found if item.is_news]


def _is_linked(line: TextLine) -> bool:
    return bool(line.link) and 1 <= line.heading <= 4 and line.words >= 3


def _find_excerpts(marks: Sequence[Mark]) -> list[_OpenItem]:
    """Returns items that each end with a link to the rest."""
    found: list[_OpenItem] = []
    item = _OpenItem()
    for mark in marks:
        text, onward = _strip_onward_link(mark)
        if text and not _add_line(item, mark, text, opens=not item.lines):
            continue
        if onward and item.lines:
            item.cut_off = True
            found.append(item)
            item = _OpenItem()
    return found


def _add_line(item: _OpenItem, mark: Mark, text: str, *, opens: bool) -> bool:
    """Adds a line to the item; as its headline only if it `opens` the item. Returns whether it is part of the item."""
    line = mark.line if text == mark.line.text else replace(mark.line, text=text)
    if mark.role == "meta":
        item.meta.append(line)
    elif mark.role == "boilerplate" or not text:
        return False
    elif opens and is_headline(line):
        item.headline = line
    elif item.lines or line.words >= _LEAST_TEXT:
        item.lines.append(line)
    return True


def _strip_onward_link(mark: Mark) -> tuple[str, bool]:
    """Returns the line's text without a link to the rest at its end, and whether there was one."""
    if mark.boilerplate and mark.boilerplate.reason == "link_onward":
        return "", True
    if mark.role == "boilerplate":
        return mark.line.text, False
    return _cut_at_onward_link(mark.line.text)


@lru_cache(maxsize=16_384)
def _cut_at_onward_link(text: str) -> tuple[str, bool]:
    tail = text[-_TAIL:]
    patterns = _load_patterns()
    match = patterns.onward.search(tail) if patterns.onward_words.search(fold_case(tail)) else None
    if (
        match is None
        or (match.start() == 0 and len(tail) < len(text))
        or len(match["more"].split()) > _MOST_ONWARD_WORDS
    ):
        return text, False
    return text[: len(text) - len(tail) + match.start()].rstrip(" …[("), True


def _find_entries(marks: Sequence[Mark]) -> list[_OpenItem]:
    """Returns the entries of a live blog: each under the time at which it was written."""
    entries = [item for item in _split_at_times(marks) if item.lines and len(item.lines) <= _ENTRY_LINES]
    if entries and not entries[0].is_timed and entries[0].words > _TIMELINE * sum(item.words for item in entries):
        return []
    return entries if sum(item.is_timed for item in entries) >= _LEAST_ITEMS else []


def _split_at_times(marks: Sequence[Mark]) -> list[_OpenItem]:
    """Splits the page at lines that begin with a time; what is above the first is an item if it is long enough."""
    found: list[_OpenItem] = []
    item = _OpenItem()
    timed = False
    for mark in marks:
        rest = parse_stamp(mark.line)
        if rest is None:
            if mark.boilerplate is None:
                _add_line(item, mark, mark.line.text, opens=not item.lines)
            continue
        if timed or item.words >= _INTRODUCTION:
            found.append(item)
        timed = True
        item = _OpenItem(meta=[mark.line])
        if rest:
            line = replace(mark.line, text=rest)
            if is_headline(line):
                item.headline = line
            else:
                item.lines.append(line)
    return [*found, item]


def parse_stamp(line: TextLine) -> str | None:
    """Returns what follows a time of day at the start of the line, perhaps nothing; None if there is none."""
    patterns = _load_patterns()
    match = patterns.clock.match(line.text) or patterns.age.match(line.text)
    if match is None:
        return None
    rest = match["rest"].lstrip(" –—|:·-")
    if rest and not (match["rest"][:1] in "–—|:·-" or rest[:1].isupper()):
        return None
    return rest


def _find_dated_items(marks: Sequence[Mark]) -> list[_OpenItem]:
    """Returns items that each have a headline with byline or date."""
    found: list[_OpenItem] = []
    item: _OpenItem | None = None
    for index, mark in enumerate(marks):
        near = marks[index + 1 : index + 3]
        if (
            mark.boilerplate is None
            and mark.role != "meta"
            and is_headline(mark.line)
            and any(after.role == "meta" for after in near)
        ):
            if item:
                found.append(item)
            item = _OpenItem(headline=mark.line)
        elif item:
            _add_line(item, mark, mark.line.text, opens=False)
    return [item for item in [*found, item] if item and item.meta]


def _find_reports(marks: Sequence[Mark]) -> list[_OpenItem]:
    """Returns the reports of an agency's round-up: each is between rules and opens with its place."""
    starts = [index + 1 for index, mark in enumerate(marks) if _RULE.match(mark.line.text)]
    if len(starts) < _LEAST_ITEMS - 1:
        return []
    found: list[_OpenItem] = []
    for start, end in zip([0, *starts], [*(start - 1 for start in starts), len(marks)], strict=True):
        part = marks[start:end]
        opening = next((index for index, mark in enumerate(part) if is_dateline(mark.line)), None)
        if opening is not None:
            above = part[max(0, opening - _HEAD) : opening]
            headline = next((mark.line for mark in above if mark.role == "short" and is_headline(mark.line)), None)
            meta = [mark.line for mark in above if mark.role == "meta"]
            lines = [mark.line for mark in part[opening:] if mark.role in ("prose", "list")]
            found.append(_OpenItem(headline, lines, meta))
    return found if len(found) >= _LEAST_ITEMS and all(item.lines for item in found) else []


def is_headline(line: TextLine) -> bool:
    """Whether the line may be the headline of an item: a line of its own, one sentence at most."""
    return (
        2 <= line.words <= 25
        and not line.bullet
        and len(line.text) < 250
        and line.sentences <= 1
        and not line.text.endswith((".", ":", ";", ",", "…", "。"))
        and not (line.ends_sentence and line.words > 16)
        and not is_path(line.text)
    )


def _is_digest(found: Sequence[_OpenItem], marks: Sequence[Mark]) -> bool:
    """Whether there are enough items, alike in length, most with a headline, and together most of the page's prose."""
    if len(found) < _LEAST_ITEMS:
        return False
    sizes = [item.words for item in found]
    timed = all(item.is_timed for item in found[1:])
    if max(sizes) > _MOST_UNLIKE * max(median(sizes), _LEAST_MEDIAN) and not timed:
        return False
    if sum(bool(item.headline) for item in found) < _LEAST_TITLED * len(found) and not timed:
        return False
    prose = sum(mark.line.words for mark in marks if mark.role == "prose")
    return sum(sizes) >= _LEAST_PROSE * prose and _have_distinct_headlines(found)


def _have_distinct_headlines(found: Sequence[_OpenItem]) -> bool:
    titles = [item.headline.text.casefold() for item in found if item.headline]
    return len(set(titles)) >= _LEAST_DISTINCT * len(titles)


def _build_piece(item: _OpenItem) -> Piece:
    texts = [line.text for line in item.meta]
    headline = _strip_time(item.headline)
    # A headline alone is the text: an article without text would be refused.
    alone = [headline] if headline and not item.lines else []
    return Piece(
        lines=tuple(item.lines or alone),
        title=None if alone else headline,
        kind="digest_item",
        author=next((name for line in item.meta if (name := parse_author(line))), None),
        published_at=next((moment for text in texts if (moment := parse_date(text))), None),
        url=item.headline.link if item.headline else None,
        cut_off=item.cut_off or is_cut_off(item.lines),
    )


def _strip_time(headline: TextLine | None) -> TextLine | None:
    """Returns the headline without a time in front: "20:41 Quiet evening" is "Quiet evening"."""
    rest = parse_stamp(headline) if headline else None
    return replace(headline, text=rest) if headline and rest else headline

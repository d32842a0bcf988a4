"""Pages that hold several articles: categories and digests of excerpts, live blogs of stamped entries.

A page is split only where its own structure says so: each excerpt cut off by a link to the rest, each under a headline
with byline or date, each entry under a time. Subheads alone split nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from statistics import median

from pipelines.text.reading.bylines import author, parse_date
from pipelines.text.reading.lines import Line
from pipelines.text.reading.pieces import Piece, ends_cut_off
from pipelines.text.reading.segments import Mark
from pipelines.text.reading.titles import is_path

_LEAST = 3
"""Items that make a digest."""
_MOST_UNLIKE = 4.0
"""How much longer than the middle one an item may be: above it is an article with teasers around it."""
_LEAST_SHARE = 0.6
"""Share of the page's prose that the items must hold."""
_TITLED = 0.7
"""Share of the items that must have a headline of their own."""
_ENTRY_GAP = 40
"""Lines that an entry of a live blog may have."""
_TIMELINE = 0.4
"""Share of the text above the first time from which it is an article that tells a course of events."""
_INTRODUCTION = 30
"""Words above the first entry of a live blog that make an item of their own."""

_ONWARD = re.compile(
    r"\s*(?:(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\(more…\))\s*)?\(?\[?(?:continue reading|keep reading"
    r"|read (?:the )?(?:more|full|rest|whole|on)|full (?:story|article)|more\s*[»→>]|weiterlesen"
    r"|mehr lesen|lire la suite|lire plus|leer más|seguir leyendo|leia mais|continua a leggere|leggi tutto"
    r"|читать далее|подробнее|czytaj (?:dalej|więcej)"
    r"|lees (?:meer|verder)|devamını oku|läs mer|続きを読む|阅读全文|继续阅读|اقرأ المزيد"
    r"|더 보기)(?P<more>(?:[\s:»→>…][^.!?]{0,100})?)[\]) »→>.…]*$",
    re.IGNORECASE,
)
_ZONE = r"\(?(?-i:UTC|GMT|BST|IST|MEZ|MESZ|MSK|JST|KST|HKT|SGT|[WCE]ES?T|AE[SD]T|[ECMP][SD]?T)\b\)?"
_MONTH = (
    r"(?:jan|gen|ene|f[eéè][bv]|m[aä]r|mrt|a[pvb]r|ma[iyjg]|jun|jui|jul|giu|lug|au[gt]|ao[uû]|ago|sep|set"
    r"|o[ckut]t|out|nov|de[czs]|d[eé]c|dic)[a-zéû]*\.?"
)
_DATE = rf"\s*[|,·–-]?\s*(?:\d\d?\.?\s+{_MONTH}|{_MONTH}\s+\d\d?)\b(?:,?\s+\d\d\d\d)?"
_CLOCK = re.compile(
    r"^(?:(?:updated|posted|published)(?: at)?:?\s+)?(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?"
    r"\s*(?:[ap]\.?m\.?)?\s*(?:Uhr\b|uur\b)?\s*"
    "(?:" + _ZONE + ")?(?:" + _DATE + r")?\s*(?P<rest>(?:[–—|:·-]\s*)?.*)$",
    re.IGNORECASE,
)
_AGO = re.compile(r"^(?:\d+|an?|one)\s*(?:sec|min|m|h|hr|hour)\w*\.?\s+ago\b(?P<rest>.{0,40})$", re.IGNORECASE)


@dataclass
class _Open:
    """An item that is being read."""

    headline: Line | None = None
    lines: list[Line] = field(default_factory=list)
    meta: list[Line] = field(default_factory=list)
    cut_off: bool = False


def find_items(marks: Sequence[Mark]) -> list[Piece]:
    """The items of a digest, category or live-blog page in page order; empty where the page is one article."""
    region = _region(marks)
    for reader in (_linked, _excerpts, _entries, _dated):
        found = reader(region)
        if _is_digest(found, region):
            return [_piece(item) for item in found if item.lines]
    return []


def _region(marks: Sequence[Mark]) -> Sequence[Mark]:
    """The page up to its foot, or up to the other stories below an article of some length."""
    words = 0
    for index, item in enumerate(marks):
        if item.found and item.found.ends and words >= 100:
            return marks[:index]
        words += item.line.words if item.role == "prose" and not item.line.bullet else 0
    return marks


def _linked(marks: Sequence[Mark]) -> list[_Open]:
    """Items that each stand under a heading which is a link; known only where there is markup."""
    levels = [mark.line.heading for mark in marks if _is_linked(mark.line)]
    if len(levels) < _LEAST:
        return []
    level = max(set(levels), key=levels.count)
    found: list[_Open] = []
    for mark in marks:
        if _is_linked(mark.line) and mark.line.heading == level:
            found.append(_Open(headline=mark.line))
        elif found and not mark.line.heading and (mark.role == "meta" or mark.line.words >= 8):
            _take(found[-1], mark, _without_onward(mark)[0], fresh=False)
    return [item for item in found if item.lines]


def _is_linked(line: Line) -> bool:
    return bool(line.link) and 1 <= line.heading <= 4 and line.words >= 3


def _excerpts(marks: Sequence[Mark]) -> list[_Open]:
    """Items that each end with a link to the rest."""
    found: list[_Open] = []
    item = _Open()
    for mark in marks:
        text, onward = _without_onward(mark)
        if text and not _take(item, mark, text, fresh=not item.lines):
            continue
        if onward and item.lines:
            item.cut_off = True
            found.append(item)
            item = _Open()
    return found


def _take(item: _Open, mark: Mark, text: str, *, fresh: bool) -> bool:
    """Adds a line to the item; a headline only before its first paragraph. False where the line is neither."""
    line = mark.line if text == mark.line.text else replace(mark.line, text=text)
    if mark.role == "meta":
        item.meta.append(line)
    elif mark.role == "furniture" or not text:
        return False
    elif fresh and is_headline(line):
        item.headline = line
    elif item.lines or line.words >= 6:
        item.lines.append(line)
    return True


def _without_onward(mark: Mark) -> tuple[str, bool]:
    """The line's text without a link to the rest at its end, and whether one was there."""
    if mark.found and mark.found.reason == "link_onward":
        return "", True
    if mark.role == "furniture":
        return mark.line.text, False
    return _cut_at_onward(mark.line.text)


@lru_cache(maxsize=16_384)
def _cut_at_onward(text: str) -> tuple[str, bool]:
    tail = text[-160:]
    match = _ONWARD.search(tail)
    if match is None or (match.start() == 0 and len(tail) < len(text)) or len(match["more"].split()) > 14:
        return text, False
    return text[: len(text) - len(tail) + match.start()].rstrip(" …[("), True


def _entries(marks: Sequence[Mark]) -> list[_Open]:
    """Entries of a live blog: each under the time at which it was written."""
    found: list[_Open] = []
    item = _Open()
    stamped = False
    for mark in marks:
        rest = _stamp(mark.line)
        if rest is None:
            if mark.found is None:
                _take(item, mark, mark.line.text, fresh=not item.lines)
            continue
        if stamped or sum(line.words for line in item.lines) >= _INTRODUCTION:
            found.append(item)
        stamped = True
        item = _Open(meta=[mark.line])
        if rest:
            line = replace(mark.line, text=rest)
            if is_headline(line):
                item.headline = line
            else:
                item.lines.append(line)
    found.append(item)
    entries = [item for item in found if item.lines and len(item.lines) <= _ENTRY_GAP]
    sizes = [sum(line.words for line in item.lines) for item in entries]
    if entries and not _is_stamped(entries[0]) and sizes[0] > _TIMELINE * sum(sizes):
        return []
    return entries if sum(_is_stamped(item) for item in entries) >= _LEAST else []


def _is_stamped(item: _Open) -> bool:
    return bool(item.meta) and _stamp(item.meta[0]) is not None


def _stamp(line: Line) -> str | None:
    """What stands on the line after a time of day, empty where nothing does; None where it does not begin with one."""
    match = _CLOCK.match(line.text) or _AGO.match(line.text)
    if match is None:
        return None
    rest = match["rest"].lstrip(" –—|:·-")
    if rest and not (match["rest"][:1] in "–—|:·-" or rest[:1].isupper()):
        return None
    return rest


def _dated(marks: Sequence[Mark]) -> list[_Open]:
    """Items that each stand under a headline with byline or date."""
    found: list[_Open] = []
    item: _Open | None = None
    for index, mark in enumerate(marks):
        near = marks[index + 1 : index + 3]
        if (
            mark.found is None
            and mark.role != "meta"
            and is_headline(mark.line)
            and any(after.role == "meta" for after in near)
        ):
            if item:
                found.append(item)
            item = _Open(headline=mark.line)
        elif item:
            _take(item, mark, mark.line.text, fresh=False)
    return [item for item in [*found, item] if item and item.lines and item.meta]


def is_headline(line: Line) -> bool:
    """It may be the headline of an item: a line of its own, one sentence at most."""
    return (
        2 <= line.words <= 25
        and not line.bullet
        and len(line.text) < 250
        and line.sentences <= 1
        and not line.text.endswith((".", ":", ";", ",", "…", "。"))
        and not (line.ends_sentence and line.words > 16)
        and not is_path(line.text)
    )


def _is_digest(found: Sequence[_Open], marks: Sequence[Mark]) -> bool:
    """Enough items, alike in length, most with a headline of their own, and together most of the page's prose."""
    if len(found) < _LEAST:
        return False
    sizes = [sum(line.words for line in item.lines) for item in found]
    stamped = all(_is_stamped(item) for item in found[1:])
    if max(sizes) > _MOST_UNLIKE * max(median(sizes), 25) and not stamped:
        return False
    if sum(bool(item.headline) for item in found) < _TITLED * len(found) and not stamped:
        return False
    prose = sum(mark.line.words for mark in marks if mark.role == "prose")
    return sum(sizes) >= _LEAST_SHARE * prose and _are_apart(found)


def _are_apart(found: Sequence[_Open]) -> bool:
    """No two headlines are the same: a page that repeats one has one article."""
    titles = [item.headline.text.casefold() for item in found if item.headline]
    return len(set(titles)) >= 0.9 * len(titles)


def _piece(item: _Open) -> Piece:
    texts = [line.text for line in item.meta]
    return Piece(
        lines=tuple(item.lines),
        title=_without_time(item.headline),
        kind="digest_item",
        author=next((name for line in item.meta if (name := author(line))), None),
        published_at=next((moment for text in texts if (moment := parse_date(text))), None),
        url=item.headline.link if item.headline else None,
        cut_off=item.cut_off or ends_cut_off(item.lines),
    )


def _without_time(headline: Line | None) -> Line | None:
    """ "20:41 Quiet evening" is "Quiet evening"."""
    rest = _stamp(headline) if headline else None
    return replace(headline, text=rest) if headline and rest else headline

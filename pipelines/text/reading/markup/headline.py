"""The headline of an HTML page: its main heading, if what the page's head says confirms it, without site or section."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.markup.html import HtmlPage
from pipelines.text.reading.normal_form import normalise_line
from pipelines.text.reading.titles import find_stems, strip_site_name

_CONFIRMED = 0.2
"""Share of words that a main heading has in common with a title in the page's head, of the words of both."""
_SAME = 0.6
"""The same share for a heading of the second level."""
_LEAST_ONLY = 2
"""Words of the only main heading of a page that needs no confirmation."""
_LEAST_OWN = 3
"""Words that a title must have to be the headline without the words that the heading adds."""
_MOST_HEADINGS = 2
"""Main headings above which none is the only one next to the site's name."""
_LEAST_SITE = 4
"""Letters of a name in the page's address that are the site's name."""
_OPEN_ENDS = ("...", "…", ":")


def find_headline(page: HtmlPage, declared: Sequence[str] = ()) -> TextLine | None:
    """Returns the line with the headline; its number is 0 if no line has it. None if the page has no title.

    `declared` are titles in the page's head, the most trusted first.
    """
    titles = [title for title in map(normalise_line, declared) if title]
    first = titles[0] if titles else ""
    given = strip_site_name(normalise_line(page.extracted.title) or first)
    heading = _find_heading(page, titles)
    if heading is None:
        return _locate(page, given) if given else None
    if given and heading.text.endswith(_OPEN_ENDS):
        return TextLine(heading.number, given)
    if _adds_to(heading.text, first):
        return TextLine(heading.number, first)
    return heading


def _find_heading(page: HtmlPage, titles: Sequence[str]) -> TextLine | None:
    """Returns the main heading that a title confirms, the only one that is not the site's name, or a lower one."""
    main = [line for line in page.lines if line.heading == 1]
    rated = [(_rate(line.text, titles), line) for line in main if not _is_site_name(line.text, page)]
    best = max((share for share, _ in rated), default=0.0)
    if best >= _CONFIRMED:
        return next(line for share, line in rated if share == best)
    if len(rated) == 1 and len(main) <= _MOST_HEADINGS and rated[0][1].words >= _LEAST_ONLY:
        return rated[0][1]
    second = (line for line in page.lines if line.heading == 2 and not line.link and line.words >= _LEAST_OWN)
    return next((line for line in second if _rate(line.text, titles) >= _SAME), None)


def _rate(heading: str, titles: Sequence[str]) -> float:
    """Returns the largest share of words that the heading has in common with one of the titles."""
    return max((measure_title_likeness(heading, title) for title in titles), default=0.0)


def measure_title_likeness(one: str, other: str) -> float:
    """Returns the share of words that two titles have in common, of the words of both."""
    left, right = _find_words(one), _find_words(other)
    return len(left & right) / max(1, len(left | right))


def _find_words(text: str) -> set[str]:
    """Returns the beginnings of all words; a text of short words has no stems, and is compared by its letters."""
    return find_stems(text) | {word[:5] for word in _WORD.findall(text.lower())}


_WORD = re.compile(r"[^\W_]{2,}")


def _flatten(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _adds_to(heading: str, title: str) -> bool:
    """Whether the heading has the whole title after a section's name or before a subtitle."""
    inner, outer = _flatten(title), _flatten(heading)
    if inner == outer or len(inner.split()) < _LEAST_OWN or title.endswith(_OPEN_ENDS):
        return False
    return outer.startswith(f"{inner} ") or outer.endswith(f" {inner}")


def _is_site_name(heading: str, page: HtmlPage) -> bool:
    name = _flatten(heading).replace(" ", "")
    site = _flatten(page.extracted.sitename).replace(" ", "")
    try:
        host = "".join(_WORD.findall(urlsplit(page.url or "").netloc.lower()))
    except ValueError:
        host = ""
    return name == site or (len(name) >= _LEAST_SITE and name in host)


def _locate(page: HtmlPage, title: str) -> TextLine:
    """Returns the line that is the title; the title itself if none is."""
    wanted = "".join(title.split())
    return next((line for line in page.lines if "".join(line.text.split()) == wanted), TextLine(0, title))

"""When the article of an HTML page was published: by its own record, its properties, its own element, its own lines."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from lxml import html  # type: ignore[import-untyped]

from pipelines.text.reading.bylines import EARLIEST, is_date_line, is_update_line, parse_date
from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.markup.html import HtmlPage
from pipelines.text.reading.markup.records import load_metadata_words
from pipelines.text.tables import load_table

_MOST_DATE_CHARACTERS = 100
"""Characters of a date in words that are read."""
_ABOVE, _BELOW = 2, 8
"""Lines above and below the headline that are searched for a date."""
_SAME_DAY = timedelta(days=1)
"""How much a date in words and the one in the page's address may differ: zones of time differ by less."""
_PARAGRAPH = 25
"""Words of a line below which no date is searched for: the text has begun."""


def find_publication(
    page: HtmlPage, properties: dict[str, str], record: dict[str, Any] | None, headline: TextLine | None
) -> datetime | None:
    """Returns when the article was published, UTC; None if nothing on the page says so.

    `properties` are those of the page's head, by their names in lower case; `record` is the article's own.
    """
    names = load_table(__package__, "metadata.yaml")["date_properties"]
    candidates: list[object] = [(record or {}).get("datePublished")]
    candidates += [properties.get(name) for name in names]
    if page.tree is not None:
        candidates += _list_own_elements(page.tree, headline)
    found = next((moment for value in candidates if (moment := parse_moment(value))), None)
    if found:
        return found
    line, other = _find_own_line(page.lines, headline), parse_moment(page.extracted.date)
    if other and (line is None or (_is_in_address(other, page.url) and abs(line - other) > _SAME_DAY)):
        return other
    return line


def _is_in_address(moment: datetime, url: str | None) -> bool:
    """Whether the page's address has the day, as in "/2024/11/12/"."""
    return any(moment.strftime(form) in (url or "") for form in ("%Y/%m/%d", "%Y-%m-%d", "%Y%m%d"))


def parse_moment(value: object) -> datetime | None:
    """Returns a date as pages write it, UTC; None if it cannot be read."""
    if isinstance(value, dict):
        value = value.get("@value")
    elif isinstance(value, list):
        value = next(iter(value), None)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return parse_date(value[:_MOST_DATE_CHARACTERS])
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None


def _list_own_elements(tree: html.HtmlElement, headline: TextLine | None) -> list[str]:
    """Returns the dates in elements of the article itself: those that say that they are its publication come first."""
    frame = _find_frame(tree, headline)
    elements = [element for element in frame.iter("time", "meta", "span", "abbr") if _is_dated(element)]
    own = [element for element in elements if not _is_of_another(element, frame)]
    own.sort(key=lambda element: -_rate_element(element))
    return [element.get("datetime") or element.get("content") for element in own if _rate_element(element) >= 0]


def _is_dated(element: html.HtmlElement) -> bool:
    if element.tag == "time":
        return bool(element.get("datetime"))
    return "datepublished" in (element.get("itemprop") or "").lower() and bool(
        element.get("content") or element.get("datetime")
    )


def _rate_element(element: html.HtmlElement) -> int:
    """Returns how much an element says that it is the date of publication; below 0 if it is another date."""
    words = {
        word
        for name in ("itemprop", "class", "pubdate", "data-testid", "id")
        for word in (element.get(name) or "").lower().replace("-", " ").replace("_", " ").split()
    }
    if "datepublished" in words or element.get("pubdate") is not None or words & load_metadata_words("published_words"):
        return 2
    return 0 if words & load_metadata_words("modified_words") else 1


def _find_frame(tree: html.HtmlElement, headline: TextLine | None) -> html.HtmlElement:
    """Returns the element of the article: the innermost one around its headline, the only one, or the whole page."""
    frames = load_metadata_words("article_elements")
    if headline:
        wanted = "".join(headline.text.split())
        for heading in tree.iter("h1", "h2"):
            if wanted in "".join("".join(heading.itertext()).split()):
                around = next((above for above in heading.iterancestors() if _is_frame(above, frames)), None)
                if around is not None:
                    return around
    articles = list(tree.iter("article"))
    return articles[0] if len(articles) == 1 else tree


def _is_frame(element: html.HtmlElement, frames: frozenset[str]) -> bool:
    return element.tag in frames or "Article" in (element.get("itemtype") or "") or element.get("role") == "main"


def _is_of_another(element: html.HtmlElement, frame: html.HtmlElement) -> bool:
    """Whether the element is part of something else inside the frame: a teaser, a side column, the head of the page."""
    others = load_metadata_words("other_elements") | (
        {"header"} if frame.tag not in load_metadata_words("article_elements") else set()
    )
    return any(
        above.tag in others or (above.tag == "a" and above.get("href")) for above in _list_between(element, frame)
    )


def _list_between(element: html.HtmlElement, frame: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for above in element.iterancestors():
        if above is frame:
            return
        yield above


def _find_own_line(lines: Sequence[TextLine], headline: TextLine | None) -> datetime | None:
    """Returns the date in a line next to the headline; one of an update only if there is no other."""
    place = next((index for index, line in enumerate(lines) if headline and line.number == headline.number), None)
    if place is None:
        return None
    below = takewhile(lambda line: line.words < _PARAGRAPH, lines[place + 1 : place + 1 + _BELOW])
    near = [line for line in (*below, *reversed(lines[max(0, place - _ABOVE) : place])) if is_date_line(line)]
    near.sort(key=is_update_line)
    moments = (parse_date(line.text) for line in near)
    return next((moment for moment in moments if moment and moment >= EARLIEST), None)

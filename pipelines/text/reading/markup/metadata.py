"""What an HTML page says about itself: title, author, site, address and date, and the articles that it declares."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import html  # type: ignore[import-untyped]

from pipelines.text.language.codes import parse_language
from pipelines.text.reading.bylines import parse_date
from pipelines.text.reading.lines import MAX_LINES, TextLine, split_lines
from pipelines.text.reading.markup.headline import find_headline
from pipelines.text.reading.markup.html import HtmlPage, text_between_tags
from pipelines.text.reading.markup.rows import resolve_link
from pipelines.text.reading.normal_form import normalise, normalise_line
from pipelines.text.reading.pieces import PageMetadata, Piece
from pipelines.text.tables import load_table

_MOST_DATE_CHARACTERS = 100
"""Characters of a date in words that are read."""


@dataclass(frozen=True)
class DeclaredContent:
    """What the page's metadata say about it."""

    metadata: PageMetadata
    headline: TextLine | None = None
    """The line of the page that is its title; its number is 0 if no line is."""
    is_article: bool = False
    """They say that the page is one article."""
    updates: Sequence[Piece] = ()
    """The entries of a live blog that they contain."""


def read_metadata(page: HtmlPage) -> DeclaredContent:
    """Reads the page's head, its JSON-LD records and trafilatura's findings. Never raises."""
    if page.tree is None:
        return DeclaredContent(PageMetadata(quality=page.quality))
    records = list(_list_records(page.tree))
    headline = find_headline(page, _list_titles(page, page.tree, records))
    return DeclaredContent(
        metadata=_build_metadata(page, page.tree, records, headline),
        headline=headline,
        is_article=_is_article(page.tree, records),
        updates=_list_updates(records, page.url),
    )


def _list_records(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """Yields the records of schema.org that the page carries as JSON-LD; resolves graphs and lists one level deep."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            loaded = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for record in loaded if isinstance(loaded, list) else [loaded]:
            if isinstance(record, dict):
                yield record
                graph = record.get("@graph")
                yield from (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else ()


def _list_types(record: dict[str, Any]) -> set[str]:
    kind = record.get("@type")
    return {str(name) for name in kind} if isinstance(kind, list) else {str(kind)}


def _is_article(tree: html.HtmlElement, records: Sequence[dict[str, Any]]) -> bool:
    if any(name.endswith("Article") or name == "BlogPosting" for record in records for name in _list_types(record)):
        return True
    return _find_property(tree, ("og:type",)) == "article"


def _list_updates(records: Sequence[dict[str, Any]], url: str | None) -> list[Piece]:
    """Returns the entries of the first live blog that the page declares."""
    declared = (record.get("liveBlogUpdate") for record in records if "LiveBlogPosting" in _list_types(record))
    updates = next((part for part in declared if isinstance(part, list)), [])
    pieces = (_build_update(update, url) for update in updates[:MAX_LINES] if isinstance(update, dict))
    return [piece for piece in pieces if piece]


def _build_update(update: dict[str, Any], url: str | None) -> Piece | None:
    text, headline, link = update.get("articleBody"), update.get("headline"), update.get("url")
    if not isinstance(text, str):
        return None
    lines, _ = split_lines(normalise(text_between_tags(text)).text)
    if not lines:
        return None
    return Piece(
        lines=tuple(TextLine(0, line.text) for line in lines),
        title=TextLine(0, normalise_line(headline)) if isinstance(headline, str) and headline.strip() else None,
        kind="digest_item",
        published_at=_parse_moment(update.get("datePublished")),
        url=resolve_link(link, url) if isinstance(link, str) else None,
    )


def _list_titles(page: HtmlPage, tree: html.HtmlElement, records: Sequence[dict[str, Any]]) -> list[str]:
    """Returns the titles that the page's head gives, the most trusted first."""
    titles = [
        _find_property(tree, ("og:title",)),
        page.extracted.title,
        tree.xpath("string(//title)"),
        _find_property(tree, ("twitter:title",)),
        *(record.get("headline") for record in records),
    ]
    return [title for title in titles if isinstance(title, str) and title]


def _build_metadata(
    page: HtmlPage, tree: html.HtmlElement, records: Sequence[dict[str, Any]], headline: TextLine | None
) -> PageMetadata:
    """Returns what the page says of itself; for the date the page's own records go before trafilatura."""
    declared = (record.get("datePublished") for record in records)
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    moments = (
        next((value for value in declared if isinstance(value, str)), None),
        _find_property(tree, load_table(__package__, "metadata.yaml")["date_properties"]),
        tree.xpath("string(//time[@datetime][1]/@datetime)"),
        page.extracted.date,
    )
    return PageMetadata(
        title=headline.text if headline else None,
        author=normalise_line(page.extracted.author) or None,
        publisher=normalise_line(page.extracted.sitename) or None,
        canonical_url=resolve_link(canonical, page.url) if canonical else None,
        published_at=next((moment for value in moments if (moment := _parse_moment(value))), None),
        language=_find_language(tree),
        quality=page.quality,
    )


def _find_language(tree: html.HtmlElement) -> str | None:
    """Returns the language that the page's root element or else its head declares."""
    headers = tree.xpath("//meta[translate(@http-equiv, 'CLT', 'clt') = 'content-language']/@content")
    written = (tree.get("lang"), tree.get("xml:lang"), *headers, _find_property(tree, ("og:locale",)))
    return next((code for value in written if (code := parse_language(value))), None)


def _find_property(tree: html.HtmlElement, names: Sequence[str]) -> str | None:
    """Returns the first of the named properties that the page's head gives."""
    given: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and element.get("content"):
            given.setdefault(name.strip().lower(), element.get("content"))
    return next((given[name] for name in names if name in given), None)


def _parse_moment(value: object) -> datetime | None:
    """Returns a date as pages write it, UTC; None if it cannot be read."""
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

"""What an HTML page says about itself: title, author, site, address and date, and the articles that it declares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import html  # type: ignore[import-untyped]

from pipelines.text.language.codes import parse_language
from pipelines.text.reading.lines import MAX_LINES, TextLine, split_lines
from pipelines.text.reading.markup.dates import find_publication, parse_moment
from pipelines.text.reading.markup.headline import find_headline
from pipelines.text.reading.markup.html import HtmlPage, text_between_tags
from pipelines.text.reading.markup.records import SchemaRecord, find_own_article, list_records
from pipelines.text.reading.markup.rows import resolve_link
from pipelines.text.reading.normal_form import normalise, normalise_line
from pipelines.text.reading.pieces import PageMetadata, Piece


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
    records, properties = list_records(page.tree), _read_properties(page.tree)
    headline = find_headline(page, _list_titles(page, page.tree, properties, records))
    return DeclaredContent(
        metadata=_build_metadata(page, page.tree, properties, records, headline),
        headline=headline,
        is_article=_is_article(properties, records),
        updates=_list_updates(records, page.url),
    )


def _is_article(properties: dict[str, str], records: Sequence[SchemaRecord]) -> bool:
    """Whether the page says that it is one article; records of other pages, in lists, do not count."""
    return any(record.is_article and not record.listed for record in records) or properties.get("og:type") == "article"


def _list_updates(records: Sequence[SchemaRecord], url: str | None) -> list[Piece]:
    """Returns the entries of the first live blog that the page declares."""
    declared = (record.fields.get("liveBlogUpdate") for record in records if "LiveBlogPosting" in record.types)
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
        published_at=parse_moment(update.get("datePublished")),
        url=resolve_link(link, url) if isinstance(link, str) else None,
    )


def _list_titles(
    page: HtmlPage, tree: html.HtmlElement, properties: dict[str, str], records: Sequence[SchemaRecord]
) -> list[str]:
    """Returns the titles that the page's head gives, the most trusted first."""
    titles = [
        properties.get("og:title"),
        page.extracted.title,
        tree.xpath("string(//title)"),
        properties.get("twitter:title"),
        *(record.fields.get("headline") for record in records if record.is_article and not record.listed),
    ]
    return [title for title in titles if isinstance(title, str) and title]


def _build_metadata(
    page: HtmlPage,
    tree: html.HtmlElement,
    properties: dict[str, str],
    records: Sequence[SchemaRecord],
    headline: TextLine | None,
) -> PageMetadata:
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    title = headline.text if headline else None
    addresses = [address for address in (page.url, canonical, properties.get("og:url")) if address]
    own = find_own_article(records, addresses, title or "")
    return PageMetadata(
        title=title,
        author=normalise_line(page.extracted.author) or None,
        publisher=normalise_line(page.extracted.sitename) or None,
        canonical_url=resolve_link(canonical, page.url) if canonical else None,
        published_at=find_publication(page, properties, own, headline),
        language=_find_language(tree, properties),
        quality=page.quality,
    )


def _find_language(tree: html.HtmlElement, properties: dict[str, str]) -> str | None:
    """Returns the language that the page's root element or else its head declares."""
    headers = tree.xpath("//meta[translate(@http-equiv, 'CLT', 'clt') = 'content-language']/@content")
    written = (tree.get("lang"), tree.get("xml:lang"), *headers, properties.get("og:locale"))
    return next((code for value in written if (code := parse_language(value))), None)


def _read_properties(tree: html.HtmlElement) -> dict[str, str]:
    """Returns the properties that the page gives, by their names in lower case; of two with one name the first.

    Those that are named as parts of an item count in the head only: in the body they may be of a teaser.
    """
    given: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name")
        if not name and next(element.iterancestors("head"), None) is not None:
            name = element.get("itemprop")
        if name and element.get("content"):
            given.setdefault(name.strip().lower(), element.get("content"))
    return given

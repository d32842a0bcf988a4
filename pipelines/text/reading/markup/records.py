"""The records of schema.org that an HTML page carries as JSON-LD, and which of them is the page's own article."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import html  # type: ignore[import-untyped]

from pipelines.text.reading.markup.headline import measure_title_likeness
from pipelines.text.tables import load_words

_DEEPEST = 6
"""Levels of records inside records that are read."""
_SAME_TITLE = 0.5
"""Share of words that the headline of a record has in common with the page's if both are one."""
_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")


class SchemaRecord(NamedTuple):
    """A record, and whether it is in a list."""

    fields: dict[str, Any]
    listed: bool = False
    """It is an entry of a list of other pages, or a part of another record that is not its subject."""

    @property
    def types(self) -> set[str]:
        """The types of schema.org that it gives itself."""
        kind = self.fields.get("@type")
        return {str(name) for name in kind} if isinstance(kind, list) else {str(kind)}

    @property
    def is_article(self) -> bool:
        """Whether it is an article of any kind."""
        return any(name.endswith("Article") for name in self.types) or not self.types.isdisjoint(
            load_metadata_words("article_types")
        )


def load_metadata_words(row: str) -> frozenset[str]:
    """Returns the words of a row of metadata.yaml."""
    return load_words(__package__, "metadata.yaml", row)


def list_records(tree: html.HtmlElement) -> list[SchemaRecord]:
    """Returns all records of the page, those inside others after them; scripts that cannot be read are left out."""
    found: list[SchemaRecord] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            found += _walk(_parse(script.text or ""), listed=False, depth=0)
    return found


def _parse(text: str) -> object:
    for source in (text, _LAST_COMMA.sub("", _WRAPPED.sub("", text.strip()))):
        try:
            return json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: object, *, listed: bool, depth: int) -> Iterator[SchemaRecord]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, listed=listed, depth=depth + 1)
    elif isinstance(value, dict):
        yield SchemaRecord(value, listed)
        for name, part in value.items():
            if isinstance(part, dict | list):
                yield from _walk(part, listed=listed or name not in load_metadata_words("subjects"), depth=depth + 1)


def find_own_article(records: Sequence[SchemaRecord], addresses: Sequence[str], headline: str) -> dict[str, Any] | None:
    """Returns the record of the page's own article; None if there is none.

    That is the one with the page's address; then the one with its headline; then the first that is in no list and
    has neither another address nor another headline.
    """
    articles = [record for record in records if record.is_article or _is_untyped(record.fields)]
    own = {_strip_address(address) for address in addresses if address}
    for record in articles:
        if own & set(_list_addresses(record.fields)):
            return record.fields
    for record in articles:
        if headline and _rate_headline(record.fields, headline) >= _SAME_TITLE:
            return record.fields
    free = [record.fields for record in articles if not record.listed]
    unnamed = [fields for fields in free if not (own and _list_addresses(fields)) and not fields.get("headline")]
    return next(iter(unnamed), None) or (free[0] if len(free) == 1 else None)


def _rate_headline(fields: dict[str, Any], headline: str) -> float:
    titles = (fields.get(name) for name in ("headline", "name", "alternativeHeadline"))
    return max((measure_title_likeness(title, headline) for title in titles if isinstance(title, str)), default=0.0)


def _list_addresses(fields: dict[str, Any]) -> list[str]:
    """Returns the addresses of the page that the record is about."""
    found = []
    for name in ("url", "mainEntityOfPage", "@id"):
        value = fields.get(name)
        value = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(value, str) and "/" in value:
            found.append(_strip_address(value))
    return found


def _strip_address(address: str) -> str:
    """Returns host and path of an address, without what differs between two of one page."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    return parts.netloc.lower().removeprefix("www.").removeprefix("amp.") + parts.path.rstrip("/")


def _is_untyped(fields: dict[str, Any]) -> bool:
    return "@type" not in fields and "datePublished" in fields

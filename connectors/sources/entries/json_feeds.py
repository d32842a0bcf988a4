"""JSON Feed 1.0 and 1.1. A field of the wrong type is read if it can be, and never costs an item its other fields."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connectors.sources.entries.entry import FeedDocument, FeedEntry, parse_language
from connectors.sources.entries.titles import join_names, make_plain, read_title
from schemas.errors import Retryable

ITEMS = re.compile(r'"items"\s*:\s*\[\s*')
TEXT_KEYS = ("rendered", "value", "text", "content", "name", "title", "url", "href")
"""Where exporters put the text of a field that they make an object."""
GAP = re.compile(r"[\s,]*")
NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")
MOST_BREAKS = 100
"""Breaks in a document after which no more items are looked for: each look may read to its end."""
DEEPEST = 4
"""Levels of lists and objects in which the text of a field is looked for."""
OF_AN_ITEM = {"content_html", "content_text", "title", "summary", "url"}


def parse_json_feed(text: str, shown: str) -> FeedDocument:
    """Parses JSON Feed. Raises `Retryable` if the document is none."""
    repairs = Counter[str]()
    feed, warning = decode_document(text, shown)
    items = feed.get("items")
    items = list(items.values()) if isinstance(items, dict) else items
    version = feed.get("version")
    if not isinstance(items, list):
        raise Retryable(f"{shown} is not a JSON Feed: it has no list of items")
    if "jsonfeed.org" not in str(version):
        if not any(isinstance(item, dict) and OF_AN_ITEM & item.keys() for item in items):
            raise Retryable(f"{shown} is JSON but not a JSON Feed: its version is {str(version)[:80]!r}")
        repairs["feeds without the version of JSON Feed"] += 1
    read = JsonReader(repairs)
    authors = read.join_authors(feed)
    entries = tuple(replace(entry, author=entry.author or authors) for entry in read.list_entries(items))
    if not entries and items:
        warning = warning or f"none of {len(items)} items can be read: none is an object"
    return FeedDocument(
        title=make_plain(read.find_text(feed, "title")) or "",
        language=parse_language(read.find_text(feed, "language")),
        entries=entries,
        link=read.find_text(feed, "home_page_url"),
        warning=warning,
        repairs=repairs,
    )


def decode_document(text: str, shown: str) -> tuple[dict[str, Any], str | None]:
    """Returns the document as an object, and a warning if it is broken: then with the items before the break.

    Raises `Retryable` if nothing of it can be read.
    """
    # Line breaks in strings are wrong in JSON but frequent, so the strict mode is off.
    decoder = json.JSONDecoder(strict=False)
    try:
        found = decoder.decode(text)
    except (ValueError, RecursionError) as error:
        items = list(salvage_items(text, decoder))
        if not items:
            raise Retryable(f"{shown} is not a JSON Feed: {error}") from error
        version = re.search(r'"version"\s*:\s*"([^"]*)"', text)
        why = f"the feed is broken, some entries may be missing: {error}"
        return {"version": version and version[1], "items": items}, why
    if not isinstance(found, dict):
        raise Retryable(f"{shown} is JSON but not a JSON Feed: it is not an object")
    return found, None


def salvage_items(text: str, decoder: json.JSONDecoder) -> Iterator[Any]:
    """Yields the items of a broken document that can be read, without those around each break."""
    start = ITEMS.search(text)
    position, breaks = start.end() if start else len(text), 0
    while position < len(text) and breaks < MOST_BREAKS:
        try:
            item, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            breaks += 1
            onwards = NEXT_ITEM.search(text, position + 1)
            position = onwards.end() if onwards else len(text)
            continue
        position += len(GAP.match(text, position)[0])  # type: ignore[index]
        if isinstance(item, dict) and (not breaks or "id" in item):
            yield item


class JsonReader:
    """Reads items, and counts in `repairs` what was not as JSON Feed prescribes it."""

    def __init__(self, repairs: Counter[str]) -> None:
        self.repairs = repairs

    def list_entries(self, items: list[Any]) -> Iterator[FeedEntry]:
        """Yields the entries of the items."""
        for item in items:
            if isinstance(item, dict):
                yield self.read_item(item)
            else:
                self.repairs["items that are not objects, left out"] += 1

    def read_item(self, item: dict[str, Any]) -> FeedEntry:
        """Models one item; some feeds have a number as `id`."""
        html, text = self.find_text(item, "content_html"), self.find_text(item, "content_text")
        dates = (self.find_text(item, "date_published"), self.find_text(item, "date_modified"))
        identifier = item.get("id")
        return FeedEntry(
            id=find_text(identifier).strip() if isinstance(identifier, int | float) else self.find_text(item, "id"),
            link=self.find_link(item),
            title=read_title(self.find_text(item, "title"), self.repairs),
            author=self.join_authors(item),
            body=html or text or self.find_text(item, "summary"),
            is_html=bool(html),
            whole=bool(html or text),
            dates=tuple(date for date in dates if date),
            language=parse_language(self.find_text(item, "language")),
        )

    def find_text(self, holder: dict[str, Any], field: str) -> str:
        """Returns the text of a field; of one that is not text, the text in it if there is any."""
        value = holder.get(field)
        text = find_text(value).strip()
        if value is not None and not isinstance(value, str):
            self.repairs[f"{field} of another type, {'read' if text else 'left out'}"] += 1
        return text

    def find_link(self, item: dict[str, Any]) -> str:
        """Returns the address of the article."""
        found = (self.find_text(item, field) for field in ("url", "external_url"))
        return next((text for text in found if text and not text.isdigit()), "")

    def join_authors(self, holder: dict[str, Any]) -> str | None:
        """Returns the names of the authors of an item or of the feed."""
        return join_names([*self.list_names(holder, "authors", list), *self.list_names(holder, "author", dict)])

    def list_names(self, holder: dict[str, Any], field: str, prescribed: type) -> list[str]:
        """Returns the names of the authors in a field, which may be text, objects, or lists of either."""
        value = holder.get(field)
        names = [name for name in list_names(value) if name]
        people = value if isinstance(value, list) else [value]
        if value is not None and not (isinstance(value, prescribed) and all(isinstance(one, dict) for one in people)):
            self.repairs[f"{field} of another type, {'read' if names else 'left out'}"] += 1
        return names


def find_text(value: Any, levels: int = DEEPEST) -> str:
    """Returns the text of a JSON value; of an object or a list, the first text in it."""
    if isinstance(value, str):
        # A half of a character outside the basic plane: no text that we pass on can hold it.
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    if isinstance(value, dict) and levels:
        known = [value[key] for key in TEXT_KEYS if key in value]
        value = known or (list(value.values()) if len(value) == 1 else [])
    inner = (find_text(one, levels - 1) for one in value) if isinstance(value, list) and levels else ()
    return next((text for text in inner if text.strip()), "")


def list_names(value: Any, levels: int = DEEPEST) -> list[str]:
    """Returns the names in a value that describes authors."""
    if isinstance(value, list) and levels:
        return [name for one in value for name in list_names(one, levels - 1)]
    if isinstance(value, dict):
        is_author = {"name", "url", "avatar"} & value.keys()
        return [find_text(value.get("name"))] if is_author else list_names(list(value.values()), levels - 1)
    return [find_text(value)] if isinstance(value, str) else []

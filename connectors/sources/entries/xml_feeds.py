"""RSS 0.9x, 1.0 and 2.0, and Atom, read with feedparser."""

import io
import re
from collections import Counter
from typing import Any

import feedparser

from connectors.sources.entries.characters import cut_declaration, repair_characters
from connectors.sources.entries.entry import FeedDocument, FeedEntry, parse_language
from connectors.sources.entries.parser import OTHER_TEXTS, SECOND, UNREAD, adapt_feedparser
from connectors.sources.entries.titles import join_names, make_plain, read_title
from connectors.sources.entries.tombstones import find_deleted
from schemas.errors import Retryable

PHOTO = re.compile(r"image|\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)", re.IGNORECASE)
"""Kind or address of an image. Its description is a caption; that of other media is about the entry."""


adapt_feedparser()


def parse_xml_feed(text: str, url: str, shown: str) -> FeedDocument:
    """Parses RSS and Atom. Raises `Retryable` if the document is neither."""
    repairs = Counter[str]()
    try:
        parsed = parse_repaired(cut_declaration(text), url, repairs)
    except Exception as error:
        raise Retryable(f"{shown} cannot be read as a feed: {type(error).__name__}: {on_one_line(error)}") from error
    why = parsed.get("bozo_exception")
    version = parsed.get("version", "")
    if not version and not parsed.entries:
        raise Retryable(f"{shown} is not a feed: {on_one_line(why) if why else 'it is neither RSS nor Atom'}")
    repairs["elements that cannot be read, left out"] += parsed.feed.get(UNREAD, 0)
    ttl = str(parsed.feed.get("ttl", ""))
    # In Atom an entry without an author has those of the feed. RSS has only an editor there.
    people = parsed.feed.get("authors", ()) if version.startswith("atom") else ()
    return FeedDocument(
        title=make_plain(parsed.feed.get("title")) or "",
        language=parse_language(parsed.feed.get("language")),
        entries=tuple(parse_xml_entry({"authors": people, **entry}, repairs) for entry in parsed.entries),
        link=str(parsed.feed.get("link", "")).strip(),
        ttl=60.0 * int(ttl) if ttl.isascii() and ttl.isdigit() and len(ttl) < 7 else 0.0,
        warning=f"the feed is broken, some entries may be missing: {on_one_line(why)}" if parsed.bozo and why else None,
        repairs=+repairs,
        deleted=tuple(find_deleted(text)),
    )


def parse_repaired(text: str, url: str, repairs: Counter[str]) -> Any:
    """Parses the document; one that is broken is repaired and parsed again, which often makes it sound."""
    parsed = parse_text(text, url)
    repaired, count = repair_characters(text) if parsed.bozo else (text, 0)
    if not count:
        return parsed
    repairs["characters that XML does not allow, repaired"] += count
    return parse_text(repaired, url)


def parse_text(text: str, url: str) -> Any:
    """Parses the document with feedparser."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    data = io.BytesIO(text.encode("utf-8", "replace"))
    return feedparser.parse(data, response_headers=headers, sanitize_html=False)


def on_one_line(error: object) -> str:
    """Returns the parser's message on one line."""
    return " ".join(str(error).split())[:200]


def parse_xml_entry(entry: dict[str, Any], repairs: Counter[str]) -> FeedEntry:
    """Models one entry of feedparser, and counts what was repaired in it.

    It needs a plain dict, because feedparser's own returns `published` if asked for a missing `updated`.
    """
    contents = [part for part in entry.get("content", ()) if part.get("value", "").strip()]
    part = max(contents, key=lambda part: len(part["value"])) if contents else find_description(entry, repairs)
    body = str(part.get("value", "")).strip()
    kind = str(part.get("type", "text/html"))
    return FeedEntry(
        id=str(entry.get("id", "")).strip(),
        link=find_link(entry),
        title=read_title(entry.get("title"), repairs),
        author=join_names(one.get("name") or one.get("email") for one in entry.get("authors", ())),
        body=body,
        is_html=kind != "text/plain" or bool(re.search(r"</?(?:p|br|div|a|img|b|i|em|strong)\b", body)),
        # feedparser keeps an RSS description as the summary, and content:encoded as the content.
        whole=bool(contents),
        dates=tuple(str(entry[name]) for name in ("published", "created", "updated") if entry.get(name)),
        language=parse_language(find_language(entry, part)),
    )


def find_description(entry: dict[str, Any], repairs: Counter[str]) -> dict[str, Any]:
    """Returns the entry's own description, the longer one of two, or one of `OTHER_TEXTS` if it has none."""
    own, second = dict(entry.get("summary_detail") or {}), str(entry.get(SECOND, ""))
    if len(second) > len(str(own.get("value", ""))):
        return {**own, "value": second}
    if str(own.get("value", "")).strip():
        return own
    for name in OTHER_TEXTS:
        text = str(entry.get(name, "")).strip()
        if text and not (name == "media_description" and has_photo(entry)):
            repairs[f"texts taken from {name.replace('_', ':', 1)}"] += 1
            return {"value": text, "type": "text/plain"}
    return {}


def has_photo(entry: dict[str, Any]) -> bool:
    """Whether a photo illustrates the entry."""
    media = entry.get("media_content", ())
    return any(PHOTO.search(str(one.get("medium") or one.get("type") or one.get("url") or "")) for one in media)


def find_language(entry: dict[str, Any], part: dict[str, Any]) -> object:
    """Returns the language of the text, or else of the entry or its title."""
    title = entry.get("title_detail") or {}
    return part.get("language") or entry.get("language") or title.get("language")


def find_link(entry: dict[str, Any]) -> str:
    """Returns the address of the article: the alternate link, or an id that is an address (a permalink)."""
    found = str(entry.get("link", "")).strip()
    identifier = str(entry.get("id", "")).strip()
    return found or (identifier if identifier.startswith(("http://", "https://")) else "")

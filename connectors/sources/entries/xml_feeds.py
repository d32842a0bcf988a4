"""RSS 0.9x, 1.0 and 2.0, and Atom, read with feedparser."""

import io
import re
from collections import Counter
from typing import Any

import feedparser

from connectors.sources.entries.entry import FeedDocument, FeedEntry, parse_language
from connectors.sources.entries.titles import join_names, make_plain, read_title
from schemas.errors import Retryable

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
OTHER_TEXTS = ("dc_description", "itunes_summary", "media_description")
"""Elements that feedparser takes for one more description, which then replaces the entry's own."""
SPOKEN = ("video", "audio", "document", "application")
"""Kinds of media whose description is about the entry. That of an image is the caption of a photo."""


def adapt_feedparser() -> None:
    """Makes feedparser keep each of `OTHER_TEXTS` under its own name, and titles and authors as they are written.

    feedparser has no other way to change how it reads an element.
    """
    parser = feedparser.mixin._FeedParserMixin
    for name in OTHER_TEXTS:
        setattr(parser, f"_start_{name}", lambda self, _, name=name: self.push(name, 1))
        setattr(parser, f"_end_{name}", lambda self, name=name: self.pop(name))
    parser._end_author = end_author
    # Resolving addresses in a title rewrites it as HTML: `Vec<T>` becomes `Vec<t>`.
    parser.can_contain_relative_uris = parser.can_contain_relative_uris - {"title"}


def end_author(parser: Any) -> None:
    """Keeps an author's text as the name. feedparser's own looks for an address in it, and cuts `ed@port.press`."""
    name = parser.pop("author")
    parser.inauthor = 0
    authors = parser._get_context().get("authors")
    if name and authors:
        authors[-1].setdefault("name", name)


adapt_feedparser()


def parse_xml_feed(text: str, url: str, shown: str) -> FeedDocument:
    """Parses RSS and Atom. Raises `Retryable` if the document is neither."""
    data = DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed: Any = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    except Exception as error:
        raise Retryable(f"{shown} cannot be read as a feed: {type(error).__name__}: {on_one_line(error)}") from error
    why = parsed.get("bozo_exception")
    if not parsed.version and not parsed.entries:
        raise Retryable(f"{shown} is not a feed: {on_one_line(why) if why else 'it is neither RSS nor Atom'}")
    ttl, repairs = str(parsed.feed.get("ttl", "")), Counter[str]()
    return FeedDocument(
        title=make_plain(parsed.feed.get("title")) or "",
        language=parse_language(parsed.feed.get("language")),
        entries=tuple(parse_xml_entry(dict(entry), repairs) for entry in parsed.entries),
        link=str(parsed.feed.get("link", "")).strip(),
        ttl=60.0 * int(ttl) if ttl.isascii() and ttl.isdigit() and len(ttl) < 7 else 0.0,
        warning=f"the feed is broken, some entries may be missing: {on_one_line(why)}" if parsed.bozo and why else None,
        repairs=repairs,
    )


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
        language=parse_language(part.get("language")),
    )


def find_description(entry: dict[str, Any], repairs: Counter[str]) -> dict[str, Any]:
    """Returns the entry's own description, or one of `OTHER_TEXTS` if it has none."""
    own = entry.get("summary_detail") or {}
    if str(own.get("value", "")).strip():
        return dict(own)
    for name in OTHER_TEXTS:
        text = str(entry.get(name, "")).strip()
        if text and (name != "media_description" or is_spoken(entry)):
            repairs[f"texts taken from {name.replace('_', ':', 1)}"] += 1
            return {"value": text, "type": "text/plain"}
    return {}


def is_spoken(entry: dict[str, Any]) -> bool:
    """Whether the entry is about a recording or a document, not illustrated by a photo."""
    kinds = [str(media.get("medium") or media.get("type") or "") for media in entry.get("media_content", ())]
    return any(kind.startswith(SPOKEN) for kind in kinds)


def find_link(entry: dict[str, Any]) -> str:
    """Returns the address of the article: the alternate link, or an id that is an address (a permalink)."""
    found = str(entry.get("link", "")).strip()
    identifier = str(entry.get("id", "")).strip()
    return found or (identifier if identifier.startswith(("http://", "https://")) else "")

"""Feed documents: RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed, each decoded and modelled as `FeedDocument`."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import feedparser
import msgspec

from connectors.web.addresses import redact
from connectors.web.client import Response
from schemas.errors import Retryable
from schemas.identity import digest

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
PAGE = re.compile(r"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
SHORTEST_PARTIAL = 600
"""Characters from which a description counts as part of the article's text instead of a teaser."""
CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|read more|continue reading)\W*$", re.IGNORECASE)
TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class FeedEntry:
    """One entry of a feed.

    `whole` is true if the feed marks the text as the content, not as a description. `dates` are as written.
    """

    id: str
    link: str
    title: str | None
    author: str | None
    body: str
    is_html: bool
    whole: bool
    dates: tuple[str, ...]
    language: str | None = None

    @property
    def key(self) -> str:
        """Identifies the entry, even if the feed gives the same id to several."""
        return digest("entry", self.id, self.link, "" if self.id or self.link else f"{self.title}\x1f{self.body}")

    @property
    def version(self) -> str:
        """Changes when title, text or dates change."""
        return digest("version", self.title or "", self.body, *self.dates)[:12]

    @property
    def is_teaser(self) -> bool:
        """Whether the text only leads to the article."""
        text = TAGS.sub(" ", self.body).strip()
        return not self.whole and (len(text) < SHORTEST_PARTIAL or bool(CUT.search(text[-40:])))


@dataclass(frozen=True)
class FeedDocument:
    """A feed. `ttl` is in seconds; `warning` says what is broken although entries could be read."""

    title: str
    language: str | None
    entries: tuple[FeedEntry, ...]
    ttl: float = 0.0
    warning: str | None = None


def parse_feed(response: Response) -> FeedDocument:
    """Parses a fetched feed. Raises `Retryable`, with what it is instead, if the document is not a feed."""
    text = response.text.lstrip("\ufeff \t\r\n")
    shown = redact(response.url)
    if not text:
        raise Retryable(f"{shown} is empty, but should be a feed")
    if text.startswith("{"):
        return parse_json_feed(text, shown)
    if PAGE.match(text[:4096]):
        raise Retryable(f"{shown} is a page, not a feed: `newsclaims feeds add` finds the feeds of a site")
    return parse_xml_feed(text, response.url, shown)


def parse_xml_feed(text: str, url: str, shown: str) -> FeedDocument:
    """Parses RSS and Atom."""
    data = DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    parsed: Any = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    why = parsed.get("bozo_exception")
    if not parsed.version and not parsed.entries:
        raise Retryable(f"{shown} is not a feed: {on_one_line(why) if why else 'it is neither RSS nor Atom'}")
    ttl = str(parsed.feed.get("ttl", ""))
    return FeedDocument(
        title=str(parsed.feed.get("title", "")),
        language=parse_language(parsed.feed.get("language")),
        entries=tuple(parse_xml_entry(dict(entry)) for entry in parsed.entries),
        ttl=60.0 * int(ttl) if ttl.isascii() and ttl.isdigit() and len(ttl) < 7 else 0.0,
        warning=f"the feed is broken, some entries may be missing: {on_one_line(why)}" if parsed.bozo and why else None,
    )


def on_one_line(error: object) -> str:
    """Returns the parser's message on one line."""
    return " ".join(str(error).split())[:200]


def parse_xml_entry(entry: dict[str, Any]) -> FeedEntry:
    """Models one entry of feedparser.

    It needs a plain dict, because feedparser's own returns `published` if asked for a missing `updated`.
    """
    contents = [part for part in entry.get("content", ()) if part.get("value", "").strip()]
    summary = entry.get("summary_detail") or {}
    part = max(contents, key=lambda part: len(part["value"])) if contents else summary
    body = str(part.get("value", "")).strip()
    kind = str(part.get("type", "text/html"))
    return FeedEntry(
        id=str(entry.get("id", "")).strip(),
        link=find_link(entry),
        title=strip_tags(entry.get("title")),
        author=strip_tags(entry.get("author")),
        body=body,
        is_html=kind != "text/plain" or bool(re.search(r"</?(?:p|br|div|a|img|b|i|em|strong)\b", body)),
        # feedparser keeps an RSS description as the summary, and content:encoded as the content.
        whole=bool(contents),
        dates=tuple(str(entry[name]) for name in ("published", "created", "updated") if entry.get(name)),
        language=parse_language(part.get("language")),
    )


def find_link(entry: dict[str, Any]) -> str:
    """Returns the address of the article: the alternate link, or an id that is an address (a permalink)."""
    found = str(entry.get("link", "")).strip()
    identifier = str(entry.get("id", "")).strip()
    return found or (identifier if identifier.startswith(("http://", "https://")) else "")


def strip_tags(text: object) -> str | None:
    """Returns the text without tags, or None if nothing remains."""
    return " ".join(TAGS.sub(" ", str(text)).split()) if text and TAGS.sub("", str(text)).strip() else None


def parse_language(found: object) -> str | None:
    """Returns a language code in the form of our records (BCP 47), or None for anything else."""
    code = str(found or "").strip().replace("_", "-")
    head, dash, rest = code.partition("-")
    code = head.lower() + dash + rest
    return code if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) else None


class JsonAuthor(msgspec.Struct):
    """An author in JSON Feed."""

    name: str | None = None


class JsonItem(msgspec.Struct):
    """An item of JSON Feed 1.0 and 1.1; some feeds have a number as `id`."""

    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: JsonAuthor | None = None
    authors: list[JsonAuthor] | None = None
    language: str | None = None


class JsonFeed(msgspec.Struct):
    """A JSON Feed. Items are decoded one by one, so that an invalid one does not spoil the others."""

    version: str
    items: list[msgspec.Raw]
    title: str = ""
    language: str | None = None


def parse_json_feed(text: str, shown: str) -> FeedDocument:
    """Parses JSON Feed."""
    try:
        feed = msgspec.json.decode(text.encode("utf-8", "replace"), type=JsonFeed)
    except msgspec.DecodeError as error:
        raise Retryable(f"{shown} is not a JSON Feed: {error}") from error
    if "jsonfeed.org" not in feed.version:
        raise Retryable(f"{shown} is JSON but not a JSON Feed: its version is {feed.version[:80]!r}")
    wrong: list[str] = []
    entries = tuple(parse_json_items(feed.items, wrong))
    warning = f"{len(wrong)} of {len(feed.items)} items cannot be read: {wrong[0]}" if wrong else None
    return FeedDocument(feed.title, parse_language(feed.language), entries, warning=warning)


def parse_json_items(items: list[msgspec.Raw], wrong: list[str]) -> Iterator[FeedEntry]:
    """Yields the items that can be read; appends the reasons of the others to `wrong`."""
    for raw in items:
        try:
            yield make_entry(msgspec.json.decode(raw, type=JsonItem))
        except msgspec.DecodeError as error:
            wrong.append(str(error))


def make_entry(item: JsonItem) -> FeedEntry:
    """Models one item of JSON Feed."""
    authors = [author.name for author in [*(item.authors or ()), item.author] if author and author.name]
    return FeedEntry(
        id=str(item.id if item.id is not None else ""),
        link=item.url or item.external_url or "",
        title=strip_tags(item.title),
        author=", ".join(dict.fromkeys(authors)) or None,
        body=(item.content_html or item.content_text or item.summary or "").strip(),
        is_html=bool(item.content_html),
        whole=bool(item.content_html or item.content_text),
        dates=tuple(date for date in (item.date_published, item.date_modified) if date),
        language=parse_language(item.language),
    )

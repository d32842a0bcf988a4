"""Feed documents: RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed, each decoded and modelled as `Document`."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import feedparser
import msgspec

from connectors.web.addresses import redacted
from connectors.web.client import Response
from schemas.errors import Retryable
from schemas.identity import digest

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
PAGE = re.compile(r"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
WHOLE = 600
"""Characters from which a description counts as the article's text in part, not as its teaser."""
CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|read more|continue reading)\W*$", re.IGNORECASE)
TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Entry:
    """One entry. `whole` tells text that the feed gives as the content from a description; `dates` are as written."""

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
        """What tells the entry from others, also where a feed gives one id to several."""
        return digest("entry", self.id, self.link, "" if self.id or self.link else f"{self.title}\x1f{self.body}")

    @property
    def version(self) -> str:
        """Changes when title, text or dates do."""
        return digest("version", self.title or "", self.body, *self.dates)[:12]

    @property
    def is_teaser(self) -> bool:
        """Whether the text only leads to the article."""
        text = TAGS.sub(" ", self.body).strip()
        return not self.whole and (len(text) < WHOLE or bool(CUT.search(text[-40:])))


@dataclass(frozen=True)
class Document:
    """A feed: `ttl` in seconds, `warning` says what is broken about it though entries could be read."""

    title: str
    language: str | None
    entries: tuple[Entry, ...]
    ttl: float = 0.0
    warning: str | None = None


def document(response: Response) -> Document:
    """The feed that was fetched. Raises `Retryable`, saying what it is instead, where it is none."""
    text = response.text.lstrip("\ufeff \t\r\n")
    shown = redacted(response.url)
    if not text:
        raise Retryable(f"{shown} is empty: a feed was expected")
    if text.startswith("{"):
        return json_document(text, shown)
    if PAGE.match(text[:4096]):
        raise Retryable(f"{shown} is a page, not a feed: `newsclaims feeds add` finds the feeds of a site")
    return xml_document(text, response.url, shown)


def xml_document(text: str, url: str, shown: str) -> Document:
    """RSS and Atom."""
    data = DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    parsed: Any = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    why = parsed.get("bozo_exception")
    if not parsed.version and not parsed.entries:
        raise Retryable(f"{shown} is no feed" + (f": {told(why)}" if why else ", neither RSS nor Atom"))
    ttl = str(parsed.feed.get("ttl", ""))
    return Document(
        title=str(parsed.feed.get("title", "")),
        language=language(parsed.feed.get("language")),
        entries=tuple(xml_entry(dict(entry)) for entry in parsed.entries),
        ttl=60.0 * int(ttl) if ttl.isascii() and ttl.isdigit() and len(ttl) < 7 else 0.0,
        warning=f"the feed is broken, some entries may be missing: {told(why)}" if parsed.bozo and why else None,
    )


def told(error: object) -> str:
    """The parser's complaint, on one line."""
    return " ".join(str(error).split())[:200]


def xml_entry(entry: dict[str, Any]) -> Entry:
    """One entry as feedparser gives it, as a plain dict: feedparser's own answers `updated` with `published`."""
    contents = [part for part in entry.get("content", ()) if part.get("value", "").strip()]
    summary = entry.get("summary_detail") or {}
    part = max(contents, key=lambda part: len(part["value"])) if contents else summary
    body = str(part.get("value", "")).strip()
    kind = str(part.get("type", "text/html"))
    return Entry(
        id=str(entry.get("id", "")).strip(),
        link=link(entry),
        title=plain(entry.get("title")),
        author=plain(entry.get("author")),
        body=body,
        is_html=kind != "text/plain" or bool(re.search(r"</?(?:p|br|div|a|img|b|i|em|strong)\b", body)),
        # feedparser keeps an RSS description as the summary, and content:encoded as the content.
        whole=bool(contents),
        dates=tuple(str(entry[name]) for name in ("published", "created", "updated") if entry.get(name)),
        language=language(part.get("language")),
    )


def link(entry: dict[str, Any]) -> str:
    """The address of the article: the alternate link, else an id that is one (a permalink)."""
    found = str(entry.get("link", "")).strip()
    identifier = str(entry.get("id", "")).strip()
    return found or (identifier if identifier.startswith(("http://", "https://")) else "")


def plain(text: object) -> str | None:
    """Text without tags, None where nothing is left."""
    return " ".join(TAGS.sub(" ", str(text)).split()) if text and TAGS.sub("", str(text)).strip() else None


def language(found: object) -> str | None:
    """A language as records take it (BCP 47), None for anything else."""
    code = str(found or "").strip().replace("_", "-")
    head, dash, rest = code.partition("-")
    code = head.lower() + dash + rest
    return code if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) else None


class JsonAuthor(msgspec.Struct):
    """An author of JSON Feed."""

    name: str | None = None


class JsonItem(msgspec.Struct):
    """An item of JSON Feed 1.0 and 1.1; `id` is a number in some."""

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


class JsonDocument(msgspec.Struct):
    """A JSON Feed; items are read one by one, so that a wrong one does not take the others along."""

    version: str
    items: list[msgspec.Raw]
    title: str = ""
    language: str | None = None


def json_document(text: str, shown: str) -> Document:
    """JSON Feed."""
    try:
        feed = msgspec.json.decode(text.encode("utf-8", "replace"), type=JsonDocument)
    except msgspec.DecodeError as error:
        raise Retryable(f"{shown} is no JSON Feed: {error}") from error
    if "jsonfeed.org" not in feed.version:
        raise Retryable(f"{shown} is JSON, and no JSON Feed: its version is {feed.version[:80]!r}")
    wrong: list[str] = []
    entries = tuple(json_entries(feed.items, wrong))
    warning = f"{len(wrong)} of {len(feed.items)} items cannot be read: {wrong[0]}" if wrong else None
    return Document(feed.title, language(feed.language), entries, warning=warning)


def json_entries(items: list[msgspec.Raw], wrong: list[str]) -> Iterator[Entry]:
    """The items that can be read; why others cannot goes to `wrong`."""
    for raw in items:
        try:
            item = msgspec.json.decode(raw, type=JsonItem)
        except msgspec.DecodeError as error:
            wrong.append(str(error))
            continue
        authors = [author.name for author in [*(item.authors or ()), item.author] if author and author.name]
        yield Entry(
            id=str(item.id if item.id is not None else ""),
            link=item.url or item.external_url or "",
            title=plain(item.title),
            author=", ".join(dict.fromkeys(authors)) or None,
            body=(item.content_html or item.content_text or item.summary or "").strip(),
            is_html=bool(item.content_html),
            whole=bool(item.content_html or item.content_text),
            dates=tuple(date for date in (item.date_published, item.date_modified) if date),
            language=language(item.language),
        )

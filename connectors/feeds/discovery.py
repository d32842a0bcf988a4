"""`newsclaims feeds add`: finds the feeds of a site, and adds one to feeds.yaml."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import yaml

from connectors.feeds.configuration import NAME, read_feeds
from connectors.kit import Suggestion
from connectors.kit.registry import find_connectors, load_connector_type
from connectors.web.addresses import redact, split_url
from connectors.web.client import Request, Response, Web
from schemas.errors import NewsclaimsError, Permanent

FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json")
"""Where sites usually keep a feed that their front page does not link to."""
SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap.xml")


def discover(url: str, web: Web, allow_private: bool = False) -> list[Suggestion]:
    """Returns the feeds that the address is or links to, otherwise those at the usual paths; the best first.

    Raises what fetching raises, and `Permanent` if nothing is found.
    """
    found = list(suggest_feeds(web.get(Request(url, allow_private=allow_private))))
    for address in find_usual_addresses(url, web, allow_private) if not found else ():
        try:
            response = web.get(Request(address, allow_private=allow_private))
        except NewsclaimsError:
            continue
        found += [each for each in suggest_feeds(response) if each.url == (response.moved_to or response.url)]
        if found:
            break
    if not found:
        raise Permanent(
            f"{redact(url)}: the page links to no feed, and there is none at the usual addresses: enter the address "
            "of the feed itself"
        )
    return list({each.url: each for each in reversed(found)}.values())[::-1]


def find_usual_addresses(url: str, web: Web, allow_private: bool) -> Iterator[str]:
    """Yields addresses to try: the usual ones of feeds, the sitemaps listed in robots.txt (news first), the usual
    ones of sitemaps."""
    yield from (urljoin(url, path) for path in FEED_PATHS)
    try:
        text = web.get(Request(urljoin(url, "/robots.txt"), allow_private=allow_private)).text
    except NewsclaimsError:
        text = ""
    named = re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", text)[:20]
    yield from sorted((urljoin(url, address) for address in named), key=lambda address: "news" not in address.lower())
    yield from (urljoin(url, path) for path in SITEMAP_PATHS)


def suggest_feeds(response: Response) -> Iterator[Suggestion]:
    """Yields the feeds that any connector finds on the page."""
    for name in find_connectors():
        yield from load_connector_type(name).discover(response)


def choose_name(suggestion: Suggestion, taken: set[str]) -> str:
    """Returns a name for the feed, made from its title or its host, with a number if it is taken."""
    host = str(split_url(suggestion.url).hostname).removeprefix("www.")
    stem = re.sub(r"[^a-z0-9]+", "-", (suggestion.title or host).lower()).strip("-")[:60] or re.sub(r"\W", "-", host)
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def add_feed(file: Path, suggestion: Suggestion, name: str | None = None, allow_private: bool = False) -> str:
    """Adds the feed to the file and returns its name. Raises `Permanent` if the name or the address exists already."""
    text = file.read_text("utf-8") if file.exists() else ""
    feeds, problems = read_feeds(file) if text.strip() else ([], [])
    if problems:
        raise Permanent(f"{problems[0]}: correct this first")
    for feed in feeds:
        if feed.config.url == suggestion.url or feed.name == name:
            raise Permanent(f"{file} already has this feed: {feed.name} reads {redact(feed.config.url)}")
    name = name or choose_name(suggestion, {feed.name for feed in feeds})
    if not NAME.match(name):
        raise Permanent(f"{name!r} cannot name a feed: use lower-case letters, digits, `.`, `_` and `-`")
    replace_file(file, insert_entry(text, render_entry(name, suggestion, allow_private)))
    return name


def render_entry(name: str, suggestion: Suggestion, allow_private: bool) -> str:
    """Returns the feed's entry as indented YAML."""
    entry: dict[str, object] = {"url": suggestion.url, "connector": suggestion.connector}
    if suggestion.title:
        entry["publisher"] = suggestion.title
    if allow_private:
        entry["settings"] = {"allow_private": True}
    written = yaml.safe_dump({name: entry}, allow_unicode=True, sort_keys=False)
    return "".join(f"  {line}\n" for line in written.splitlines())


def insert_entry(text: str, entry: str) -> str:
    """Returns the text of feeds.yaml with the entry at the end of `feeds`. Everything else, also comments, is kept."""
    lines = text.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if re.match(r"feeds:\s*(#.*)?$", line)), None)
    if start is None:
        if re.search(r"(?m)^feeds:", text):
            raise Permanent("`feeds:` and its value are on one line: first put each feed on lines of its own")
        return text + ("" if not text or text.endswith("\n") else "\n") + f"feeds:\n{entry}"
    end = next((number for number in range(start + 1, len(lines)) if re.match(r"\S", lines[number])), len(lines))
    before = "".join(lines[:end])
    return before + ("" if before.endswith("\n") else "\n") + entry + "".join(lines[end:])


def replace_file(file: Path, text: str) -> None:
    """Replaces the file if the new text is valid. It does so atomically: a poller reads the old or the new text."""
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, "utf-8")
    try:
        _, problems = read_feeds(draft)
        if problems:
            raise Permanent(f"the entry does not fit into {file}: {problems[0]}")
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)

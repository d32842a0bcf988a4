"""`newsclaims feeds add`: finds the feeds of a site, and writes an entry into feeds.yaml."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import yaml

from connectors.feeds.configuration import NAME, read_feeds
from connectors.kit import Suggestion
from connectors.kit.registry import connector_type, places
from connectors.web.addresses import redacted, split
from connectors.web.client import Request, Response, Web
from schemas.errors import NewsclaimsError, Permanent

USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json", "/news-sitemap.xml", "/sitemap.xml")
"""Where sites keep a feed or a sitemap that their front page does not name."""


def discover(url: str, web: Web, allow_private: bool = False) -> list[Suggestion]:
    """The feeds that the address is or that its page names, else those at the usual places; the best first.

    Raises what fetching raises, and `Permanent` where nothing is found.
    """
    found = list(suggestions(web.get(Request(url, allow_private=allow_private))))
    for address in elsewhere(url, web, allow_private) if not found else ():
        try:
            response = web.get(Request(address, allow_private=allow_private))
        except NewsclaimsError:
            continue
        found += [each for each in suggestions(response) if each.url == (response.moved_to or response.url)]
        if found:
            break
    if not found:
        raise Permanent(
            f"{redacted(url)}: no feed is named there, and none is at the usual places: give the feed's own address"
        )
    return list({each.url: each for each in reversed(found)}.values())[::-1]


def elsewhere(url: str, web: Web, allow_private: bool) -> Iterator[str]:
    """Addresses to try: the sitemaps that robots.txt names, news first, after the usual places of feeds."""
    yield from (urljoin(url, path) for path in USUAL[:-2])
    try:
        text = web.get(Request(urljoin(url, "/robots.txt"), allow_private=allow_private)).text
    except NewsclaimsError:
        text = ""
    named = re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", text)[:20]
    yield from sorted((urljoin(url, address) for address in named), key=lambda address: "news" not in address.lower())
    yield from (urljoin(url, path) for path in USUAL[-2:])


def suggestions(response: Response) -> Iterator[Suggestion]:
    """What any connector finds on the page."""
    for name in places():
        yield from connector_type(name).discover(response)


def name_for(suggestion: Suggestion, taken: set[str]) -> str:
    """A name for the entry: from the title, else from the host; numbered where it is taken."""
    host = str(split(suggestion.url).hostname).removeprefix("www.")
    stem = re.sub(r"[^a-z0-9]+", "-", (suggestion.title or host).lower()).strip("-")[:60] or re.sub(r"\W", "-", host)
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def add(file: Path, suggestion: Suggestion, name: str | None = None, allow_private: bool = False) -> str:
    """Writes the entry and returns its name. Raises `Permanent` where name or address is there already."""
    text = file.read_text("utf-8") if file.exists() else ""
    feeds, problems = read_feeds(file) if text.strip() else ([], [])
    if problems:
        raise Permanent(f"{problems[0]}: put that right first")
    for feed in feeds:
        if feed.entry.url == suggestion.url or feed.name == name:
            raise Permanent(f"{file} has it already: {feed.name} reads {redacted(feed.entry.url)}")
    name = name or name_for(suggestion, {feed.name for feed in feeds})
    if not NAME.match(name):
        raise Permanent(f"{name!r} is no name for a feed: small letters, digits, `.`, `_` and `-`")
    replace_text(file, with_entry(text, entry_lines(name, suggestion, allow_private)))
    return name


def entry_lines(name: str, suggestion: Suggestion, allow_private: bool) -> str:
    """The entry as YAML, indented."""
    entry: dict[str, object] = {"url": suggestion.url, "connector": suggestion.connector}
    if suggestion.title:
        entry["publisher"] = suggestion.title
    if allow_private:
        entry["settings"] = {"allow_private": True}
    written = yaml.safe_dump({name: entry}, allow_unicode=True, sort_keys=False)
    return "".join(f"  {line}\n" for line in written.splitlines())


def with_entry(text: str, entry: str) -> str:
    """The text of feeds.yaml with one more entry at the end of `feeds`; all else stays, comments too."""
    lines = text.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if re.match(r"feeds:\s*(#.*)?$", line)), None)
    if start is None:
        if re.search(r"(?m)^feeds:", text):
            raise Permanent("`feeds:` stands on one line with its value: put each feed on lines of its own first")
        return text + ("" if not text or text.endswith("\n") else "\n") + f"feeds:\n{entry}"
    end = next((number for number in range(start + 1, len(lines)) if re.match(r"\S", lines[number])), len(lines))
    before = "".join(lines[:end])
    return before + ("" if before.endswith("\n") else "\n") + entry + "".join(lines[end:])


def replace_text(file: Path, text: str) -> None:
    """Replaces the file at once, if what it says then is right: a poller that reads it sees the old or the new."""
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, "utf-8")
    try:
        _, problems = read_feeds(draft)
        if problems:
            raise Permanent(f"the entry does not fit into {file}: {problems[0]}")
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)

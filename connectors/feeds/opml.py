"""OPML: the lists of feeds that other readers export and import."""

from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from connectors.feeds.configuration import Feed, read_feeds
from connectors.feeds.discovery import entry_lines, name_for, replace_text, with_entry
from connectors.kit import Suggestion
from connectors.kit.article_line import Refused
from connectors.web.addresses import split, without_credentials
from schemas.errors import NewsclaimsError, Permanent


def read_opml(file: Path) -> list[Suggestion]:
    """The feeds of an OPML file, folders looked through. Raises `Permanent` where it is none."""
    try:
        data = file.read_bytes()
        if b"<!ENTITY" in data:
            raise Permanent(f"{file} declares entities, which no list of feeds needs")
        root = ElementTree.fromstring(data)
    except (OSError, ElementTree.ParseError, ValueError, LookupError) as error:
        raise Permanent(f"{file} cannot be read as OPML: {error}") from error
    if root.tag.lower() != "opml":
        raise Permanent(f"{file} is no OPML: its root is {root.tag[:40]}")
    found = []
    for outline in root.iter("outline"):
        named = {name.lower(): value.strip() for name, value in outline.attrib.items()}
        if url := named.get("xmlurl"):
            found.append(Suggestion("syndication", url, named.get("title") or named.get("text", "")))
    return found


def import_opml(source: Path, file: Path) -> tuple[list[str], list[Refused]]:
    """Adds the feeds of an OPML file to feeds.yaml, at once; those that it has are passed over.

    Returns the names of what was added, and what was refused with the reason. Raises `Permanent` where either file
    cannot be read.
    """
    text = file.read_text("utf-8") if file.exists() else ""
    feeds, problems = read_feeds(file) if text.strip() else ([], [])
    if problems:
        raise Permanent(f"{problems[0]}: put that right first")
    names, urls = {feed.name for feed in feeds}, {feed.entry.url for feed in feeds}
    added, refused, entries = list[str](), list[Refused](), list[str]()
    for suggestion in read_opml(source):
        try:
            split(suggestion.url)
        except NewsclaimsError as error:
            refused.append(Refused(suggestion.title or suggestion.url, str(error)))
            continue
        if suggestion.url in urls:
            continue
        name = name_for(suggestion, names)
        names.add(name)
        urls.add(suggestion.url)
        added.append(name)
        entries.append(entry_lines(name, suggestion, allow_private=False))
    if added:
        replace_text(file, with_entry(text, "".join(entries)))
    return added, refused


def export_opml(feeds: Iterable[Feed]) -> str:
    """The feeds that any reader can read, as OPML 2.0; addresses with credentials lose them."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "newsclaims"
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        if feed.entry.connector == "syndication":
            title = feed.entry.publisher or feed.name
            url = without_credentials(feed.entry.url)
            ElementTree.SubElement(body, "outline", type="rss", text=title, title=title, xmlUrl=url)
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"

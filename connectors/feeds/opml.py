"""OPML: the lists of feeds that feed readers export and import."""

from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from connectors.feeds.configuration import Feed, read_feeds
from connectors.feeds.discovery import choose_name, insert_entry, render_entry, replace_file
from connectors.kit import RefusedItem, Suggestion
from connectors.web.addresses import split_url, strip_credentials
from schemas.errors import NewsclaimsError, Permanent


def read_opml(file: Path) -> list[Suggestion]:
    """Returns the feeds of an OPML file, including those in folders. Raises `Permanent` if the file is not OPML."""
    try:
        data = file.read_bytes()
        if b"<!ENTITY" in data:
            raise Permanent(f"{file} declares entities, which a list of feeds does not need")
        root = ElementTree.fromstring(data)
    except (OSError, ElementTree.ParseError, ValueError, LookupError) as error:
        raise Permanent(f"{file} cannot be read as OPML: {error}") from error
    if root.tag.lower() != "opml":
        raise Permanent(f"{file} is not OPML: its root element is {root.tag[:40]}")
    found = []
    for outline in root.iter("outline"):
        named = {name.lower(): value.strip() for name, value in outline.attrib.items()}
        if url := named.get("xmlurl"):
            found.append(Suggestion("syndication", url, named.get("title") or named.get("text", "")))
    return found


def import_opml(source: Path, file: Path) -> tuple[list[str], list[RefusedItem]]:
    """Adds the feeds of an OPML file to feeds.yaml in one step; feeds that it has already are skipped.

    Returns the names of the feeds that were added, and those that were refused. Raises `Permanent` if either file
    cannot be read.
    """
    text = file.read_text("utf-8") if file.exists() else ""
    feeds, problems = read_feeds(file) if text.strip() else ([], [])
    if problems:
        raise Permanent(f"{problems[0]}: correct this first")
    names, urls = {feed.name for feed in feeds}, {feed.config.url for feed in feeds}
    added, refused, entries = list[str](), list[RefusedItem](), list[str]()
    for suggestion in read_opml(source):
        try:
            split_url(suggestion.url)
        except NewsclaimsError as error:
            refused.append(RefusedItem(suggestion.title or suggestion.url, str(error)))
            continue
        if suggestion.url in urls:
            continue
        name = choose_name(suggestion, names)
        names.add(name)
        urls.add(suggestion.url)
        added.append(name)
        entries.append(render_entry(name, suggestion, allow_private=False))
    if added:
        replace_file(file, insert_entry(text, "".join(entries)))
    return added, refused


def export_opml(feeds: Iterable[Feed]) -> str:
    """Returns the feeds that any feed reader can read as OPML 2.0, without credentials in their addresses."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "newsclaims"
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        if feed.config.connector == "syndication":
            title = feed.config.publisher or feed.name
            url = strip_credentials(feed.config.url)
            ElementTree.SubElement(body, "outline", type="rss", text=title, title=title, xmlUrl=url)
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"

"""Titles and names as plain text: tags are removed, and what only looks like a tag stays."""

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape

from lxml.html import defs  # type: ignore[import-untyped]

TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-z][\w.-]*(?::[\w.-]+)?)"""
    r"""(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))*)\s*/?>""",
    re.IGNORECASE,
)
"""A tag with well-formed attributes. `<40%`, `<3`, `< b >` and `<a third of it>` are none."""
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
UNSEEN = ("script", "style")
"""Elements whose text no reader sees."""
LONGEST = 5_000
"""Characters of a title or name that are read. The patterns here take too long for a whole document in their place."""
LIKE_TAG = re.compile(r"<[^<>]*>")
MAILBOX = re.compile(r"^[^\s@]+@[^\s@]+\s*\((.+)\)$|^([^<>]+?)\s*<[^\s@<>]+@[^\s@<>]+>$")
"""A name with its address, as in mail: `ed@port.example (Jo Pier)`, `Jo Pier <ed@port.example>`."""
BREAKING = defs.block_tags - {"del", "ins"} | {"br", "img"}
"""Elements that part words; others, such as `<b>`, may be in the middle of one."""
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""A raised digit must not become a digit of the number before it."""
ROUNDS = 3
"""How often text may be escaped, one time over the other."""


def make_plain(text: object) -> str | None:
    """Returns a title or name as plain text on one line, or None if nothing remains."""
    plain = str(text or "")[:LONGEST]
    for _ in range(ROUNDS):
        if "<" not in plain and "&" not in plain:
            break
        plain = unescape(strip_tags(plain))
    return " ".join(plain.split()) or None


def read_title(text: object, repairs: Counter[str]) -> str | None:
    """Returns a title as plain text, and counts one in which something only looked like a tag."""
    title = make_plain(text)
    if title and LIKE_TAG.search(title):
        repairs["titles with < kept as text"] += 1
    return title


def join_names(names: Iterable[object]) -> str | None:
    """Returns the names, each once, without the mail addresses next to them; None if there are none."""
    found: dict[str, str] = {}
    for name in names:
        plain = make_plain(MAILBOX.sub(r"\1\2", str(name or "")[:LONGEST].strip()))
        if plain:
            found.setdefault(plain.casefold(), plain)
    return ", ".join(found.values()) or None


def strip_tags(text: str) -> str:
    """Returns the text without tags, comments and what no reader sees."""
    text = COMMENT.sub("", text)
    if "<![CDATA[" in text:
        text = text.replace("<![CDATA[", "").replace("]]>", "")
    tags = list(TAG.finditer(text))
    count = Counter((bool(tag["end"]), tag["name"].lower()) for tag in tags)
    kept: list[str] = []
    position, inside = 0, ""
    for tag in tags:
        if not is_markup(tag, text, count):
            continue
        name, piece = tag["name"].lower(), text[position : tag.start()]
        if inside not in UNSEEN:
            kept += [piece.translate(SUPERSCRIPTS) if inside == "sup" else piece, " " if name in BREAKING else ""]
        position, inside = tag.end(), "" if tag["end"] else name
    return "".join(kept) + text[position:]


def is_markup(tag: re.Match[str], text: str, count: Counter[tuple[bool, str]]) -> bool:
    """Whether a tag is markup: it has its counterpart, or HTML knows it and it is not a word of its own.

    "The <b> tag" is about a tag, "Vec<T>" has nothing that HTML knows, and "List<Object>" is a type.
    """
    name = tag["name"].lower()
    if count[not tag["end"], name] or name in defs.empty_tags:
        return True
    if name not in defs.tags and ":" not in name:
        return False
    is_word = text[max(0, tag.start() - 1) : tag.start()].isspace() and text[tag.end() : tag.end() + 1].isspace()
    is_type = len(name) > 1 and tag["name"].istitle()
    return bool(tag["attributes"]) or not (is_word or is_type)

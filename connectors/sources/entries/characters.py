"""Characters that break XML: what they were meant to be, or nothing."""

import re
from collections.abc import Iterator
from html.entities import html5
from xml.sax.saxutils import escape

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML document may have."""
NUMBER = re.compile(r"&#(\d{1,9}|[xX][\da-fA-F]{1,8});")
AMPERSAND = re.compile(r"&(?!(?:#\d{1,9}|#[xX][\da-fA-F]{1,8}|amp|lt|gt|quot|apos);)(?:(?P<name>\w+);)?")
"""An `&` that starts no entity of XML."""
SECTION = re.compile(r"<!\[CDATA\[|<!--")
"""The start of a section in which anything may stand."""


def cut_declaration(text: str) -> str:
    """Returns a decoded document without its XML declaration, whose encoding is no longer the one of the text."""
    return DECLARATION.sub("", text, count=1)


def repair_characters(text: str) -> tuple[str, int]:
    """Returns the text without what breaks XML most often, and how many places were repaired.

    These are entities of HTML, `&` on its own, and control characters.
    """
    text, count = CONTROL.subn("", text)
    bad = [found for found in NUMBER.finditer(text) if not is_allowed(found)]
    if bad:
        text, count = NUMBER.sub(lambda found: found[0] if is_allowed(found) else "", text), count + len(bad)
    pieces: list[str] = []
    for piece, is_section in split_sections(text):
        repaired, number = (piece, 0) if is_section else AMPERSAND.subn(resolve_entity, piece)
        pieces.append(repaired)
        count += number
    return "".join(pieces), count


def is_allowed(number: re.Match[str]) -> bool:
    """Whether a character that is written as a number may be in XML."""
    digits = number[1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return code in (9, 10, 13) or (32 <= code < 0x110000 and not 0xD800 <= code < 0xE000 and code & 0xFFFE != 0xFFFE)


def resolve_entity(found: re.Match[str]) -> str:
    """Returns the character of an entity of HTML as XML has it, or what is there as text."""
    return escape(html5.get(f"{found['name']};", found[0]))


def split_sections(text: str) -> Iterator[tuple[str, bool]]:
    """Yields the parts of the text; of each whether it is a CDATA section or a comment."""
    position = 0
    while start := SECTION.search(text, position):
        yield text[position : start.start()], False
        end = text.find("-->" if start[0] == "<!--" else "]]>", start.end())
        position = end + 3 if end >= 0 else len(text)
        yield text[start.start() : position], True
    yield text[position:], False

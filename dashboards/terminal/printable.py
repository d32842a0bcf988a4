"""Makes text from outside safe to print: what a terminal would carry out is shown as an escape."""

import unicodedata
from typing import Final

from deploy.safe_text import escape_character

_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Categories of characters that move the cursor, change colours or the direction of text, or have no form."""


def printable(text: str, lines: bool = False) -> str:
    """Returns the text with control characters, marks of direction and the like as `\\x1b` or `\\u202e`.

    With `lines`, line breaks and tabs stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if lines and each in "\n\t" else _escape(each) for each in text)


def _escape(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE:
        return character
    return escape_character(character)

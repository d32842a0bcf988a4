"""Text of the stream in a terminal or a log: it is shown, and never obeyed.

Titles, addresses and errors come from strangers. A terminal obeys control characters: it would set its title, fill the
clipboard, hide an address behind a link, or write over the line above. Everything that is printed or logged passes
through here (`deploy.command_line` prints, `deploy.safe_console` is the terminal).
"""

import logging
import re
from collections.abc import Iterable
from copy import copy

_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_DIRECTIONS = r"\u202a-\u202e\u2066-\u2069"
"""Characters that turn the direction of the text after them. Marks of single places (U+200E, U+200F) stay."""
_UNSEEN = r"\u00ad\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f"
"""Characters that nobody sees. The joiners U+200C and U+200D stay: Persian, Hindi and emoji need them."""
_UNSAFE = re.compile(f"[{_CONTROLS}{_DIRECTIONS}{_UNSEEN}]")
_BREAKING = re.compile(f"[\t\n{_CONTROLS}{_DIRECTIONS}{_UNSEEN}]")


def remove_controls(text: str) -> str:
    """Returns the text without characters that a terminal obeys or hides; line breaks and tabs stay."""
    return _UNSAFE.sub("", text)


def escape_line(text: object) -> str:
    r"""Returns the text as one line, in which such characters, line breaks and tabs are escapes: `\x1b`, `\n`."""
    return _BREAKING.sub(lambda found: escape_character(found[0]), str(text))


def escape_json(text: str) -> str:
    r"""Returns JSON in which such characters are JSON's own escapes: a program reads the same from it."""
    return _UNSAFE.sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _list_units(found[0])), text)


def escape_character(character: str) -> str:
    r"""Returns a character as an escape, such as `\x1b` or `\u202e`."""
    return character.encode("unicode_escape", "surrogatepass").decode()


def _list_units(character: str) -> Iterable[int]:
    data = character.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(data[first : first + 2], "big") for first in range(0, len(data), 2))


class LineFormatter(logging.Formatter):
    """Formats a log record so that its message is one line. A traceback below it has lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the record as text."""
        safe = copy(record)
        safe.msg, safe.args = escape_line(record.getMessage()), ()
        return remove_controls(super().format(safe))

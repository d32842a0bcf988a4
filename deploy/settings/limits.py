"""Reads limits that are a percentage or off."""

import re

from schemas.errors import Permanent

DEFAULT_DEAD_LETTER_LIMIT = 0.5
"""The share of recent messages that may become dead letters."""

_PERCENT = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*%?")


def parse_dead_letter_limit(text: str, name: str) -> float | None:
    """Returns the share of a percentage such as `50` or `50%`; None for `off`.

    Raises `Permanent`, with the name of the setting or option, for anything else.
    """
    if text.strip().lower() == "off":
        return None
    found = _PERCENT.fullmatch(text.strip())
    if not found or float(found[1]) == 0:
        raise Permanent(f"{name} is {text!r}: it must be a percentage above 0 and below 100, such as 50%, or off")
    return float(found[1]) / 100

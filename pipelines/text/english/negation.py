"""Numbers that a text denies: "12 men, not 120", "rather than 3,000", "is not 120 but 12"."""

import re
from typing import Final

_DENIED: Final = re.compile(
    r"(?:\b(?<!or )not(?: the)?|n[’']t|\b(?:rather than|instead of|as opposed to))\s+[“\"‘]?$", re.IGNORECASE
)
_REACH: Final = 24
"""Most characters before a number that deny it: "as opposed to the “"."""


def is_denied(text: str, start: int) -> bool:
    """Whether the words right before the number at `start`, which begins with its bound, say that it is wrong."""
    return _DENIED.search(text, max(0, start - _REACH), start) is not None

"""What a line is when it is not the article: share buttons, cookie notes, other stories, the foot of the page."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from pipelines.text.reading.lines import Line
from pipelines.text.tables import load_typed_table

_PATTERN_LENGTH = 500
"""Characters of a line that the patterns see: furniture is short, and their time stays bounded."""


class Furniture(NamedTuple):
    """Why a line is no part of the article."""

    reason: str
    ends: bool = False
    """The article is over where it stands."""
    comments: bool = False
    """What follows is by readers."""


NO_WORDS = Furniture("no_words")


class _Patterns(NamedTuple):
    longest: dict[str, int]
    groups: tuple[tuple[re.Pattern[str], bool, Furniture], ...]


@cache
def _patterns() -> _Patterns:
    table = load_typed_table(__package__, "boilerplate.yaml")
    groups = []
    for mode in ("whole", "start", "part"):
        for reason, expressions in table[mode].items():
            joined = "|".join(f"(?:{expression})" for expression in expressions)
            pattern = {"whole": rf"\W*(?:{joined})\W*$", "start": rf"\W*(?:{joined})", "part": rf"(?:{joined})"}[mode]
            found = Furniture(reason, reason in table["ends"], reason in table["comments"])
            groups.append((re.compile(pattern, re.IGNORECASE), mode == "part", found))
    return _Patterns(table["longest"], tuple(groups))


def furniture(line: Line) -> Furniture | None:
    """What kind of page furniture the line is; None where it may be article."""
    if not line.words:
        return NO_WORDS
    longest = _patterns().longest["other"]
    return None if len(line.text) > _PATTERN_LENGTH or line.words > longest else _matched(line.text, line.words)


@lru_cache(maxsize=16_384)
def _matched(text: str, words: int) -> Furniture | None:
    """The pages of a feed share their menus: most lines have been seen before."""
    longest, groups = _patterns()
    for pattern, anywhere, found in groups:
        if words <= longest.get(found.reason, longest["other"]) and (
            pattern.search(text) if anywhere else pattern.match(text)
        ):
            return found
    return None

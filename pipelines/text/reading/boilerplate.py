"""Boilerplate: lines that belong to the page and not to the article, such as share buttons and cookie notices."""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from pipelines.text.expressions import fold_case
from pipelines.text.reading.lines import TextLine
from pipelines.text.tables import load_typed_table

_MOST_CHARACTERS = 500
"""Longest line that is compared with the patterns: boilerplate is short, and their time stays bounded."""


class Boilerplate(NamedTuple):
    """Why a line is not part of the article."""

    reason: str
    ends: bool = False
    """The article is over at this line."""
    comments: bool = False
    """What follows is by readers."""


NO_WORDS = Boilerplate("no_words")
RECURRING = Boilerplate("recurring")
"""The line is part of the feed's template."""
REPEATED = Boilerplate("repeated")
LINK_CARD = Boilerplate("link_card")
"""Headline, picture or sentence of a link to another story."""


class _Group(NamedTuple):
    """The patterns of one reason."""

    find: Callable[[str], re.Match[str] | None]
    boilerplate: Boilerplate
    most_words: int


class _Patterns(NamedTuple):
    most_words: int
    """Words of a line above which no group matches."""
    groups: tuple[_Group, ...]
    stripped: frozenset[str]


_SHAPES = {"whole": r"^\W*(?:{})\W*$", "start": r"^\W*(?:{})", "part": "(?:{})"}
"""Where on a line the expressions of each part of the table must match."""


@cache
def _load_patterns() -> _Patterns:
    table = load_typed_table(__package__, "boilerplate.yaml")
    longest = table["longest"]
    groups = []
    for part, shape in _SHAPES.items():
        for reason, expressions in table[part].items():
            joined = "|".join(f"(?:{expression})" for expression in expressions)
            boilerplate = Boilerplate(reason, reason in table["ends"], reason in table["comments"])
            pattern = re.compile(shape.format(joined))
            find = pattern.search if part == "part" else pattern.match
            groups.append(_Group(find, boilerplate, longest.get(reason, longest["other"])))
    return _Patterns(longest["other"], tuple(groups), frozenset(table["stripped"]))


def find_boilerplate(line: TextLine) -> Boilerplate | None:
    """Returns the kind of boilerplate that the line is by its own words; None if it may be part of the article."""
    if not line.words:
        return NO_WORDS
    if len(line.text) > _MOST_CHARACTERS or line.words > _load_patterns().most_words:
        return None
    return _find_match(line.text, line.words)


def is_stripped(boilerplate: Boilerplate | None) -> bool:
    """Whether such a line is removed even from what trafilatura takes for the article."""
    return boilerplate is not None and boilerplate.reason in _load_patterns().stripped


@lru_cache(maxsize=16_384)
def _find_match(text: str, words: int) -> Boilerplate | None:
    """Cached because the pages of a feed share their menus: most lines have been seen before."""
    folded = fold_case(text)
    for group in _load_patterns().groups:
        if words <= group.most_words and group.find(folded):
            return group.boilerplate
    return None

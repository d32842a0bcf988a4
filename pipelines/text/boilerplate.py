"""What a line is when it is not the article: share buttons, cookie notes, other stories, the foot of the page."""

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml

from pipelines.text.lines import Line

_PATTERN_LENGTH = 400
"""Characters of a line that the patterns see: furniture is short, and their time stays bounded."""


class Furniture(NamedTuple):
    """Why a line is no part of the article; `ends` says that the article is over where it stands."""

    reason: str
    ends: bool = False


class _Patterns(NamedTuple):
    longest: int
    groups: tuple[tuple[re.Pattern[str], Furniture], ...]


@cache
def _patterns() -> _Patterns:
    table = yaml.safe_load((resources.files("pipelines.text") / "tables/reading_furniture.yaml").read_text("utf-8"))
    groups = []
    for mode in ("whole", "end", "start"):
        for reason, expressions in table[mode].items():
            joined = "|".join(f"(?:{expression})" for expression in expressions)
            tail = "" if mode == "start" else r"\W*$"
            groups.append((re.compile(rf"\W*(?:{joined}){tail}", re.IGNORECASE), Furniture(reason, mode == "end")))
    return _Patterns(table["longest"], tuple(groups))


def furniture(line: Line) -> Furniture | None:
    """What kind of page furniture the line is; None where it may be article."""
    patterns = _patterns()
    if line.words > patterns.longest or len(line.text) > _PATTERN_LENGTH:
        return None
    if not line.words:
        return Furniture("no_words")
    for pattern, found in patterns.groups:
        if pattern.match(line.text):
            return found
    return None

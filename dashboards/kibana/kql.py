"""Parses searches in Kibana's query language (KQL): which fields a search names, and what it compares them with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.errors import Permanent

TOKEN: Final = re.compile(
    r'\s*(?:(?P<quoted>"(?:\\.|[^"\\])*")|(?P<operator><=|>=|[<>:()])|(?P<word>(?:\\.|[^\s\\():<>"])+))'
)
CONJUNCTIONS: Final = frozenset({"and", "or", "not"})
OPERATORS: Final = frozenset({":", "<", ">", "<=", ">="})
DELIMITERS: Final = OPERATORS | {"(", ")"}


@dataclass(frozen=True)
class Comparison:
    """A field and the values it is compared with; a quoted value keeps its quotes."""

    field: str
    operator: str
    values: tuple[str, ...]


def parse_comparisons(kql: str) -> list[Comparison]:
    """Returns every comparison in the search, in order.

    Raises `Permanent` unless the search uses only fields with values, ranges, lists in parentheses, and, or, not.
    """
    tokens = list(_split_tokens(kql))
    return list(_read_comparisons(tokens, kql))


def _split_tokens(kql: str) -> Iterator[str]:
    place, text = 0, kql.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise Permanent(f"The search {kql!r} cannot be parsed from {text[place:].strip()!r} on.")
        place = found.end()
        yield found.group().strip()


def _read_comparisons(tokens: list[str], kql: str) -> Iterator[Comparison]:
    place, depth = 0, 0
    while place < len(tokens) and depth >= 0:
        token = tokens[place]
        if token in ("(", ")"):
            depth += 1 if token == "(" else -1
            place += 1
        elif token.lower() in CONJUNCTIONS:
            place += 1
        elif place + 2 < len(tokens) and tokens[place + 1] in OPERATORS:
            values, end = _read_values(tokens, place + 2, kql)
            yield Comparison(token, tokens[place + 1], values)
            place = end
        else:
            raise Permanent(f"The search {kql!r} compares {token!r} with nothing: write field : value.")
    if depth:
        raise _unbalanced(kql)


def _read_values(tokens: list[str], place: int, kql: str) -> tuple[tuple[str, ...], int]:
    """Returns the values from this position, and the position after them: one value of several words, or a list."""
    if tokens[place] != "(":
        end = place
        while end < len(tokens) and tokens[end] not in DELIMITERS and tokens[end].lower() not in CONJUNCTIONS:
            end += 1
        return (" ".join(tokens[place:end]),), end
    end, values = place + 1, []
    while end < len(tokens) and tokens[end] != ")":
        if tokens[end].lower() not in CONJUNCTIONS:
            values.append(tokens[end])
        end += 1
    if end == len(tokens):
        raise _unbalanced(kql)
    return tuple(values), end + 1


def _unbalanced(kql: str) -> Permanent:
    return Permanent(f"The parentheses in the search {kql!r} are not balanced.")

"""Which fields a search in Kibana's query language names, and what it does with each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from schemas.errors import Permanent

TOKEN: Final = re.compile(
    r'\s*(?:(?P<quoted>"(?:\\.|[^"\\])*")|(?P<sign><=|>=|[<>:()])|(?P<word>(?:\\.|[^\s\\():<>"])+))'
)
CONJUNCTIONS: Final = frozenset({"and", "or", "not"})
CLOSED: Final = frozenset({"(", ")", ":", "<", ">", "<=", ">="})

Operator = Literal[":", "<", ">", "<=", ">="]


@dataclass(frozen=True)
class Comparison:
    """A field and what it is compared with; a quoted value keeps its quotes."""

    field: str
    operator: str
    values: tuple[str, ...]


def parse_comparisons(kql: str) -> list[Comparison]:
    """Every comparison in the search, in order.

    Raises `Permanent` where it is not in the part of the language that our searches use: fields with values, ranges,
    lists in parentheses, and, or, not.
    """
    tokens = list(_tokens(kql))
    return list(_comparisons(tokens, kql))


def _tokens(kql: str) -> Iterator[str]:
    place, text = 0, kql.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise Permanent(f"The search {kql!r} cannot be read from {text[place:].strip()!r} on.")
        place = found.end()
        yield found.group().strip()


def _comparisons(tokens: list[str], kql: str) -> Iterator[Comparison]:
    place, depth = 0, 0
    while place < len(tokens):
        token = tokens[place]
        if token in ("(", ")"):
            depth += 1 if token == "(" else -1
            place += 1
        elif token.lower() in CONJUNCTIONS:
            place += 1
        elif place + 2 < len(tokens) and tokens[place + 1] in CLOSED - {"(", ")"}:
            values, after = _values(tokens, place + 2, kql)
            yield Comparison(token, tokens[place + 1], values)
            place = after
        else:
            raise Permanent(f"The search {kql!r} compares {token!r} with nothing: write field : value.")
        if depth < 0:
            break
    if depth:
        raise _open(kql)


def _values(tokens: list[str], place: int, kql: str) -> tuple[tuple[str, ...], int]:
    """The values from here on, and the place after them: one value of one or more words, or a list."""
    if tokens[place] != "(":
        end = place
        while end < len(tokens) and tokens[end] not in CLOSED and tokens[end].lower() not in CONJUNCTIONS:
            end += 1
        return (" ".join(tokens[place:end]),), end
    end, values = place + 1, []
    while end < len(tokens) and tokens[end] != ")":
        if tokens[end].lower() not in CONJUNCTIONS:
            values.append(tokens[end])
        end += 1
    if end == len(tokens):
        raise _open(kql)
    return tuple(values), end + 1


def _open(kql: str) -> Permanent:
    return Permanent(f"The search {kql!r} does not close its parentheses.")

"""An independent parser of KQL that follows Kibana's documentation, to compare our searches with their queries.

https://www.elastic.co/docs/reference/query-languages/kql: a quoted value is a phrase, an unquoted one any of its
words; `*` alone matches documents with the field, inside a value any characters; `not` binds more tightly than
`and`, `and` closer than `or`; a list in parentheses says the same of one field.
"""

import re
from collections.abc import Callable
from typing import Any

Query = dict[str, Any]

TOKEN = re.compile(r'\s+|"((?:\\.|[^"\\])*)"|(<=|>=|[<>:()])|((?:\\.|[^\s"<>:()\\])+)')
RANGES = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def query(kql: str, types: dict[str, str]) -> Query:
    """Returns the query that Kibana would send; `types` are the fields' types in Elasticsearch."""
    reader = Reader(tokens(kql), types)
    found = reader.any_of(reader.one)
    assert not reader.left, f"{kql!r} goes on after its end: {reader.left}"
    return found


def tokens(kql: str) -> list[tuple[str, str]]:
    """Returns the kind (quoted, sign, word) and text of each token."""
    found, place = [], 0
    while place < len(kql):
        match = TOKEN.match(kql, place)
        assert match, f"{kql!r} is not KQL at {kql[place:]!r}"
        place = match.end()
        for kind, text in zip(("quoted", "sign", "word"), match.groups(), strict=True):
            if text is not None:
                found.append((kind, text))
    return found


class Reader:
    """Reads tokens from left to right."""

    def __init__(self, left: list[tuple[str, str]], types: dict[str, str]) -> None:
        self.left, self.types = left, types

    def takes(self, text: str) -> bool:
        """Consumes this sign or conjunction if it comes next, and returns whether it did."""
        if self.left and self.left[0][0] != "quoted" and self.left[0][1].lower() == text:
            self.left.pop(0)
            return True
        return False

    def any_of(self, one: Callable[[], Query]) -> Query:
        parts = [self.all_of(one)]
        while self.takes("or"):
            parts.append(self.all_of(one))
        return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}

    def all_of(self, one: Callable[[], Query]) -> Query:
        parts = [self.negated(one)]
        while self.takes("and"):
            parts.append(self.negated(one))
        return parts[0] if len(parts) == 1 else {"bool": {"filter": parts}}

    def negated(self, one: Callable[[], Query]) -> Query:
        if self.takes("not"):
            return {"bool": {"must_not": [self.negated(one)]}}
        if self.takes("("):
            inner = self.any_of(one)
            assert self.takes(")")
            return inner
        return one()

    def one(self) -> Query:
        kind, field = self.left.pop(0)
        assert kind == "word"
        for sign, bound in RANGES.items():
            if self.takes(sign):
                return {"range": {field: {bound: self.left.pop(0)[1]}}}
        assert self.takes(":"), f"{field} is compared with nothing"
        return self.negated(lambda: self.compared(field))

    def compared(self, field: str) -> Query:
        kind, value = self.left.pop(0)
        while kind == "word" and self.left and self.left[0][0] == "word" and not self.conjunction():
            value += " " + self.left.pop(0)[1]
        if kind == "word" and value == "*":
            return {"exists": {"field": field}}
        if kind == "word" and "*" in value:
            if self.types[field] == "keyword":
                return {"wildcard": {field: {"value": value}}}
            return {"query_string": {"fields": [field], "query": value.replace(" ", "\\ ")}}
        if self.types[field] == "date":
            return {"range": {field: {"gte": value, "lte": value}}}
        if self.types[field] == "keyword":
            return {"term": {field: {"value": value}}}
        return {"match_phrase" if kind == "quoted" else "match": {field: value}}

    def conjunction(self) -> bool:
        return self.left[0][1].lower() in ("and", "or", "not")

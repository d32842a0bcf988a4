"""Builders for clauses of Elasticsearch's query language, named after what they match."""

from typing import Any

Clause = dict[str, Any]


def term(name: str, *values: str | bool) -> Clause:
    """Matches documents whose field equals one of the values."""
    return {"terms": {name: list(values)}} if len(values) > 1 else {"term": {name: values[0]}}


def phrase(name: str, words: str) -> Clause:
    """Matches documents whose text contains these words in sequence."""
    return {"match_phrase": {name: words}}


def any_word(name: str, words: str) -> Clause:
    """Matches documents whose text contains one of the words."""
    return {"match": {name: words}}


def exists(name: str) -> Clause:
    """Matches documents that have the field."""
    return {"exists": {"field": name}}


def between(name: str, **bounds: float) -> Clause:
    """Matches documents whose number is within the bounds (gte, gt, lte, lt)."""
    return {"range": {name: bounds}}


def all_of(*clauses: Clause, never: Clause | None = None) -> Clause:
    """Matches documents that match every clause, and do not match `never`."""
    return {"bool": {"filter": list(clauses)} | ({"must_not": [never]} if never else {})}


def any_of(*clauses: Clause) -> Clause:
    """Matches documents that match at least one of the clauses."""
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def none_of(clause: Clause) -> Clause:
    """Matches documents that do not match the clause."""
    return {"bool": {"must_not": [clause]}}

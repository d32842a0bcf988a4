"""Clauses of Elasticsearch's query language, under names that read like the search they make."""

from typing import Any

Clause = dict[str, Any]


def term(name: str, *values: str | bool) -> Clause:
    """Documents whose field is one of the values, whole."""
    return {"terms": {name: list(values)}} if len(values) > 1 else {"term": {name: values[0]}}


def phrase(name: str, words: str) -> Clause:
    """Documents whose text has these words one after the other."""
    return {"match_phrase": {name: words}}


def words(name: str, any_of: str) -> Clause:
    """Documents whose text has one of the words."""
    return {"match": {name: any_of}}


def there(name: str) -> Clause:
    """Documents that have the field."""
    return {"exists": {"field": name}}


def between(name: str, **bounds: float) -> Clause:
    """Documents whose number lies within the bounds (gte, gt, lte, lt)."""
    return {"range": {name: bounds}}


def every(*clauses: Clause, never: Clause | None = None) -> Clause:
    """Documents that all clauses hold for, and `never` does not."""
    return {"bool": {"filter": list(clauses)} | ({"must_not": [never]} if never else {})}


def either(*clauses: Clause) -> Clause:
    """Documents that at least one of the clauses holds for."""
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def lacking(clause: Clause) -> Clause:
    """Documents that the clause does not hold for."""
    return {"bool": {"must_not": [clause]}}

"""Selections on the page, and the queries for all of them at once, so that the page needs no server.

Counts of distinct values cannot be derived for a combination, such as one claimant and one status, from the counts of
each. So Elasticsearch counts every combination that the page offers, in buckets around those of the panel's query.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

from elasticsearch import Elasticsearch

from dashboards.ask import answers
from dashboards.ask.answers import QueryOptions, Row
from dashboards.ask.asking import explain_errors
from dashboards.ask.filters import DIMENSIONS
from dashboards.ask.query import Bucket, LabelledQueries, Query, Terms, TimeBuckets

Key = tuple[int, ...]
"""A selection: for each choice the position of its value, or 0 for all values."""

BUCKETS: Final = 60_000
"""Maximum number of buckets in one answer; Elasticsearch fails above 65,536 (`search.max_buckets`)."""
POOL: Final = 1000
"""Number of documents, the newest, that are fetched for a list."""
EACH: Final = 50
"""Number of documents, the newest, that are fetched in addition for a value with fewer among the first."""


@dataclass(frozen=True)
class Choice:
    """A selector of the page: a dimension, and the values that it offers in addition to all."""

    dimension: str
    values: tuple[str, ...]

    @property
    def positions(self) -> tuple[int, ...]:
        """0 for all, and one for each value."""
        return tuple(range(len(self.values) + 1))


@dataclass(frozen=True)
class SelectionAnswers:
    """A query's rows for each selection that has any, and the number of documents in each selection."""

    rows: Mapping[Key, Sequence[Row]]
    counts: Mapping[Key, int]


def ask_selections(
    client: Elasticsearch, query: Query, options: QueryOptions, choices: Sequence[Choice]
) -> SelectionAnswers:
    """Returns the query's answers for each selection. Raises what `explain_errors` raises."""
    rows: dict[Key, Sequence[Row]] = {}
    counts: dict[Key, int] = {}
    for part in split_request(query, options, [(choice, choice.positions) for choice in choices]):
        inner = answers.build_aggregations(query, query.by, options) if query.by else {}
        for key, bucket in _read(_search(client, query, options, wrap_aggregations(query, part, inner)), len(part), ()):
            counts[key] = bucket["doc_count"]
            if query.by and bucket["doc_count"]:
                rows[key] = answers.read_rows(query, {"aggregations": bucket})
    return (
        SelectionAnswers(rows, counts)
        if query.by
        else SelectionAnswers(_list_documents(client, query, options, choices), counts)
    )


Part = Sequence[tuple[Choice, Sequence[int]]]
"""For each choice, the positions that one request covers."""


def split_request(query: Query, options: QueryOptions, part: Part) -> Iterator[Part]:
    """Splits a request until each answer has fewer than `BUCKETS` buckets, or the request cannot be split."""
    for place, (choice, positions) in enumerate(part):
        if len(positions) > 1 and estimate_buckets(query, options, part) > BUCKETS:
            middle = len(positions) // 2
            for half in (positions[:middle], positions[middle:]):
                yield from split_request(query, options, [*part[:place], (choice, half), *part[place + 1 :]])
            return
    yield part


def estimate_buckets(query: Query, options: QueryOptions, part: Part) -> int:
    """Returns the maximum number of buckets that the answer can have."""
    own = prod(_size(bucket, options) for bucket in query.by)
    for choice, positions in part:
        field = DIMENSIONS[choice.dimension].field(query.index)
        split = next((by.size for by in query.by if isinstance(by, Terms) and by.field == field), 1)
        # If a value is selected, its field has only one bucket.
        own = own // split * sum(split if position == 0 else 1 for position in positions)
    return own


def _size(bucket: Bucket, options: QueryOptions) -> int:
    match bucket:
        case Terms():
            return bucket.size
        case LabelledQueries():
            return len(bucket.queries)
        case TimeBuckets():
            every = options.span.bucket_width(options.buckets) if bucket.every == "auto" else bucket.every
            return int((options.span.until - options.span.since).total_seconds() // answers.width_seconds(every)) + 2


def wrap_aggregations(query: Query, part: Part, inner: dict[str, Any]) -> dict[str, Any]:
    """Nests the buckets of the choices, with the query's own in the innermost."""
    if not part:
        return inner
    (choice, positions), *rest = part
    field = DIMENSIONS[choice.dimension].field(query.index)
    clauses: dict[str, Any] = {
        str(position): {"term": {field: choice.values[position - 1]}} if position else {"match_all": {}}
        for position in positions
    }
    nested = wrap_aggregations(query, rest, inner)
    return {"chosen": {"filters": {"filters": clauses}, **({"aggs": nested} if nested else {})}}


def _search(client: Elasticsearch, query: Query, options: QueryOptions, aggs: dict[str, Any]) -> Mapping[str, Any]:
    """Returns the whole answer as a bucket."""
    search = {"query": answers.build_search(query, options)["query"], "size": 0, "track_total_hits": True}
    with explain_errors(query.index):
        answer = client.search(
            index=query.index, body=search | ({"aggs": aggs} if aggs else {}), ignore_unavailable=True
        )
    return {"doc_count": answer["hits"]["total"]["value"], **answer.get("aggregations", {})}


def _read(bucket: Mapping[str, Any], depth: int, key: Key) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    if depth == 0:
        yield key, bucket
    elif "chosen" in bucket:  # missing if no index is behind the alias
        for position, inner in bucket["chosen"]["buckets"].items():
            yield from _read(inner, depth - 1, (*key, int(position)))


def _list_documents(
    client: Elasticsearch, query: Query, options: QueryOptions, choices: Sequence[Choice]
) -> dict[Key, list[Row]]:
    """Returns the newest documents of each selection among those fetched: the newest overall, and of rare values."""
    fields = {choice.dimension: str(DIMENSIONS[choice.dimension].field(query.index)) for choice in choices}
    whole = answers.build_search(query, options) | {"size": max(POOL, query.size)}
    whole["_source"] = sorted({name.removesuffix(".keyword") for name in (*query.fields, *fields.values())})
    pool = _search_documents(client, query, [whole])
    if len(pool) == whole["size"]:
        rare = [{"term": {fields[choice.dimension]: value}} for choice in choices for value in choice.values
                if sum(value in _read_values(hit, fields[choice.dimension]) for hit in pool) < EACH]  # fmt: skip
        pool += _search_documents(
            client, query, [whole | {"size": EACH, "query": {"bool": {"filter": [whole["query"], of]}}} for of in rare]
        )
    found: dict[Key, list[Row]] = defaultdict(list)
    hits = {hit["_id"]: hit for hit in pool}.values()
    for hit in sorted(hits, key=lambda hit: (hit["sort"], hit["_id"]), reverse=True):
        held = [[0, *(position for position, value in enumerate(choice.values, 1)
                      if value in _read_values(hit, fields[choice.dimension]))] for choice in choices]  # fmt: skip
        for key in product(*held):
            if len(found[key]) < query.size:
                found[key].append({name: answers.read_field(hit["_source"], name) for name in query.fields})
    return found


def _search_documents(
    client: Elasticsearch, query: Query, searches: Sequence[dict[str, Any]]
) -> list[Mapping[str, Any]]:
    """Returns the documents that several searches find."""
    if not searches:
        return []
    lines = [line for search in searches for line in ({"index": query.index, "ignore_unavailable": True}, search)]
    with explain_errors(query.index):
        found = client.msearch(searches=lines)["responses"]
        for search, answer in zip(searches, found, strict=True):
            if "error" in answer:
                # The same search alone raises the error.
                answer.update(client.search(index=query.index, body=search, ignore_unavailable=True))
    return [hit for answer in found for hit in answer["hits"]["hits"]]


def _read_values(hit: Mapping[str, Any], field: str) -> list[Any]:
    """Returns the document's values in the field."""
    value = answers.read_field(hit["_source"], field)
    return value if isinstance(value, list) else [value]

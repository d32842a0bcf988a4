"""What the page can be narrowed by without asking again, and how the answers for all of it are asked at once.

Distinct assertions of one claimant and one status cannot be had from those of each claimant and of each status: so
every combination of what the page offers is counted by Elasticsearch, in buckets around those of the panel's query.
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
from dashboards.ask.asking import explain_errors as telling
from dashboards.ask.filters import DIMENSIONS
from dashboards.ask.query import Bucket, LabelledQueries, Query, Terms, TimeBuckets

Key = tuple[int, ...]
"""A selection: of each choice the position of its value, 0 where all are chosen."""

BUCKETS: Final = 60_000
"""Buckets in one answer at most; Elasticsearch gives up above 65,536 (`search.max_buckets`)."""
POOL: Final = 1000
"""Documents of a list that are fetched whatever they are, the newest."""
EACH: Final = 50
"""Those that are fetched of a value of which fewer are among these, the newest."""


@dataclass(frozen=True)
class Choice:
    """A dimension that the page can be narrowed by, and the values that it offers beside all."""

    dimension: str
    values: tuple[str, ...]

    @property
    def positions(self) -> tuple[int, ...]:
        """0 for all, and one for each value."""
        return tuple(range(len(self.values) + 1))


@dataclass(frozen=True)
class SelectionAnswers:
    """A query's rows for each selection that has any, and how many documents each selection has."""

    rows: Mapping[Key, Sequence[Row]]
    counts: Mapping[Key, int]


def ask_selections(
    client: Elasticsearch, query: Query, asking: QueryOptions, choices: Sequence[Choice]
) -> SelectionAnswers:
    """The query's answers for each selection. Raises what `asking` raises."""
    rows: dict[Key, Sequence[Row]] = {}
    counts: dict[Key, int] = {}
    for part in split_request(query, asking, [(choice, choice.positions) for choice in choices]):
        inner = answers.build_aggregations(query, query.by, asking) if query.by else {}
        for key, bucket in _read(_search(client, query, asking, wrap_aggregations(query, part, inner)), len(part), ()):
            counts[key] = bucket["doc_count"]
            if query.by and bucket["doc_count"]:
                rows[key] = answers.read_rows(query, {"aggregations": bucket})
    return (
        SelectionAnswers(rows, counts)
        if query.by
        else SelectionAnswers(_list_documents(client, query, asking, choices), counts)
    )


Part = Sequence[tuple[Choice, Sequence[int]]]
"""Of each choice the positions that are asked together."""


def split_request(query: Query, asking: QueryOptions, part: Part) -> Iterator[Part]:
    """Splits what is asked until each answer has less than `BUCKETS` buckets, or cannot be split."""
    for place, (choice, positions) in enumerate(part):
        if len(positions) > 1 and estimate_buckets(query, asking, part) > BUCKETS:
            middle = len(positions) // 2
            for half in (positions[:middle], positions[middle:]):
                yield from split_request(query, asking, [*part[:place], (choice, half), *part[place + 1 :]])
            return
    yield part


def estimate_buckets(query: Query, asking: QueryOptions, part: Part) -> int:
    """The most buckets that the answer can have."""
    own = prod(_size(bucket, asking) for bucket in query.by)
    for choice, positions in part:
        field = DIMENSIONS[choice.dimension].field(query.index)
        split = next((by.size for by in query.by if isinstance(by, Terms) and by.field == field), 1)
        # Under a chosen value, the buckets by the same field are one.
        own = own // split * sum(split if position == 0 else 1 for position in positions)
    return own


def _size(bucket: Bucket, asking: QueryOptions) -> int:
    match bucket:
        case Terms():
            return bucket.size
        case LabelledQueries():
            return len(bucket.queries)
        case TimeBuckets():
            every = asking.span.bucket_width(asking.buckets) if bucket.every == "auto" else bucket.every
            return int((asking.span.until - asking.span.since).total_seconds() // answers.width_seconds(every)) + 2


def wrap_aggregations(query: Query, part: Part, inner: dict[str, Any]) -> dict[str, Any]:
    """The buckets of the choices inside each other, the query's own in the innermost."""
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


def _search(client: Elasticsearch, query: Query, asking: QueryOptions, aggs: dict[str, Any]) -> Mapping[str, Any]:
    """The bucket that is the whole answer."""
    asked = {"query": answers.build_search(query, asking)["query"], "size": 0, "track_total_hits": True}
    with telling(query.index):
        answer = client.search(
            index=query.index, body=asked | ({"aggs": aggs} if aggs else {}), ignore_unavailable=True
        )
    return {"doc_count": answer["hits"]["total"]["value"], **answer.get("aggregations", {})}


def _read(bucket: Mapping[str, Any], depth: int, key: Key) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    if depth == 0:
        yield key, bucket
    elif "chosen" in bucket:  # else there is no index behind the alias
        for position, inner in bucket["chosen"]["buckets"].items():
            yield from _read(inner, depth - 1, (*key, int(position)))


def _list_documents(
    client: Elasticsearch, query: Query, asking: QueryOptions, choices: Sequence[Choice]
) -> dict[Key, list[Row]]:
    """The newest documents of each selection among those that are fetched: the newest of all, and of rare values."""
    fields = {choice.dimension: str(DIMENSIONS[choice.dimension].field(query.index)) for choice in choices}
    whole = answers.build_search(query, asking) | {"size": max(POOL, query.size)}
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
    """What the searches find."""
    if not searches:
        return []
    lines = [line for search in searches for line in ({"index": query.index, "ignore_unavailable": True}, search)]
    with telling(query.index):
        found = client.msearch(searches=lines)["responses"]
        for search, answer in zip(searches, found, strict=True):
            if "error" in answer:
                # Asked alone, it raises what it says.
                answer.update(client.search(index=query.index, body=search, ignore_unavailable=True))
    return [hit for answer in found for hit in answer["hits"]["hits"]]


def _read_values(hit: Mapping[str, Any], field: str) -> list[Any]:
    """What the document has in the field, one or several."""
    value = answers.read_field(hit["_source"], field)
    return value if isinstance(value, list) else [value]

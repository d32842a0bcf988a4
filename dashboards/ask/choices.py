"""Checks the values of filters, so that a typo does not look like an empty result."""

from collections.abc import Collection, Iterator
from typing import Any, get_args

from elasticsearch import Elasticsearch

from dashboards.ask.asking import explain_errors
from dashboards.ask.filters import DIMENSIONS, Filters, Index
from schemas.errors import Permanent
from schemas.fields import Status
from schemas.suggestions import hint, suggest

STATUSES: tuple[str, ...] = get_args(Status)
CANDIDATES = 1000
"""Number of values, the most frequent of a field, among which a suggestion is searched."""


def check_filters(filters: Filters, index: Index, unit_classes: Collection[str]) -> None:
    """Rejects filters that cannot match: a dimension that the index lacks, or an unknown status or unit class.

    `unit_classes` lists all unit classes. Raises `Permanent` with a suggestion.
    """
    for name, dimension in DIMENSIONS.items():
        if getattr(filters, name) and not dimension.field(index):
            raise Permanent(f"{index} have no {dimension.label.lower()}: leave out {option_name(name)}")
    for name, known in (("status", STATUSES), ("unit_class", unit_classes)):
        for value in getattr(filters, name):
            if value not in known:
                raise Permanent(f"{option_name(name)} {value!r} is unknown: {suggest(value, sorted(known))}")


def option_name(name: str) -> str:
    """Returns the command-line option for a dimension."""
    return f"--{name.replace('_', '-')}"


def find_unmatched(client: Elasticsearch, index: Index, filters: Filters) -> Iterator[str]:
    """Yields a sentence for each filter value that no document of the index has, regardless of other filters.

    Raises what `explain_errors` raises.
    """
    for name, dimension in DIMENSIONS.items():
        field = dimension.field(index)
        for value in getattr(filters, name):
            if field and not _find_frequent(client, index, field, {"term": {field: value}}):
                near = hint(value, _find_frequent(client, index, field, {"match_all": {}}))
                yield f"none of the {index} has the {dimension.label.lower()} {value!r}{near}"


def _find_frequent(client: Elasticsearch, index: Index, field: str, query: dict[str, Any]) -> list[str]:
    with explain_errors(index):
        response = client.search(
            index=index, size=0, query=query, aggs={"values": {"terms": {"field": field, "size": CANDIDATES}}}
        )
    return [bucket["key"] for bucket in response.get("aggregations", {}).get("values", {}).get("buckets", ())]

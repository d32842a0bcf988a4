"""Checks the values that a user chose to narrow by: a slip of the finger shall not look like an empty answer."""

from collections.abc import Collection, Iterator
from typing import Any, get_args

from elasticsearch import Elasticsearch

from dashboards.ask.asking import asking
from dashboards.ask.filters import DIMENSIONS, Filters, Index
from schemas.errors import Permanent
from schemas.fields import Status
from schemas.suggestions import hint, suggest

STATUSES: tuple[str, ...] = get_args(Status)
NEAR = 1000
"""Values of a field that a suggestion is chosen from, the most frequent."""


def check(filters: Filters, index: Index, unit_classes: Collection[str]) -> None:
    """Refuses what cannot match: a dimension that the index does not have, a status or unit class that there is not.

    `unit_classes` are all that there are. Raises `Permanent` with a suggestion.
    """
    for name, dimension in DIMENSIONS.items():
        if getattr(filters, name) and not dimension.field(index):
            raise Permanent(f"{index} have no {dimension.label.lower()}: leave out {option(name)}")
    for name, known in (("status", STATUSES), ("unit_class", unit_classes)):
        for value in getattr(filters, name):
            if value not in known:
                raise Permanent(f"{option(name)} {value!r} is unknown: {suggest(value, sorted(known))}")


def option(name: str) -> str:
    """The command line's option for a dimension."""
    return f"--{name.replace('_', '-')}"


def unmatched(client: Elasticsearch, index: Index, filters: Filters) -> Iterator[str]:
    """A sentence for each chosen value that no document of the index has, whatever else is chosen.

    Raises what `asking` raises.
    """
    for name, dimension in DIMENSIONS.items():
        field = dimension.field(index)
        for value in getattr(filters, name):
            if field and not _frequent(client, index, field, {"term": {field: value}}):
                near = hint(value, _frequent(client, index, field, {"match_all": {}}))
                yield f"none of the {index} has the {dimension.label.lower()} {value!r}{near}"


def _frequent(client: Elasticsearch, index: Index, field: str, query: dict[str, Any]) -> list[str]:
    with asking(index):
        answer = client.search(
            index=index, size=0, query=query, aggs={"values": {"terms": {"field": field, "size": NEAR}}}
        )
    return [bucket["key"] for bucket in answer.get("aggregations", {}).get("values", {}).get("buckets", ())]

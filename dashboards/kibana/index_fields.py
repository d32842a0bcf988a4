"""The fields of each index that searches and charts can use: their types in Elasticsearch, and what they mean."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect as types

from dashboards.ask.filters import Index
from schemas.elasticsearch.indices import FAMILIES
from schemas.elasticsearch.mapping import aliases, properties

NUMBERS: Final = frozenset({"long", "integer", "double"})
AGGREGATED: Final = NUMBERS | {"keyword", "date", "boolean"}
"""Types whose values can be counted, sorted and charted."""
NOT_SEARCHED: Final = frozenset({"object", "binary"})

RUNTIME: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "articles": {
        "arrival_hours": {
            "type": "double",
            "script": {
                "source": "def from = doc['published_at'].value; def to = doc['fetched_at'].value;"
                " emit(ChronoUnit.SECONDS.between(from, to) / 3600.0)"
            },
        }
    },
}
"""Runtime fields, in the form of a data view and of `runtime_mappings` in a search.

They exist because KQL cannot compare two fields. Elasticsearch runs the script on each document that matches the rest
of the search.
"""

RUNTIME_MEANINGS: Final = {
    "arrival_hours": "Hours from the article's publication to its fetch; negative if its date is in the future.",
}


@dataclass(frozen=True)
class IndexField:
    """A field under its name in KQL. `choices` lists all possible values, if its record does."""

    name: str
    type: str
    meaning: str = ""
    choices: tuple[str, ...] = ()


@cache
def index_fields(index: Index) -> dict[str, IndexField]:
    """Returns every field of the index that can be searched, including runtime fields, by name."""
    record = FAMILIES[index].record
    found = {field.name: field for field in _find_searchable(properties(record), dict(_describe_fields(record)))}
    for name, alias in aliases(record).items():
        path = alias["path"]
        found[name] = replace(found[path], name=name, meaning=f"The same as `{path}`, for claims and figures.")
    for name, runtime in RUNTIME.get(index, {}).items():
        found[name] = IndexField(name, runtime["type"], RUNTIME_MEANINGS[name])
    return found


Description = tuple[str, tuple[str, ...]]
"""The meaning of a field, and its possible values."""


def _find_searchable(
    mapped: dict[str, Any], described: dict[str, Description], prefix: str = ""
) -> Iterator[IndexField]:
    for name, mapping in mapped.items():
        path, kind = prefix + name, mapping["type"]
        if "properties" in mapping:
            yield from _find_searchable(mapping["properties"], described, f"{path}.")
        elif kind not in NOT_SEARCHED and (mapping.get("index", True) or mapping.get("doc_values", True)):
            yield IndexField(path, kind, *described[path])
            for more, inner in mapping.get("fields", {}).items():
                yield IndexField(f"{path}.{more}", inner["type"], *described[path])


def _describe_fields(record: type[msgspec.Struct], prefix: str = "") -> Iterator[tuple[str, Description]]:
    described = types.type_info(record)
    assert isinstance(described, types.StructType)
    for field in described.fields:
        path, parts = prefix + field.encode_name, list(_split_type(field.type))
        choices = tuple(value for part in parts for value in _list_choices(part))
        yield path, (_read_description(field.type), choices)
        for part in parts:
            if isinstance(part, types.StructType):
                yield from _describe_fields(part.cls, f"{path}.")


def _read_description(kind: types.Type) -> str:
    """Returns the description that the record gives the field."""
    return str((kind.extra_json_schema or {}).get("description", "")) if isinstance(kind, types.Metadata) else ""


def _split_type(kind: types.Type) -> Iterator[types.Type]:
    """Yields the types inside unions, annotations and tuples."""
    match kind:
        case types.Metadata(type=inner) | types.VarTupleType(item_type=inner):
            yield from _split_type(inner)
        case types.UnionType(types=several):
            for each in several:
                yield from _split_type(each)
        case _:
            yield kind


def _list_choices(kind: types.Type) -> Iterator[str]:
    match kind:
        case types.LiteralType(values=values):
            yield from (value for value in values if isinstance(value, str))
        case types.EnumType(cls=enum):
            yield from (str(member.value) for member in enum)

"""Makes the Elasticsearch mapping of a record: every field is declared, and the server guesses nothing.

A field's annotation (`schemas.fields`) takes precedence over its Python type. A tuple or list has the mapping of its
items, because Elasticsearch has no array type.
"""

import hashlib
from typing import Any

import msgspec
from msgspec import inspect

from schemas.fields import LONGEST_KEYWORD

Mapping = dict[str, Any]

_KEYWORD: Mapping = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}


def mapping(record: type[msgspec.Struct]) -> Mapping:
    """Returns the mapping of an index of this record: `dynamic: strict`, with a property for every field and alias.

    Raises `TypeError`, with the field, if neither its type nor an annotation determines the mapping.
    """
    return {"dynamic": "strict", "properties": properties(record) | aliases(record)}


def aliases(record: type[msgspec.Struct]) -> Mapping:
    """Returns the second names of fields, which are for searches only, from `ALIASES` of the record."""
    named: dict[str, str] = getattr(record, "ALIASES", {})
    return {name: {"type": "alias", "path": path} for name, path in named.items()}


def properties(record: type[msgspec.Struct]) -> Mapping:
    """Returns the properties of the fields of the record, by their names in JSON."""
    described = inspect.type_info(record)
    assert isinstance(described, inspect.StructType)
    return _map_properties(described)


def mapping_hash(mapped: Mapping) -> str:
    """Returns a hash of the mapping, 16 hex digits, which does not depend on the order of the properties."""
    ordered = msgspec.json.encode(mapped["properties"], order="sorted")
    return hashlib.sha256(ordered).hexdigest()[:16]


def _map_properties(record: inspect.StructType) -> Mapping:
    return {
        field.encode_name: _map_field(field.type, f"{record.cls.__name__}.{field.encode_name}")
        for field in record.fields
    }


_TYPES: dict[type[inspect.Type], Mapping] = {
    inspect.StrType: _KEYWORD,
    inspect.LiteralType: _KEYWORD,
    inspect.EnumType: _KEYWORD,
    inspect.DateTimeType: {"type": "date"},
    inspect.BoolType: {"type": "boolean"},
    inspect.IntType: {"type": "long"},
    inspect.FloatType: {"type": "double"},
}


def _map_field(kind: inspect.Type, name: str) -> Mapping:
    match kind:
        case inspect.Metadata(extra={"mapping": annotated}):
            return dict(annotated)
        case inspect.Metadata(type=inner) | inspect.VarTupleType(item_type=inner) | inspect.ListType(item_type=inner):
            return _map_field(inner, name)
        case inspect.UnionType(types=types):
            return _map_union([each for each in types if not isinstance(each, inspect.NoneType)], name)
        case inspect.StructType():
            return {"type": "object", "dynamic": "strict", "properties": _map_properties(kind)}
        case inspect.LiteralType(values=values) if all(isinstance(value, int) for value in values):
            return dict(_TYPES[inspect.IntType])
    if type(kind) in _TYPES:
        return dict(_TYPES[type(kind)])
    raise TypeError(f"{name} is a {type(kind).__name__}, which has no mapping: annotate it with one")


def _map_union(types: list[inspect.Type], name: str) -> Mapping:
    mapped = [_map_field(each, name) for each in types]
    if any(each != mapped[0] for each in mapped):
        raise TypeError(f"{name} is a union of types with different mappings: annotate it with one")
    return mapped[0]

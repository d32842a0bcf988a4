"""From a record to its Elasticsearch mapping: every field declared, nothing guessed by the server.

A field's annotation (`schemas.fields`) wins; else its Python type decides. A tuple or list maps as its element, since
Elasticsearch has no array type.
"""

import hashlib
from typing import Any

import msgspec
from msgspec import inspect

from schemas.fields import LONGEST_KEYWORD

Mapping = dict[str, Any]

_KEYWORD: Mapping = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}


def mapping(record: type[msgspec.Struct]) -> Mapping:
    """The mapping of an index that holds this record: `dynamic: strict`, every field and alias a property.

    Raises `TypeError`, naming the field, where neither type nor annotation says how to map it.
    """
    return {"dynamic": "strict", "properties": properties(record) | aliases(record)}


def aliases(record: type[msgspec.Struct]) -> Mapping:
    """Second names of fields, for searches only: what the record's `ALIASES` say, by the path of the field."""
    named: dict[str, str] = getattr(record, "ALIASES", {})
    return {name: {"type": "alias", "path": path} for name, path in named.items()}


def properties(record: type[msgspec.Struct]) -> Mapping:
    """The properties of the record's fields, by their names in JSON."""
    described = inspect.type_info(record)
    assert isinstance(described, inspect.StructType)
    return _map_properties(described)


def mapping_hash(mapped: Mapping) -> str:
    """Names the mapping: the same for the same properties, in whatever order; hex, 16 digits."""
    ordered = msgspec.json.encode(mapped["properties"], order="sorted")
    return hashlib.sha256(ordered).hexdigest()[:16]


def _map_properties(record: inspect.StructType) -> Mapping:
    return {
        field.encode_name: _map_field(field.type, f"{record.cls.__name__}.{field.encode_name}")
        for field in record.fields
    }


def _map_field(kind: inspect.Type, name: str) -> Mapping:
    match kind:
        case inspect.Metadata(extra={"mapping": annotated}):
            return dict(annotated)
        case inspect.Metadata(type=inner):
            return _map_field(inner, name)
        case inspect.UnionType(types=types):
            return _map_union([each for each in types if not isinstance(each, inspect.NoneType)], name)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return _map_field(item, name)
        case inspect.StructType():
            return {"type": "object", "dynamic": "strict", "properties": _map_properties(kind)}
        case inspect.LiteralType(values=values) if all(isinstance(value, int) for value in values):
            return {"type": "long"}
        case inspect.LiteralType() | inspect.EnumType() | inspect.StrType():
            return dict(_KEYWORD)
        case inspect.DateTimeType():
            return {"type": "date"}
        case inspect.BoolType():
            return {"type": "boolean"}
        case inspect.IntType():
            return {"type": "long"}
        case inspect.FloatType():
            return {"type": "double"}
    raise TypeError(f"{name} is a {type(kind).__name__}, which has no mapping: annotate it with one")


def _map_union(types: list[inspect.Type], name: str) -> Mapping:
    mapped = [_map_field(each, name) for each in types]
    if any(each != mapped[0] for each in mapped):
        raise TypeError(f"{name} is a union of types with different mappings: annotate it with one")
    return mapped[0]

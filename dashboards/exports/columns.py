"""From a record to the columns of its table: every field, with its type.

A structure inside the record is laid flat (`claimant.name` is the column `claimant_name`); a list stays one column.
What people look for comes first, then the rest in the record's order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import msgspec
import pyarrow as pa
from msgspec import inspect

Document = Mapping[str, Any]

FIRST: Final = (
    "figure_id", "claim_id", "article_id", "assertion_id", "published_at", "publisher", "title", "url",
    "claimant_name", "claimant", "status", "text", "low", "high", "value", "unit", "unit_class",
)  # fmt: skip
"""Columns on the left, of those that a record has."""


@dataclass(frozen=True)
class ExportColumn:
    """One column: its `name`, where its value stands in a document, and its type in a Parquet file."""

    name: str
    path: tuple[str, ...]
    type: pa.DataType

    def read(self, document: Document) -> Any:
        """The document's value; None where it, or what it stands in, is not there."""
        value: Any = document
        for part in self.path:
            value = value.get(part) if value is not None else None
        return value

    @cached_property
    def is_list(self) -> bool:
        """Whether a value is a list."""
        return bool(pa.types.is_list(self.type))

    @cached_property
    def is_text(self) -> bool:
        """Whether a value is text that somebody wrote: neither a number nor a time."""
        return bool(pa.types.is_string(self.type))

    @cached_property
    def is_time(self) -> bool:
        """Whether a value is a moment; in documents it is RFC 3339."""
        return bool(pa.types.is_timestamp(self.type))


def build_columns(record: type[msgspec.Struct]) -> tuple[ExportColumn, ...]:
    """The columns of a table of these records.

    Raises `TypeError`, naming the field, where a field's type fits no column, and where two columns have one name.
    """
    every = list(_find_columns(inspect.type_info(record), ()))
    found = {column.name: column for column in every}
    if twice := sorted({column.name for column in every if found[column.name] is not column}):
        raise TypeError(f"{record.__name__} has two columns of the name {', '.join(twice)}")
    first = [name for name in FIRST if name in found]
    return tuple(found[name] for name in dict.fromkeys([*first, *found]))


def parse_time(text: str | None) -> datetime | None:
    """A document's time as Parquet takes it."""
    return None if text is None else msgspec.convert(text, datetime)


def _find_columns(kind: inspect.Type, path: tuple[str, ...]) -> Iterator[ExportColumn]:
    kind = _strip_type(kind)
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            yield from _find_columns(field.type, (*path, field.encode_name))
    else:
        yield ExportColumn("_".join(path), path, _arrow_type(kind, ".".join(path)))


def _strip_type(kind: inspect.Type) -> inspect.Type:
    """The type without what is said about it, and without None: every column may be empty."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        kinds = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        return _strip_type(kinds[0]) if len(kinds) == 1 else kind
    return kind


def _arrow_type(kind: inspect.Type, name: str) -> pa.DataType:
    match _strip_type(kind):
        case inspect.StrType() | inspect.EnumType():
            return pa.string()
        case inspect.LiteralType(values=values):
            return pa.int64() if all(isinstance(value, int) for value in values) else pa.string()
        case inspect.IntType():
            return pa.int64()
        case inspect.FloatType():
            return pa.float64()
        case inspect.BoolType():
            return pa.bool_()
        case inspect.DateTimeType():
            return pa.timestamp("us", tz="UTC")
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return pa.list_(_arrow_item_type(item, name))
        case inspect.TupleType(item_types=items) if len(set(map(type, items))) == 1:
            return pa.list_(_arrow_item_type(items[0], name))
    raise TypeError(f"{name} is a {type(kind).__name__}, which fits no column")


def _arrow_item_type(kind: inspect.Type, name: str) -> pa.DataType:
    """The type of a list's items; there a structure stays one."""
    bare = _strip_type(kind)
    if isinstance(bare, inspect.StructType):
        return pa.struct(
            [(field.encode_name, _arrow_item_type(field.type, f"{name}.{field.encode_name}")) for field in bare.fields]
        )
    if isinstance(bare, inspect.DateTimeType):
        raise TypeError(f"{name} holds times in a list, which no column reads")
    return _arrow_type(bare, name)

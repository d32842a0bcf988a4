"""Turns a record into the columns of a table: every field, with its type.

Nested structures are flattened (`claimant.name` becomes the column `claimant_name`); a list remains one column. The
most useful columns come first, then the others in the order of the record.
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
"""Columns that come first, if the record has them."""
INTERNAL: Final = frozenset(("fingerprint", "story_keys"))
"""Fields by which the job finds copies. They say nothing to a reader of a table."""


@dataclass(frozen=True)
class ExportColumn:
    """One column: its name, the path of its value in a document, and its type in a Parquet file."""

    name: str
    path: tuple[str, ...]
    type: pa.DataType

    def read(self, document: Document) -> Any:
        """Returns the document's value, or None if it or a structure around it is missing."""
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
        """Whether a value is text, and neither a number nor a time."""
        return bool(pa.types.is_string(self.type))

    @cached_property
    def is_time(self) -> bool:
        """Whether a value is a time; documents have it in RFC 3339 form."""
        return bool(pa.types.is_timestamp(self.type))


def build_columns(record: type[msgspec.Struct]) -> tuple[ExportColumn, ...]:
    """Returns the columns of a table of these records.

    Raises `TypeError`, with the field's name, if a type has no column type or two columns have the same name.
    """
    every = list(_find_columns(inspect.type_info(record), ()))
    found = {column.name: column for column in every}
    if twice := sorted({column.name for column in every if found[column.name] is not column}):
        raise TypeError(f"{record.__name__} has two columns with the name {', '.join(twice)}")
    first = [name for name in FIRST if name in found]
    return tuple(found[name] for name in dict.fromkeys([*first, *found]))


def parse_time(text: str | None) -> datetime | None:
    """Returns a document's time for Parquet."""
    return None if text is None else msgspec.convert(text, datetime)


def _find_columns(kind: inspect.Type, path: tuple[str, ...]) -> Iterator[ExportColumn]:
    kind = _strip_type(kind)
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            if field.encode_name in INTERNAL:
                continue
            yield from _find_columns(field.type, (*path, field.encode_name))
    else:
        yield ExportColumn("_".join(path), path, _arrow_type(kind, ".".join(path)))


def _strip_type(kind: inspect.Type) -> inspect.Type:
    """Removes metadata and None from a type: every column may be empty."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        kinds = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        return _strip_type(kinds[0]) if len(kinds) == 1 else kind
    return kind


PLAIN_TYPES: Final[dict[type[inspect.Type], pa.DataType]] = {
    inspect.StrType: pa.string(),
    inspect.EnumType: pa.string(),
    inspect.IntType: pa.int64(),
    inspect.FloatType: pa.float64(),
    inspect.BoolType: pa.bool_(),
    inspect.DateTimeType: pa.timestamp("us", tz="UTC"),
}


def _arrow_type(kind: inspect.Type, name: str) -> pa.DataType:
    bare = _strip_type(kind)
    if type(bare) in PLAIN_TYPES:
        return PLAIN_TYPES[type(bare)]
    match bare:
        case inspect.LiteralType(values=values):
            return pa.int64() if all(isinstance(value, int) for value in values) else pa.string()
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return pa.list_(_arrow_item_type(item, name))
        case inspect.TupleType(item_types=items) if len(set(map(type, items))) == 1:
            return pa.list_(_arrow_item_type(items[0], name))
    raise TypeError(f"{name} is a {type(kind).__name__}, which has no column type")


def _arrow_item_type(kind: inspect.Type, name: str) -> pa.DataType:
    """Returns the type of a list's items, in which structures are kept."""
    bare = _strip_type(kind)
    if isinstance(bare, inspect.StructType):
        return pa.struct(
            [(field.encode_name, _arrow_item_type(field.type, f"{name}.{field.encode_name}")) for field in bare.fields]
        )
    if isinstance(bare, inspect.DateTimeType):
        raise TypeError(f"{name} holds times in a list, which no column supports")
    return _arrow_type(bare, name)

"""The reference pages of records, topics and indices, made from `schemas`."""

from collections.abc import Iterator

import msgspec
from msgspec import inspect

from docs.tools.markdown import code, table
from schemas.elasticsearch.indices import FAMILIES
from schemas.generate import RECORDS, format_record_name
from schemas.topics import load_topics

PLAIN = {
    inspect.StrType: "text",
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.BytesType: "bytes (base64 in JSON)",
    inspect.DateTimeType: "time (RFC 3339, UTC)",
    inspect.NoneType: "null",
    inspect.AnyType: "any JSON value",
    inspect.DictType: "object",
}
"""What a reader calls the types of JSON values."""


RECORDS_HEAD = """\
# Records

The messages in Kafka and the documents in Elasticsearch. Each record is a msgspec structure; its JSON Schema is in
`schemas/generated/jsonschema/`. Every field is written, even at its default. A field without a default is required,
except `indexed_at`, which the sink sets as it writes.
"""
TOPICS_HEAD = """\
# Topics and indices

`newsclaims init` creates both. Topics are described in `schemas/topics/`, index templates in
`schemas/generated/elasticsearch/`.

## Topics
"""
INDICES_HEAD = """\
## Indices

Search through the alias. An index is named `<alias>-g<generation>-<bucket>`; the generation counts mappings that could
not be changed in place.
"""


def records_page() -> str:
    """Returns the page of all records that other programs read or write, and of the structures in them."""
    structures = [each for each in all_structures() if each not in RECORDS]
    lines = [RECORDS_HEAD]
    for record in RECORDS:
        lines += [
            *section(record),
            f"JSON Schema: `schemas/generated/jsonschema/{format_record_name(record)}.schema.json`.",
            "",
        ]
    lines += ["## Structures", "", "Parts of the records above.", ""]
    for structure in structures:
        lines += section(structure, "###")
    return "\n".join(lines)


def section(record: type[msgspec.Struct], level: str = "##") -> list[str]:
    """Returns one record: its docstring, and a table of its fields."""
    about = (record.__doc__ or "").split("\n\n")
    prose = "\n\n".join(" ".join(part.split()) for part in about)
    return [
        f"{level} {record.__name__}",
        "",
        prose,
        "",
        table(("field", "type", "default", "meaning"), rows(record)),
        "",
    ]


def rows(record: type[msgspec.Struct]) -> Iterator[tuple[str, str, str, str]]:
    """Yields name, type, default and meaning of each field."""
    for field in fields(record):
        yield code(field.encode_name), type_name(field.type), default(field), meaning(field.type)


def fields(record: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    """Returns the fields of a record."""
    described = inspect.type_info(record)
    assert isinstance(described, inspect.StructType)
    return described.fields


def default(field: inspect.Field) -> str:
    """Returns the default of a field as JSON, empty if the field is required or unset until it is written."""
    if field.default is not msgspec.NODEFAULT:
        value = field.default
    elif field.default_factory is not msgspec.NODEFAULT:
        value = field.default_factory()
    else:
        return ""
    return code(msgspec.json.encode(value).decode())


def meaning(kind: inspect.Type) -> str:
    """Returns the description that a field's annotation carries, or that the alias behind it carries."""
    match kind:
        case inspect.Metadata(type=inner, extra_json_schema=schema):
            return str((schema or {}).get("description", "")) or meaning(inner)
        case inspect.UnionType(types=several):
            return next(filter(None, map(meaning, several)), "")
    return ""


def type_name(kind: inspect.Type) -> str:
    """Returns a field's type in words: lists, structures and the values that are allowed."""
    match kind:
        case inspect.Metadata(type=inner):
            return type_name(inner)
        case inspect.UnionType(types=several):
            return " or ".join(type_name(each) for each in several)
        case inspect.StructType(cls=structure):
            return f"[{structure.__name__}](#{structure.__name__.lower()})"
        case inspect.VarTupleType(item_type=inner):
            return f"list of {type_name(inner)}"
        case inspect.TupleType(item_types=several):
            return f"[{', '.join(map(type_name, several))}]"
    return choices(kind) or PLAIN.get(type(kind), type(kind).__name__)


def choices(kind: inspect.Type) -> str:
    """Returns the values that a field may have if its type lists them, and nothing otherwise."""
    values: list[object] = []
    if isinstance(kind, inspect.LiteralType):
        values = list(kind.values)
    elif isinstance(kind, inspect.EnumType):
        values = [member.value for member in kind.cls]
    return f"one of {', '.join(code(str(value)) for value in values)}" if values else ""


def all_structures() -> list[type[msgspec.Struct]]:
    """Returns the records and every structure inside them, each once, in the order in which they are met."""
    found: dict[type[msgspec.Struct], None] = {}

    def visit(kind: inspect.Type) -> None:
        match kind:
            case inspect.StructType(cls=structure) if structure not in found:
                found[structure] = None
                for field in fields(structure):
                    visit(field.type)
            case inspect.Metadata(type=inner) | inspect.VarTupleType(item_type=inner):
                visit(inner)
            case inspect.UnionType(types=several):
                for each in several:
                    visit(each)

    for record in RECORDS:
        visit(inspect.type_info(record))
    return list(found)


def topics_page() -> str:
    """Returns the page of Kafka's topics and Elasticsearch's indices."""
    lines = [TOPICS_HEAD]
    for name, topic in load_topics().items():
        days = f"{topic.retention_days} days" if topic.retention_days else "unlimited"
        gone = f", replaced messages go within {2 * lag} hours" if (lag := topic.compact_after_hours) else ""
        facts = [
            ("key", topic.key),
            ("partitions", str(topic.partitions)),
            ("retention", f"{days}, cleanup policy `{topic.cleanup}`{gone}"),
            ("largest message", f"{topic.max_message_bytes:,} bytes"),
            ("owner", topic.owner),
            ("producers", ", ".join(topic.producers)),
            ("consumers", ", ".join(topic.consumers)),
            ("schema", f"`schemas/generated/jsonschema/{topic.schema}`"),
            ("compatibility", topic.compatibility),
        ]
        lines += [f"### {name}", "", " ".join(topic.meaning.split()), "", table(("setting", "value"), facts), ""]
    rows = [
        (code(family.name), f"[{family.record.__name__}](records.md#{family.record.__name__.lower()})",
         code(family.pattern), "by time" if family.bucketed else "one index")
        for family in FAMILIES.values()
    ]  # fmt: skip
    return "\n".join([*lines, INDICES_HEAD, table(("alias", "record", "indices", "buckets"), rows), ""])

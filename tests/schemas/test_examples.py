"""Record, JSON Schema, mapping and examples agree."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

import schemas
from schemas.elasticsearch.indices import FAMILIES
from schemas.elasticsearch.mapping import properties
from schemas.generate import RECORDS, format_record_name, make_json_schema

EXAMPLES = Path(schemas.__file__).parent / "examples"
BY_NAME = {format_record_name(record): record for record in RECORDS}
FILES = sorted(EXAMPLES.glob("*/*.json"))

formats = jsonschema.FormatChecker()


@formats.checks("date-time")
def is_rfc3339(value: object) -> bool:
    """Date, time and zone: what jsonschema itself checks only with a further package."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", str(value)))


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def validator(record: type[msgspec.Struct]) -> jsonschema.Draft202012Validator:
    schema = make_json_schema(record)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=formats)


@pytest.mark.parametrize("file", [file for file in FILES if file.stem.startswith("good-")], ids=name_of)
def test_good_example_validates_and_decodes(file: Path) -> None:
    record = BY_NAME[file.parent.name]
    validator(record).validate(json.loads(file.read_bytes()))
    decoded = msgspec.json.decode(file.read_bytes(), type=record)
    assert msgspec.json.decode(msgspec.json.encode(decoded), type=record) == decoded


@pytest.mark.parametrize("file", [file for file in FILES if file.stem.startswith("bad-")], ids=name_of)
def test_bad_example_fails_both(file: Path) -> None:
    record = BY_NAME[file.parent.name]
    assert not validator(record).is_valid(json.loads(file.read_bytes()))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(file.read_bytes(), type=record)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_record_has_good_and_bad_examples(name: str) -> None:
    kinds = {file.stem.split("-")[0] for file in FILES if file.parent.name == name}
    assert kinds == {"good", "bad"}


def test_no_example_is_without_record() -> None:
    assert {file.parent.name for file in FILES} == BY_NAME.keys()


def paths(value: Any, prefix: str = "") -> Iterator[str]:
    """Every path to a value in a document, arrays looked through."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{prefix}{key}"
            yield from paths(inner, f"{prefix}{key}.")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, prefix)


def is_mapped(path: str, mapped: dict[str, Any]) -> bool:
    name, _, rest = path.partition(".")
    if name not in mapped:
        return False
    field = mapped[name]
    # A disabled object keeps what is under it unread; a range holds its bounds itself.
    if field.get("enabled") is False or field["type"].endswith("_range"):
        return True
    return not rest or is_mapped(rest, field.get("properties", {}))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_every_field_of_the_record_is_mapped_and_the_other_way_round(family: Any) -> None:
    mapped = family.mapping()["properties"]
    assert list(mapped) == [*family.record.__struct_encode_fields__, *getattr(family.record, "ALIASES", {})]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_strict_mapping_takes_every_value_of_the_good_examples(family: Any) -> None:
    mapped = properties(family.record)
    files = [
        file
        for file in FILES
        if file.parent.name == format_record_name(family.record) and file.stem.startswith("good-")
    ]
    unmapped = {path for file in files for path in paths(json.loads(file.read_bytes())) if not is_mapped(path, mapped)}
    assert files
    assert not unmapped

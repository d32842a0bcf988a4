"""Records become strict mappings."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from schemas.elasticsearch.indices import FAMILIES, Family
from schemas.elasticsearch.mapping import aliases, mapping, mapping_hash, properties
from schemas.fields import LONGEST_KEYWORD
from schemas.records import Claim, Figure

KEYWORD = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}


class Colour(StrEnum):
    RED = "red"


class Inner(msgspec.Struct):
    word: str


class Outer(msgspec.Struct):
    text: str
    colour: Colour
    choice: Literal["a", "b"]
    version: Literal[1]
    flag: bool
    whole: int
    real: float
    moment: datetime
    maybe: str | None
    many: tuple[int, ...]
    inner: Inner
    inners: list[Inner]
    marked: Annotated[dict[str, str], Meta(extra={"mapping": {"type": "flattened"}})]
    plain_note: Annotated[int, Meta(ge=0)]


def test_each_type_maps_as_the_design_says() -> None:
    inner = {"type": "object", "dynamic": "strict", "properties": {"word": KEYWORD}}
    assert properties(Outer) == {
        "text": KEYWORD,
        "colour": KEYWORD,
        "choice": KEYWORD,
        "version": {"type": "long"},
        "flag": {"type": "boolean"},
        "whole": {"type": "long"},
        "real": {"type": "double"},
        "moment": {"type": "date"},
        "maybe": KEYWORD,
        "many": {"type": "long"},
        "inner": inner,
        "inners": inner,
        "marked": {"type": "flattened"},
        "plain_note": {"type": "long"},
    }


class Unmapped(msgspec.Struct):
    extra: dict[str, str]


class Mixed(msgspec.Struct):
    value: int | str


@pytest.mark.parametrize(("record", "field"), [(Unmapped, "Unmapped.extra"), (Mixed, "Mixed.value")])
def test_field_that_cannot_be_mapped_is_named(record: type[msgspec.Struct], field: str) -> None:
    with pytest.raises(TypeError, match=field):
        properties(record)


def objects(mapped: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [field for field in mapped.get("properties", {}).values() if "properties" in field]
    return [mapped, *(each for field in inner for each in objects(field))]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_every_object_is_strict(family: Any) -> None:
    assert all(each["dynamic"] == "strict" for each in objects(family.mapping()))


def test_figures_range_has_no_doc_values() -> None:
    assert properties(Figure)["range"] == {"type": "double_range", "doc_values": False}


def test_claims_figures_are_stored_and_not_indexed() -> None:
    assert properties(Claim)["figures"] == {"type": "object", "enabled": False}


def test_short_text_has_a_keyword_beside_it() -> None:
    assert properties(Claim)["claimant"]["properties"]["name"]["fields"]["keyword"]["type"] == "keyword"


def test_claimants_of_figures_are_searched_by_word_under_the_name_that_claims_have() -> None:
    claimant = properties(Figure)["claimant"]
    assert claimant["type"] == "keyword"
    assert claimant["fields"]["name"]["type"] == properties(Claim)["claimant"]["properties"]["name"]["type"] == "text"


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_second_name_of_a_field_leads_to_one_that_is_there(family: Family) -> None:
    for name, alias in aliases(family.record).items():
        assert name not in properties(family.record)
        found: dict[str, Any] = {"properties": properties(family.record)}
        for part in alias["path"].split("."):
            found = (found.get("properties", {}) | found.get("fields", {}))[part]
        assert found["type"] == "keyword"


def test_claims_and_figures_have_the_same_second_names() -> None:
    assert aliases(Claim)["claimant_name"]["type"] == aliases(Figure)["claimant_name"]["type"] == "alias"
    assert "unit_class" in aliases(Claim)
    assert "unit_class" in properties(Figure)
    assert mapping_hash(mapping(Figure)) != mapping_hash({"properties": properties(Figure)})


def test_hash_follows_the_fields_and_not_their_order() -> None:
    one = {"properties": {"a": {"type": "long"}, "b": {"type": "date"}}}
    other = {"properties": {"b": {"type": "date"}, "a": {"type": "long"}}}
    assert mapping_hash(one) == mapping_hash(other)
    assert mapping_hash(one) != mapping_hash({"properties": {"a": {"type": "long"}}})
    assert mapping_hash(mapping(Claim)) == FAMILIES["claims"].mapping()["_meta"]["mapping_hash"]

"""The records, and what they share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec import inspect

from schemas.codec import encode
from schemas.elasticsearch.indices import FAMILIES
from schemas.operations.records import FeedState
from schemas.records import Article, ArticleDimensions, Claim, Figure, NumberRange, RawArticle


def fields(record: type[msgspec.Struct]) -> dict[str, tuple[object, bool, object]]:
    info = inspect.type_info(record)
    assert isinstance(info, inspect.StructType)
    return {field.name: (field.type, field.required, field.default) for field in info.fields}


@pytest.mark.parametrize("record", [Claim, Figure, Article])
def test_claims_and_figures_carry_the_dimensions_of_their_article(record: type[msgspec.Struct]) -> None:
    shared = fields(ArticleDimensions)
    own = {"article_id"} if record is Article else set()
    assert len(shared) == 19
    assert {name: fields(record)[name] for name in shared.keys() - own} == {
        name: shared[name] for name in shared.keys() - own
    }


def test_record_of_two_bases_is_written_and_read_with_all_fields() -> None:
    moment = datetime(2024, 10, 28, tzinfo=UTC)
    figure = Figure(
        figure_id="f", article_id="a", revision=1, rules_version="1", feed="wire", language="en", text="about 12,000",
        start=0, end=12, kind="count", value=12000.0, range=NumberRange(gte=12000), published_at=moment,
        fetched_at=moment, processed_at=moment,
    )  # fmt: skip
    assert msgspec.json.decode(encode(figure), type=Figure) == figure
    assert (figure.title, figure.ingest_mode, figure.watches, figure.indexed_at) == ("", "live", (), msgspec.UNSET)
    without = msgspec.to_builtins(figure) | {"indexed_at": "2024-10-28T00:00:00Z"}
    del without["feed"]
    with pytest.raises(msgspec.ValidationError, match="missing required field `feed`"):
        msgspec.convert(without, Figure)


def test_descriptions_are_part_of_the_json_schema() -> None:
    described = msgspec.json.schema(Claim)["$defs"]["Claim"]["properties"]
    assert described["assertion_id"]["description"].startswith("The same for every claim that says the same")
    assert described["indexed_at"]["description"] == "Set by the sink when it writes."


def find_numbers(kind: inspect.Type, name: str, mapped: str = "long") -> Iterator[tuple[str, str, inspect.IntType]]:
    """Every whole number in a record: its name, the type that Elasticsearch gives it, and its bounds."""
    match kind:
        case inspect.IntType():
            yield name, mapped, kind
        case inspect.Metadata(extra=extra, type=inner):
            own = (extra or {}).get("mapping", {})
            if own.get("enabled", True):
                yield from find_numbers(inner, name, own.get("type", mapped))
        case inspect.StructType(fields=inner):
            for field in inner:
                yield from find_numbers(field.type, f"{name}.{field.name}")
        case inspect.UnionType(types=types):
            for each in types:
                yield from find_numbers(each, name, mapped)
        case inspect.VarTupleType(item_type=inner) | inspect.DictType(value_type=inner):
            yield from find_numbers(inner, name, mapped)


@pytest.mark.parametrize(
    "record", [RawArticle, FeedState, *(family.record for family in FAMILIES.values())], ids=lambda each: each.__name__
)
def test_every_whole_number_is_bounded_as_elasticsearch_bounds_it(record: type[msgspec.Struct]) -> None:
    limits = {"long": 2**63 - 1, "integer": 2**31 - 1}
    for name, mapped, kind in find_numbers(inspect.type_info(record), record.__name__):
        assert kind.ge is not None, name
        assert kind.le == limits[mapped], name

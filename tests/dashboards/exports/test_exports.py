"""`newsclaims export claims | figures | articles` against the real servers with the demo's data."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from elasticsearch import Elasticsearch

from dashboards.ask.asking import explain_errors
from dashboards.ask.filters import Filters
from dashboards.exports.columns import build_columns
from dashboards.exports.export import Export, FormatName, run_export
from schemas.codec import make_document
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import NewsclaimsError, Permanent, Retryable
from schemas.records import Claim
from schemas.text import Claimant
from tests.conftest import Stack
from tests.pipelines.run.running import Gate

Documents = list[dict[str, Any]]

OWN = "claims-g1-1901"
"""The index of claims that a test writes and takes away again."""
NOW = datetime(1901, 9, 2, tzinfo=UTC)


@pytest.fixture
def client(demo_data: Stack) -> Iterator[Elasticsearch]:
    with Elasticsearch(**demo_data.settings.elasticsearch.client_options()) as client:
        yield client


def indexed(client: Elasticsearch, alias: str, query: dict[str, Any] | None = None) -> Documents:
    """Every document behind the alias, by time and id."""
    id = {"claims": "claim_id", "figures": "figure_id", "articles": "article_id"}[alias]
    found = client.search(index=alias, query=query, size=10_000)["hits"]["hits"]
    return sorted((hit["_source"] for hit in found), key=lambda source: (source["published_at"], source[id]))


def exported(client: Elasticsearch, tmp_path: Path, format: FormatName, **given: Any) -> bytes:
    file = tmp_path / "export"
    run_export(client, Export(format=format, output=str(file), **{"index": "claims"} | given))
    return file.read_bytes()


def lines(data: bytes) -> Documents:
    return [json.loads(line) for line in data.splitlines()]


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def claim(number: int, **fields: Any) -> Claim:
    given: dict[str, Any] = {
        "claim_id": f"own-{number:04}", "article_id": "a1", "revision": 1, "rules_version": "1", "feed": "own",
        "language": "en", "text": "t", "start": 0, "end": 1, "status": "asserted", "published_at": NOW,
        "fetched_at": NOW, "processed_at": NOW, "watches": ("own",),
    }  # fmt: skip
    return Claim(**given | fields)


@pytest.fixture
def written(client: Elasticsearch) -> Iterator[Any]:
    """Writes claims of the test's own, all of the watch `own`."""

    def write(*claims: Claim) -> None:
        operations = [line for each in claims for line in ({"index": {}}, make_document(each))]
        assert not client.bulk(index=OWN, operations=operations, refresh=True)["errors"]

    yield write
    client.indices.delete(index=OWN, ignore_unavailable=True)


@pytest.mark.parametrize("index", ["claims", "figures", "articles"])
@pytest.mark.parametrize("page_size", [None, 7])
def test_json_lines_are_the_documents_as_indexed_oldest_first(
    client: Elasticsearch, tmp_path: Path, index: str, page_size: int | None
) -> None:
    found = lines(exported(client, tmp_path, "jsonl", index=index, page_size=page_size))
    assert found == indexed(client, index)
    assert len(found) > 50


@pytest.mark.parametrize("index", ["claims", "figures", "articles"])
def test_csv_has_every_field_of_every_document(client: Elasticsearch, tmp_path: Path, index: str) -> None:
    found, wanted = rows(exported(client, tmp_path, "csv", index=index, page_size=50)), indexed(client, index)
    table = build_columns(FAMILIES[index].record)
    assert len(found) == len(wanted)
    for row, source in zip(found, wanted, strict=True):
        assert list(row) == [column.name for column in table]
        for column in table:
            value, text = column.read(source), row[column.name]
            if value is None:
                assert text == ""
            elif column.is_list:
                assert json.loads(text) == value
            elif isinstance(value, str):
                assert text.removeprefix("'") == value
            else:
                assert json.loads(text) == value


@pytest.mark.parametrize("index", ["claims", "figures", "articles"])
def test_parquet_has_every_field_of_every_document(client: Elasticsearch, tmp_path: Path, index: str) -> None:
    table = pq.read_table(io.BytesIO(exported(client, tmp_path, "parquet", index=index, page_size=50)))
    wanted = indexed(client, index)
    assert table.schema.metadata[b"newsclaims.record"].decode() == FAMILIES[index].record.__name__
    assert table.num_rows == len(wanted)
    for row, source in zip(table.to_pylist(), wanted, strict=True):
        for column in build_columns(FAMILIES[index].record):
            value = column.read(source)
            if column.is_time and value is not None:
                assert row[column.name] == datetime.fromisoformat(value)
            else:
                assert row[column.name] == value, column.name


def test_parquet_columns_are_typed(client: Elasticsearch, tmp_path: Path) -> None:
    schema = pq.read_schema(io.BytesIO(exported(client, tmp_path, "parquet", limit=1)))
    types = {name: schema.field(name).type for name in schema.names}
    assert types["published_at"] == types["time_start"] == pa.timestamp("us", tz="UTC")
    assert types["claimant_name"] == pa.string()
    assert types["start"] == pa.int64()
    assert types["watches"] == pa.list_(pa.string())
    assert types["content"] == pa.list_(pa.list_(pa.int64()))
    assert types["figures"].value_type.field("value").type == pa.float64()
    assert schema.names[:3] == ["claim_id", "article_id", "assertion_id"]


@pytest.mark.parametrize(
    ("index", "filters", "query"),
    [
        ("claims", {"status": ("confirmed", "denied")}, {"terms": {"status": ["confirmed", "denied"]}}),
        ("claims", {"claimant": ("NATO",)}, {"term": {"claimant.name.keyword": "NATO"}}),
        ("claims", {"watch": ("losses", "denials")}, {"terms": {"watches": ["losses", "denials"]}}),
        ("figures", {"claimant": ("Pentagon",)}, {"term": {"claimant": "Pentagon"}}),
        ("claims", {"unit_class": ("military_personnel",)}, {"term": {"unit_classes": "military_personnel"}}),
        ("figures", {"unit_class": ("military_personnel",)}, {"term": {"unit_class": "military_personnel"}}),
        ("figures", {"publisher": ("Northgate Wire",)}, {"term": {"publisher": "Northgate Wire"}}),
        ("articles", {"language": ("uk", "fr")}, {"terms": {"language": ["uk", "fr"]}}),
        (
            "claims",
            {"since": datetime(2024, 10, 28, tzinfo=UTC), "until": datetime(2024, 10, 29, tzinfo=UTC)},
            {"range": {"published_at": {"gte": "2024-10-28", "lt": "2024-10-29"}}},
        ),
    ],
)
def test_filters_of_the_boards_narrow_an_export(
    client: Elasticsearch, tmp_path: Path, index: str, filters: dict[str, Any], query: dict[str, Any]
) -> None:
    found = lines(exported(client, tmp_path, "jsonl", index=index, filters=Filters(**filters)))
    assert found == indexed(client, index, query)
    assert 0 < len(found) < client.count(index=index)["count"]


@pytest.mark.parametrize("page_size", [None, 5, 12])
def test_limit_ends_the_export_and_newest_first_turns_it(
    client: Elasticsearch, tmp_path: Path, page_size: int | None
) -> None:
    newest = lines(exported(client, tmp_path, "jsonl", limit=12, newest_first=True, page_size=page_size))
    assert newest == indexed(client, "claims")[:-13:-1]


def test_text_that_a_spreadsheet_would_run_has_an_apostrophe(
    client: Elasticsearch, tmp_path: Path, written: Any
) -> None:
    texts = ["=HYPERLINK(1)", "+1", "-1 degrees", "@x", "\t=1", "＝1", 'a "b", c\n=d', "plain", "1=1"]
    own = [
        claim(n, text=text, claimant=Claimant(name=text, kind="group"), entities=(text,))
        for n, text in enumerate(texts)
    ]
    written(*own)
    found = rows(exported(client, tmp_path, "csv", filters=Filters(watch=("own",))))
    safe = [f"'{text}" for text in texts[:6]] + texts[6:]
    assert [row["text"] for row in found] == [row["claimant_name"] for row in found] == safe
    assert [json.loads(row["entities"]) for row in found] == [[text] for text in texts]
    assert [
        each["text"] for each in lines(exported(client, tmp_path, "jsonl", filters=Filters(watch=("own",))))
    ] == texts


def test_numbers_keep_their_sign(client: Elasticsearch, tmp_path: Path) -> None:
    source = indexed(client, "figures")[0] | {"figure_id": "own", "value": -5.5, "watches": ["own"]}
    client.index(index="figures-g1-1901", document=source, refresh=True)
    try:
        [row] = rows(exported(client, tmp_path, "csv", index="figures", filters=Filters(watch=("own",))))
    finally:
        client.indices.delete(index="figures-g1-1901")
    assert row["value"] == "-5.5"


def test_what_is_written_during_an_export_is_not_in_it(client: Elasticsearch, tmp_path: Path, written: Any) -> None:
    written(*(claim(n) for n in range(10)))
    file = tmp_path / "claims.jsonl"
    export = Export(index="claims", format="jsonl", output=str(file), page_size=3, filters=Filters(watch=("own",)))
    done = run_export(client, export, lambda done, _: written(claim(1000 + done)))
    assert done == 10
    assert [each["claim_id"] for each in lines(file.read_bytes())] == [f"own-{n:04}" for n in range(10)]


def test_progress_is_reported(client: Elasticsearch, tmp_path: Path) -> None:
    total, reported = client.count(index="claims")["count"], []
    export = Export(index="claims", output=str(tmp_path / "x"), page_size=100)
    run_export(client, export, lambda done, of: reported.append((done, of)))
    assert reported[0] == (100, total)
    assert reported[-1] == (total, total)


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_server_that_breaks_in_the_middle_leaves_the_old_file_and_no_half_one(
    demo_data: Stack, tmp_path: Path, format: FormatName
) -> None:
    host, port = demo_data.elasticsearch_url.removeprefix("http://").split(":")
    gate = Gate(host, int(port))
    gate.open()
    file = tmp_path / "claims"
    file.write_text("old")
    export = Export(index="claims", format=format, output=str(file), page_size=10)
    with (
        Elasticsearch(f"http://127.0.0.1:{gate.port}", max_retries=0) as client,
        pytest.raises(Retryable, match="Elasticsearch does not answer"),
    ):
        run_export(client, export, lambda *_: gate.close())
    assert [each.name for each in tmp_path.iterdir()] == ["claims"]
    assert file.read_text() == "old"


def test_index_that_goes_in_the_middle_fails_the_export(client: Elasticsearch, tmp_path: Path, written: Any) -> None:
    written(*(claim(n) for n in range(10)))
    export = Export(index="claims", output=str(tmp_path / "x"), page_size=3, filters=Filters(watch=("own",)))
    with pytest.raises(NewsclaimsError, match="Elasticsearch"):
        run_export(client, export, lambda *_: client.indices.delete(index=OWN, ignore_unavailable=True))
    assert not list(tmp_path.iterdir())


def test_alias_that_is_not_there_is_named(client: Elasticsearch) -> None:
    with pytest.raises(Permanent, match="no alias claimz: run `newsclaims init`"), explain_errors("claimz"):
        client.open_point_in_time(index="claimz", keep_alive="1m")

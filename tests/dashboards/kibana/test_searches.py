"""The searches of `SEARCHES.md`: KQL and query find the same documents, at least one but not all."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch

import schemas
from dashboards.ask.filters import Index
from dashboards.kibana import searches_page
from dashboards.kibana.index_fields import RUNTIME, index_fields
from dashboards.kibana.searches import ASSERTION, SEARCHES, Search
from schemas.codec import make_document
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Reason
from schemas.operations.records import FeedHealth
from schemas.records import DeadLetter
from tests.conftest import Stack
from tests.dashboards.kibana import kql_reader

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(demo_data: Stack) -> Iterator[Elasticsearch]:
    """Returns Elasticsearch with the demo's data, and with dead letters, feeds and a marked claim, deleted later."""
    with Elasticsearch(**demo_data.settings.elasticsearch.client_options()) as elasticsearch:
        written = [*dead_letters(), *feeds(), *marked_claims()]
        for index, name, content in written:
            elasticsearch.index(index=index, id=name, document=content, refresh=True)
        yield elasticsearch
        for index, name, _ in written:
            elasticsearch.delete(index=index, id=name, refresh=True)


Document = tuple[str, str, dict[str, Any]]


def dead_letters() -> Iterator[Document]:
    for number, reason in enumerate((Reason.NOT_JSON, Reason.MISSING_FIELD, Reason.TOO_LARGE)):
        letter = DeadLetter(
            dead_letter_id=f"letter-{number}", topic="raw-articles", partition=0, offset=number, step="decode",
            reason=reason, error="made for a test", failed_at=NOW, size=7, original=b"no json",
        )  # fmt: skip
        yield FAMILIES["dead-letters"].index("2026.11"), letter.dead_letter_id, make_document(letter)


def marked_claims() -> Iterator[Document]:
    example = json.loads((Path(schemas.__file__).parent / "examples/claim/good-nobody-named.json").read_bytes())
    yield FAMILIES["claims"].index("2024.10"), "marked-claim", example | {"claim_id": "marked-claim"}


def feeds() -> Iterator[Document]:
    for name, silent, failures in (("quiet", True, 0), ("broken", False, 3), ("good", False, 0)):
        health = FeedHealth(
            feed=name, connector="syndication", since=NOW, polled_at=NOW, next_poll_at=NOW, silent=silent,
            failures=failures,
        )  # fmt: skip
        yield FAMILIES["feeds"].index(""), name, make_document(health)


def filled_in(text: Any, client: Elasticsearch) -> Any:
    """Replaces the placeholder for an assertion with the id of the most frequent one."""
    counts = {"each": {"terms": {"field": "assertion_id", "size": 1}}}
    buckets = client.search(index="claims", size=0, aggs=counts)["aggregations"]["each"]["buckets"]
    return msgspec.json.decode(msgspec.json.encode(text).replace(ASSERTION.encode(), buckets[0]["key"].encode()))


def ids(client: Elasticsearch, index: Index, query: dict[str, Any]) -> set[str]:
    answer = client.search(index=index, query=query, size=10_000, source=False, runtime_mappings=RUNTIME.get(index, {}))
    return {hit["_id"] for hit in answer["hits"]["hits"]}


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.name)
def test_search_in_kql_and_its_query_find_the_same_documents(client: Elasticsearch, search: Search) -> None:
    types = {name: field.type for name, field in index_fields(search.index).items()}
    found = ids(client, search.index, filled_in(search.query, client))
    assert found == ids(client, search.index, kql_reader.query(filled_in(search.kql, client), types))
    assert 0 < len(found) < client.count(index=search.index)["count"]


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.name)
def test_request_of_the_page_is_answered_in_order(client: Elasticsearch, search: Search) -> None:
    body = filled_in(searches_page.build_request(search), client)
    answer = client.search(index=search.index, **body)
    if search.aggregations:
        for result in answer["aggregations"].values():
            assert result["buckets"]
    else:
        times = [hit["sort"][0] for hit in answer["hits"]["hits"]]
        assert times
        assert times == sorted(times, reverse=not search.oldest_first)


def test_claims_that_changed_their_status_come_first(client: Elasticsearch) -> None:
    search = next(each for each in SEARCHES if each.name == "claims-that-changed-status")
    answer = client.search(index="claims", **searches_page.build_request(search))
    first = answer["aggregations"]["assertions"]["buckets"][0]
    assert first["statuses"]["value"] > 1
    assert {bucket["key"] for bucket in first["each"]["buckets"]} <= {"confirmed", "denied", "unconfirmed"}


def test_figures_of_a_claimant_are_found_by_one_word_of_the_name(client: Elasticsearch) -> None:
    by_word = ids(client, "figures", {"match": {"claimant.name": "Zelenskyy"}})
    assert by_word >= ids(client, "figures", {"term": {"claimant": "Volodymyr Zelenskyy"}})
    assert by_word


def test_most_searches_are_for_analysts_and_each_has_its_own_name() -> None:
    assert len({search.name for search in SEARCHES}) == len(SEARCHES)
    assert sum(search.index in ("claims", "figures", "articles") for search in SEARCHES) == 21


def test_page_has_every_search_and_is_current() -> None:
    assert searches_page.main(["--check"]) == 0
    page = searches_page.FILE.read_text("utf-8")
    assert all(f"    {search.kql}\n" in page and search.question in page for search in SEARCHES)


def test_stale_page_is_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "SEARCHES.md").write_text("old", "utf-8")
    monkeypatch.setattr(searches_page, "FILE", tmp_path / "SEARCHES.md")
    assert searches_page.main(["--check"]) == 1
    assert "python -m dashboards.kibana.searches_page" in capsys.readouterr().err
    assert searches_page.main([]) == 0
    assert searches_page.main(["--check"]) == 0

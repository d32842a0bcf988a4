"""Every query of every board on a real Elasticsearch, sent as Grafana does and by our own requests."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from dashboards.ask.answers import QueryOptions, TimeSpan, run_query
from dashboards.ask.filters import Filters
from dashboards.ask.queries import CLAIMS_BY_STATUS, LATEST_CLAIMS, MOVERS, MOVERS_BEFORE, MOVERS_NOW, TOP_CLAIMANTS
from dashboards.ask.query import Terms
from dashboards.boards import BOARDS
from schemas.codec import make_document
from schemas.elasticsearch.buckets import month
from schemas.elasticsearch.indices import DEAD_LETTERS, FEEDS, HEALTH
from schemas.errors import Reason
from schemas.metrics import METRICS
from schemas.operations.records import FeedHealth, HealthSample
from schemas.records import DeadLetter
from tests.conftest import Stack
from tests.dashboards.grafana.grafana_source import (
    FIRST,
    boards,
    chosen,
    escaped,
    find_index,
    found,
    interpolated,
    panels,
    search,
)

NOW = datetime.now(UTC)
SPAN = TimeSpan(datetime(2022, 1, 1, tzinfo=UTC), NOW + timedelta(hours=1))
VARIABLES = {"article": "*", "assertion": "*", "window": "365d", "story": "*"}
SHOWN = list(panels())
DOUBTED = {"unit_class": "casualties", "dispute": "North Korean deaths in Russia"}
"""A dispute with a figure that its claimant does not confirm: the first one has none."""
NAMES = [f"{uid}/{panel['title']}" for uid, panel in SHOWN]


def samples() -> Iterator[msgspec.Struct]:
    """Yields a sample of each declared metric, as `run` and `monitor` write them."""
    for metric in METRICS.values():
        labels: dict[str, Any] = {label: "write" if label == "step" else label for label in metric.labels}
        for quantile in ("0.5", "0.95") if metric.kind == "histogram" else (None,):
            for minutes in (3, 2, 1):
                yield HealthSample(
                    at=NOW - timedelta(minutes=minutes), seconds=10, source="monitor", instance="board-test:1",
                    metric=metric.name, value=1.5, quantile=quantile, detail="a detail", **labels,
                )  # fmt: skip


def others() -> Iterator[msgspec.Struct]:
    """Yields feeds in every state, and a dead letter."""
    since = NOW - timedelta(days=2)
    for feed, failures, silent in (("board-test-well", 0, False), ("board-test-bad", 3, True)):
        yield FeedHealth(feed=feed, connector="syndication", since=since, polled_at=NOW, next_poll_at=NOW,
                         failures=failures, silent=silent, entries_day=4, expected_day=9.0, entry_at=NOW)  # fmt: skip
    yield DeadLetter(dead_letter_id="board-test", topic="raw-articles", partition=0, offset=7, step="decode",
                     reason=Reason.NOT_JSON, error="no JSON", failed_at=NOW, size=3)  # fmt: skip


def action(record: msgspec.Struct) -> dict[str, Any]:
    """Returns the record as an action of the client's `bulk`."""
    index = {HealthSample: HEALTH, FeedHealth: FEEDS, DeadLetter: DEAD_LETTERS}[type(record)].index(month(NOW))
    return {"_index": index, "_source": make_document(record)}


@pytest.fixture(scope="module")
def client(demo_data: Stack) -> Iterator[Elasticsearch]:
    """Returns Elasticsearch with the demo's data and with records that the demo's short run does not write."""
    with Elasticsearch(demo_data.elasticsearch_url) as opened:
        written: list[tuple[str, str]] = []
        for record in (*samples(), *others()):
            made = action(record)
            written.append((made["_index"], opened.index(index=made["_index"], document=made["_source"])["_id"]))
        opened.indices.refresh(index="*-g1*")
        yield opened
        bulk(opened, ({"_op_type": "delete", "_index": index, "_id": id} for index, id in written), refresh=True)


def select_values(uid: str, panel: str) -> dict[str, str]:
    """Returns what a board's selectors with one value are at, by dimension, so that a panel has something to show."""
    values = DOUBTED if panel == "Confirmed and denied" else FIRST
    return {name: values[name] for name in BOARDS[uid].single}


def choose(uid: str, panel: str) -> dict[str, list[str] | str]:
    """Returns the values of a board's variables for one of its panels."""
    selected = {BOARDS[uid].name_variable(name): value for name, value in select_values(uid, panel).items()}
    return chosen(boards()[uid], **VARIABLES, **selected)


@pytest.mark.parametrize(("uid", "panel"), SHOWN, ids=NAMES)
def test_every_query_of_every_panel_answers_with_rows(client: Elasticsearch, uid: str, panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        body = search(target, SPAN, choose(uid, panel["title"]), every=SPAN.bucket_width(120))
        answer = client.search(index=find_index(target), body=body)
        assert answer["_shards"]["failed"] == 0
        assert found(target, answer.body) > 0


@pytest.mark.parametrize("uid", list(BOARDS))
def test_our_own_requests_answer_as_grafanas(client: Elasticsearch, uid: str) -> None:
    generated = {panel["title"]: panel for panel in boards()[uid]["panels"] if panel["type"] != "row"}
    for panel in BOARDS[uid].panels:
        single = {name: (value,) for name, value in select_values(uid, panel.title).items()}
        rows = run_query(client, panel.query, QueryOptions(SPAN, Filters(**single), values=VARIABLES))
        assert rows, panel.title
        # What is counted in the outer buckets is not what is left in the inner ones where these are terms.
        whole = not any(isinstance(bucket, Terms) for bucket in panel.query.by[1:])
        if panel.query.by and whole and all(metric.kind == "count" for metric in panel.query.measures):
            target = generated[panel.title]["targets"][0]
            body = search(target, SPAN, choose(uid, panel.title), every=SPAN.bucket_width(60))
            theirs = found(target, client.search(index=find_index(target), body=body).body)
            assert sum(row[panel.query.measures[0].label] for row in rows) == theirs, panel.title


def test_all_values_take_in_claims_whose_claimant_is_not_known(client: Elasticsearch) -> None:
    board = boards()["newsclaims-claim-volume"]
    target = next(panel for panel in board["panels"] if panel["title"] == "Claims")["targets"][0]
    everything = client.search(index="claims", body=search(target, SPAN, chosen(board, **VARIABLES), "365d"))
    nameless = client.count(index="claims", query={"bool": {"must_not": {"exists": {"field": "claimant.name"}}}})
    assert nameless["count"] > 0
    assert everything["hits"]["total"]["value"] == client.count(index="claims")["count"]


def test_selectors_narrow_as_terms_do_whatever_is_in_the_name(client: Elasticsearch) -> None:
    board = boards()["newsclaims-claim-volume"]
    target = next(panel for panel in board["panels"] if panel["title"] == "Claims")["targets"][0]
    names = [row["claimant"] for row in run_query(client, TOP_CLAIMANTS, QueryOptions(SPAN))]
    owned = {"owned": {"terms": {"field": "claimant.name.keyword", "include": ".*['’].*", "size": 3}}}
    buckets = client.search(index="claims", size=0, aggs=owned)["aggregations"]["owned"]["buckets"]
    marked = [bucket["key"] for bucket in buckets]
    assert any("'" in name for name in marked)
    for picked in (names[:1], names[:3], [*names[:1], *marked]):
        values = chosen(board, **VARIABLES, claimant=picked, status=["confirmed", "asserted"])
        body = search(target, SPAN, values, every="365d")
        expected = Filters(claimant=tuple(picked), status=("confirmed", "asserted")).clauses("claims")
        count = client.count(index="claims", query={"bool": {"filter": expected}})["count"]
        assert client.search(index="claims", body=body)["hits"]["total"]["value"] == count > 0
    single = chosen(board, **VARIABLES, claimant=names[0])
    assert client.search(index="claims", body=search(target, SPAN, single, "365d"))["hits"]["total"]["value"] > 0


def test_selectors_escape_what_lucene_reads_as_syntax() -> None:
    assert interpolated("(f:$claimant)", {"claimant": ['a "b" (c)']}) == r'(f:("a\ \"b\"\ \(c\)"))'
    assert escaped("a/b") == r"a\/b"


def test_movers_compare_two_neighbouring_spans(client: Elasticsearch) -> None:
    until = datetime(2024, 11, 10, tzinfo=UTC)
    rows = run_query(
        client, MOVERS, QueryOptions(TimeSpan(until - timedelta(days=60), until), values={"window": "30d"})
    )
    for label, first, last in (
        (MOVERS_NOW, until - timedelta(days=30), until),
        (MOVERS_BEFORE, until - timedelta(days=60), until - timedelta(days=30)),
    ):
        between = {"range": {"published_at": {"gte": first.isoformat(), "lte": last.isoformat()}}}
        named = {"terms": {"claimant.name.keyword": sorted({row["claimant"] for row in rows if row["when"] == label})}}
        expected = client.count(index="claims", query={"bool": {"filter": [between, named]}})["count"]
        assert sum(row["claims"] for row in rows if row["when"] == label) == expected > 0


def test_rows_hold_what_was_asked(client: Elasticsearch) -> None:
    filters = Filters(status=("confirmed",))
    claims = run_query(client, LATEST_CLAIMS, QueryOptions(SPAN, filters))
    assert {claim["status"] for claim in claims} == {"confirmed"}
    assert all(claim["text"] and claim["url"].startswith("https://") for claim in claims)
    assert [claim["published_at"] for claim in claims] == sorted((c["published_at"] for c in claims), reverse=True)
    over_time = run_query(client, CLAIMS_BY_STATUS, QueryOptions(SPAN, filters, buckets=10))
    assert sum(row["claims"] for row in over_time) == client.count(index="claims", q="status:confirmed")["count"]
    assert len(over_time) <= 11


def test_aliases_without_an_index_answer_with_nothing() -> None:
    from dashboards.ask.answers import read_rows

    assert read_rows(CLAIMS_BY_STATUS, {"hits": {"hits": []}}) == []


@pytest.mark.parametrize("name", list(FIRST))
def test_board_with_one_dispute_opens_on_the_most_frequent(client: Elasticsearch, name: str) -> None:
    board = boards()["newsclaims-contested-figures"]
    (selector,) = [each for each in board["templating"]["list"] if each["name"] == f"one_{name}"]
    asked = json.loads(selector["query"])
    terms = {"values": {"terms": {"field": asked["field"], "size": asked["size"]}}}
    answer = client.search(index="figures", size=0, q=interpolated(asked["query"], chosen(board)), aggs=terms)
    assert answer["aggregations"]["values"]["buckets"][0]["key"] == FIRST[name]


def test_board_with_one_dispute_shows_nothing_without_one(client: Elasticsearch) -> None:
    board = boards()["newsclaims-contested-figures"]
    target = next(panel for panel in board["panels"] if panel["title"] == "Figures")["targets"][0]
    body = search(target, SPAN, chosen(board, **VARIABLES, one_dispute=""), every="365d")
    assert client.search(index="figures", body=body)["hits"]["total"]["value"] == 0

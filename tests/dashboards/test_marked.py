"""Every sink leaves out what an analyst marked, and shows it on demand: the numbers change in a real Elasticsearch."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

import schemas
from dashboards.ask.answers import QueryOptions, TimeSpan, run_query
from dashboards.ask.filters import COPIES_LUCENE, MARKED_LUCENE, Copies, Filters, Marked
from dashboards.ask.queries import (
    CLAIMS_BY_WATCH,
    FIGURES_TOTAL,
    LATEST_CLAIMS,
    NEW_CLAIMS_TOTAL,
    REPEATED_CLAIMS,
    REPEATS_TOTAL,
    STATUSES,
)
from dashboards.boards import BOARDS
from dashboards.exports.export import Export, run_export
from dashboards.exports.json_ld import load_assertion
from dashboards.grafana.dashboard import build_dashboard
from dashboards.kibana.content import build_saved_objects
from dashboards.report.gathering import ReportRequest, find_boards, gather
from dashboards.terminal.scope import DemoScope
from dashboards.terminal.watches import count_claims
from deploy import bootstrap
from deploy.assertions.refreshing import count_named
from deploy.monitoring.conditions.evaluation import CONDITIONS
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent
from tests.conftest import Stack

pytestmark = pytest.mark.integration

NOW = datetime(2031, 5, 20, 12, 30, tzinfo=UTC)
"""No other test writes articles of that year."""
BUCKET = "2031.05"
WATCH, ASSERTION = "marked-test", "an assertion of this test"
EXAMPLES = Path(schemas.__file__).parent / "examples"
MARKS = (None, None, None, "wrong", "duplicate")
"""The marks of the five claims; each has one figure, and that of the wrong one is far too high."""
EXPECTED: dict[Marked, int] = {"out": 3, "also": 5, "only": 2}


def documents() -> Iterator[dict[str, Any]]:
    claim = json.loads((EXAMPLES / "claim/good-full.json").read_bytes())
    # Examples leave out defaults; documents of the job have them.
    claim["figures"] = [{"modifier": "exact", "unit_class": "people", **each} for each in claim["figures"]]
    figure = json.loads((EXAMPLES / "figure/good-at-least.json").read_bytes())
    for number, mark in enumerate(MARKS):
        at = (NOW - timedelta(minutes=10 + number)).isoformat()
        times = dict.fromkeys(("published_at", "fetched_at", "processed_at", "indexed_at"), at)
        own = {**times, "article_id": f"marked-{number}", "watches": [WATCH], "ingest_mode": "live"}
        own |= {"mark": mark} if mark else {}
        yield {
            "_index": FAMILIES["claims"].index(BUCKET), "_id": f"marked-claim-{number}",
            "_source": claim | own | {"claim_id": f"marked-claim-{number}", "assertion_id": ASSERTION, "field": "body",
                                      "quote": "none"},
        }  # fmt: skip
        value = 90_000.0 if mark == "wrong" else 100.0 + number
        yield {
            "_index": FAMILIES["figures"].index(BUCKET), "_id": f"marked-figure-{number}",
            "_source": figure | own | {
                "figure_id": f"marked-figure-{number}", "claim_id": f"marked-claim-{number}", "value": value,
                "low": value, "kind": "count", "status": "asserted", "modifier": "exact", "unit_class": "people",
            },
        }  # fmt: skip


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[Elasticsearch]:
    bootstrap.init(stack.settings)
    with Elasticsearch(**stack.settings.elasticsearch.client_options()) as elasticsearch:
        bulk(elasticsearch, documents(), refresh=True)
        yield elasticsearch
        for family in ("claims", "figures"):
            elasticsearch.indices.delete(index=FAMILIES[family].index(BUCKET))
        count_named(elasticsearch, [ASSERTION])  # without claims, its documents go


SPAN = TimeSpan(NOW - timedelta(days=1), NOW)
every_choice = pytest.mark.parametrize("marked", get_args(Marked))


def filters(marked: Marked) -> Filters:
    return Filters(watch=(WATCH,), since=SPAN.since, until=SPAN.until, marked=marked)


@every_choice
def test_query_counts_claims_and_figures(client: Elasticsearch, marked: Marked) -> None:
    options = QueryOptions(SPAN, filters(marked))
    for query, label in ((CLAIMS_BY_WATCH, "claims"), (FIGURES_TOTAL, "figures"), (STATUSES, "claims")):
        assert sum(row[label] for row in run_query(client, query, options)) == EXPECTED[marked]


@every_choice
def test_text_of_each_board_of_grafana_counts_with_its_selector(client: Elasticsearch, marked: Marked) -> None:
    panels = build_dashboard(BOARDS["newsclaims-claim-volume"])["panels"]
    target = next(each["targets"][0] for each in panels if each["title"] == "Claims")
    text = target["query"].replace("${marked:raw}", MARKED_LUCENE[marked]).replace("${copies:raw}", "*")
    for name in ("claimant", "publisher", "language", "status", "unit_class", "dispute"):
        text = text.replace(f"${name}", "* OR *:*")
    text = text.replace("$watch", f'"{WATCH}"')
    assert "$" not in text
    query = {"query_string": {"query": text, "analyze_wildcard": True}}
    assert client.count(index="claims", query=query)["count"] == EXPECTED[marked]


@pytest.mark.parametrize(("copies", "number"), [("also", 3), ("out", 2), ("only", 1)])
def test_copies_of_a_story_are_left_out_on_demand(client: Elasticsearch, copies: Copies, number: int) -> None:
    change_story(client, "another article")
    narrowed = replace(filters("out"), copies=copies)
    for query in (CLAIMS_BY_WATCH, STATUSES):
        assert sum(row["claims"] for row in run_query(client, query, QueryOptions(SPAN, narrowed))) == number
    text = CLAIMS_BY_WATCH.lucene({"watch": f'"{WATCH}"'}, MARKED_LUCENE["out"], COPIES_LUCENE[copies])
    assert client.count(index="claims", query={"query_string": {"query": text}})["count"] == number
    change_story(client, None)


def change_story(client: Elasticsearch, original: str | None) -> None:
    """Makes the first article a copy of another, or an original."""
    script = {"source": "ctx._source.duplicate_of = params.original", "params": {"original": original}}
    client.update_by_query(
        index=FAMILIES["claims"].index(BUCKET), query={"term": {"claim_id": "marked-claim-0"}}, script=script,
        refresh=True,
    )  # fmt: skip


@every_choice
def test_first_said_counts_new_claims_and_their_repeats(client: Elasticsearch, marked: Marked) -> None:
    count_named(client, [ASSERTION])
    client.indices.refresh(index="assertions")
    options = QueryOptions(SPAN, filters(marked))
    for query, label, number in (
        (NEW_CLAIMS_TOTAL, "new claims", 1), (REPEATS_TOTAL, "repeats of them", EXPECTED[marked] - 1),
    ):  # fmt: skip
        assert sum(row[label] for row in run_query(client, query, options)) == number
    [row] = run_query(client, REPEATED_CLAIMS, options)
    assert row["repeats"] == EXPECTED[marked] - 1
    # The later its number, the earlier a claim was published.
    first = {"out": 2, "also": 4, "only": 4}[marked]
    text = REPEATED_CLAIMS.lucene({"watch": f'"{WATCH}"'}, MARKED_LUCENE[marked])
    [hit] = client.search(index="assertions", query={"query_string": {"query": text}})["hits"]["hits"]
    assert hit["_source"]["first_claim_id"] == f"marked-claim-{first}"


@every_choice
def test_report_counts_totals_selectors_and_panels(client: Elasticsearch, marked: Marked) -> None:
    data = gather(client, ReportRequest(boards=find_boards(["claim-volume"]), filters=filters(marked), now=NOW))
    assert (data.totals["claims"], data.totals["figures"]) == (EXPECTED[marked], EXPECTED[marked])
    listed = next(each for each in data.panels["newsclaims-claim-volume"] if each.panel.query == LATEST_CLAIMS)
    assert listed.counts[listed.whole] == EXPECTED[marked]
    marks = {row.get("mark") for row in listed.marks[listed.whole]}
    assert marks == {"out": {None}, "also": {None, "wrong", "duplicate"}, "only": {"wrong", "duplicate"}}[marked]


@every_choice
@pytest.mark.parametrize("index", ["claims", "figures"])
def test_export_has_them_with_their_mark(client: Elasticsearch, tmp_path: Path, index: Any, marked: Marked) -> None:
    output = tmp_path / "out.csv"
    export = Export(index=index, filters=filters(marked), output=str(output))
    assert run_export(client, export) == EXPECTED[marked]
    header, *rows = output.read_text().splitlines()
    assert "mark" in header.split(",")
    assert sum(",wrong" in row or ",duplicate" in row for row in rows) == (0 if marked == "out" else 2)


@every_choice
def test_assertion_has_the_appearances(client: Elasticsearch, marked: Marked) -> None:
    found = load_assertion(client, ASSERTION, NOW, marked)
    statements = [statement for article in found["appearance"] for statement in article["hasPart"]]
    assert len(statements) == EXPECTED[marked]
    assert sum("newsclaims:mark" in each for each in statements) == EXPECTED[marked] - (0 if marked == "only" else 3)


def test_assertion_of_marked_claims_only_says_so(client: Elasticsearch) -> None:
    query = {"term": {"claim_id": "marked-claim-3"}}
    script = {"source": "ctx._source.assertion_id = 'all marked'"}
    client.update_by_query(index=FAMILIES["claims"].index(BUCKET), query=query, script=script, refresh=True)
    with pytest.raises(Permanent, match="no claim without an analyst's mark has"):
        load_assertion(client, "all marked", NOW)
    script = {"source": f"ctx._source.assertion_id = '{ASSERTION}'"}
    client.update_by_query(index=FAMILIES["claims"].index(BUCKET), query=query, script=script, refresh=True)


def test_terminal_counts_without_them(client: Elasticsearch, stack: Stack) -> None:
    assert count_claims(stack.settings, NOW)[WATCH] == (3, 3)
    scope = DemoScope(articles=tuple(f"marked-{number}" for number in range(len(MARKS))))
    for alias in ("claims", "figures"):
        assert client.count(index=alias, query=scope.narrow(alias))["count"] == 3


def test_filter_of_kibana_matches_them(client: Elasticsearch) -> None:
    latest = next(each for each in build_saved_objects() if each["id"] == "newsclaims-search-claims-latest")
    [found] = json.loads(latest["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])["filter"]
    only = {"bool": {"filter": [{"term": {"watches": WATCH}}], "must_not": [found["query"]]}}
    assert client.count(index="claims", query=only)["count"] == 3


def test_alerts_do_not_count_them(client: Elasticsearch) -> None:
    [spike] = [each for each in CONDITIONS["watch_spike"](client, NOW) if each.subject == WATCH]
    assert "too new" in spike.detail or spike.detail.startswith("3 claims from 3 articles")
    jumps = {each.subject: each for each in CONDITIONS["figure_jump"](client, NOW)}
    assert "90,000" not in jumps["people"].detail
    assert "104" not in jumps["people"].detail
    assert "102" in jumps["people"].detail

"""What Kibana is given: shapes, references, fields, and that each chart has something to show."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from dashboards.kibana.board import CHARTS, CONTROLS, NUMBERS, PANELS
from dashboards.kibana.check import check_file, check_objects
from dashboards.kibana.content import build_ndjson, build_saved_objects, read_committed
from dashboards.kibana.data_views import LONGEST_DESCRIPTION, VIEWS, describe_field
from dashboards.kibana.index_fields import RUNTIME, index_fields
from dashboards.kibana.kql import parse_comparisons
from dashboards.kibana.lens import LensChart, build_chart
from dashboards.kibana.objects import PREFIX
from dashboards.kibana.searches import SEARCHES
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent
from tests.conftest import Stack
from tests.dashboards.kibana import lens_reader

OBJECTS = build_saved_objects()


def changed(kind: str, name: str, change: Callable[[dict[str, Any]], Any]) -> list[str]:
    """What the check finds once this object is changed."""
    objects = deepcopy(OBJECTS)
    (found,) = (each for each in objects if (each["type"], each["id"]) == (kind, PREFIX + name))
    change(found)
    return check_objects(objects)


def repacked(text: str, change: Callable[[Any], Any]) -> str:
    content = json.loads(text)
    change(content)
    return json.dumps(content)


def test_file_is_what_this_release_makes_and_has_no_problem() -> None:
    assert read_committed() == build_ndjson()
    assert list(check_file()) == []
    assert check_objects(OBJECTS) == []
    assert [json.loads(line) for line in read_committed().splitlines()] == OBJECTS


def test_every_object_has_our_id_its_version_and_comes_after_what_it_refers_to() -> None:
    seen = set()
    for each in OBJECTS:
        assert each["id"].startswith(PREFIX)
        assert each["typeMigrationVersion"] <= each["coreMigrationVersion"] == "8.8.0"
        assert {(reference["type"], reference["id"]) for reference in each["references"]} <= seen
        assert (each["type"], each["id"]) not in seen
        seen.add((each["type"], each["id"]))
    views = {id.removeprefix(PREFIX) for kind, id in seen if kind == "index-pattern"}
    assert views == {"claims", "figures", "articles", "assertions", "dead-letters", "health", "feeds"}
    assert sum(kind == "search" for kind, _ in seen) == len(SEARCHES) + 1


def test_data_view_shows_links_numbers_shares_and_colours() -> None:
    by_index = {each["attributes"]["title"]: each["attributes"] for each in OBJECTS if each["type"] == "index-pattern"}
    assert {index: view["timeFieldName"] for index, view in by_index.items()} == {
        "claims": "published_at", "figures": "published_at", "articles": "published_at", "dead-letters": "failed_at",
        "health": "at", "feeds": "polled_at", "assertions": "first_seen_at",
    }  # fmt: skip
    claims, figures, articles = (
        json.loads(by_index[name]["fieldFormatMap"]) for name in ("claims", "figures", "articles")
    )
    assert claims["url"]["id"] == "url"
    assert figures["value"] == {"id": "number", "params": {"pattern": "0,0.[00]"}}
    assert articles["removed_share"]["id"] == "percent"
    confirmed = next(rule for rule in claims["status"]["params"]["colors"] if rule["regex"] == "^confirmed$")
    assert confirmed["background"] != confirmed["text"]
    assert "{{value}}" in claims["assertion_id"]["params"]["urlTemplate"]
    linked = claims["assertion_id"]["params"]["urlTemplate"].split("/view/")[1].split("?")[0]
    assert linked in {each["id"] for each in OBJECTS if each["type"] == "search"}


def test_fields_are_explained_as_the_records_explain_them() -> None:
    claims = index_fields("claims")
    assert claims["assertion_id"].meaning == "The same for every claim that says the same, by any claimant."
    status = "How sure it is said to be. One of asserted, confirmed, demanded, denied"
    assert describe_field(claims["status"]).startswith(status)
    attributes = next(each for each in OBJECTS if each["id"] == "newsclaims-figures")["attributes"]
    named = json.loads(attributes["fieldAttrs"])
    assert named["low"] == {"customLabel": "At least", "customDescription": index_fields("figures")["low"].meaning,
                            "count": named["low"]["count"]}  # fmt: skip
    for view in VIEWS.values():
        assert all(len(describe_field(field)) <= LONGEST_DESCRIPTION for field in index_fields(view.index).values())
        assert set(view.popular) | set(view.labels) <= set(index_fields(view.index)) | {"title", "text"}


def test_field_that_is_not_there_is_named_with_the_one_that_was_meant() -> None:
    def rename(found: dict[str, Any]) -> None:
        found["attributes"]["columns"][0] = "claimant.nam"

    assert changed("search", "search-claims-denied", rename) == [
        "search newsclaims-search-claims-denied: claims has no field claimant.nam: did you mean claimant.name?"
    ]


@pytest.mark.parametrize(
    ("kql", "problem"),
    [
        ("statuss : confirmed", "claims has no field statuss: did you mean status?"),
        ("status : confirmd", "status of claims is never confirmd"),
        ("status > 3", "status of claims is a keyword, which range does not accept"),
        ("text >= 3", "text of claims is a text, which range does not accept"),
        ("figure_count : many", "figure_count of claims is never many"),
        ("status : (confirmed", "are not balanced"),
        ("status : confirmed)", "are not balanced"),
        ("confirmed", "compares 'confirmed' with nothing"),
        ('status : "confirmed', "cannot be parsed from"),
        ("status :", "compares 'status' with nothing"),
    ],
)
def test_search_that_cannot_find_anything_is_a_problem(kql: str, problem: str) -> None:
    def search(found: dict[str, Any]) -> None:
        source = found["attributes"]["kibanaSavedObjectMeta"]
        source["searchSourceJSON"] = repacked(
            source["searchSourceJSON"], lambda content: content["query"].update(query=kql)
        )

    (found,) = changed("search", "search-claims-denied", search)
    assert found.startswith("search newsclaims-search-claims-denied")
    assert problem in found


def test_values_are_read_with_their_operators_and_lists() -> None:
    read = parse_comparisons('kind : (percent or "a b") and not range : 12000 or (value >= 3 and text : two words)')
    assert [(use.field, use.operator, use.values) for use in read] == [
        ("kind", ":", ("percent", '"a b"')), ("range", ":", ("12000",)), ("value", ">=", ("3",)),
        ("text", ":", ("two words",)),
    ]  # fmt: skip
    with pytest.raises(Permanent, match="with nothing"):
        parse_comparisons("status :")


def test_searches_and_the_dashboard_leave_marked_claims_out_by_a_filter_that_can_be_switched_off() -> None:
    filtered = set()
    for each in OBJECTS:
        if "kibanaSavedObjectMeta" in each["attributes"]:
            source = json.loads(each["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
            for found in source["filter"]:
                assert found["query"] == {"exists": {"field": "mark"}}
                assert (found["meta"]["negate"], found["meta"]["disabled"]) == (True, False)
                assert found["meta"]["indexRefName"] in {reference["name"] for reference in each["references"]}
                filtered.add(each["id"].removeprefix(PREFIX))
    of_claims = {f"search-{search.name}" for search in SEARCHES if search.index in ("claims", "figures")}
    assert filtered == of_claims - {"search-claims-marked"} | {"search-claims-latest", "claims"}


def test_chart_of_a_field_that_cannot_be_counted_is_a_problem() -> None:
    def by_words(found: dict[str, Any]) -> None:
        layer = found["attributes"]["state"]["datasourceStates"]["formBased"]["layers"]["layer"]
        layer["columns"]["claimant"]["sourceField"] = "claimant.name"
        layer["columns"]["claimant"]["params"]["orderBy"]["columnId"] = "nothing"

    assert changed("lens", "lens-top-claimants", by_words) == [
        "lens newsclaims-lens-top-claimants: claimant.name of claims is a text, which terms does not accept",
        "lens newsclaims-lens-top-claimants: is ordered by the column nothing, which does not exist",
    ]


def test_control_without_its_field_in_every_panel_is_a_problem() -> None:
    def by_country(found: dict[str, Any]) -> None:
        group = found["attributes"]["controlGroupInput"]
        group["panelsJSON"] = repacked(
            group["panelsJSON"],
            lambda controls: controls["watch"]["explicitInput"].update(fieldName="claimant.country"),
        )

    (problem,) = changed("dashboard", "claims", by_country)
    assert "figures has no field claimant.country" in problem


def test_reference_that_leads_nowhere_is_a_problem() -> None:
    def away(found: dict[str, Any]) -> None:
        found["references"][0]["id"] = "newsclaims-lens-gone"

    assert changed("dashboard", "claims", away) == [
        "dashboard newsclaims-claims refers to the lens newsclaims-lens-gone, which does not exist"
    ]
    assert "which it does not define" in changed("lens", "lens-figures", lambda found: found.update(references=[]))[0]


def test_data_view_of_another_index_or_clock_is_a_problem() -> None:
    wrong = changed("index-pattern", "feeds", lambda found: found["attributes"].update(timeFieldName="silent"))
    assert "index-pattern newsclaims-feeds: silent of feeds is a boolean, which time field does not accept" in wrong
    wrong = changed("index-pattern", "feeds", lambda found: found["attributes"].update(title="feed"))
    assert "index-pattern newsclaims-feeds: unknown index feed" in wrong
    assert any("is about feed, which is not an index of newsclaims" in problem for problem in wrong)


def test_panels_lie_beside_each_other_within_the_grid_and_show_every_chart() -> None:
    cells = [
        (column, row) for panel in PANELS
        for column in range(panel.x, panel.x + panel.width) for row in range(panel.y, panel.y + panel.height)
    ]  # fmt: skip
    assert len(set(cells)) == len(cells)
    assert max(column for column, _ in cells) < 48
    assert {panel.target for panel in PANELS} >= {f"lens-{each.name}" for each in (*NUMBERS, *CHARTS)}


@pytest.fixture(scope="module")
def client(demo_data: Stack) -> Iterator[Elasticsearch]:
    with Elasticsearch(**demo_data.settings.elasticsearch.client_options()) as elasticsearch:
        yield elasticsearch


@pytest.mark.parametrize("drawn", [*NUMBERS, *CHARTS], ids=lambda drawn: drawn.name)
def test_chart_has_data_of_the_demo_in_every_column(client: Elasticsearch, drawn: LensChart) -> None:
    answer = client.search(index=drawn.index, **lens_reader.request(build_chart(drawn), drawn.index))
    assert answer["hits"]["total"]["value"] > 0
    level, names = answer.get("aggregations", {}), list(drawn.columns)
    for name in [name for name in names if drawn.columns[name]["isBucketed"]]:
        assert len(level[name]["buckets"]) > 1, name
        level = level[name]["buckets"][0]
    for name in [name for name in names if not drawn.columns[name]["isBucketed"]]:
        if drawn.columns[name]["operationType"] != "count":
            assert shown(level[name]) is not None, name


def shown(result: dict[str, Any]) -> Any:
    """The value of a metric."""
    match result:
        case {"value": value}:
            return value
        case {"values": values}:
            return values["50.0"]
        case {"hits": {"hits": [hit, *_]}}:
            return hit["fields"]
    return None


def test_a_chosen_claimant_narrows_claims_and_figures_alike(client: Elasticsearch) -> None:
    field = next(field for name, _, field in CONTROLS if name == "claimant")
    for index, own in (("claims", field), ("figures", "claimant")):
        asked = {"index": index, "track_total_hits": True, "runtime_mappings": RUNTIME.get(index, {})}
        by_control = client.search(**asked, query={"match_phrase": {field: "Oskar Lindqvist"}})["hits"]["total"][
            "value"
        ]
        assert by_control == client.count(index=index, query={"term": {own: "Oskar Lindqvist"}})["count"] > 0


def test_servers_have_the_fields_that_data_views_format_and_label(client: Elasticsearch) -> None:
    for index in VIEWS:
        known = client.field_caps(index=index, fields="*")["fields"]
        wanted = {name: field.type for name, field in index_fields(index).items() if name not in RUNTIME.get(index, {})}
        assert {name: next(iter(known[name])) for name in wanted} == wanted
    assert set(VIEWS) <= set(FAMILIES)

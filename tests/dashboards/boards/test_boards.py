"""The generated boards: fields and metrics exist, panels have units and descriptions, and links have targets."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from dashboards import build
from dashboards.ask.filters import FOLLOWS_MARKS, MARKED_LUCENE
from dashboards.ask.query import LabelledQueries, Measure, Query, Terms, TimeBuckets
from dashboards.boards import BOARDS
from dashboards.boards.panels import Board, Listing, Panel, Section, TableColumn
from dashboards.grafana.dashboard import build_dashboard
from schemas.elasticsearch.indices import FAMILIES
from schemas.metrics import METRICS
from tests.dashboards.grafana.grafana_source import boards, panels

SHOWN = list(panels())
NAMES = [f"{uid}/{panel['title']}" for uid, panel in SHOWN]
UNITS = {
    "short", "none", "s", "bytes", "percentunit", "dateTimeAsIso", "string", "locale", "dtdurations",
}  # fmt: skip
FIELD = re.compile(r"_exists_:([a-z_.]+)|(?<![\w.$])([a-z][a-z_.]*):")
NUMERIC = {"long", "integer", "double"}

each_panel = pytest.mark.parametrize("panel", [panel for _, panel in SHOWN], ids=NAMES)


def mapped(index: str, name: str) -> dict[str, Any] | None:
    """Returns the mapping of a field by its dotted name, including sub-fields such as `.keyword`."""
    properties: dict[str, Any] = FAMILIES[index].mapping()["properties"]
    found: dict[str, Any] = {}
    for part in name.split("."):
        if part in found.get("fields", {}):
            found, properties = found["fields"][part], {}
        elif part in properties:
            found = properties[part]
            properties = found.get("properties", {})
        else:
            return None
    return found


def index_of(panel: dict[str, Any]) -> str:
    """Returns the index that the panel's data source reads."""
    uid = panel["targets"][0]["datasource"]["uid"]
    return str(max((name for name in FAMILIES if uid.startswith(f"newsclaims-{name}-")), key=len))


def lucene(target: dict[str, Any]) -> list[str]:
    """Returns every Lucene text of a target."""
    filters = [each for bucket in target["bucketAggs"] for each in bucket["settings"].get("filters", ())]
    return [target["query"], *(each["query"] for each in filters)]


def fields_of(text: str) -> list[str]:
    """Returns the fields in a Lucene text, without the values of variables."""
    return [one or other for one, other in FIELD.findall(re.sub(r"\$\{[^}]*\}", "0", text))]


def test_uids_are_what_links_and_bookmarks_name() -> None:
    assert set(boards()) == {
        "newsclaims-claim-volume", "newsclaims-contested-figures", "newsclaims-claimant", "newsclaims-article",
        "newsclaims-stories", "newsclaims-feeds", "newsclaims-pipeline-health",
    }  # fmt: skip
    assert all(board["uid"] == uid and "newsclaims" in board["tags"] for uid, board in boards().items())


@each_panel
def test_panel_says_what_it_shows_by_which_clock_and_in_which_unit(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert len(panel["description"]) > 30
    assert re.search(r"By time of \w+", panel["description"])
    assert panel["fieldConfig"]["defaults"]["unit"] in UNITS


@each_panel
def test_panel_reads_a_source_whose_clock_is_mapped(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        assert target["datasource"]["type"] == "elasticsearch"
        clock = mapped(index_of(panel), target["timeField"])
        assert clock is not None
        assert clock["type"] == "date"
        assert target["datasource"]["uid"].endswith(target["timeField"].removesuffix("_at"))


@each_panel
def test_fields_are_mapped_with_a_type_that_fits(panel: dict[str, Any]) -> None:
    index = index_of(panel)
    for target in panel["targets"]:
        for bucket in target["bucketAggs"]:
            if bucket["type"] == "terms":
                found = mapped(index, bucket["field"])
                assert found is not None, bucket["field"]
                assert found["type"] in {"keyword", *NUMERIC}, bucket["field"]
        for metric in target["metrics"]:
            if "field" in metric:
                found = mapped(index, metric["field"])
                assert found is not None, metric["field"]
                assert found["type"] in NUMERIC or metric["type"] == "cardinality", metric["field"]
        for text in lucene(target):
            for name in fields_of(text):
                assert mapped(index, name) is not None, f"{name} in {text}"


def test_check_of_fields_notices_an_unmapped_field() -> None:
    assert mapped("claims", "claimant.nome") is None
    assert mapped("claims", "claimant.name.keyword") == {"type": "keyword", "ignore_above": 1024}
    assert fields_of("a.b:${x:raw} AND _exists_:claimant AND value:>0 AND (status:$status)") == [
        "a.b", "claimant", "value", "status",
    ]  # fmt: skip


@each_panel
def test_metrics_are_declared_with_the_labels_that_panels_use(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        named = re.findall(r"metric:(\w+)", target["query"])
        assert bool(named) == (index_of(panel) == "health")
        for name in named:
            metric = METRICS[name]
            labels = {
                *metric.labels,
                "metric",
                "value",
                "instance",
                *(["quantile"] if metric.kind == "histogram" else []),
            }
            buckets = {bucket["field"] for bucket in target["bucketAggs"] if bucket["type"] == "terms"}
            assert buckets | set(fields_of(target["query"])) <= labels


@each_panel
def test_buckets_by_time_are_the_innermost_and_labelled_ones_never(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        kinds = [bucket["type"] for bucket in target["bucketAggs"]]
        assert "date_histogram" not in kinds[:-1]
        # Grafana 9 reads the buckets of innermost filters as a single one.
        assert not kinds or kinds[-1] != "filters"


@pytest.mark.parametrize("board", boards().values(), ids=list(boards()))
def test_panels_have_unique_ids_and_titles_and_do_not_overlap(board: dict[str, Any]) -> None:
    titles = [panel["title"] for panel in board["panels"] if panel["type"] != "row"]
    assert len(titles) == len(set(titles))
    numbers = [panel["id"] for panel in board["panels"]]
    assert len(numbers) == len(set(numbers))
    for one, other in combinations([panel["gridPos"] for panel in board["panels"]], 2):
        apart = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert apart or below
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in board["panels"])


def links(value: Any) -> list[str]:
    """Returns the addresses of all data links in a board."""
    if isinstance(value, dict):
        if value.get("id") == "links":
            return [link["url"] for link in value["value"]]
        return [link for inner in value.values() for link in links(inner)]
    if isinstance(value, list):
        return [link for inner in value for link in links(inner)]
    return []


@pytest.mark.parametrize("uid", list(boards()))
def test_links_lead_to_boards_that_know_the_variables_they_set(uid: str) -> None:
    board = boards()[uid]
    own = {variable["name"] for variable in board["templating"]["list"]}
    for link in links(board):
        if target := re.match(r"/d/([\w-]+)\?", link):
            known = {variable["name"] for variable in boards()[target[1]]["templating"]["list"]}
            assert set(re.findall(r"var-(\w+)=", link)) <= known
            assert "${__url_time_range}" in link
            assert "&&" not in link
            assert set(re.findall(r"\$\{(\w+):queryparam\}", link)) <= own
        else:
            assert link.startswith(("${kibana}/app/discover", "${__data.fields["))


def test_claims_lead_to_the_claimant_the_article_the_page_and_kibana() -> None:
    table = next(panel for uid, panel in SHOWN if panel["title"] == "Latest claims")
    found = "\n".join(links(table))
    for part in ("/d/newsclaims-claimant?", "/d/newsclaims-article?", "${kibana}", '${__data.fields["url"]}'):
        assert part in found


def test_columns_that_links_read_are_in_the_table() -> None:
    for uid, panel in SHOWN:
        if panel["type"] == "table":
            steps = {step["id"]: step["options"] for step in panel["transformations"]}
            kept = steps["organize"]["renameByName"]
            named = {name for link in links(panel) for name in re.findall(r'__data\.fields\["([^"]+)"\]', link)}
            assert named <= {*kept, *kept.values()} | {"claimant"}, (uid, panel["title"])


def test_boards_of_claims_can_be_filtered_by_every_dimension() -> None:
    for uid in ("newsclaims-claim-volume", "newsclaims-contested-figures"):
        board = boards()[uid]
        names = {variable["name"] for variable in board["templating"]["list"]}
        single = {name.removeprefix("one_") for name in names if name.startswith("one_")}
        assert {"watch", "claimant", "publisher", "language", "status", "unit_class", "dispute"} <= names | single
        for panel in (panel for panel in board["panels"] if panel["type"] != "row"):
            query = panel["targets"][0]["query"]
            assert all(f"${name}" in query for name in ("watch", "claimant", "publisher", "language", "status"))


def test_contested_figures_opens_with_the_dispute_that_has_the_most_figures() -> None:
    board = boards()["newsclaims-contested-figures"]
    selectors = {variable["name"]: variable for variable in board["templating"]["list"]}
    for name in ("one_unit_class", "one_dispute"):
        assert not selectors[name]["includeAll"]
        assert not selectors[name]["multi"]
        assert json.loads(selectors[name]["query"])["orderBy"] == "doc_count"
        # The menu of boards passes on what is selected elsewhere, such as "All".
        elsewhere = [other for uid, other in boards().items() if uid != board["uid"]]
        assert name not in {variable["name"] for other in elsewhere for variable in other["templating"]["list"]}
    assert 'unit_class:"$one_unit_class"' in json.loads(selectors["one_dispute"]["query"])["query"]
    panels = {panel["title"]: panel for panel in board["panels"]}
    assert '(dispute:"$one_dispute")' in panels["Highest claimed"]["targets"][0]["query"]
    assert "one_dispute" not in panels["Disputes"]["targets"][0]["query"]


def test_a_link_from_contested_figures_keeps_the_dispute_for_boards_that_can_select_it() -> None:
    found = links(boards()["newsclaims-contested-figures"])
    to_claimant = next(link for link in found if link.startswith("/d/newsclaims-claimant?"))
    assert ("var-dispute=${one_dispute:percentencode}" in to_claimant) == (
        "dispute" in BOARDS["newsclaims-claimant"].dimensions
    )
    to_dispute = next(link for link in found if "var-one_dispute=" in link)
    assert "${one_unit_class:queryparam}" in to_dispute
    assert "${one_dispute:queryparam}" not in to_dispute


def test_boards_leave_marked_claims_and_figures_out_until_the_reader_asks_for_them() -> None:
    for board in BOARDS.values():
        drawn = build_dashboard(board)
        selectors = {each["name"]: each for each in drawn["templating"]["list"]}
        texts = [target["query"] for panel in drawn["panels"] for target in panel.get("targets", ())
                 if target["datasource"]["uid"].split("-")[1] in FOLLOWS_MARKS]  # fmt: skip
        assert all("(${marked:raw})" in text for text in texts)
        assert ("marked" in selectors) == bool(texts)
        if texts:
            assert selectors["marked"]["current"]["value"] == MARKED_LUCENE["out"]


def test_every_board_that_counts_articles_can_count_each_story_once() -> None:
    about_copies = {"newsclaims-article", "newsclaims-stories"}
    for uid, board in BOARDS.items():
        built = build_dashboard(board)
        texts = [
            text["query"]
            for panel in built["panels"]
            for text in panel.get("targets", ())
            if find_index(text) in ("articles", "claims", "figures")
        ]
        selectors = {each["name"]: each for each in built["templating"]["list"]}
        assert ("copies" in selectors) == (bool(texts) and uid not in about_copies)
        assert all(("(${copies:raw})" in text) == ("copies" in selectors) for text in texts)
        if "copies" in selectors:
            assert selectors["copies"]["current"]["value"] == "*"
            assert "left out : NOT _exists_:duplicate_of" in selectors["copies"]["query"]


def find_index(target: dict[str, Any]) -> str:
    """Returns the index that a target reads."""
    return str(target["datasource"]["uid"]).split("-")[1]


def test_alerts_and_new_rules_are_marked_on_every_board() -> None:
    for board in boards().values():
        marks = {each["name"]: each for each in board["annotations"]["list"]}
        assert marks["Alerts"]["query"] == "metric:newsclaims_alert"
        assert marks["New rules"]["query"] == "metric:newsclaims_rules_changed"
        assert {"newsclaims_alert", "newsclaims_rules_changed"} <= METRICS.keys()


def test_committed_boards_are_current_and_a_stale_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["--check"]) == 0
    build.main([], tmp_path)
    path = tmp_path / "grafana/boards/newsclaims-feeds.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"title": "by hand"}))
    assert build.main(["--check"], tmp_path) == 1
    assert "newsclaims-feeds.json is stale" in capsys.readouterr().err


def test_query_refuses_buckets_that_grafana_cannot_read() -> None:
    with pytest.raises(ValueError, match="innermost"):
        Query(index="claims", clock="published_at", by=(TimeBuckets(), Terms("status", "status")))
    with pytest.raises(ValueError, match="either buckets or a number of documents"):
        Query(index="claims", clock="published_at")
    with pytest.raises(ValueError, match="unknown dimensions"):
        Query(index="claims", clock="published_at", size=1, dimensions=("mood",))


def test_variables_of_a_query_are_found_in_its_text_and_buckets() -> None:
    query = Query(
        index="claims", clock="published_at", where="article_id:${article:raw}",
        by=(LabelledQueries("when", (("now", "published_at:[${__to}||-${window} TO ${__to}]"),)), TimeBuckets()),
        measures=(Measure(),),
    )  # fmt: skip
    assert query.variables == {"article", "window", "__to"}


def test_every_open_variable_of_a_query_is_one_of_its_board() -> None:
    for board in BOARDS.values():
        own = {variable.name for variable in board.variables} | {"__to", "__from"}
        for panel in board.panels:
            assert panel.query.variables <= own, panel.title
            assert isinstance(panel, Panel)


def test_panels_wrap_to_the_next_line() -> None:
    from dashboards.grafana.dashboard import lay_out_panels

    shown = Panel(
        title="A", description="An example of a panel.", width=16, height=5,
        query=Query(index="claims", clock="published_at", size=1, fields=("text",)),
        chart=Listing((TableColumn("text", "Text"),)),
    )  # fmt: skip
    board = Board(uid="u", title="U", description="An example.", sections=(Section("S", (shown, shown)),))
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in lay_out_panels(board)]
    assert places == [(0, 0), (0, 1), (0, 6)]


def test_tables_show_what_their_query_brings() -> None:
    for board in BOARDS.values():
        for panel in board.panels:
            query = panel.query
            for name in query.fields:
                assert mapped(query.index, name) is not None, name
            if isinstance(panel.chart, Listing):
                brought = set(query.fields) | {bucket.label for bucket in query.by}
                brought |= {metric.label for metric in query.measures} | set(panel.chart.compare or ()) | {"change"}
                assert {column.source for column in panel.chart.columns} <= brought, panel.title

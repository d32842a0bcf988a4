"""The answers in a report: that of each selection equals the answer to a query for it alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from dashboards.ask import answers
from dashboards.ask.answers import QueryOptions, TimeSpan
from dashboards.ask.filters import DIMENSIONS, Filters
from dashboards.ask.queries import CLAIMS_BY_PUBLISHER, CLAIMS_BY_STATUS, LATEST_CLAIMS
from dashboards.boards import BOARDS
from dashboards.boards.panels import Board, Panel
from dashboards.report import gathering, selections
from dashboards.report.gathering import PanelAnswer, ReportData, ReportRequest, find_boards, gather
from dashboards.report.live import LiveReport
from dashboards.report.rows import Mark, build_marks
from dashboards.report.selections import Choice
from schemas.errors import Permanent
from tests.conftest import Stack

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FOLLOWING = [
    (board, panel)
    for board in find_boards(())
    for panel in board.panels
    if {"claimant", "status"} <= set(panel.query.dimensions) and panel.query.clock == "published_at"
]


@pytest.fixture(scope="module")
def client(demo_data: Stack) -> Iterator[Elasticsearch]:
    with Elasticsearch(demo_data.elasticsearch_url, request_timeout=120) as client:
        yield client


@pytest.fixture(scope="module")
def report(client: Elasticsearch) -> ReportData:
    """Returns a report of both default boards, with the demo's data."""
    return gather(client, ReportRequest(boards=find_boards(()), now=NOW))


def find_answer(report: ReportData, board: Board, panel: Panel) -> PanelAnswer:
    return next(each for each in report.panels[board.uid] if each.panel is panel)


@pytest.mark.parametrize(
    ("board", "panel"), FOLLOWING, ids=[f"{board.title}/{panel.title}" for board, panel in FOLLOWING]
)
def test_selection_has_the_answer_that_asking_for_it_alone_gives(
    client: Elasticsearch, report: ReportData, board: Board, panel: Panel
) -> None:
    found = find_answer(report, board, panel)
    starts = [slot.start for slot in found.slots]
    buckets = 200 if type(panel.chart).__name__ == "Points" else 90
    compared = 0
    keys = sorted((key for key, marks in found.marks.items() if marks), key=lambda key: (-sum(map(bool, key)), key))
    for key in {*keys[:4], *keys[-4:], found.whole}:
        chosen = {
            choice.dimension: (choice.values[place - 1],)
            for choice, place in zip(found.choices, key, strict=True)
            if place
        }
        options = QueryOptions(found.span, Filters(**chosen), buckets, found.values, calendar=True, empty=False)
        alone = build_marks(panel, answers.run_query(client, panel.query, options), starts)
        assert comparable(panel, found.marks.get(key, [])) == comparable(panel, alone)
        compared += bool(alone)
    assert compared > 1


def comparable(panel: Panel, marks: Sequence[Mark]) -> list[Any]:
    """Returns what does not depend on the order of equal items: for documents their times, because the last may tie."""
    return sorted(mark[panel.query.clock] for mark in marks) if panel.query.size else sorted(map(str, marks))


def test_distinct_assertions_of_selections_do_not_sum(report: ReportData) -> None:
    """The reason for a query of each selection: several claimants make an assertion, with several statuses."""
    board = BOARDS["newsclaims-claim-volume"]
    found = find_answer(report, board, next(panel for panel in board.panels if panel.title == "Distinct assertions"))
    each = [marks[0]["value"] for key, marks in found.marks.items() if key[0] == 0 and key[1] > 0]
    assert len(each) == 8
    assert sum(each) > found.marks[0, 0][0]["value"]


def test_choices_are_the_most_frequent(report: ReportData) -> None:
    claimants, statuses, disputes = report.choices
    assert claimants.dimension == "claimant"
    assert len(claimants.values) == 12
    assert statuses.values == (
        "asserted",
        "confirmed",
        "denied",
        "unconfirmed",
        "planned",
        "predicted",
        "demanded",
        "opinion",
    )
    assert (disputes.dimension, disputes.values[0]) == ("dispute", "North Korean troops in Russia")


def test_unit_classes_take_the_place_of_disputes_and_put_other_last(client: Elasticsearch) -> None:
    """Figures that an earlier release has indexed have no dispute."""
    request = ReportRequest(boards=find_boards(["contested-figures"]), filters=Filters(dispute=("none",)), now=NOW)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gathering, "find_frequent", lambda _, __, name, *more: OLD_VALUES.get(name, ()))
        classes = gathering.find_choices(client, request)[-1]
    assert (classes.dimension, classes.values) == ("unit_class", ("people", "money", "other"))


OLD_VALUES = {"unit_class": ("people", "other", "money"), "claimant": ("NATO", "Pentagon")}


def test_span_is_that_of_the_documents_and_limited_by_since(client: Elasticsearch, report: ReportData) -> None:
    board = BOARDS["newsclaims-claim-volume"]
    whole = find_answer(report, board, board.panels[0]).span
    first, last = (
        datetime.fromisoformat(
            client.search(index="claims", size=1, sort=[{"published_at": order}])["hits"]["hits"][0]["_source"][
                "published_at"
            ]
        )
        for order in ("asc", "desc")
    )
    assert whole == TimeSpan(first, last + timedelta(milliseconds=1))
    since = datetime(2024, 10, 1, tzinfo=UTC)
    later = gather(client, ReportRequest(boards=find_boards(["claim-volume"]), filters=Filters(since=since), now=NOW))
    assert later.span == TimeSpan(since, whole.until)
    assert later.totals["claims"] < report.totals["claims"]


def test_answers_are_the_same_if_the_request_is_split(client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    options = QueryOptions(TimeSpan(datetime(2022, 1, 1, tzinfo=UTC), NOW), calendar=True, empty=False)
    choices = [Choice("claimant", ("NATO", "Pentagon", "Mark Rutte")), Choice("status", ("confirmed", "denied"))]
    for query in (CLAIMS_BY_STATUS, CLAIMS_BY_PUBLISHER, LATEST_CLAIMS):
        whole = selections.ask_selections(client, query, options, choices)
        with monkeypatch.context() as patched:
            patched.setattr(selections, "BUCKETS", 100)
            split = selections.ask_selections(client, query, options, choices)
        assert split == whole
        assert len(whole.counts) == 12


def test_parts_stay_below_the_limit_of_elasticsearch_and_cover_everything() -> None:
    span = TimeSpan(datetime(2023, 1, 1, tzinfo=UTC), NOW)
    names = tuple(f"claimant {number}" for number in range(40))
    choices = [Choice("claimant", names), Choice("status", ("confirmed", "denied", "asserted", "opinion"))]
    for _, panel in FOLLOWING:
        options = QueryOptions(span, buckets=200)
        whole = [(choice, choice.positions) for choice in choices]
        found = list(selections.split_request(panel.query, options, whole))
        assert all(selections.estimate_buckets(panel.query, options, part) <= 65_536 for part in found)
        keys = [(a, b) for part in found for a in part[0][1] for b in part[1][1]]
        assert sorted(keys) == [(a, b) for a in range(41) for b in range(5)]


def test_rare_values_have_their_newest_documents_though_others_are_newer(
    client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = replace(LATEST_CLAIMS, size=5)
    options = QueryOptions(TimeSpan(datetime(2022, 1, 1, tzinfo=UTC), NOW))
    monkeypatch.setattr(selections, "POOL", 20)
    found = selections.ask_selections(client, query, options, [Choice("status", ("demanded", "denied"))])
    for place, status in enumerate(("demanded", "denied"), 1):
        alone = answers.run_query(client, query, replace(options, filters=Filters(status=(status,))))
        assert len(alone) == 5
        assert [row["published_at"] for row in found.rows[(place,)]] == [row["published_at"] for row in alone]


def test_servers_without_documents_give_an_empty_report(client: Elasticsearch) -> None:
    nobody = Filters(claimant=("Nobody At All",))
    found = gather(client, ReportRequest(boards=find_boards(["all"]), filters=nobody, now=NOW))
    assert (found.totals["claims"], found.totals["figures"]) == (0, 0)
    assert not found.choices
    assert not any(each.marks.get(each.whole) for each in found.panels["newsclaims-claim-volume"])


def test_board_names() -> None:
    assert [board.title for board in find_boards(())] == ["Claim volume", "Contested figures"]
    assert [board.title for board in find_boards(["feeds", "feeds"])] == ["Feeds"]
    assert len(find_boards(["all"])) == len(BOARDS) - 2
    for wrong in ("article", "volume"):
        with pytest.raises(Permanent, match="claim-volume"):
            find_boards([wrong])
    assert all(DIMENSIONS[name] for board in BOARDS.values() for name in board.dimensions)


def test_served_report_is_refreshed_in_time_but_does_not_keep_the_server_busy(client: Elasticsearch) -> None:
    now, took = 0.0, 0.0

    def build_request() -> ReportRequest:
        nonlocal now
        now += took
        return ReportRequest(boards=find_boards(["feeds"]), now=NOW)

    live = LiveReport(client, build_request, "", 10, clock=lambda: now)
    first = live.report()
    now = 4.9
    assert live.report() is first
    assert live.data()["age"] == 4.9
    now = 5.0
    took = 30.0
    slow = live.report()
    assert slow is not first
    assert now == 35
    now = 94.9
    assert live.report() is slow
    now, took = 95.0, 0.0
    assert live.report() is not slow

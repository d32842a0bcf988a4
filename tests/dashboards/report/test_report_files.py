"""The files of `newsclaims report` without a browser: the page, pictures, and error messages."""

import json
import re
import socket
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from dashboards.boards.panels import Board, Listing, Number
from dashboards.report.gathering import find_boards
from tests.conftest import Stack
from tests.dashboards.report.reports import hostile, report_of
from tests.pipelines.run.running import command, count

EVERY_BOARD = find_boards(["all"])


@pytest.fixture(scope="module")
def page(demo_data: Stack, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of all boards."""
    return report_of(demo_data, tmp_path_factory.mktemp("report") / "all.html", "--board", "all").read_text("utf-8")


def data_of(page: str) -> Any:
    return json.loads(html.fromstring(page).get_element_by_id("data").text_content())


@pytest.mark.parametrize("board", EVERY_BOARD, ids=[board.uid for board in EVERY_BOARD])
def test_every_panel_of_the_board_has_its_place(page: str, board: Board) -> None:
    section = html.fromstring(page).get_element_by_id(board.uid)
    assert section.xpath(".//h4/text()") == [panel.title for panel in board.panels]
    for panel, article in zip(board.panels, section.xpath(".//article"), strict=True):
        about = article.xpath("./p[@class='about']")[0].text_content()
        assert about.startswith(panel.description.replace("`", ""))
        assert panel.clock.capitalize() in about
        places = [kind for kind in ("chart", "table", "value") if article.xpath(f"./*[@class='{kind}']")]
        match panel.chart:
            case Listing():
                assert places == ["table"]
            case Number():
                assert "value" in places
            case _:
                assert places == ["chart"]


def test_data_of_the_demo_are_in_the_page(demo_data: Stack, page: str) -> None:
    data = data_of(page)
    for alias in ("articles", "claims", "figures"):
        assert data["facts"][f"total-{alias}"] == f"{count(demo_data, alias):,}"
    panels = {panel["id"]: panel for panel in data["panels"]}
    assert panels["claim-volume-claims"]["numbers"]["0.0"] == [{"series": "", "value": count(demo_data, "claims")}]
    for panel in panels.values():
        if panel["id"].startswith(("claim-volume", "contested")) and "by-watch" not in panel["id"]:
            assert panel.get("sets") or panel.get("numbers"), panel["id"]


def test_page_asks_nobody_and_runs_no_script_but_its_own(page: str) -> None:
    tree = html.fromstring(page)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert "unsafe-eval" not in policy
    assert not tree.xpath(
        "//link[not(starts-with(@href, 'data:'))] | //img | //iframe | //object | //embed | //base | //script[@src]"
    )
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    style = tree.xpath("//style")[0].text
    assert not re.search(r"@import|url\(", style)


def test_page_is_an_ordered_document(page: str) -> None:
    tree = html.fromstring(page)
    assert tree.get("lang") == "en"
    assert len(tree.xpath("//h1")) == 1
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    named_by = {label.get("for") for label in tree.iter("label")}
    assert {select.get("id") for select in tree.iter("select")} <= named_by
    ids = [element.get("id") for element in tree.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))


def test_text_of_the_web_stays_text(demo_data: Stack, tmp_path: Path) -> None:
    with hostile(demo_data) as claim:
        page = report_of(demo_data, tmp_path / "hostile.html", "--board", "claim-volume").read_text("utf-8")
    assert "<script>hacked" not in page
    assert not html.fromstring(page).xpath("//img | //article//script")
    latest = next(panel for panel in data_of(page)["panels"] if panel["id"] == "claim-volume-latest-claims")
    line = next(line for line in latest["lines"] if claim["text"] in line)
    assert "javascript:" not in str(line)


def test_narrowed_report_holds_only_what_was_chosen_and_says_so(demo_data: Stack, tmp_path: Path) -> None:
    chosen = ("--status", "confirmed", "--status", "denied", "--since", "2024-10-01", "--board", "claim-volume")
    page = report_of(demo_data, tmp_path / "narrow.html", *chosen).read_text("utf-8")
    data, tree = data_of(page), html.fromstring(page)
    statuses = next(panel for panel in data["panels"] if panel["title"] == "Statuses")
    assert sorted(statuses["series"]) == ["confirmed", "denied"]
    said = tree.xpath("//ul[@class='only']")[0].text_content()
    assert "confirmed or denied" in said
    assert "2024-10-01" in said
    assert int(data["facts"]["total-claims"]) == sum(line[1] for line in statuses["lines"][:2])


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_picture_of_a_panel(demo_data: Stack, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"panel.{suffix}"
    run = command(demo_data, "report", "--panel", "claims by status", f"--{suffix}", path, "--dark")
    assert run.returncode == 0, run.stderr
    content = path.read_bytes()
    if suffix == "png":
        assert content.startswith(b"\x89PNG")
        assert len(content) > 20_000
    else:
        for words in ("Claims by status", "confirmed", "By time of publication", "#171c24"):
            assert words in content.decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--panel", "Latest claims", "--png", "x.png"), "is not a chart but a number or a table"),
        (("--panel", "Nothing such", "--png", "x.png"), "Claims by status"),
        (("--panel", "Claims by status"), "--png"),
        (("--png", "x.png"), "--panel"),
        (("--board", "nothing"), "claim-volume"),
        (("--status", "confirmd"), "did you mean confirmed?"),
        (("--since", "never"), "--since"),
        (("--every", "10"), "is not a duration"),
        (("--output", "/no/such/folder/x.html"), "cannot be written"),
        (("--panel", "Claims by status", "--png", "x.png", "--claimant", "Nobody At All"), "has no data"),
    ],
)
def test_errors_are_one_sentence(demo_data: Stack, arguments: tuple[str, ...], said: str) -> None:
    run = command(demo_data, "report", *arguments)
    assert run.returncode != 0
    assert said in " ".join(run.stderr.replace("│", " ").split())
    assert "Traceback" not in run.stderr
    assert not Path("x.png").exists()


def test_report_names_unmatched_filters_and_an_unreachable_elasticsearch(demo_data: Stack, tmp_path: Path) -> None:
    run = command(demo_data, "report", "--claimant", "Pentagn", "--output", tmp_path / "x.html")
    assert run.returncode == 0
    assert "did you mean Pentagon?" in run.stderr
    unreachable = command(demo_data, "report", "--output", tmp_path / "y.html", ELASTICSEARCH_URL="http://127.0.0.1:1")
    assert unreachable.returncode == 1
    assert "Elasticsearch does not answer" in unreachable.stderr
    assert not (tmp_path / "y.html").exists()


def test_port_in_use_is_reported_in_a_sentence(demo_data: Stack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = command(demo_data, "report", "--serve", "--port", port)
    assert run.returncode == 1
    assert f"cannot listen on port {port}" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_page_without_a_panel_that_follows_a_selection_offers_none(demo_data: Stack, tmp_path: Path) -> None:
    page = report_of(demo_data, tmp_path / "health.html", "--board", "pipeline-health").read_text("utf-8")
    assert not html.fromstring(page).xpath("//select")

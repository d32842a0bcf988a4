"""The report in a real browser: everything is drawn, selections show the right numbers, nothing is asked of anybody."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from elasticsearch import Elasticsearch

from dashboards.report.gathering import find_boards
from tests.conftest import Stack
from tests.dashboards.report.browser import Browser, BrowserTab, executable, launched
from tests.dashboards.report.reports import HARM, hostile, indexed, report_of
from tests.pipelines.run.running import Gate

PROGRAM = executable()
REQUIRED = "NEWSCLAIMS_BROWSER_TESTS"
"""Set to `required` where a missing browser is a failure: in continuous integration."""
pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        PROGRAM is None and os.environ.get(REQUIRED) != "required",
        reason="no Chromium on this machine: the report is NOT tested in a browser (apt-get install chromium)",
    ),
]
SERVICE = "South Korea's National Intelligence Service"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert PROGRAM, "Chromium is not installed, but it is required here"
    with launched(PROGRAM) as browser:
        yield browser


@pytest.fixture(scope="module")
def file(demo_data: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the demo's data: the boards that it has without being asked, and feeds and health."""
    return report_of(demo_data, tmp_path_factory.mktemp("report") / "report.html", "--board", "all")


@pytest.fixture
def tab(browser: Browser) -> Iterator[BrowserTab]:
    """A new tab."""
    tab = browser.page()
    yield tab
    tab.close()


@pytest.fixture
def page(tab: BrowserTab, file: Path) -> BrowserTab:
    """The report in a new tab, as it opens."""
    tab.open(file.as_uri())
    return tab


@pytest.fixture(scope="module")
def client(demo_data: Stack) -> Iterator[Elasticsearch]:
    with Elasticsearch(demo_data.elasticsearch_url, request_timeout=60) as client:
        yield client


def choose(page: BrowserTab, dimension: str, value: str) -> None:
    """Chooses a value in a selector, as a reader does, and waits until all is drawn."""
    drawn = page.run("Number(document.documentElement.dataset.drawn)")
    page.run(f"""(() => {{
        const select = one("#choose-{dimension}");
        select.value = [...select.options].find((option) => option.text === {json.dumps(value)}).value;
        select.dispatchEvent(new Event("change", {{bubbles: true}}));
    }})()""")
    page.wait(f"Number(document.documentElement.dataset.drawn) > {drawn}")


def tile(page: BrowserTab, panel: str) -> int:
    """The number of a tile."""
    return int(page.run(f"one('#{panel} .value').textContent").replace(",", ""))


def numbers(page: BrowserTab, panel: str) -> list[list[str]]:
    """The numbers behind a chart, as the panel shows them."""
    page.run(f"one('#{panel} details').open = true")
    page.wait(f"one('#{panel} details tbody tr')")
    rows = f"all('#{panel} details tbody tr')"
    found: list[list[str]] = page.run(f"{rows}.map((row) => [...row.cells].map((cell) => cell.textContent))")
    return found


MARKS = """Object.fromEntries(all(".chart").map((chart) => [chart.closest(".panel").id,
    chart.hidden ? null : chart.querySelectorAll(".role-mark path, .role-mark line").length]))"""


def test_all_charts_are_drawn_and_nothing_is_complained_about(page: BrowserTab, file: Path) -> None:
    marks = page.run(MARKS)
    nothing = page.run("""Object.fromEntries(all(".panel").map((panel) =>
        [panel.id, panel.querySelector(".nothing").hidden ? "" : panel.querySelector(".nothing").textContent]))""")
    charts = [
        panel
        for board in find_boards(())
        for panel in board.panels
        if type(panel.chart).__name__ in ("Bars", "Lines", "Points", "Ranking", "Spread")
    ]
    drawn = [panel for panel, count in marks.items() if count]
    assert len([panel for panel in drawn if panel.startswith(("claim-volume", "contested-figures"))]) >= len(charts)
    for panel, count in marks.items():
        assert count or len(nothing[panel]) > 10 or "number" in page.run(f"one('#{panel}').className"), panel
    assert page.problems == []
    assert page.requests == [file.as_uri()]


@pytest.mark.parametrize(
    ("claimant", "status"),
    [(SERVICE, None), (None, "denied"), ("NATO", "confirmed"), ("Pentagon", "predicted")],
    ids=["claimant", "status", "both", "none that fits"],
)
def test_selection_acts_on_numbers_charts_and_tables(
    page: BrowserTab, client: Elasticsearch, claimant: str | None, status: str | None
) -> None:
    clauses: list[dict[str, Any]] = []
    for dimension, field, value in (("claimant", "claimant.name.keyword", claimant), ("status", "status", status)):
        if value:
            choose(page, dimension, value)
            clauses.append({"term": {field: value}})
    answer = client.search(
        index="claims", size=100, query={"bool": {"filter": clauses}}, sort=[{"published_at": "desc"}],
        aggs={"assertions": {"cardinality": {"field": "assertion_id"}}, "statuses": {"terms": {"field": "status"}},
              "publishers": {"terms": {"field": "publisher"}}},
    )  # fmt: skip
    claims, found = answer["hits"]["total"]["value"], answer["aggregations"]
    assert tile(page, "claim-volume-claims") == claims
    assert page.run("one('#selected').textContent") == f"{claims} claims"
    shown = page.run("all('#claim-volume-latest-claims tbody tr').map((row) => row.cells[3].textContent)")
    assert len(shown) == min(claims, 100)
    assert set(shown) <= {hit["_source"]["text"] for hit in answer["hits"]["hits"]} or claims > 100
    if claims:
        assert tile(page, "claim-volume-distinct-assertions") == found["assertions"]["value"]
        by_status = numbers(page, "claim-volume-statuses")
        assert {name: int(count) for name, count in by_status} == {
            each["key"]: each["doc_count"] for each in found["statuses"]["buckets"]
        }
        over_time = numbers(page, "claim-volume-claims-by-publisher")
        assert sum(int(count) for _, _, count in over_time) == claims
        assert page.run(MARKS)["claim-volume-claims-by-publisher"] == len(over_time)
    else:
        assert page.run(MARKS)["claim-volume-claims-by-status"] is None
        assert "matches the selection" in page.run("one('#claim-volume-claims-by-status .nothing').textContent")
    assert page.problems == []


def test_dispute_acts_on_the_board_of_figures_alone(page: BrowserTab, client: Elasticsearch) -> None:
    claims = tile(page, "claim-volume-claims")
    disputes = page.run("all('#choose-dispute option').map((option) => option.text)")
    assert disputes[1] == "North Korean troops in Russia"
    for value in (*disputes[1:3], None):
        choose(page, "dispute", value or "All disputes")
        query = {"term": {"dispute": value}} if value else {"match_all": {}}
        assert tile(page, "contested-figures-figures") == client.count(index="figures", query=query)["count"]
        assert tile(page, "claim-volume-claims") == claims


OTHER_DISPUTE = "More North Korean troops in Russia"


def test_address_keeps_the_selection_and_reset_clears_it(tab: BrowserTab, file: Path) -> None:
    tab.open(f"{file.as_uri()}#{urlencode({'claimant': SERVICE, 'status': 'asserted', 'dispute': OTHER_DISPUTE})}")
    chosen = "all('select').map((select) => select.selectedOptions[0].text)"
    assert tab.run(chosen) == [SERVICE, "asserted", OTHER_DISPUTE]
    narrowed = tile(tab, "claim-volume-claims")
    drawn = tab.run("Number(document.documentElement.dataset.drawn)")
    tab.run("one('#reset').click()")
    tab.wait(f"Number(document.documentElement.dataset.drawn) > {drawn}")
    assert tab.run(chosen) == ["All claimants", "All statuses", "North Korean troops in Russia"]
    assert tile(tab, "claim-volume-claims") > narrowed
    assert "claimant" not in tab.run("location.hash")
    tab.open(f"{file.as_uri()}?again#claimant=Nobody&status=%3Cb%3E&strange=1")
    assert tab.run(chosen) == ["All claimants", "All statuses", "North Korean troops in Russia"]
    assert tab.problems == []


def test_click_on_a_claimant_narrows_the_page_and_on_a_heading_sorts(page: BrowserTab) -> None:
    top = "#claim-volume-top-claimants"
    column = f"all('{top} tbody tr').map((row) => Number(row.cells[2].textContent))"
    page.run(f"all('{top} th button')[2].click()")
    page.wait(f"all('{top} th')[2].ariaSort === 'descending'")
    assert page.run(column) == sorted(page.run(column), reverse=True)
    page.run(f"all('{top} th button')[2].click()")
    page.wait(f"all('{top} th')[2].ariaSort === 'ascending'")
    assert page.run(column) == sorted(page.run(column))
    page.run(f"all('{top} td button').find((each) => each.textContent === 'NATO').click()")
    page.wait("one('#choose-claimant').selectedOptions[0].text === 'NATO'")
    assert "claimant=NATO" in page.run("location.hash")


def test_click_on_a_name_above_a_chart_hides_its_series(page: BrowserTab) -> None:
    panel = "#claim-volume-claims-by-status"
    before = page.run(MARKS)[panel[1:]]
    page.run(f"all('{panel} .legend button').find((each) => each.textContent === 'asserted').click()")
    page.wait(f"all('{panel} .role-mark path').length < {before}")
    assert page.run(f"one('{panel} .legend button[aria-pressed=false]').textContent") == "asserted"


def test_pointer_on_a_mark_tells_about_it(page: BrowserTab) -> None:
    bars = "all('#claim-volume-claims-by-status .role-mark path')"
    page.point(f"{bars}.sort((a, b) => b.getBoundingClientRect().height - a.getBoundingClientRect().height)[0]")
    page.wait("one('#vg-tooltip-element.visible')")
    told = page.run("one('#vg-tooltip-element').innerText")
    assert re.search(r"October 2024[\s\S]*asserted[\s\S]*\d", told)


def test_wheel_with_ctrl_zooms_and_a_double_click_goes_back(page: BrowserTab) -> None:
    panel = "#claim-volume-claims-by-status"
    years = f"all('{panel} .role-axis-label text').map((each) => each.textContent).sort().join()"
    x, y = page.run(f"middle(one('{panel} .chart'))")
    whole = page.run(years)

    def wheel(modifiers: int) -> None:
        page.call("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=-400, modifiers=modifiers)

    top = page.run("scrollY")
    wheel(modifiers=0)
    page.wait(f"scrollY < {top}")
    assert page.run(years) == whole
    x, y = page.run(f"middle(one('{panel} .chart'))")
    wheel(modifiers=2)
    page.wait(f"{years} !== {json.dumps(whole)}")
    for count in (1, 2):
        for kind in ("mousePressed", "mouseReleased"):
            page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=count)
    page.wait(f"{years} === {json.dumps(whole)}")


def test_light_and_dark_follow_the_system_and_the_button(page: BrowserTab) -> None:
    colours = """[["body", "backgroundColor"], [".panel", "backgroundColor"], [".bars .role-axis text", "fill"]]
        .map(([place, name]) => getComputedStyle(one(place))[name])"""
    light = page.run(colours)
    page.prefer("dark")
    page.wait("document.documentElement.dataset.theme === 'dark'")
    dark = page.run(colours)
    assert all(one != other for one, other in zip(light, dark, strict=True))
    page.run("one('#theme').click()")
    page.wait("document.documentElement.dataset.theme === 'light'")
    assert page.run(colours) == light
    assert "theme=light" in page.run("location.hash")


@pytest.mark.parametrize("width", [390, 768, 1400])
def test_page_fits_the_window(page: BrowserTab, width: int) -> None:
    page.size(width, 844, phone=width < 500)
    page.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.run("document.documentElement.scrollWidth") <= width
    assert page.run("all('.panel').filter((each) => each.getBoundingClientRect().right > innerWidth + 1).length") == 0
    page.wait(
        "all('.chart svg').every((svg) => svg.getBoundingClientRect().width <= svg.closest('.panel').clientWidth)"
    )


def test_printed_page_is_black_on_white_and_has_no_controls(page: BrowserTab, tmp_path: Path) -> None:
    page.prefer("dark", media="print")
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.run("all('button').every((each) => !each.checkVisibility() || each.closest('th, td, .legend'))")
    assert page.run("all('select').every((each) => getComputedStyle(each).borderStyle === 'none')")
    # The legend keeps its colours, which browsers omit in print by default.
    swatches = "all('.legend i').map((each) => getComputedStyle(each).printColorAdjust)"
    assert set(page.run(swatches)) == {"exact"}
    latest = "#claim-volume-latest-claims"
    assert page.run(f"all('{latest} tbody tr').filter((each) => each.checkVisibility()).length") == 30
    assert "(the first 30 are printed)" in page.run(f"getComputedStyle(one('{latest} .count'), '::after').content")
    page.pdf(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_every_control_has_a_name_and_can_be_reached(page: BrowserTab) -> None:
    named = "each.textContent.trim() || each.ariaLabel || each.getAttribute('aria-labelledby')"
    controls = "all('button, select, a, summary, [role=img], [role=region]').filter((each) => each.checkVisibility())"
    nameless = page.run(f"{controls}.filter((each) => !({named})).map((each) => each.outerHTML)")
    assert nameless == []
    assert page.run("all('table').every((table) => table.caption.textContent)")
    assert page.run("all('button, select').every((each) => each.tabIndex === 0)")


def test_scripts_in_texts_do_not_run(tab: BrowserTab, demo_data: Stack, tmp_path: Path) -> None:
    with hostile(demo_data):
        file = report_of(demo_data, tmp_path / "hostile.html", "--board", "claim-volume")
    tab.open(file.as_uri())
    assert HARM in tab.run("one('#claim-volume-latest-claims tbody').textContent")
    assert HARM in tab.run("one('#claim-volume-claims-by-claimant .legend').textContent")
    choose(tab, "claimant", HARM)
    tab.point("one('#claim-volume-claims-by-claimant .role-mark path')")
    tab.wait("one('#vg-tooltip-element.visible')")
    assert HARM in tab.run("one('#vg-tooltip-element').textContent")
    assert tab.run("typeof hacked") == "undefined"
    assert tab.run("all('img, .panel script, .panel b, a[href^=javascript]').length") == 0
    assert tab.problems == []
    assert tab.requests == [file.as_uri()]


@contextmanager
def served(stack: Stack, *arguments: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`newsclaims report --serve` on a free port, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "newsclaims", "report", "--serve", "--port", "0", "--every", "1s", *arguments],
        env={**os.environ, **stack.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    try:
        said = process.stdout.readline()
        assert said.startswith("http://127.0.0.1:"), said
        yield process, said.split()[0]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.slow
def test_served_page_is_refreshed_without_reloading(tab: BrowserTab, demo_data: Stack) -> None:
    with served(demo_data, "--board", "claim-volume") as (process, address):
        tab.open(address)
        tab.run("window.mark = 'still here'")
        choose(tab, "status", "denied")
        before = tile(tab, "claim-volume-claims")
        with indexed(demo_data, {"status": "denied"}, {"status": "denied"}):
            tab.wait(f"one('#claim-volume-claims .value').textContent === '{before + 2}'")
        tab.wait(f"one('#claim-volume-claims .value').textContent === '{before}'")
        assert tab.run("window.mark") == "still here"
        assert tab.run("one('#choose-status').selectedOptions[0].text") == "denied"
        assert tab.run("one('#age').textContent").startswith("updated")
        assert {request.removeprefix(address) for request in tab.requests} <= {"", "data.json", "favicon.ico"}
        assert tab.problems == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        tab.wait("!one('#problem').hidden")
        assert "--serve" in tab.run("one('#problem').textContent")


@pytest.mark.slow
def test_served_page_reports_that_elasticsearch_is_unreachable_and_recovers(tab: BrowserTab, demo_data: Stack) -> None:
    host, port = demo_data.elasticsearch_url.removeprefix("http://").split(":")
    gate = Gate(host, int(port))
    gate.open()
    with served(demo_data, "--board", "claim-volume", ELASTICSEARCH_URL=f"http://127.0.0.1:{gate.port}") as (
        process,
        address,
    ):
        tab.open(address)
        gate.close()
        tab.wait("one('#problem').textContent.includes('Elasticsearch')")
        assert tile(tab, "claim-volume-claims") > 0
        gate.open()
        tab.wait("one('#problem').hidden")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr
        assert process.stderr.read() == ""
    gate.close()

"""The page of a report without any data: every board can be rendered without a server."""

from datetime import UTC, datetime

from lxml import html

from dashboards.ask.answers import QueryOptions, TimeSpan
from dashboards.ask.filters import Filters
from dashboards.boards.panels import Panel
from dashboards.report.gathering import PanelAnswer, ReportData, ReportRequest, find_boards, find_slots
from dashboards.report.page.rendering import render_page

SPAN = TimeSpan(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC))
REQUEST = ReportRequest(
    boards=find_boards(["all"]), filters=Filters(status=("denied",), since=SPAN.since, until=SPAN.until), now=SPAN.until
)


def answer(panel: Panel) -> PanelAnswer:
    """An answer without documents."""
    slots = find_slots(panel.query, QueryOptions(SPAN), REQUEST)
    return PanelAnswer(panel=panel, choices=(), span=SPAN, slots=slots, values={}, marks={}, counts={(): 0})


def test_every_panel_is_rendered_with_its_title_and_message() -> None:
    report = ReportData(
        request=REQUEST,
        choices=(),
        panels={board.uid: tuple(map(answer, board.panels)) for board in REQUEST.boards},
        totals={"articles": 0, "claims": 0, "figures": 0},
        span=SPAN,
    )
    page = html.fromstring(render_page(report, "/* library */"))
    titles = [panel.title for board in REQUEST.boards for panel in board.panels]
    assert page.xpath("//article/h4/text()") == titles
    assert page.xpath("//ul[@class='only']")[0].text_content().startswith("Status: denied")
    assert "in this time range" in page.get_element_by_id("data").text_content()

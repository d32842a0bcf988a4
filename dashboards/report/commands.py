"""`newsclaims report`. What the command needs is imported when it is called."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from dashboards.ask.options import FilterOptions, expand_options, find_unit_classes
from deploy.command_line import say

if TYPE_CHECKING:
    from dashboards.report.gathering import ReportRequest


@dataclass(frozen=True, kw_only=True)
class PictureOptions:
    """The options to draw one panel instead of writing the page."""

    panel: Annotated[str | None, typer.Option(help="Draw only the panel with this title, to --png or --svg.")] = None
    png: Annotated[str | None, typer.Option(metavar="FILE", help="Draw the panel to this PNG file.")] = None
    svg: Annotated[str | None, typer.Option(metavar="FILE", help="Draw the panel to this SVG file.")] = None
    dark: Annotated[bool, typer.Option("--dark", help="Draw the panel on a dark background.")] = False


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """The options to serve the page instead of writing it."""

    serve: Annotated[bool, typer.Option("--serve", help="Serve the page on this machine and refresh its data.")] = False
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for --serve; 0 chooses a free one.")] = 8765
    every: Annotated[str, typer.Option(help="Time between two refreshes of a served page, such as 10s or 5m.")] = "10s"


@expand_options
def report(
    context: typer.Context,
    filters: FilterOptions,
    picture: PictureOptions,
    serving: ServeOptions,
    output: Annotated[
        str, typer.Option("--output", "-o", help="The page, which is written completely or not at all; - is stdout.")
    ] = "newsclaims-report.html",
    board: Annotated[
        list[str] | None,
        typer.Option(help="A board, or all; can be repeated. Default: claim-volume and contested-figures."),
    ] = None,
) -> None:
    """Write boards as one HTML page that needs neither Grafana nor a network; or draw a panel, or serve the page."""
    from datetime import UTC, datetime

    from elasticsearch import Elasticsearch

    from dashboards.ask.choices import check_filters, find_unmatched
    from dashboards.report import gathering
    from dashboards.report.output import TIMEOUT, draw_panel, parse_refresh_interval, serve_page, write_page
    from deploy.settings import Settings

    if bool(picture.panel) != bool(picture.png or picture.svg):
        raise typer.BadParameter("--panel needs --png FILE or --svg FILE, and these need --panel")
    boards, every = gathering.find_boards(board or ()), parse_refresh_interval(serving.every)

    def build_request() -> "ReportRequest":
        now = datetime.now(UTC)
        return gathering.ReportRequest(boards=boards, filters=filters.build_filters(now), now=now)

    settings, request = Settings.load(), build_request()
    check_filters(request.filters, "claims", find_unit_classes(context))
    with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=TIMEOUT) as client:
        if serving.serve:
            serve_page(client, build_request, settings.embedded.cache_dir, serving.port, every, say)
            return
        for note in find_unmatched(client, "claims", request.filters):
            say(note, err=True)
        if picture.panel:
            files = {"png": picture.png, "svg": picture.svg}
            draw_panel(client, request, picture.panel, files, "dark" if picture.dark else "light")
        else:
            address = write_page(client, request, settings.embedded.cache_dir, output)
            say(f"{address}: open it in a browser", err=True)

"""The outputs of `newsclaims report`: a page in a file, a picture of one panel, or a page that is served."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from elasticsearch import Elasticsearch

from dashboards.output_files import STDOUT, open_output
from dashboards.report import pictures
from dashboards.report.gathering import ReportRequest, gather
from dashboards.report.live import LiveReport
from dashboards.report.page.library import load_library
from dashboards.report.page.looks import Theme
from dashboards.report.page.rendering import render_page
from dashboards.report.server import ReportServer
from schemas.durations import DAY, parse_duration
from schemas.errors import Permanent

TIMEOUT: Final = 60
"""Seconds to wait for a response: a report sends many searches at once."""


def parse_refresh_interval(text: str) -> float:
    """Returns the seconds of `--every`. Raises `Permanent` unless it is a duration from one second to one day."""
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise Permanent(f"--every: {error}") from error
    if not 1 <= seconds <= DAY:
        raise Permanent(f"--every is {text!r}: it must be at least 1s and at most 1d")
    return seconds


def write_page(client: Elasticsearch, request: ReportRequest, cache: Path, output: str) -> str:
    """Writes the page and returns its address for a browser.

    Raises what `explain_errors` raises, and `Permanent` if the file cannot be written.
    """
    content = render_page(gather(client, request), load_library(cache)).encode()
    with open_output(output) as stream:
        stream.write(content)
    return "standard output" if output == STDOUT else Path(output).expanduser().resolve().as_uri()


def draw_panel(
    client: Elasticsearch, request: ReportRequest, title: str, outputs: Mapping[str, str | None], theme: Theme
) -> None:
    """Draws one panel. `outputs` has the files for `png` and `svg`, None for a format that is not request.

    Raises what `pictures.build_picture` raises, and `Permanent` if a file cannot be written.
    """
    specification = pictures.build_picture(client, request, title, theme)
    for kind, output in outputs.items():
        if output:
            content = pictures.render_png(specification) if kind == "png" else pictures.render_svg(specification)
            with open_output(output) as stream:
                stream.write(content)


def serve_page(
    client: Elasticsearch,
    build_request: Callable[[], ReportRequest],
    cache: Path,
    port: int,
    every: float,
    report: Callable[[str], None],
) -> None:
    """Serves the page until a signal stops it; `report` prints its address. Raises `Permanent` if the port is in use.

    While Elasticsearch is unreachable the page says so, and it continues when Elasticsearch is back.
    """
    live = LiveReport(client, build_request, load_library(cache), every)
    server = ReportServer(port, live.page, live.data)
    report(f"{server.address} shows the report and refreshes it every {every:g} s; stop with Ctrl-C")
    server.run()

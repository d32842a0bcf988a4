"""What `newsclaims report` does: writes a page, draws a panel, or serves."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from elasticsearch import Elasticsearch

from dashboards.exports.files import STDOUT, open_output
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
"""Seconds that an answer may take: a report asks for much at once."""


def parse_refresh_interval(text: str) -> float:
    """The seconds that `10s` or `5m` means. Raises `Permanent` for anything else, and for less than a second."""
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise Permanent(f"--every: {error}") from error
    if not 1 <= seconds <= DAY:
        raise Permanent(f"--every is {text!r}: it must be at least 1s and at most 1d")
    return seconds


def write_page(client: Elasticsearch, wanted: ReportRequest, cache: Path, output: str) -> str:
    """Writes the page; its address, for a browser. Raises what `asking` raises, and `Permanent` where it cannot be
    written."""
    content = render_page(gather(client, wanted), load_library(cache)).encode()
    with open_output(output) as stream:
        stream.write(content)
    return "standard output" if output == STDOUT else Path(output).expanduser().resolve().as_uri()


def draw_panel(
    client: Elasticsearch, wanted: ReportRequest, title: str, outputs: Mapping[str, str | None], theme: Theme
) -> None:
    """Draws a panel into the files, by `png` and `svg`. Raises what `pictures.picture` raises, and `Permanent` where a
    file cannot be written."""
    specification = pictures.build_picture(client, wanted, title, theme)
    for kind, output in outputs.items():
        if output:
            content = pictures.render_png(specification) if kind == "png" else pictures.render_svg(specification)
            with open_output(output) as stream:
                stream.write(content)


def serve_page(
    client: Elasticsearch,
    wanted: Callable[[], ReportRequest],
    cache: Path,
    port: int,
    every: float,
    say: Callable[[str], None],
) -> None:
    """Serves the page until it is stopped. Raises `Permanent` where the port is taken.

    Where Elasticsearch is away the page says so, and goes on when it is back.
    """
    live = LiveReport(client, wanted, load_library(cache), every)
    server = ReportServer(port, live.page, live.data)
    say(f"{server.address} shows the report, refreshed every {every:g} s; Ctrl-C ends")
    server.run()

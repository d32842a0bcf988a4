"""What `newsclaims report` does: writes a page, draws a panel, or serves."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from elasticsearch import Elasticsearch

from dashboards.exports.files import STDOUT, opened
from dashboards.report import pictures
from dashboards.report.gathering import Wanted, gather
from dashboards.report.live import Live
from dashboards.report.page.library import library
from dashboards.report.page.looks import Theme
from dashboards.report.page.rendering import page
from dashboards.report.server import Server
from schemas.durations import DAY, parse_duration
from schemas.errors import Permanent

PATIENCE: Final = 60
"""Seconds that an answer may take: a report asks for much at once."""


def parsed_every(text: str) -> float:
    """The seconds that `10s` or `5m` means. Raises `Permanent` for anything else, and for less than a second."""
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise Permanent(f"--every: {error}") from error
    if not 1 <= seconds <= DAY:
        raise Permanent(f"--every is {text!r}: it must be at least 1s and at most 1d")
    return seconds


def write(client: Elasticsearch, wanted: Wanted, cache: Path, output: str) -> str:
    """Writes the page; its address, for a browser. Raises what `asking` raises, and `Permanent` where it cannot be
    written."""
    content = page(gather(client, wanted), library(cache)).encode()
    with opened(output) as stream:
        stream.write(content)
    return "standard output" if output == STDOUT else Path(output).expanduser().resolve().as_uri()


def draw(client: Elasticsearch, wanted: Wanted, title: str, outputs: Mapping[str, str | None], theme: Theme) -> None:
    """Draws a panel into the files, by `png` and `svg`. Raises what `pictures.picture` raises, and `Permanent` where a
    file cannot be written."""
    specification = pictures.picture(client, wanted, title, theme)
    for kind, output in outputs.items():
        if output:
            content = pictures.png(specification) if kind == "png" else pictures.svg(specification)
            with opened(output) as stream:
                stream.write(content)


def serve(
    client: Elasticsearch,
    wanted: Callable[[], Wanted],
    cache: Path,
    port: int,
    every: float,
    say: Callable[[str], None],
) -> None:
    """Serves the page until it is stopped. Raises `Permanent` where the port is taken.

    Where Elasticsearch is away the page says so, and goes on when it is back.
    """
    live = Live(client, wanted, library(cache), every)
    server = Server(port, live.page, live.data)
    say(f"{server.address} shows the report, refreshed every {every:g} s; Ctrl-C ends")
    server.run()

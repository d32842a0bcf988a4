"""A report that is refreshed while a page shows it."""

import time
from collections.abc import Callable
from typing import Any, Final

from elasticsearch import Elasticsearch

from dashboards.report.gathering import ReportData, ReportRequest, gather
from dashboards.report.page.payload import build_payload
from dashboards.report.page.rendering import render_page

PAUSE: Final = 2
"""Pause after a refresh, as a multiple of its duration: other users need the server too."""


class LiveReport:
    """Builds the page and refreshes its data, at most every `every` / 2 seconds for any number of readers.

    If a refresh takes long, the next one waits longer, so that reports do not keep Elasticsearch busy. `build_request`
    returns the request as of now. Methods raise what `explain_errors` raises.
    """

    def __init__(
        self,
        client: Elasticsearch,
        build_request: Callable[[], ReportRequest],
        library: str,
        every: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client, self.build_request = client, build_request
        self.library, self.every, self.clock = library, every, clock
        self.latest: ReportData | None = None
        self.at = self.until = 0.0

    def report(self) -> ReportData:
        """Returns the latest report, or a new one if it is due."""
        begun = self.clock()
        if self.latest is None or begun >= self.until:
            self.latest = gather(self.client, self.build_request())
            self.at = self.clock()
            self.until = self.at + max(self.every / 2, PAUSE * (self.at - begun))
        return self.latest

    def page(self) -> str:
        """Returns the page, which fetches `data` at every interval."""
        return render_page(self.report(), self.library, self.every)

    def data(self) -> dict[str, Any]:
        """Returns the data that the page fetches; `age` is its age in seconds."""
        payload = build_payload(self.report(), self.every)
        return payload | {"age": self.clock() - self.at}

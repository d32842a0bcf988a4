"""A report that is made again while somebody looks at it."""

import time
from collections.abc import Callable
from typing import Any, Final

from elasticsearch import Elasticsearch

from dashboards.report.gathering import ReportData, ReportRequest, gather
from dashboards.report.page.payload import build_payload
from dashboards.report.page.rendering import render_page

PAUSE: Final = 2
"""How many times as long as it took to ask for everything, nothing is asked again: others use the server too."""


class LiveReport:
    """Makes the page, and its data anew, at most once in half of `every` seconds however many look, and seldom enough
    that Elasticsearch is not kept busy by it.

    `wanted` says what is shown as of now. What is asked raises what `asking` raises.
    """

    def __init__(
        self,
        client: Elasticsearch,
        wanted: Callable[[], ReportRequest],
        library: str,
        every: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client, self.wanted, self.library, self.every, self.clock = client, wanted, library, every, clock
        self.made: ReportData | None = None
        self.at = self.until = 0.0

    def report(self) -> ReportData:
        """The report as it was made last, or a new one if it is time."""
        begun = self.clock()
        if self.made is None or begun >= self.until:
            self.made = gather(self.client, self.wanted())
            self.at = self.clock()
            self.until = self.at + max(self.every / 2, PAUSE * (self.at - begun))
        return self.made

    def page(self) -> str:
        """The page, which fetches `data` every so many seconds."""
        return render_page(self.report(), self.library, self.every)

    def data(self) -> dict[str, Any]:
        """What the page fetches: `age` is how many seconds old it is."""
        made = build_payload(self.report(), self.every)
        return made | {"age": self.clock() - self.at}

"""A report that is made again while somebody looks at it."""

import time
from collections.abc import Callable
from typing import Any

from elasticsearch import Elasticsearch

from dashboards.report.gathering import Report, Wanted, gather
from dashboards.report.page import page
from dashboards.report.payload import payload


class Live:
    """Makes the page, and its data anew, at most once in half of `every` seconds however many look.

    `wanted` says what is shown as of now. What is asked raises what `asking` raises.
    """

    def __init__(self, client: Elasticsearch, wanted: Callable[[], Wanted], library: str, every: float) -> None:
        self.client, self.wanted, self.library, self.every = client, wanted, library, every
        self.made: tuple[float, Report] | None = None

    def report(self) -> Report:
        """The report, not older than half of the seconds."""
        if self.made is None or time.monotonic() - self.made[0] > self.every / 2:
            self.made = time.monotonic(), gather(self.client, self.wanted())
        return self.made[1]

    def page(self) -> str:
        """The page, which fetches `data` every so many seconds."""
        return page(self.report(), self.library, self.every)

    def data(self) -> dict[str, Any]:
        """What the page fetches."""
        return payload(self.report(), self.every)

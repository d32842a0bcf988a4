"""Counts the assertions again and again from `newsclaims monitor`, with a bounded share of the time."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from elasticsearch import Elasticsearch

from deploy.assertions.refreshing import PassResult, read_state, refresh
from deploy.server_errors import describe_error
from deploy.settings import Settings

_log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 60.0
"""From one pass to the next at least."""
REST: Final = 9.0
"""Times as long as a pass took, in which none begins: passes take at most a tenth of the time."""
LONGEST_REST_SECONDS: Final = 600.0
"""After a pass over everything, which comes once a day, and after one that failed."""
TIMEOUT_SECONDS: Final = 10.0


Report = Callable[[str | None], None]
"""Takes the outcome of a pass: why it failed, or None."""


class AssertionKeeper:
    """Runs passes until it is stopped. `run_once` runs a pass."""

    def __init__(
        self,
        settings: Settings,
        report: Report,
        run_once: Callable[[Settings], PassResult] = refresh,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.report = report
        self.run_once = run_once
        self.clock = clock
        self.problem: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Runs passes until `stop` is set. Whatever goes wrong, the next one is tried."""
        pause = 0.0
        while not stop.wait(pause):
            pause = self.check()

    def check(self) -> float:
        """Runs a pass, unless another monitor has done so. Returns the seconds until the next; logs problems once."""
        began = self.clock()
        done: PassResult | None = None
        try:
            if not self.is_due():
                return EVERY_SECONDS
            done = self.run_once(self.settings)
        except Exception as error:  # noqa: BLE001 - the next pass may succeed; the problem is reported
            self.note(describe_error(error))
        else:
            self.note(None)
            if done.written or done.deleted:
                _log.info("%s", done.describe())
        rest = REST * (self.clock() - began)
        return max(EVERY_SECONDS, rest if done and not done.full else min(rest, LONGEST_REST_SECONDS))

    def note(self, problem: str | None) -> None:
        """Reports the outcome of a pass. A problem is logged if the pass before had another, or none."""
        if problem and problem != self.problem:
            _log.warning("the assertions could not be counted: %s", problem)
        self.problem = problem
        self.report(problem)

    def is_due(self) -> bool:
        """Returns whether no pass of any monitor has begun for a while. Raises the client's errors."""
        options = self.settings.elasticsearch.client_options()
        with Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client:
            state = read_state(client)
        return state is None or datetime.now(UTC) - state.at >= timedelta(seconds=EVERY_SECONDS / 2)

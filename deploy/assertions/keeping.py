"""Counts the assertions again and again from `newsclaims monitor`, with a bounded share of the time."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from elasticsearch import ApiError, Elasticsearch, TransportError

from deploy.assertions.refreshing import PassResult, read_state, refresh
from deploy.settings import Settings
from schemas.errors import NewsclaimsError

_log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 60.0
"""From one pass to the next at least."""
REST: Final = 9.0
"""Times as long as a pass took, in which none begins: passes take at most a tenth of the time."""
TIMEOUT_SECONDS: Final = 10.0


class AssertionKeeper:
    """Runs passes until it is stopped. `run_once` runs a pass."""

    def __init__(
        self,
        settings: Settings,
        run_once: Callable[[Settings], PassResult] = refresh,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
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
        began, problem = self.clock(), None
        try:
            if self.is_due():
                done = self.run_once(self.settings)
                if done.written or done.deleted:
                    _log.info("%s", done.describe())
        except (NewsclaimsError, ApiError, TransportError) as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - the next pass may succeed; the problem is reported
            problem = f"{type(error).__name__}: {error}"
        if problem and problem != self.problem:
            _log.warning("the assertions could not be counted: %s", problem)
        self.problem = problem
        return max(EVERY_SECONDS, REST * (self.clock() - began))

    def is_due(self) -> bool:
        """Returns whether no pass of any monitor has begun for a while. Raises the client's errors."""
        options = self.settings.elasticsearch.client_options()
        with Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client:
            state = read_state(client)
        return state is None or datetime.now(UTC) - state.at >= timedelta(seconds=EVERY_SECONDS / 2)
